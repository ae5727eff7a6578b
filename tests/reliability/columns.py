"""The columns of the fault matrix: each offer of each vendor, with the calls that each operation makes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from reliability.commands import Plain, Timed
from samples import SAMPLES
from samples.contactswing import PATH
from samples.fluents import CONNECTION

VERBS = ("create", "read", "list", "update", "delete")


@dataclass(frozen=True)
class Column:
    """One offer as a program uses it. `calls`: for each operation the emulator's names of the calls that can be struck; what is left out
    does not exist there, for the reason in `without`."""

    tag: str
    calls: Mapping[str, tuple[str, ...]]
    without: Mapping[str, str] = field(default_factory=dict)
    inputs: Plain | None = None
    others: Plain | None = None
    fields: Plain = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, Any] = field(default_factory=dict)
    one: Callable[[int], Plain] = lambda number: {}
    """What makes the `number`th resource another object than the first; nothing where two of the same may be."""
    parked: Plain | None = None
    """What stands there after a delete, where nothing can be removed."""

    found: Plain | None = None
    """What stands there before us, and after us again."""

    def world(self, patch: pytest.MonkeyPatch) -> Timed:
        """A vendor with nothing in it."""
        made = Timed(self.tag, patch)
        sample = SAMPLES[self.tag]
        inputs = {**(sample.inputs if self.inputs is None else self.inputs)}
        others = {**(sample.others if self.others is None else self.others)}
        made.sample = replace(sample, inputs=inputs, others=others, options={**sample.options, **self.options})
        made.readable()
        made.modes(**self.modes)
        return made

    def resource(self, world: Timed, number: int = 0) -> Plain:
        """The fields of the `number`th resource."""
        return {**world.sample.inputs, **self.fields, **(self.one(number) if number else {})}

    def changed(self, world: Timed) -> Plain:
        """The first resource with another value for every field that can be changed."""
        return {**self.resource(world), **{name: world.sample.others[name] for name in world.fields()}}

    def prepare(self, world: Timed, numbers: Iterable[int]) -> set[str]:
        """Set what these resources will find there; the ids of it."""
        if self.found is None:
            return set()
        # Every third number was never configured.
        places = [self.resource(world, number)["phone_number"] for number in numbers if number % 3 == 0]
        return {world.emulator.add(world.vendor.name, {**self.found, "phone_number": place}).id for place in places}

    def is_left(self, world: Timed, id: str, inputs: Plain, *, found: bool | None = True) -> bool:
        """Whether it is as a delete leaves it: gone, or with what is to stand there. `found`: something stood there before us, and nobody
        else has removed it since; None: either will do."""
        if found is None:
            return any(self.is_left(world, id, inputs, found=each) for each in (True, False))
        record = world.records().get(id)
        if record is None:
            return not found or (self.parked is None and world.sample.left is None)
        if self.parked is not None:
            return {field: record.get(field) for field in self.parked} == self.parked
        if world.sample.left is None:
            return False
        return record == {**world.sample.left({**inputs, **record}), **((self.found or {}) if found else {})}


def _number(prefix: str) -> Callable[[int], Plain]:
    return lambda number: {"phone_number": f"{prefix}{number:04d}"}


LINKED: Plain = {"link": True, "phone_number": "+14155550200", "telephony_account_connection": CONNECTION, "label": "Support"}
PARKED: Plain = {
    "webhook": "https://hooks.example.com/parked",
    "agent_name": "Nobody",
    "objective": "Say that nobody is here.",
    "time_out": 600,
    "temperature": 0,
}

COLUMNS: dict[str, Column] = {
    "teli": Column(
        "teli:SmsAgent",
        {"create": ("create", "get"), "read": ("get",), "list": ("list",), "update": ("update", "get"), "delete": ("delete",)},
    ),
    "contactswing": Column(
        "contactswing:SmsAgent",
        {"create": ("create",), "update": ("update",), "delete": ("delete",)},
        {"read": "ContactSwing documents no read", "list": "ContactSwing documents no list"},
    ),
    "contactswing, paths set": Column(
        "contactswing:SmsAgent",
        {"create": ("create", "read"), "read": ("read",), "update": ("update", "read"), "delete": ("delete",)},
        {"list": "ContactSwing documents no list"},
        options={"ReadPath": PATH},
        modes={"read_call": "data"},
    ),
    "fluents, bought": Column(
        "fluents:PhoneNumber",
        {"create": ("buy", "update"), "read": ("get",), "list": ("list",), "update": ("update",), "delete": ("cancel",)},
        modes={"largest_page": 2},
    ),
    "vocode, linked": Column(
        "fluents:PhoneNumber",
        {"create": ("link", "get"), "read": ("get",), "list": ("list",), "update": ("update",), "delete": ("cancel",)},
        inputs={name: value for name, value in LINKED.items() if name != "link"},
        others={"phone_number": "+14155550299", "telephony_account_connection": "another", "label": "Sales"},
        fields={"link": True},
        options={"Dialect": "vocode"},
        modes={"dialect": "vocode", "largest_page": 2},
        one=_number("+1415556"),
    ),
    "bland": Column(
        "bland:SmsConfiguration",
        {"create": ("numbers", "update"), "read": ("numbers",), "update": ("numbers", "update"), "delete": ("numbers", "update")},
        {"list": "the list is the only read: see read"},
        one=_number("+1415556"),
        found={
            "objective": "Say hello.",
            "time_out": 120,
            "temperature": 0.2,
            "tools": ["old"],
            "webhook": "https://hooks.example.com/old",
        },
    ),
    "cleartalk": Column(
        "cleartalk:SmsConfiguration",
        {"create": ("update",), "update": ("update",), "delete": ("update",)},
        {"read": "ClearTalk documents no read", "list": "ClearTalk documents no list"},
        fields={"on_delete": "park", "parked": PARKED},
        one=_number("+1415556"),
        parked=PARKED,
    ),
}
