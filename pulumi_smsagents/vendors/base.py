"""All that a vendor must say, and nothing it has to compute: the algorithm is in `lifecycle`, written once.

A vendor module holds, in this order: a docstring with pages and date, models, checks, the adapter, the wire helpers,
and its `VENDOR` table. It contains no diff, no retry, no logging and no "maybe".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from ..client import Client
from ..values import ABSENT, Plain

SMS_AGENT = "SmsAgent"
PHONE_NUMBER = "PhoneNumber"
SMS_CONFIGURATION = "SmsConfiguration"

FOUND = "found"
"""The output that holds, field by field, what our writes replaced; see `Offer.kept`."""


@dataclass(frozen=True)
class Problem:
    """What is wrong and how to mend it. `path` is the field, e.g. ``drip_schedule[0].message``; `text` never repeats
    the value, which may be secret."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


@dataclass(frozen=True)
class Wording:
    """A text that an agent goes by, or that people get. `path` is its field; `sent`: as an SMS, word for word; `first`: it
    opens the conversation."""

    path: str
    text: str
    sent: bool = False
    first: bool = False


class Model(BaseModel):
    """Base of what a program may write: exact types, no unknown fields. Judges only; values stay as they are."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


def exactly(wanted: Any, found: Any) -> bool:
    """The comparison where a vendor needs no other."""
    return bool(wanted == found)


def unchanged(value: Any) -> Any:
    """The canonical form where a vendor needs no other."""
    return value


@dataclass(frozen=True)
class Field:
    """How one input behaves. The name and the type are in the args model, which a test compares with this table."""

    role: Literal["sent", "once", "way", "trigger", "local"] = "sent"
    """`sent`: an ordinary field of the vendor. `once`: sent at creation and never compared. `way`: says how to create it,
    so no read shows it; the adapter sees it at creation. `trigger`: not sent, but a change of it means an update.
    `local`: not sent; a change is recorded in the state and nowhere else."""

    replace: bool = False
    """The vendor cannot change it: another value means another object."""

    loosen: bool = False
    """Of a field that replaces: where the program no longer sets it, the object may stay as it is."""

    unset: Callable[[Plain], Any] = lambda values: ABSENT
    """What the field stands at where `values` (a state, or inputs) do not hold it, e.g. the number that was assigned."""

    default: Any = ABSENT
    """What holds where the program says nothing; it stands in the inputs and the state like any other value."""

    clear: Any = ABSENT
    """What to send when the program no longer sets it; ABSENT where there is nothing to send."""

    announce: str = ""
    """What else a change does, for the preview: completes "changing <field> …"."""

    normal: Callable[[Any], Any] = unchanged
    """The form in which a valid value goes on, e.g. a number as E.164."""

    canonical: Callable[[Any], Any] = unchanged
    """Two values with the same canonical form are the same value, e.g. where order has no meaning."""

    same: Callable[[Any, Any], bool] = exactly
    """Whether a live value `found` is what the program `wanted`, in the vendor's own spelling."""

    write_only: bool = False
    """No documented read shows it. For the documentation; what counts at run time is what an answer holds."""

    number: bool = False
    """A phone number of ours, to which the environment's wall (``smsagents:allowedNumbers``) applies."""

    prose: bool = False
    """A long text that people edit: ``smsagents import`` writes it into a file of its own."""

    delicate: bool = False
    """It may hold a token or people's data, and yet the vendor shows it: ``smsagents import`` says where it wrote it."""


@dataclass(frozen=True)
class Live:
    """An object as the vendor shows it, under the names of the inputs. A field the answer does not mention, or shows in
    a shape that no page documents, is not in `fields`; that is never the same as empty."""

    id: str
    aliases: frozenset[str] = frozenset()
    fields: Plain = field(default_factory=dict)
    computed: Plain = field(default_factory=dict)
    mismatch: str = ""
    """Why this is not an object of our kind ("is a voice agent …"); such a one is never adopted."""

    warning: str = ""
    """What a person should know of its condition: "is not active …"."""

    passing: frozenset[str] = frozenset()
    """Fields that this answer to a write shows and no read does: compared now, and unverified ever after."""


