"""What the engine does with our verbs: `up`, `refresh` and `destroy` over a state of its own, in process and on the emulator's clock.

Each command is a new process: a new life cycle with a new client, over the same vendor and the same journal. A process can be killed at any
request; then nothing that it had not handed to the engine is in the state.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulated import InProcess
from worlds import KEY, World, as_pulumi

from pulumi_smsagents.client import Account, Client, Limits
from pulumi_smsagents.errors import SmsAgentsError
from pulumi_smsagents.journal import Journals
from pulumi_smsagents.lifecycle import Lifecycle, Result
from pulumi_smsagents.values import plain

Plain = dict[str, Any]
Program = Mapping[str, Plain]

PROJECT = "texting/dev"


class KilledError(BaseException):
    """The process is gone: no handler of ours may have anything to do with it."""


Files = dict[Path, bytes]


def contents(folder: Path) -> Files:
    """Every file of the folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restore(folder: Path, files: Files) -> None:
    """The folder as it was: whatever handlers did since did not happen."""
    for path in folder.rglob("*"):
        if path.is_file() and path not in files:
            path.unlink()
    for path, content in files.items():
        path.write_bytes(content)


@dataclass
class Killer:
    """When the process dies: at its `nth` request, before it is sent (`sending`) or once the vendor has answered it (`answered`); or when
    a verb has returned and the state does not hold it yet (`checkpoint`). `seen`: what stood on the disk then."""

    point: str = ""
    nth: int = 1
    last_sight: Callable[[], Files] = dict
    seen: Files = field(default_factory=dict)
    meanwhile: Callable[[], None] | None = None
    """What happens there in place of a death."""

    def strike(self, point: str) -> None:
        if self.point != point:
            return
        self.nth -= 1
        if self.nth <= 0:
            self.point = ""
            if self.meanwhile is not None:
                self.meanwhile()
                return
            self.seen = self.last_sight()
            raise KilledError(point)


class Mortal(httpx.BaseTransport):
    """The line to the emulator, at which the process may die."""

    def __init__(self, inner: httpx.BaseTransport, killer: Killer) -> None:
        self._inner, self._killer = inner, killer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._killer.strike("sending")
        try:
            return self._inner.handle_request(request)
        finally:
            self._killer.strike("answered")


class Timed(World):
    """A world in which pauses, slow answers and time-outs take time on the emulator's clock."""

    def __init__(self, tag: str, patch: pytest.MonkeyPatch) -> None:
        super().__init__(tag, patch)
        patch.setattr(os, "fsync", lambda descriptor: None)  # processes are killed here, not machines
        self.killer = Killer()

    def sleep(self, seconds: float) -> None:
        """What the client waits between attempts."""
        self.waits.append(seconds)
        self.clock.advance(seconds)

    def resolve_as_not_created(self, key: str) -> None:
        """`smsagents resolve KEY --not-created`."""
        journal = Journals(self.journals.folder, self.clock).of(key)
        for entry in journal.unfinished():
            if entry.target.key == key:
                journal.not_created(entry)

    def shows(self, field: str, wanted: Any, found: Any) -> bool:
        """Whether the value is the wanted one, or stands for it by not being there."""
        rule = self.offer.fields[field]
        return rule.same(wanted, rule.clear if found is None else found)

    def client(self, limits: Limits | None = None, key: str = KEY) -> Client:
        address, signed = f"http://emulator/{self.vendor.name}", self.vendor.sign(key)
        account = Account(self.vendor.name, address, signed, (key,), "Set another key", self.options)
        line = Mortal(InProcess(self.emulator, waited=self.clock.advance), self.killer)
        return Client(account, limits, line, sleep=self.sleep, clock=self.clock)


@dataclass
class Entry:
    """A resource in the state."""

    id: str
    inputs: Plain
    outputs: Plain


@dataclass
class Run:
    """What came of a command, by resource."""

    errors: dict[str, SmsAgentsError] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """What the engine did, such as `create sales`; empty where all was as it should be."""

    def ok(self) -> Run:
        """This run, which nothing went wrong in."""
        assert self.errors == {}, {name: str(error) for name, error in self.errors.items()}
        return self


