"""One vendor's emulator with our client and life cycle on top: in process, without waiting."""

from __future__ import annotations

import json
import threading
import traceback
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from emulated import InProcess
from samples import SAMPLES, Sample

from pulumi_smsagents.client import Account, Client, Limits
from pulumi_smsagents.emulator import Emulator, Fault, SetClock
from pulumi_smsagents.emulator.calls import Call
from pulumi_smsagents.emulator.store import Item
from pulumi_smsagents.errors import UncertainError, VendorError
from pulumi_smsagents.journal import Journals
from pulumi_smsagents.lifecycle import Lifecycle, Result, Rules, core
from pulumi_smsagents.lifecycle.reading import Reader
from pulumi_smsagents.values import ABSENT, plain
from pulumi_smsagents.vendors import VENDORS, Offer, Vendor

Plain = dict[str, Any]

KEY = "canary/sk-4f9a+Zq7?c1=d2"
"""Holds characters that base64 and URLs spell differently."""

OFFERS = {f"{vendor.name}:{offer.kind}": (vendor, offer) for vendor in VENDORS for offer in vendor.offers}


class World:
    """What a law is tried on. `process()` is a new life cycle over the same vendor, as each `pulumi` command starts one."""

    def __init__(self, tag: str, patch: pytest.MonkeyPatch) -> None:
        self.vendor: Vendor
        self.offer: Offer
        self.vendor, self.offer = OFFERS[tag]
        self.sample: Sample = SAMPLES[tag]
        self.clock = SetClock()
        self.emulator = Emulator(clock=self.clock)
        self.emulator.auth.accept(self.vendor.name, [KEY])
        folder = TemporaryDirectory(prefix="journal-")
        weakref.finalize(self, folder.cleanup)
        self.journals = Journals(Path(folder.name), self.clock)
        self.keys = count(1)
        self.waits: list[float] = []
        self.pauses: list[float] = []
        self._patch = patch
        self.company(0.0)
        self.modes(**self.sample.modes)

    # ---- our side ----

    def company(self, seconds: float) -> None:
        """How long a first read waits for others; it ends when another comes, so a long time costs nothing."""
        self._patch.setattr(core, "Reader", partial(Reader, company=seconds))

    def client(self, limits: Limits | None = None, key: str = KEY) -> Client:
        address, signed = f"http://emulator/{self.vendor.name}", self.vendor.sign(key)
        account = Account(self.vendor.name, address, signed, (key,), "Set another key", self.options)
        return Client(account, limits, InProcess(self.emulator), sleep=self.waits.append)

    def process(self, connect: Callable[[], Client] | None = None) -> Lifecycle:
        journals = Journals(self.journals.folder, self.clock)
        return Lifecycle(self.vendor, self.offer, connect or self.client, journals, Rules(options=self.options), pause=self.pause)

    def pause(self, seconds: float) -> None:
        """What our side waits is recorded, and passes at the vendor."""
        self.pauses.append(seconds)
        self.clock.advance(seconds)

    @property
    def options(self) -> dict[str, str]:
        """The vendor's own settings."""
        return {name: option.default for name, option in self.vendor.options.items()} | dict(self.sample.options)

    def checked(self, fields: Mapping[str, Any] | None = None, old: Mapping[str, Any] | None = None) -> Plain:
        """The inputs after a check that finds nothing wrong; numbers are floats, as Pulumi hands them over."""
        found = self.process().check(dict(old or {}), as_pulumi(self.given(self.sample.inputs if fields is None else fields)))
        assert found.problems == []
        return found.inputs

    def given(self, fields: Mapping[str, Any]) -> Plain:
        """The fields, and the `on_delete` under which a delete takes the object away, where that is not the default."""
        fate = self.sample.removes
        key = {"key": f"shop/dev/{next(self.keys)}"}
        return {**key, "on_delete": fate, **fields} if fate not in ("", next(iter(self.offer.on_delete))) else {**key, **fields}

    @property
    def reads(self) -> bool:
        """Whether the vendor lets anyone read; where it does not, the laws about reading turn over."""
        return not self.offer.adapter(self.client()).cannot_read

    def create(self, fields: Mapping[str, Any] | None = None, **more: Any) -> Result:
        return self.process().create(self.checked({**(self.sample.inputs if fields is None else fields), **more}))

    def update(self, made: Result, fields: Mapping[str, Any]) -> Result:
        state = self.state(made)
        return self.process().update(made.id, state, self.checked(fields, state))

    def refresh(self, made: Result) -> Result | None:
        return self.process().read(made.id, self.state(made))

    def refreshed(self, made: Result) -> Result:
        found = self.refresh(made)
        assert found is not None, "gone"
        return found

    @staticmethod
    def state(made: Result) -> Plain:
        """The outputs on their way through Pulumi's state and back."""
        state: Plain = plain(as_pulumi(made.outputs))
        return state

    def changed(self, name: str) -> Plain:
        """The sample's inputs with another value for one field."""
        return {**self.sample.inputs, name: self.sample.others[name]}

    def fields(self, *, replace: bool = False) -> list[str]:
        """The fields that can be changed, or those whose change replaces."""
        return [name for name in self.sample.inputs if self.offer.fields[name].replace == replace]

    def defaults(self) -> Plain:
        """What holds where the program says nothing."""
        return {name: rule.default for name, rule in self.offer.fields.items() if rule.default is not ABSENT}

    def left(self, made: Result) -> dict[str, Plain]:
        """What the vendor has after a delete of the only object."""
        return {made.id: self.sample.left(made.outputs)} if self.sample.left else {}

    @property
    def reads_first(self) -> bool:
        """Whether every write begins with a look at what is there."""
        return self.offer.whole_body and self.reads

    @property
    def looks_first(self) -> bool:
        """Whether a create begins with a list: of what is there, or of what is held already."""
        return self.reads_first or (self.offer.once is not None and self.offer.once.money)

    # ---- the vendor's side ----

    def records(self) -> dict[str, Plain]:
        """What the vendor really has, by id."""
        return {item.id: self.sample.stored(item.data) for item in self.items()}

    def items(self) -> list[Item]:
        return self.emulator.objects(self.vendor.name)

    def fault(self, kind: str, operation: str = "*", *, times: int | None = None, **settings: Any) -> Fault:
        return self.emulator.faults.add(kind, vendor=self.vendor.name, operation=operation, times=times, **settings)

    def modes(self, **values: Any) -> None:
        self.emulator.modes[self.vendor.name].set(**values)

    def readable(self) -> None:
        """From now on the vendor shows every field."""
        self.modes(**self.sample.readable)

    def by_hand(self, fields: Mapping[str, Any] | None = None) -> Item:
        """An object made in the vendor's dashboard: the sample's, with these fields."""
        return self.emulator.add(self.vendor.name, {**self.sample.inputs, **(fields or {})})

    def calls(self, operation: str | None = None, since: int = 0) -> list[Call]:
        return self.emulator.calls.select(self.vendor.name, operation, since)

    def counts(self, since: int = 0) -> dict[str, int]:
        """How often each operation was called."""
        names = [call.operation.partition(".")[2] for call in self.calls(since=since)]
        return {name: names.count(name) for name in dict.fromkeys(names)}

    def writes(self, since: int = 0) -> list[Call]:
        """The calls that may change something."""
        reads = {self.sample.get, self.sample.list}
        return [call for call in self.calls(since=since) if call.operation.partition(".")[2] not in reads]

    def mark(self) -> int:
        """A point in the log of calls."""
        calls = self.calls()
        return calls[-1].number if calls else 0


def as_pulumi(value: Any) -> Any:
    """JSON as Pulumi hands it over: every number a float."""
    return json.loads(json.dumps(value), parse_int=float)


def together(work: list[Callable[[], Any]], threads: int = 8) -> list[Any]:
    """Run on this many threads, the first of each starting together."""
    start = threading.Barrier(min(threads, len(work)))

    def first(task: Callable[[], Any]) -> Any:
        start.wait(timeout=60)
        return task()

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(first, task) for task in work[:threads]] + [pool.submit(task) for task in work[threads:]]
        return [future.result() for future in running]


def outcome(action: Callable[[], Any]) -> Any:
    """What the action returns, or the error it raises for want of an answer."""
    try:
        return action()
    except (VendorError, UncertainError) as error:
        return error


def told(error: BaseException) -> str:
    """All that anyone might print of an error: its traceback, and every error that it came from, hidden ones too."""
    lines = traceback.format_exception(error)
    while error:
        lines += [str(error), repr(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return "\n".join(lines)


def renamed(made: Result, **outputs: Any) -> Result:
    """The same result with other outputs."""
    return replace(made, outputs={**made.outputs, **outputs})
