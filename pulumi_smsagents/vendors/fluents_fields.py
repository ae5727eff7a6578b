"""What a program may write of a phone number at Fluents, and the two dialects of its API. Pages: see `fluents`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Strict

from ..values import UNKNOWN, Plain
from .base import Change, Model, Options, Problem
from .checks import PhoneNumberText, invalid, looks_like_uuid, number_warnings

RETAIN, CANCEL = "retain", "cancel"
REFERENCES = ("inbound_agent", "telephony_account_connection")


def digits(number: str) -> str:
    """A number without its spelling: only the digits are compared."""
    return "".join(re.findall("[0-9]", number))


def plus(number: str) -> str:
    """A number as ``+`` and digits, which is also the id of the resource."""
    return "+" + digits(number)


# ---- dialects ----


@dataclass(frozen=True)
class Dialect:
    """How one of the two APIs of the same model differs. Nothing else in our code asks which it is."""

    base_url: str
    spell: Callable[[str], str]
    """A number as it is sent. Every Fluents sample has a plus, no Vocode sample has one."""

    probe: tuple[str, Mapping[str, str]]
    """Path and query of one harmless call."""

    absent: frozenset[str] = frozenset()
    """Fields that it does not have."""

    sells_chosen: bool = True
    """Whether a number can be chosen when buying."""

    uuids: bool = False
    """Whether every id is a UUID. Fluents has the sample ``agent_123``."""

    providers: tuple[str, ...] = ()
    """The telephony providers, where the set is closed."""

    doubts: frozenset[int] = frozenset({404})
    """Statuses of a read that may mean "no such number". Only the whole list settles it."""


DIALECTS = {
    "fluents": Dialect(base_url="https://api.fluents.ai", spell=plus, probe=("/v1/agents/list", {"page": "1", "size": "1"})),
    "vocode": Dialect(
        base_url="https://api.vocode.dev",
        spell=digits,
        probe=("/v1/usage", {}),
        absent=frozenset({"description"}),
        sells_chosen=False,
        uuids=True,
        providers=("vonage", "twilio"),
        # No page says how it answers for a number that is not there.
        doubts=frozenset({400, 404, 422}),
    ),
}
DEFAULT = "fluents"


def dialect_of(options: Options) -> Dialect:
    """The dialect that the settings name; a wrong name is reported with the settings."""
    return DIALECTS.get(options.get("Dialect", DEFAULT), DIALECTS[DEFAULT])


def dialect_problem(value: str) -> str:
    """What is wrong with the setting, or nothing."""
    return "" if value in DIALECTS else f"must be one of {', '.join(map(repr, DIALECTS))}"


# ---- the inputs ----


def _no_object(value: Any) -> Any:
    if isinstance(value, Mapping):
        # Sent inline it would change the agent that is attached, and with it every other number that shares it.
        raise invalid("must be an id as text, not an object; manage the object itself where it belongs")
    return value


def _an_id(value: str) -> str:
    if not value or value != "".join(value.split()):
        raise invalid("is not an id; write it as text without spaces")
    return value


Id = Annotated[str, BeforeValidator(_no_object), Strict(), AfterValidator(_an_id)]
Words = Annotated[str, Strict()]
Flag = Annotated[bool, Strict()]


class NumberArgs(Model):
    """The inputs of a phone number. ``link`` is ours: it says which of the two calls makes it."""

    phone_number: PhoneNumberText | None = None
    area_code: Id | None = None
    telephony_provider: Id | None = None
    telephony_account_connection: Id | None = None
    link: Flag | None = None
    label: Words | None = None
    description: Words | None = None
    outbound_only: Flag | None = None
    example_context: dict[str, Words] | None = None
    inbound_agent: Id | None = None


# ---- checks ----


def judge(options: Options, given: Plain) -> Iterator[Problem]:
    """What does not go together, or not in this dialect; values may be unknown."""
    yield from _not_in_dialect(dialect_of(options), given)
    if "adopt" in given:
        return  # neither bought nor linked
    if given.get("link") is True:
        yield from _linking(given)
    elif given.get("link", False) is False:
        yield from _buying(dialect_of(options), given)


def _not_in_dialect(dialect: Dialect, given: Plain) -> Iterator[Problem]:
    for name in sorted(dialect.absent & given.keys()):
        yield Problem(name, "does not exist in the dialect that smsagents:fluentsDialect names; remove it")
    for name in REFERENCES:
        value = given.get(name)
        if dialect.uuids and isinstance(value, str) and not looks_like_uuid(value):
            yield Problem(name, "must be a UUID in the dialect that smsagents:fluentsDialect names; copy the id from the dashboard")
    provider = given.get("telephony_provider")
    if dialect.providers and isinstance(provider, str) and provider not in dialect.providers:
        yield Problem("telephony_provider", f"must be one of {', '.join(map(repr, dialect.providers))}")


def _linking(given: Plain) -> Iterator[Problem]:
    if "phone_number" not in given:
        yield Problem("phone_number", "is required with link=True; write the number to link, as in +14155550123")
    if "telephony_account_connection" not in given:
        yield Problem("telephony_account_connection", "is required with link=True; set the id of the connection that holds the number")
    for name in ("area_code", "telephony_provider"):
        if name in given:
            yield Problem(name, "is for buying and has no effect with link=True; remove it")


def _buying(dialect: Dialect, given: Plain) -> Iterator[Problem]:
    if "phone_number" not in given:
        return
    if not dialect.sells_chosen:
        yield Problem(
            "phone_number",
            "cannot be chosen when buying in the dialect that smsagents:fluentsDialect names; remove it, "
            "or set link=True and telephony_account_connection to link a number that is already yours",
        )
    elif "area_code" in given:
        yield Problem("area_code", "does not go together with phone_number: which of the two wins is not documented; remove one")
    elif "telephony_account_connection" in given and "link" not in given:
        yield Problem(
            "link",
            "has to be set when both phone_number and telephony_account_connection are: "
            "True links a number that is already yours, False buys it, which costs money",
        )


_PROVIDERS = ("twilio", "telnyx", "vonage")


def warnings(new: Plain) -> Iterator[Problem]:
    """What may be wrong."""
    if "phone_number" in new:
        yield from number_warnings("phone_number", new["phone_number"])
    if not re.fullmatch(r"[2-9][0-9]{2}", new.get("area_code", "415")):
        yield Problem("area_code", "is not a North American area code; no page describes another form than 415")
    if new.get("telephony_provider", "twilio") not in _PROVIDERS:
        yield Problem("telephony_provider", f"is not a provider that a page names ({', '.join(_PROVIDERS)}); check the spelling")
    if new.get("outbound_only") and "inbound_agent" in new:
        yield Problem("outbound_only", "is true although an inbound_agent is set, who then answers no call; remove one of the two")


def price(new: Plain) -> Iterator[Problem]:
    """What a create costs, for its preview."""
    if "adopt" in new:
        return
    if new.get("link"):
        yield Problem("phone_number", "is linked from the account that you have at its carrier; nothing is bought")
    else:
        yield Problem("phone_number", "is bought, which costs money; destroying the stack does not undo that")


# ---- replacing a number that is held ----


def refusal(change: Change) -> str:
    """Why a replacement is not carried out: who replaces a held number has to say, in the program and before, what
    becomes of it. `on_delete` counts as said where the program sets it, and as decided where it is also recorded."""
    if all(change.new.get(name) is UNKNOWN for name in change.replaces):
        return ""  # nothing replaces, or it will be looked at again once the values are known
    id, said, recorded = change.id, change.new.get("on_delete"), change.state.get("on_delete", RETAIN)
    what = f"changing {' and '.join(change.replaces)} puts another number in place of {id}"
    if said is UNKNOWN:
        return ""
    if said is None:
        return (
            f"{what}, and the program does not say what becomes of {id}. Undo the change; or set on_delete='{recorded}' to confirm that "
            f"{id} {_FATES[recorded]}; or set on_delete='{_other(recorded)}' so that it {_FATES[_other(recorded)]}, "
            "run pulumi up, and make this change afterwards"
        )
    if said != recorded:
        return (
            f"{what} while on_delete is changed too, and until that is recorded '{recorded}' holds: {id} {_FATES[recorded]}. "
            f"Run pulumi up with only on_delete='{said}' changed, and make this change afterwards"
        )
    if recorded == RETAIN and keeps_number(change):
        return (
            f"changing {' and '.join(change.replaces)} of {id} means to give it up and to take it again, but with on_delete='{RETAIN}' it "
            f"stays held and cannot be taken a second time. Undo the change; or set on_delete='{CANCEL}', run pulumi up, and make this "
            "change afterwards, at the risk of not getting the number back"
        )
    return ""


_FATES = {RETAIN: "stays held and goes on costing money", CANCEL: "is cancelled and lost"}


def _other(how: str) -> str:
    return CANCEL if how == RETAIN else RETAIN


def keeps_number(change: Change) -> bool:
    """Whether the replacement asks for the very number it gives up: the old one has to go first then."""
    wanted = change.new.get("phone_number")
    return isinstance(wanted, str) and digits(wanted) == digits(change.id)
