"""Random lives: programs that change, colleagues in the dashboard, faults, killed runs; the four invariants whenever things calm down."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from reliability.columns import COLUMNS, Column
from reliability.commands import Plain, Run, Stack, Timed
from reliability.judging import assert_clean, assert_one_each, assert_true_state
from reliability.people import Person

RUNS, STEPS = 300, 30
NAMES = ("a", "b", "c", "d")

FAULTS: dict[str, Plain] = {
    "refused": {"kind": "refuse"},
    "reset before": {"kind": "reset"},
    "reset after": {"kind": "reset", "when": "after"},
    "closed after": {"kind": "close", "when": "after"},
    "no answer": {"kind": "hang"},
    "no answer after": {"kind": "hang", "when": "after"},
    "late": {"kind": "late", "seconds": 0, "delay": 3},
    "too slow": {"kind": "slow", "seconds": 31, "delay": 1},
    "429": {"kind": "limited", "wait": 2},
    "429 for a year": {"kind": "limited", "form": "absurd"},
    "500": {"kind": "status", "status": 500},
    "502 after": {"kind": "status", "status": 502, "when": "after"},
    "503": {"kind": "status", "status": 503},
    "401": {"kind": "status", "status": 401},
    "409": {"kind": "status", "status": 409},
    "cut JSON": {"kind": "malformed"},
    "HTML": {"kind": "html"},
    "empty": {"kind": "empty"},
    "broken off": {"kind": "truncated"},
    "half a list": {"kind": "half_list"},
    "redirect": {"kind": "redirect"},
}
KILLS = ("sending", "answered", "checkpoint")
Trouble = tuple[str, int, int, int]
"""Which fault, at which of the calls, at its first or later calls, and how often."""
TROUBLES: st.SearchStrategy[list[Trouble]] = st.lists(
    st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(0, 5), st.integers(1, 2), st.integers(1, 2)), max_size=2
)


class Life(RuleBasedStateMachine):
    """One stack at one vendor over some time."""

    column: Column
    patch: pytest.MonkeyPatch

    @initialize()
    def begin(self) -> None:
        self.world: Timed = self.column.world(self.patch)
        self.stack = Stack(self.world)
        self.prepared = self.column.prepare(self.world, range(2 * len(NAMES)))
        self.others = set(self.prepared)
        self.program: dict[str, Plain] = {}
        self.readable = "read" in self.column.calls
        self.doomed: tuple[str, int] | None = None
        self.strangers = 0
        self.unsettled: set[str] = set()
        self.removed: set[str] = set()

    # ---- the program ----

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    def write(self, names: list[str]) -> None:
        """They are alike, where two may be."""
        for name in names:
            self.program.setdefault(name, self.column.resource(self.world, NAMES.index(name)))

    @precondition(lambda self: self.changeable())
    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.changeable()))
        for field in data.draw(st.lists(st.sampled_from(self.world.fields()), min_size=1, max_size=3, unique=True)):
            inputs, others = self.world.sample.inputs, self.world.sample.others
            value = others[field] if self.program[name].get(field) == inputs[field] else inputs[field]
            self.program[name] = {**self.program[name], field: value}

    def settled(self) -> list[str]:
        """The resources that the last `up` brought to their end. Of the others the program says the same until one does: who strikes
        out a create that is under way has `smsagents resolve`."""
        return sorted(self.program.keys() - self.unsettled)

    def changeable(self) -> list[str]:
        """Any; but where nothing can be read, an update that was cut off has to be run again before the program changes back."""
        return sorted(self.program) if self.readable else self.settled()

    @precondition(lambda self: self.settled())
    @rule(data=st.data())
    def replace(self, data: st.DataObject) -> None:
        """Another value for a field that means another object."""
        name = data.draw(st.sampled_from(self.settled()))
        fields = self.program[name]
        if "phone_number" in fields and self.column.one(1):
            number = NAMES.index(name)
            places = [self.column.resource(self.world, each)["phone_number"] for each in (number, number + len(NAMES))]
            self.program[name] = {**fields, "phone_number": places[fields["phone_number"] == places[0]]}
            return
        field = data.draw(st.sampled_from(self.world.fields(replace=True)))
        inputs, others = self.world.sample.inputs, self.world.sample.others
        self.program[name] = {**fields, field: others[field] if fields.get(field) == inputs[field] else inputs[field]}

    @precondition(lambda self: self.settled())
    @rule(data=st.data())
    def strike_out(self, data: st.DataObject) -> None:
        del self.program[data.draw(st.sampled_from(self.settled()))]

    # ---- others ----

    @precondition(lambda self: self.readable and self.stack.state)
    @rule(data=st.data())
    def edit_by_hand(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.stack.ids)))
        field = data.draw(st.sampled_from(self.world.fields()))
        if id in self.world.records():
            self.world.emulator.edit(self.world.vendor.name, id, {field: self.world.sample.others[field]})

    @precondition(lambda self: self.readable and self.stack.state)
    @rule(data=st.data())
    def delete_by_hand(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.stack.ids)))
        if id in self.world.records():
            self.world.emulator.remove(self.world.vendor.name, id)
            self.removed.add(id)

    @precondition(lambda self: not self.world.sample.upserts and "phone_number" not in self.world.sample.inputs)
    @rule()
    def make_by_hand(self) -> None:
        """A colleague's own, which nothing of ours may ever take for ours."""
        self.strangers += 1
        label = {
            field: f"Of a colleague, {self.strangers}" for field in ("agent_name", "name", "label") if field in self.world.sample.inputs
        }
        self.others.add(self.world.by_hand(label).id)

    def go_wrong(self, fault: Trouble) -> None:
        kind, call, nth, times = fault
        calls = sorted({each for calls in self.column.calls.values() for each in calls})
        self.world.fault(**FAULTS[kind], operation=["*", *calls][call % (len(calls) + 1)], nth=nth, times=times)

    @rule(seconds=st.sampled_from([1.0, 5.0, 40.0]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    # ---- commands ----

    @rule(troubles=TROUBLES, kill=st.sampled_from([*KILLS, *[""] * 3]), nth=st.integers(1, 4))
    def up(self, troubles: list[Trouble], kill: str, nth: int) -> None:
        for trouble in troubles:
            self.go_wrong(trouble)
        self.unsettled |= self.program.keys()
        run = self.stack.kill(kill, nth, lambda: self.stack.up(self.program)) if kill else self.stack.up(self.program)
        self.told(run)
        if run is not None:
            self.unsettled = set(run.errors)

    @rule(data=st.data(), troubles=TROUBLES, kill=st.sampled_from([*KILLS, *[""] * 3]), nth=st.integers(1, 4))
    def write_and_up(self, data: st.DataObject, troubles: list[Trouble], kill: str, nth: int) -> None:
        """What most people do, and what most of the trouble is about."""
        self.write(data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)))
        self.up(troubles, kill, nth)

    @precondition(lambda self: self.stack.state)
    @rule(troubles=TROUBLES, kill=st.sampled_from([*KILLS, *[""] * 8]))
    def refresh(self, troubles: list[Trouble], kill: str) -> None:
        """Who lives is not dropped, whatever goes wrong."""
        for trouble in troubles:
            self.go_wrong(trouble)
        before = {name: entry.id for name, entry in self.stack.state.items()}
        self.told(self.stack.kill(kill, 1, self.stack.refresh) if kill else self.stack.refresh())
        living = self.world.records()
        assert [name for name, id in before.items() if name not in self.stack.state and id in living] == []

    def told(self, run: Run | None) -> None:
        if run is not None:
            assert_clean(run, self.stack)

    @precondition(lambda self: self.unsettled)
    @rule()
    def calm(self) -> None:
        self.calm_down()

    def calm_down(self) -> None:
        """All is well again, and a person brings it to what the program says."""
        self.world.emulator.faults.clear()
        self.world.clock.advance(60)
        person = Person(self.stack, self.others)
        if self.readable:
            for name, error in self.stack.refresh().errors.items():
                person.follow(dict(self.program), name, error)
        person.bring(self.program, attempts=6)
        self.unsettled.clear()
        assert_one_each(self.stack, self.program, self.others | self.left())
        assert_true_state(self.stack, self.program)

    def left(self) -> set[str]:
        """What stands where a resource was, as it is to be left; where numbers are set up, it has to be."""
        gone = set(self.world.records()) - self.stack.ids
        inputs = self.world.sample.inputs
        left = {id for id in gone if self.column.is_left(self.world, id, inputs, found=None if id in self.removed else id in self.prepared)}
        assert self.column.found is None or left == gone, f"not given back: {sorted(gone - left)}"
        return left

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.calm_down()
            self.stack.destroy().ok()
            assert set(self.world.records()) <= self.others | self.left()
            self.world.emulator.close()


@pytest.mark.parametrize("column", COLUMNS)
def test_a_random_life_keeps_the_invariants(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machine: Any = type("Life", (Life,), {"column": COLUMNS[column], "patch": monkeypatch})
    quiet = settings(
        max_examples=-(-RUNS // len(COLUMNS)),
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # with Phase.shrink besides, a failure is told by its shortest story, after some minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=quiet)
