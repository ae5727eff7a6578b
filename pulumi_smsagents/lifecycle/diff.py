"""What differs between the recorded state and what the program wants now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..values import ABSENT, Plain, is_known
from ..vendors.base import SMS_CONFIGURATION, Offer

STATE_ONLY = ("adopt", "on_delete")
"""Common inputs whose change is recorded and sent to nobody."""


@dataclass(frozen=True)
class Difference:
    """`changed`: field -> what to send; `triggered`: fields whose change asks for an update without being sent;
    `recorded`: inputs whose change is noted in the state only; `replaces`: changed fields that mean another object."""

    changed: Plain = field(default_factory=dict)
    triggered: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sends or self.recorded)

    @property
    def sends(self) -> bool:
        """Whether the vendor is asked at all."""
        return bool(self.changed or self.triggered)


def difference(offer: Offer, state: Plain, new: Plain) -> Difference:
    """Field by field. `key` and everything the program cannot set never counts."""
    changed: Plain = {}
    triggered: list[str] = []
    default = {"on_delete": default_fate(offer)}
    recorded = [name for name in STATE_ONLY if state.get(name, default.get(name)) != new.get(name, default.get(name))]
    for name, rule in offer.fields.items():
        if rule.role == "once" or (name not in state and name not in new):
            continue
        old, wanted = (values[name] if name in values else rule.unset(values) for values in (state, new))
        if not _differs(old, wanted, rule.canonical):
            if (name in state) != (name in new):  # the same, but said by one side only
                recorded.append(name)
            continue
        if rule.role == "local":
            recorded.append(name)
        elif rule.role == "trigger":
            triggered.append(name)
        elif wanted is ABSENT and (rule.loosen or ((rule.clear is ABSENT or old == rule.clear) and not rule.replace)):
            recorded.append(name)
        else:
            changed[name] = rule.clear if wanted is ABSENT else wanted
    return Difference(changed, tuple(triggered), tuple(recorded), tuple(name for name in changed if offer.fields[name].replace))


def _differs(old: Any, wanted: Any, canonical: Callable[[Any], Any]) -> bool:
    if old is ABSENT or wanted is ABSENT:
        return old is not wanted
    return not is_known(wanted) or bool(canonical(old) != canonical(wanted))


def announcements(offer: Offer, id: str, state: Plain, diff: Difference) -> list[str]:
    """What else the change does, for the preview."""
    if diff.replaces:
        fields = " and ".join(diff.replaces)
        # In a preview the outputs of a resource that is being updated are unknown, though most of them will not change.
        certain = all(is_known(diff.changed[name]) for name in diff.replaces)
        # A configuration belongs to a number that exists: nothing is made.
        makes, is_made = (
            ("sets up another configuration", "another configuration is set up")
            if offer.kind == SMS_CONFIGURATION
            else ("makes a new one", "a new one is made")
        )
        what = f"changing {fields} {makes}" if certain else f"if {fields} changes, which is not known yet, {is_made}"
        return ["; ".join(filter(None, (what, fate(offer, id, state), offer.on_replace.format(id=id))))]
    said = [f"changing {name} {rule.announce}" for name, rule in offer.fields.items() if name in diff.changed and rule.announce]
    if "adopt" in diff.recorded and state.get("adopt"):
        said.append(f"adopt has an effect only when the resource is created; this one goes on managing {id}")
    return said


def fate(offer: Offer, id: str, state: Plain) -> str:
    """What becomes of the object when the resource goes, by the recorded ``on_delete``."""
    how = str(state.get("on_delete", default_fate(offer)))
    return offer.on_delete.get(how, "").format(id=id)


def default_fate(offer: Offer) -> str:
    """The ``on_delete`` that holds where none is set."""
    return next(iter(offer.on_delete))
