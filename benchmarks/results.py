"""What was measured."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


@dataclass
class Verb:
    """One verb of one side: a value for each round."""

    seconds: list[float] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)


@dataclass
class Row:
    """One side with so many agents, at a latency in milliseconds. `failed`: what ended it, if anything did; `absent`: what it needs and is
    not here."""

    side: str
    n: int
    latency: int
    verbs: dict[str, Verb] = field(default_factory=dict)
    failed: str = ""
    absent: str = ""


@dataclass
class Results:
    """All of one run."""

    machine: dict[str, Any]
    conditions: str
    rounds: int
    rows: list[Row] = field(default_factory=list)
    singles: dict[str, Any] = field(default_factory=dict)

    def seconds(self, side: str, verb: str, n: int, latency: int) -> float | None:
        """The median of the rounds, or None where it was not run."""
        found = self._verb(side, verb, n, latency)
        return median(found.seconds) if found and found.seconds else None

    def calls(self, side: str, verb: str, n: int, latency: int) -> int | None:
        """The most of any round."""
        found = self._verb(side, verb, n, latency)
        return max(found.calls) if found and found.calls else None

    def _verb(self, side: str, verb: str, n: int, latency: int) -> Verb | None:
        return next((row.verbs.get(verb) for row in self.rows if (row.side, row.n, row.latency) == (side, n, latency)), None)

    def ratio(self, over: tuple[str, str], under: tuple[str, str], n: int, latency: int) -> float | None:
        """Of two medians, each of a side and a verb."""
        one, other = self.seconds(*over, n, latency), self.seconds(*under, n, latency)
        return one / other if one is not None and other else None

    def growth(self, side: str, verb: str, counts: tuple[int, int], latency: int) -> float | None:
        """The exponent by which the time grows with the number of agents; 1 is in proportion."""
        small, large = (self.seconds(side, verb, n, latency) for n in counts)
        return math.log(large / small) / math.log(counts[1] / counts[0]) if small and large else None

    @property
    def cases(self) -> list[tuple[int, int]]:
        """Each number of agents and latency, in order."""
        return sorted({(row.n, row.latency) for row in self.rows})

    def write(self, file: Path) -> None:
        """As JSON."""
        file.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


def read(file: Path) -> Results:
    """As `write` has written them."""
    found = json.loads(file.read_text("utf-8"))
    return Results(**{**found, "rows": list(_rows(found["rows"]))})


def _rows(found: Iterable[dict[str, Any]]) -> Iterable[Row]:
    for row in found:
        yield Row(**{**row, "verbs": {name: Verb(**verb) for name, verb in row["verbs"].items()}})
