"""One cell of the fault matrix on the stage: something stands there, one operation meets a fault, and the prescribed next step follows."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from reliability.columns import COLUMNS
from reliability.commands import Entry, Plain, Run, Stack
from reliability.judging import assert_clean, assert_one_each, assert_true_state
from reliability.people import Person

PATIENCE = 0.2
"""Seconds after which a run that waits for us is left waiting. Nothing is judged by it."""

STANDING = {"create": 1, "read": 1, "list": 5, "update": 2, "delete": 2}
"""How many resources there are before the operation."""


class Stage:
    """A stack whose first `up` went well, about to do the operation `verb`."""

    def __init__(self, name: str, verb: str, patch: pytest.MonkeyPatch, *, rest: float = 60.0, found: bool = True) -> None:
        """`rest`: the seconds since that `up`; `found`: something stands there before us, where it can."""
        self.column = COLUMNS[name]
        self.verb = verb
        self.world = self.column.world(patch)
        self.stack = Stack(self.world)
        self.prepared = self.column.prepare(self.world, [9, *reversed(range(STANDING[verb]))]) if found else set()
        self.others = set(self.prepared)
        self.person = Person(self.stack, self.others)
        self.before = {f"r{number}": self.column.resource(self.world, number) for number in range(STANDING[verb])}
        self.target = self._target()
        self.world.clock.advance(60)  # what is found there has been there for a while
        self.stack.up(self.before).ok()
        self.world.clock.advance(rest)
        self.first = self.stack.state["r0"]
        self.since = self.world.mark()
        self.last = Run()
        self.removed: set[str] = set()

    def _target(self) -> dict[str, Plain]:
        if self.verb == "create":
            return {**self.before, "new": self.column.resource(self.world, 9)}
        if self.verb == "update":
            return {**self.before, "r0": self.column.changed(self.world)}
        if self.verb == "delete":
            return {name: fields for name, fields in self.before.items() if name != "r0"}
        return dict(self.before)

    def close(self) -> None:
        self.world.emulator.close()

    def fault(self, call: str, faults: Iterable[Plain]) -> None:
        """Let these strike the call."""
        for fault in faults:
            settings = {"operation": call, "times": 1, **fault}
            if settings.get("form") in ("date", "reset_at"):
                settings["wait"] += time.time() - self.world.clock()  # a point in time is held against the real one
            if "location" in settings:
                settings["location"] = settings["location"].format(vendor=self.world.vendor.name)
            self.world.fault(**settings)

    def run(self) -> Run:
        """The operation."""
        self.last = self.stack.refresh() if self.verb in ("read", "list") else self.stack.up(self.target)
        assert_clean(self.last, self.stack)
        return self.last

    def remove(self, id: str) -> None:
        """Someone removes it in the vendor's dashboard."""
        self.world.emulator.remove(self.world.vendor.name, id)
        self.removed.add(id)

    def killed(self, point: str, nth: int = 1) -> bool:
        """The operation, in a process that is killed; whether it came to that."""
        return self.stack.kill(point, nth, self.run) is None

    def run_beside(self, point: str) -> tuple[Run, Run]:
        """The operation, while another run does the same in the middle of its first call: either goes on as far as the other lets it."""
        other = Stage.__new__(Stage)
        other.__dict__ |= {**self.__dict__, "stack": Stack(self.world)}
        other.stack.state = dict(self.stack.state)
        with ThreadPoolExecutor(1) as pool:
            running: list[Future[Run]] = []

            def meanwhile() -> None:
                running.append(pool.submit(other.run))
                wait(running, timeout=PATIENCE)

            killer = self.world.killer
            killer.point, killer.nth, killer.meanwhile = point, 1, meanwhile
            try:
                ours = self.run()
            finally:
                killer.point, killer.meanwhile = "", None
            theirs = running[0].result() if running else Run()
        self.last = ours
        return ours, theirs

    def counted(self, call: str) -> int:
        """How often the call was made since the operation began."""
        return len(self.world.calls(call, self.since))

    # ---- and then ----

    def next_step(self) -> None:
        """All is well again, some time has passed: run it again, and do what the errors say."""
        self.world.emulator.faults.clear()
        self.world.clock.advance(30)
        for name, error in self.last.errors.items():
            self.person.follow(self.target, name, error)
        self.person.bring(self.target)

    def judge(self) -> None:
        """The four invariants after the next step; errors were judged when they came. Then all is taken away, and nothing is left."""
        others = set(self.others)
        if self.verb == "delete":
            self._assert_left(self.first)
            others.add(self.first.id)
        assert_one_each(self.stack, self.target, others)
        assert_true_state(self.stack, self.target)
        entries = list(self.stack.state.values())
        self.stack.destroy().ok()
        for entry in entries:
            self._assert_left(entry)
        assert set(self.world.records()) <= others | {entry.id for entry in entries}

    def _assert_left(self, entry: Entry) -> None:
        found = None if entry.id in self.removed else entry.id in self.prepared
        assert self.column.is_left(self.world, entry.id, entry.inputs, found=found), self.world.records().get(entry.id)