Listing = Callable[[], Iterable[Live]]
"""A complete list of the objects beside the one in question; may be shared by several reads."""


@dataclass(frozen=True)
class Made:
    """What came of a create. `live`: the object, as far as the answer shows it. `outputs`: what else the state keeps."""

    id: str
    live: Live | None = None
    outputs: Plain = field(default_factory=dict)
    late: tuple[str, ...] = ()
    """Fields that the create could not carry: an update follows."""


@dataclass(frozen=True)
class Once:
    """How a create that is not idempotent is kept from happening twice. The journal tells of an earlier one; this, how
    to find what came of it where no reply did."""

    listed: bool = True
    """The vendor has a list in which the object would stand. Without one a person has to look."""

    window: float = 8.0
    """Seconds after which an object that was made is surely listed: the vendor's lag and its late commits."""

    again: int = 0
    """How often a create may be sent again in the same call, once the list has not shown it for the whole window."""

    money: bool = False
    """It costs money: one at a time for each account, and what was not held before and is held now is ours."""

    id_asked_for: Callable[[Plain], str | None] = lambda new: None
    """The id, where the program asks for a certain one."""

    born: Callable[[Live], float | None] = lambda live: None
    """When a listed object was made, in seconds since 1970; None where the list does not tell."""

    named: tuple[str, ...] = ()
    """The fields by which an object is known: one that has them and differs otherwise may be ours and have been edited."""

    shown: Callable[[Live], Plain] = lambda live: {}
    """What a listed object shows besides, of what was asked for: the area code of a number."""


class Adapter(Protocol):
    """The verbs for one kind at one vendor. All errors are `errors.VendorError` or `errors.UnsupportedError`."""

    @property
    def cannot_read(self) -> str:
        """Why nothing can be read back; empty where it can."""

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """Create it. Never called twice for one object unless the vendor surely did not do it. `before`: what stood there
        before us, where the offer has a `prior`, or is asked for by its id and costs money."""

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> Live | None:
        """Bring it to `new`; `changed` holds the fields that differ, with their clear values where removed; `live` the
        object just read, where the offer asks for that. Returns the object where the answer shows it whole."""

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """Remove it as `how` (a value of `on_delete`) says. An object that is gone already is success; where a list is the
        only read, a NotFoundError says that it does not hold it."""

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """The object as it is. NotFoundError on proof that it does not exist, and on nothing else."""

    def scope(self, state: Plain, /) -> Hashable | None:
        """Which list holds the object, or None where it cannot be told; objects of one scope share a list."""

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """All objects of a scope; an error when the list is not complete."""

    def probe(self) -> str:
        """One harmless call that proves key and address; what was asked, for a person."""


Options = Mapping[str, str]
"""The vendor's own settings, e.g. ``{"Dialect": "fluents"}``; see `Vendor.options`."""


