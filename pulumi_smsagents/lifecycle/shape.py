"""What stands in the state, and how what a vendor shows is held against it. Built in one place for every verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..values import ABSENT, Plain
from ..vendors.base import Live, Offer
from .check import COMMON
from .diff import default_fate


@dataclass(frozen=True)
class Result:
    """What stands in the state after a verb. `inputs` are the program's fields among the `outputs`. `notes` hold for
    every resource of the kind, so that a run of many says them once. `others`: what the vendor shows, where that is another
    value of a field that cannot change any more, so that the outputs keep the recorded one."""

    id: str
    outputs: Plain
    inputs: Plain
    warnings: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    others: Plain = field(default_factory=dict)

    def saying(self, lines: list[str]) -> Result:
        """The same, with these warnings before its own."""
        return replace(self, warnings=[*lines, *self.warnings])


class Shape:
    """The state of one offer's objects."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer

    def shows(self, live: Live, name: str, wanted: Any) -> bool:
        """Whether the vendor shows the field as `wanted`, in whatever spelling; not to show it is no."""
        found = live.fields.get(name, ABSENT)
        return found is not ABSENT and wanted is not ABSENT and self._offer.fields[name].same(wanted, found)

    def unread(self, declared: Mapping[str, Any], live: Live) -> list[str]:
        """The fields of ours that the vendor does not show."""
        return sorted(name for name in self.sent(declared) if name not in live.fields or name in live.passing)

    def result(
        self,
        id: str,
        declared: Plain,
        computed: Mapping[str, Any],
        unverified: list[str],
        warnings: list[str],
        inputs: Plain | None = None,
    ) -> Result:
        """The one place that builds outputs: every input, the vendor's id, what it computes, and what is unverified."""
        known = {name: computed[name] for name in (*self._offer.computed, *self._offer.kept) if name in computed}
        own_id = {self._offer.id_output: id} if self._offer.id_output else {}
        outputs = {"on_delete": default_fate(self._offer), **self.declared(declared), **known, **own_id, "unverified": unverified}
        return Result(id, outputs, self._said(self.declared(inputs if inputs is not None else declared)), warnings)

    def _said(self, inputs: Plain) -> Plain:
        """Without the default ``on_delete`` where a program may leave it unsaid: a refresh would show it as a change."""
        unsaid = self._offer.on_delete_spoken and inputs.get("on_delete") == default_fate(self._offer)
        return {name: value for name, value in inputs.items() if not (unsaid and name == "on_delete")}

    def declared(self, values: Mapping[str, Any]) -> Plain:
        """What the program set, ours and the vendor's."""
        return {name: values[name] for name in (*COMMON, *self._offer.fields) if name in values}

    def sent(self, values: Mapping[str, Any], *, once: bool = False) -> Plain:
        """The fields that the vendor gets, with `once` also those that only a create carries."""
        roles = ("sent", "once", "way") if once else ("sent",)
        return {name: values[name] for name, rule in self._offer.fields.items() if rule.role in roles and name in values}


def condition(id: str, live: Live) -> list[str]:
    """What a person should know of the object as it is, whatever was done to it."""
    return [f"{id} {live.warning}"] if live.warning else []
