"""The sides take turns: a machine that is slow for a while is slow for all."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import sides
from benchmarks.results import Results, Row, Verb
from benchmarks.vendor import Vendor

Say = Callable[[str], None]


def measure(results: Results, vendor: Vendor, names: Sequence[str], cases: Sequence[tuple[int, int]], home: Path, say: Say) -> None:
    """So many rounds of all sides over all cases, each a number of agents and a latency."""
    found = {name: sides.find(name, home) for name in names}
    rows = {(name, *case): Row(name, *case) for case in cases for name in names}
    results.rows += rows.values()
    for number in range(results.rounds):
        for case in cases:
            for name in _rotated(names, number):
                row = rows[name, *case]
                if not row.failed and not row.absent:
                    _one(found[name], row, vendor)
                    say(f"round {number + 1}/{results.rounds}  n={row.n:<5} {row.latency:>3} ms  {name:<14} {_shown(row)}")


def _rotated(names: Sequence[str], by: int) -> Iterator[str]:
    by %= len(names)
    yield from (*names[by:], *names[:by])


def _one(side: sides.Side, row: Row, vendor: Vendor) -> None:
    vendor.begin(row.latency)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            with side.verbs(sides.Job(row.n, vendor, Path(folder))) as verbs:
                for name, verb in verbs.items():
                    _time(name, verb, row, vendor)
        except sides.AbsentError as problem:
            row.absent = str(problem)
        except sides.NotRunError as problem:
            row.failed = str(problem)


def _time(name: str, verb: Callable[[], object], row: Row, vendor: Vendor) -> None:
    before = vendor.calls().total()
    started = time.perf_counter()
    verb()
    seconds = time.perf_counter() - started
    calls = vendor.calls().total() - before
    _expect(name, row, vendor, calls)
    measured = row.verbs.setdefault(name, Verb())
    measured.seconds.append(round(seconds, 3))
    measured.calls.append(calls)


def _expect(name: str, row: Row, vendor: Vendor, calls: int) -> None:
    """A side that did not do its work is quick, and worth nothing."""
    wanted = 0 if name == "destroy" or row.side.startswith("engine") else row.n
    if vendor.agents() != wanted:
        raise sides.NotRunError(f"{vendor.agents()} agents after {name}, and not {wanted}")
    if name == "update" and wanted and calls < wanted:
        raise sides.NotRunError(f"{calls} calls for {wanted} updates")


def _shown(row: Row) -> str:
    last = [f"{name} {verb.seconds[-1]:.2f} s ({verb.calls[-1]})" for name, verb in row.verbs.items()]
    return "  ".join([*last, *([f"FAILED: {row.failed}"] if row.failed else []), row.absent])
