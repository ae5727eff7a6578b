"""What differs between the recorded state and what the program wants now."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..values import ABSENT, Plain, is_known
from ..vendors.base import Offer

STATE_ONLY = ("adopt", "on_delete")
"""Inputs whose change is recorded and sent to nobody."""


@dataclass(frozen=True)
class Difference:
    """`changed`: field -> what to send; `forgotten`: fields the program no longer sets, where there is nothing to send;
    `recorded`: state-only inputs that changed; `replaces`: changed fields that mean another object."""

    changed: Plain = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.forgotten or self.recorded)


def difference(offer: Offer, state: Plain, new: Plain) -> Difference:
    """Field by field. `key` and everything the program cannot set never counts."""
    changed: Plain = {}
    forgotten = []
    for name, rule in offer.fields.items():
        old, wanted = state.get(name, ABSENT), new.get(name, ABSENT)
        if wanted is ABSENT and old is not ABSENT:
            if old == rule.clear:
                forgotten.append(name)
            else:
                changed[name] = rule.clear
        elif wanted is not ABSENT and _differs(old, wanted, rule.canonical):
            changed[name] = wanted
    return Difference(
        changed,
        tuple(forgotten),
        tuple(name for name in STATE_ONLY if state.get(name) != new.get(name)),
        tuple(name for name in changed if offer.fields[name].replace),
    )


def _differs(old: object, wanted: object, canonical: object) -> bool:
    if old is ABSENT or not is_known(wanted):
        return True
    return bool(canonical(old) != canonical(wanted))  # type: ignore[operator]


def announcements(offer: Offer, id: str, state: Plain, diff: Difference) -> list[str]:
    """What else the change does, for the preview."""
    if diff.replaces:
        fields = " and ".join(diff.replaces)
        if state.get("on_delete") == "retain":
            fate = offer.on_retain.format(id=id)
        else:
            fate = f"{id} is deleted for good"
        return [f"changing {fields} replaces {id}: {fate}; {offer.on_replace.format(id=id)}"]
    said = [f"changing {name} {rule.announce}" for name, rule in offer.fields.items() if name in diff.changed and rule.announce]
    if "adopt" in diff.recorded and state.get("adopt"):
        said.append(f"adopt has an effect only when the resource is created; this one goes on managing {id}")
    return said
