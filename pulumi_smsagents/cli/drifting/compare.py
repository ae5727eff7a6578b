"""The recorded state against what the vendors show, by the same reads as `pulumi refresh`. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ... import connect, errors
from ...connect import Settings
from ...lifecycle import Lifecycle, Result
from ...values import ABSENT, Plain
from ...vendors import find
from ...vendors.base import Offer
from .state import Recorded

CLEAN, DRIFTED, GONE, UNREAD, FAILED = "clean", "drifted", "gone", "unverified", "failed"
"""`UNREAD`: nothing differs, as far as the vendor shows it, and it does not show everything. `FAILED`: it could not be asked."""

_AT_ONCE = 16
_SHOWN = 100


@dataclass(frozen=True)
class Drift:
    """A field that differs. Neither value is shown of one that is `secret` in the state, or `delicate`: it may hold a token that
    nobody has marked, and what is printed here ends in logs and comments."""

    name: str
    recorded: Any
    live: Any
    secret: bool = False
    delicate: bool = False

    @property
    def hidden(self) -> str:
        """Why its values are not shown; empty where they are."""
        if self.secret:
            return "its values are secret"
        return "it may hold a token, so its values are not shown" if self.delicate else ""


@dataclass(frozen=True)
class Compared:
    """What came of one resource. `unread`: its fields that were not compared; `expected`: those of them that the vendor never
    shows, by its own documentation; `notes`: what else a person should know; `why` it could
    not be asked or read, and the `cause`, which others may share though their words name another id."""

    resource: Recorded
    state: str
    title: str = ""
    drifts: tuple[Drift, ...] = ()
    unread: tuple[str, ...] = ()
    expected: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    why: str = ""
    cause: str = ""

    def cannot_tell(self, *, accept_unreadable: bool) -> bool:
        """Whether something about it is not known that somebody wants to know."""
        left = set(self.unread) - (self.expected if accept_unreadable else set())
        return self.state == FAILED or bool(left)


def compare(resources: Iterable[Recorded], settings: Settings, step: Callable[[], None]) -> list[Compared]:
    """Each resource against its vendor, several at once, so that those of one account share a list. `step` is called as each
    is done."""
    wanted = list(resources)
    # Made before the threads start: reads share a list only within one life cycle.
    lifecycles = {tag: _lifecycle(tag, settings) for tag in dict.fromkeys(each.tag for each in wanted)}

    def one(resource: Recorded) -> Compared:
        try:
            return _compared(resource, lifecycles[resource.tag], settings)
        except errors.SmsAgentsError as error:
            return Compared(resource, FAILED, why=str(error), cause=_cause(error))
        finally:
            step()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, wanted))


def _lifecycle(tag: str, settings: Settings) -> Lifecycle | None:
    try:
        vendor, offer = find(tag)
    except KeyError:
        return None
    return connect.lifecycle(vendor, offer, settings)


def _cause(error: errors.SmsAgentsError) -> str:
    return f"{error.status} {error.said} {error.advice}" if isinstance(error, errors.VendorError) else str(error)


def _compared(resource: Recorded, lifecycle: Lifecycle | None, settings: Settings) -> Compared:
    if lifecycle is None:
        why = f"the installed pulumi-smsagents has no {resource.type_name}; install the release that made it, or a newer one"
        return Compared(resource, FAILED, why=why)
    offer, title = lifecycle.offer, lifecycle.vendor.title
    found = lifecycle.read(resource.id, resource.outputs)
    if found is None:
        return Compared(resource, GONE, title)
    hide = _hider(connect.client_for(lifecycle.vendor, settings).redactor.hide)
    live = _live(found, resource.outputs, offer.fields)
    drifts = tuple(
        Drift(name, resource.outputs[name], hide(value), name in resource.secret, offer.fields[name].delicate)
        for name, value in live.items()
    )
    unread = (*found.outputs["unverified"], *sorted(resource.sealed & set(offer.fields)))
    expected = frozenset(name for name, rule in offer.fields.items() if rule.write_only)
    state = DRIFTED if drifts else UNREAD if unread else CLEAN
    notes = [note for note in found.warnings if not any(f"shows another {name}," in note for name in found.others)]
    notes += _computed(offer, resource, found, hide)
    return Compared(resource, state, title, drifts, unread, expected, tuple(notes), "; ".join(found.notes))


def _live(found: Result, recorded: Plain, fields: Mapping[str, Any]) -> Plain:
    """The values that the vendor shows in place of the recorded ones."""
    changed = {name: found.outputs[name] for name in fields if name in found.outputs and name in recorded}
    return {name: value for name, value in {**changed, **found.others}.items() if value != recorded.get(name, ABSENT)}


def _computed(offer: Offer, resource: Recorded, found: Result, hide: Callable[[Any], Any]) -> Iterator[str]:
    """What the vendor computes is nothing that a program could put back: no drift, but worth a line."""
    for name in offer.computed:
        was, now = resource.outputs.get(name), found.outputs.get(name)
        if was != now:
            values = "" if name in resource.secret else f": was {_short(was)}, is {_short(hide(now))}"
            yield f"{name}, which the vendor computes, has changed{values}"


def _short(value: Any) -> str:
    """The beginning of it: a vendor may fill pages."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _hider(hide: Callable[[str], str]) -> Callable[[Any], Any]:
    """`hide` for every text inside a value: a vendor might show the key that it was asked with."""

    def inside(value: Any) -> Any:
        if isinstance(value, str):
            return hide(value)
        if isinstance(value, Mapping):
            return {hide(name): inside(item) for name, item in value.items()}
        return [inside(item) for item in value] if isinstance(value, list) else value

    return inside
