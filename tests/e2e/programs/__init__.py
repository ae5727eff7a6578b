"""What the tests of this folder need to know of each vendor: one module a vendor, each with a `CASE`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from pulumi_smsagents.emulator.calls import Call
from pulumi_smsagents.emulator.store import Item

Plain = dict[str, Any]
Calls = Mapping[str, int]
"""How often each operation of the emulator is called."""


@dataclass(frozen=True)
class Row:
    """One resource of the program: made with the fields `before`, then brought to `after`, which differs in one field."""

    before: Plain
    change: Plain
    """What differs after; None removes the field."""

    does: str = ""
    """What the change does: it ``changes`` the object in place, ``replaces`` it, is ``noted`` in the state only, or sends
    everything ``again``."""

    @property
    def after(self) -> Plain:
        return laid_over(self.before, self.change)


@dataclass(frozen=True)
class Case:
    """One kind at one vendor. A row is named after what happens to it: ``changes-prompt``, ``loses-prompt``."""

    type: str
    """``"teli.SmsAgent"``."""

    fields: Mapping[str, Any]
    """Fields that stay or change in place, set; a preview has nothing to say of them."""

    changed: Mapping[str, Any]
    """Another value of each field that changes in place."""

    cleared: Mapping[str, Any]
    """What is sent when an optional field is removed."""

    replaced: Mapping[str, Any]
    """Another value of each field whose change replaces the object."""

    by_hand: Mapping[str, Any]
    """What a person changes in the vendor's dashboard, under the names of the inputs."""

    create: Callable[[Plain], Calls]
    """The calls of a create with these fields."""

    update: Calls
    delete: Mapping[str, Calls]
    """By each choice of `on_delete`, default first."""

    adopt: Calls
    sees: frozenset[str]
    """The operations that a refresh may call."""

    about: Callable[[Call], str]
    """The id of the object that a call is about."""

    update_call: str = "update"
    """The operation whose body holds the changed fields."""

    dropped: tuple[str, ...] = ()
    """Fields whose removal replaces the object."""

    noted: Mapping[str, Any] = field(default_factory=dict)
    """Another value of each field whose change is recorded and sent to nobody; None removes it."""

    again: Mapping[str, Any] = field(default_factory=dict)
    """Fields whose change sends everything once more."""

    of_row: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What single rows have instead of `fields`; None is nothing."""

    own: Callable[[int], Plain] = lambda number: {}
    """Fields that no two rows may share."""

    needs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Fields that go with a choice of `on_delete`."""

    hidden: frozenset[str] = frozenset()
    """Fields that no read shows."""

    unsent: frozenset[str] = frozenset()
    """Inputs of ours that no vendor's store holds."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """The stack's own configuration: ``{"contactswingReadPath": "/v2/…"}``."""

    modes: Mapping[str, str] = field(default_factory=dict)
    """The emulator's switches that belong to these settings."""

    found: Mapping[str, Any] | None = None
    """What stood there before us, where a number exists without us."""

    body: Callable[[Plain, Plain, Plain], Plain] = lambda found, new, changed: changed
    """What an update sends, by what was there before us, the fields as the program has them, and those that changed."""

    stored: Callable[[Item], Plain] = lambda item: dict(item.data)
    """What the vendor's store holds, under the names of the inputs."""

    looks: Mapping[str, int] = field(default_factory=dict)
    """What a create asks besides where nothing stands yet."""

    left: Callable[[str, Plain, Plain, Plain], Plain | None] = lambda how, held, found, fields: held if how == "retain" else None
    """What stands there after a delete: by the choice, what stood there until then, what was before us, and the fields."""

    said_of_create: Callable[[Plain], list[str]] = lambda fields: []
    """A preview's lines on a create with these fields."""

    announced: Mapping[str, str] = field(default_factory=dict)
    """What a preview says of a change of a field."""

    doubted: Mapping[str, str] = field(default_factory=dict)
    """What it says of the other value of a field, whatever it was before."""

    said_of_replacement: tuple[str, ...] = ()
    fates: Mapping[str, str] = field(default_factory=dict)
    """What is said to become of the object, by each choice of `on_delete`."""

    leaves: frozenset[str] = frozenset({"retain"})
    """The choices of which a destroy tells what it leaves behind."""

    delete_by_hand: bool = True
    """Whether a refresh can see that a person has taken the object away."""

    room: int = 800
    """Bytes of the state that may stand beside the fields."""

    @property
    def vendor(self) -> str:
        return self.type.partition(".")[0]

    @property
    def default_fate(self) -> str:
        return next(iter(self.delete))

    @property
    def write_only(self) -> bool:
        return not self.sees

    @property
    def needed(self) -> Mapping[str, Any]:
        """The fields that cannot be removed."""
        return {name: value for name, value in self.fields.items() if name not in self.cleared}

    @cached_property
    def rows(self) -> dict[str, Row]:
        """One object for each change; between them they have every choice of `on_delete`."""
        numbers, fates = count(1), list(self.delete)
        rows: dict[str, Row] = {}
        for name, does, change in self._plan():
            number = next(numbers)
            fate = fates[number % len(fates)]
            # A held number is replaced only where the program says what becomes of it; elsewhere the default goes unsaid.
            said = {"on_delete": fate, **self.needs.get(fate, {})} if fate != self.default_fate or does == "replaces" else {}
            if "on_delete" in change:
                said = {}
            own = {**self.own(number), **self.of_row.get(name, {})}
            rows[name] = Row(laid_over(self.fields, {**said, **own}), change, does)
        return rows

    def _plan(self) -> Iterator[tuple[str, str, Plain]]:
        yield "untouched", "", {}
        yield "taken-away", "", {}
        yield from ((f"changes-{name}", "changes", {name: value}) for name, value in self.changed.items())
        yield from ((f"loses-{name}", "changes", {name: None}) for name in self.cleared)
        yield from ((f"replaces-{name}", "replaces", {name: value}) for name, value in self.replaced.items())
        yield from ((f"drops-{name}", "replaces", {name: None}) for name in self.dropped)
        yield from ((f"notes-{name}", "noted", {name: value}) for name, value in self.noted.items())
        yield from ((f"{name}-again", "again", {name: value}) for name, value in self.again.items())
        fate = [*self.delete][-1]
        yield "notes-on_delete", "noted", {"on_delete": fate, **self.needs.get(fate, {})}

    def fate(self, fields: Mapping[str, Any]) -> str:
        return str(fields.get("on_delete", self.default_fate))

    def sent(self, fields: Mapping[str, Any]) -> Plain:
        """The fields that are the vendor's."""
        return {name: value for name, value in fields.items() if name not in {"adopt", "on_delete", *self.unsent}}

    def moved(self, row: Row) -> Plain:
        """What a row's change means to the vendor."""
        return {name: self.cleared[name] if value is None else value for name, value in row.change.items() if name not in self.again}

    def unread(self, fields: Mapping[str, Any]) -> list[str]:
        return sorted(name for name in self.sent(fields) if self.write_only or name in self.hidden)


def laid_over(fields: Mapping[str, Any], more: Mapping[str, Any]) -> Plain:
    """The fields with more over them; None removes."""
    return {name: value for name, value in {**fields, **more}.items() if value is not None}


def cases() -> list[Case]:
    """All of this folder."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    return [import_module(f"{__name__}.{name}").CASE for name in modules]