@dataclass(frozen=True)
class Change:
    """A change of object `id` that is about to happen: `changed` holds what would be sent, `replaces` the fields that
    force another object, `new` all inputs, `state` what is recorded."""

    options: Options
    id: str
    state: Plain
    new: Plain
    changed: Plain
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """How a vendor offers a kind. What it cannot do is said here, and looked at before any request."""

    kind: str
    args: type[Model]
    fields: Mapping[str, Field]
    adapter: Callable[[Client], Adapter]
    on_delete: Mapping[str, str]
    """The choices, default first, each with what becomes of object ``{id}``. ``retain`` never makes a call."""

    id_output: str = ""
    """The output that repeats the vendor's id under the vendor's name, where no input holds it already."""

    number_ids: bool = False
    """The id is a phone number in E.164: ``adopt`` has to be one, and the environment's wall applies to it."""

    on_delete_spoken: bool = False
    """The inputs hold ``on_delete`` only where the program says it, so that `refuse` can tell a choice from the default.
    The state holds it always."""

    calls: Mapping[str, str] = field(default_factory=dict)
    """What each verb asks, e.g. ``{"create": "POST /v1/agents"}``; a verb that the vendor lacks is left out. For the
    documentation, and held against the emulator's call log."""

    called: str = ""
    """The field or output by which people know an object, e.g. its name in the dashboard."""

    listed_by: tuple[str, ...] = ()
    """Inputs that a list has to be told, e.g. whose objects to show."""

    lists: tuple[Plain, ...] = ({},)
    """What `scope` has to be told, besides those, for each of the lists that together show every object."""

    foreign: Mapping[str, str] = field(default_factory=dict)
    """Fields that people try and that are none of ours, by path, each with what to say: "is …; do …"."""

    check: Callable[[Plain], Iterable[Problem]] = lambda new: ()
    """What is wrong with several values together. It sees the fields that are sound by themselves, and ``adopt`` and
    ``on_delete``; so do `warn` and `on_create`."""

    judge: Callable[[Options, Plain], Iterable[Problem]] = lambda options, given: ()
    """What is wrong with which fields are set, also under the vendor's settings. It sees all of them, and ``adopt`` and
    ``on_delete``: a value may be UNKNOWN, or wrong by itself."""

    warn: Callable[[Plain], Iterable[Problem]] = lambda new: ()

    wordings: Callable[[Plain], Iterable[Wording]] = lambda new: ()
    """The texts among well-formed inputs in which the vendor may fill in ``{{variables}}``."""

    variables: tuple[str, ...] = ()
    """Those ``{{variables}}`` that the vendor documents. Where there are none, a text with odd braces is only warned of."""

    on_create: Callable[[Plain], Iterable[Problem]] = lambda new: ()
    """What creating it does besides, for the preview of a create."""

    refuse: Callable[[Change], str] = lambda change: ""
    """Why a change that sends something cannot be carried out, or nothing; looked at in the preview."""

    computed: tuple[str, ...] = ()
    """Outputs that the vendor computes, as `Live.computed` shows them."""

    kept: tuple[str, ...] = ()
    """Outputs of a create that every later state keeps. With `FOUND` among them, the state also collects what our writes
    replaced, so that a delete can put it back."""

    secret_outputs: tuple[str, ...] = ()

    whole_body: bool = False
    """An update sends everything, so it reads first and stops where someone else changed what we are changing."""

    list_only: bool = False
    """The list is the only read: reads always share it, and where it cannot be had nobody is asked one by one."""

    identity: Callable[[Plain], str | None] = lambda values: None
    """The id, where inputs decide it because the object exists without us (a number). Two resources of one program must
    not share one: they would overwrite each other."""

    leaves: tuple[str, ...] = ("retain",)
    """The choices of `on_delete` after which something stays behind that a person should know of when it happens."""

    on_replace: str = ""
    """What a replacement does besides, with ``{id}``; for the preview."""

    once: Once | None = None
    """How a create is kept from happening twice; None where sending it twice does no harm."""

    lost_create: str = ""
    """What to do when a create may or may not have happened, and no list tells."""

    prior: Callable[[Any, Plain], Live | None] | None = None
    """Of the adapter: what stands there before the first write, where the object exists without us. It is kept in the
    journal until the state holds it."""

    replace_first: Callable[[Change], bool] = lambda change: False
    """Whether a replacement has to delete before it creates."""


@dataclass(frozen=True)
class Option:
    """A setting of one vendor: ``smsagents:<vendor><Name>`` or ``SMSAGENTS_<VENDOR>_<NAME>``. `check` says what is
    wrong with a value, or nothing."""

    default: str = ""
    check: Callable[[str], str] = lambda value: ""


@dataclass(frozen=True)
class Vendor:
    """A company: where its API is, how a request is signed, what it offers."""

    name: str
    title: str
    base_url: str
    sign: Callable[[str], Mapping[str, str]]
    offers: tuple[Offer, ...]
    docs: str = ""
    clean_key: Callable[[str], str] = lambda key: key
    """The key itself, of what people paste."""

    options: Mapping[str, Option] = field(default_factory=dict)
    """By name in the stack's spelling, e.g. ``CreatePath`` for ``smsagents:contactswingCreatePath``."""

    address: Callable[[Options], str] | None = None
    """The base URL where it depends on an option; `base_url` otherwise."""

    def offer(self, kind: str) -> Offer:
        """The offer of `kind`; KeyError where there is none."""
        return next(offer for offer in self.offers if offer.kind == kind)
