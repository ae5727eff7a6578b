"""What a write that sends everything does besides: what it replaced, what moved along with it, what someone else changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..values import Plain
from ..vendors.base import FOUND, Live, Offer

_NOTHING: tuple[Any, ...] = (None, "", [], {})


def found(offer: Offer, state: Plain, new: Plain, before: Live | None, after: Live | None) -> Plain:
    """What our writes replaced, field by field: the value before the run that began to set the field, and the value of a
    field that the vendor changed along with a write. Fields that are none of ours stay out: a delete that put them back
    would undo what someone else did since."""
    kept: Plain = dict(state.get(FOUND, {}))
    for name, value in before.fields.items() if before else ():
        rule = offer.fields[name]
        if rule.replace or name in state or not (name in new or _moved(offer, name, before, after)):
            continue
        # Null is left out, because no state holds one: it is the default of what is not there. What stands at its default
        # after a field was removed from the program is our own doing.
        if value is not None and (name not in kept or not rule.same(rule.clear, value)):
            kept[name] = value
    return kept


def remarks(offer: Offer, title: str, state: Plain, new: Plain, before: Live | None, after: Live) -> Iterator[str]:
    """What a person should know of such a write."""
    if before is None:
        return
    others = [name for name in before.fields if not offer.fields[name].replace and name not in state]
    lost = [name for name in others if name in new and _differs(offer, name, new, before.fields)]
    if lost:
        yield f"had other settings, which are overwritten and kept in the output {FOUND}: {', '.join(lost)}"
    along = [name for name in others if name not in new and _moved(offer, name, before, after)]
    if along:
        yield f"changed at {title} along with this, in fields that the program does not set: {', '.join(along)}"


def theirs(offer: Offer, new: Plain, sent: Plain, after: Live) -> list[str]:
    """The fields of the program that we did not send and that someone else changed since the last run."""
    names = [name for name, rule in offer.fields.items() if rule.role == "sent" and not rule.replace and name in new and name not in sent]
    return [name for name in names if name in after.fields and not offer.fields[name].same(new[name], after.fields[name])]


def _moved(offer: Offer, name: str, before: Live | None, after: Live | None) -> bool:
    if before is None or after is None or name not in after.fields or name not in before.fields:
        return False
    return not offer.fields[name].same(before.fields[name], after.fields[name])


def _differs(offer: Offer, name: str, new: Plain, before: Plain) -> bool:
    rule, value = offer.fields[name], before[name]
    return value not in _NOTHING and not rule.same(rule.clear, value) and not rule.same(new[name], value)