class Stack:
    """A state, and the commands on it."""

    def __init__(self, world: Timed, name: str = PROJECT) -> None:
        self.world = world
        self.name = name
        self.state: dict[str, Entry] = {}
        self.replaced: list[tuple[str, Entry]] = []
        """Predecessors that are still to be deleted."""

    @property
    def ids(self) -> set[str]:
        return {entry.id for entry in self.state.values()} | {entry.id for _, entry in self.replaced}

    # ---- commands ----

    def up(self, program: Program) -> Run:
        """Bring what is there to what the program says."""
        run, process = Run(), self.world.process()
        for name, entry in list(self.replaced):
            with self._told(run, name):
                self._delete(process, run, name, entry)
                self.replaced.remove((name, entry))
        for name, fields in program.items():
            with self._told(run, name):
                self._step(process, run, name, fields)
        for name in [name for name in reversed(self.state) if name not in program]:
            with self._told(run, name):
                self._delete(process, run, name, self.state[name])
                del self.state[name]
        for name, entry in list(self.replaced):
            if name not in run.errors:
                with self._told(run, name):
                    self._delete(process, run, name, entry)
                    self.replaced.remove((name, entry))
        return run

    def refresh(self) -> Run:
        """Take over what the vendor shows."""
        run, process = Run(), self.world.process()
        for name, entry in list(self.state.items()):
            with self._told(run, name):
                found = process.read(entry.id, entry.outputs)
                self.world.killer.strike("checkpoint")
                if found is None:
                    del self.state[name]
                    run.changed.append(f"drop {name}")
                    continue
                run.said += [*found.warnings, *found.notes]
                after = self._entry(found, {**entry.inputs, **found.inputs})
                if after.outputs != entry.outputs:
                    run.changed.append(f"refresh {name}")
                self.state[name] = after
        return run

    def destroy(self) -> Run:
        """Take all away."""
        return self.up({})

    def preview(self, program: Program) -> list[str]:
        """What `up` would do."""
        process, steps = self.world.process(), []
        for name, fields in program.items():
            entry = self.state.get(name)
            if entry is None:
                steps.append(f"create {name}")
            elif difference := process.diff(entry.id, entry.outputs, self._checked(process, name, fields, entry)):
                steps.append(f"change {name}: {', '.join([*difference.changed, *difference.triggered, *difference.recorded])}")
        return steps + [f"delete {name}" for name in self.state if name not in program]

    def kill(self, point: str, nth: int, command: Callable[[], Run]) -> Run | None:
        """The command in a process that is killed there, or the run where it did not come to that."""
        journals = self.world.journals.folder
        self.world.killer.point, self.world.killer.nth, self.world.killer.last_sight = point, nth, lambda: contents(journals)
        try:
            return command()
        except KilledError:
            restore(journals, self.world.killer.seen)
            return None
        finally:
            self.world.killer.point = ""

    # ---- steps ----

    def _step(self, process: Lifecycle, run: Run, name: str, fields: Plain) -> None:
        entry = self.state.get(name)
        inputs = self._checked(process, name, fields, entry)
        if entry is None:
            self._create(process, run, name, inputs)
            return
        difference = process.diff(entry.id, entry.outputs, inputs)
        if difference.replaces:
            self._replace(process, run, name, inputs, first=process.replace_first(entry.id, entry.outputs, inputs, difference))
        elif difference:
            self._keep(run, name, inputs, process.update(entry.id, entry.outputs, inputs), "update")

    def _replace(self, process: Lifecycle, run: Run, name: str, inputs: Plain, *, first: bool) -> None:
        entry = self.state[name]
        if first:
            self._delete(process, run, name, entry)
            del self.state[name]
        self._create(process, run, name, inputs)
        if not first:
            self.replaced.append((name, entry))

    def _create(self, process: Lifecycle, run: Run, name: str, inputs: Plain) -> None:
        self._keep(run, name, inputs, process.create(inputs), "create")

    def _keep(self, run: Run, name: str, inputs: Plain, result: Result, verb: str) -> None:
        self.world.killer.strike("checkpoint")
        run.said += result.warnings
        run.changed.append(f"{verb} {name}")
        self.state[name] = self._entry(result, inputs)

    def _delete(self, process: Lifecycle, run: Run, name: str, entry: Entry) -> None:
        run.said += process.delete(entry.id, entry.outputs)
        self.world.killer.strike("checkpoint")
        run.changed.append(f"delete {name}")

    def _checked(self, process: Lifecycle, name: str, fields: Plain, entry: Entry | None) -> Plain:
        given = as_pulumi(self.world.given({**fields, "key": f"{self.name}/{name}"}))
        checked = process.check(entry.inputs if entry else {}, given)
        assert checked.problems == [], checked.problems
        return checked.inputs

    @staticmethod
    def _entry(result: Result, inputs: Plain) -> Entry:
        return Entry(result.id, inputs, plain(as_pulumi(result.outputs)))

    @contextmanager
    def _told(self, run: Run, name: str) -> Iterator[None]:
        """What goes wrong with one resource is told, and the others go on. Anything but an error of ours is a fault of ours."""
        try:
            yield
        except SmsAgentsError as error:
            run.errors[name] = error
