"""Things that go wrong on purpose: a queue of faults, matched to calls by vendor, operation and count; what each does: `fault_kinds`."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from random import Random
from typing import Any

from .fault_kinds import KINDS
from .rates import FORMS
from .wire import Reply, Request

__all__ = ["KINDS", "SETTABLE", "Fault", "Faults", "fault_from"]


@dataclass(slots=True)
class Fault:
    """One fault in the queue.

    It looks at calls of `vendor` and `operation` (`*`: any) whose body or path holds the values of `where`, lets the first `nth - 1`
    of them pass, and then strikes `times` of them (None: all), each with `probability` drawn from `seed`. The rest belongs to a kind.
    """

    kind: str
    vendor: str = "*"
    operation: str = "*"
    when: str | None = None
    nth: int = 1
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    where: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    retry_after_date: float | None = None
    form: str = "seconds"
    wait: float = 1.0
    seconds: float = 3600.0
    megabytes: float = 50.0
    location: str = "https://elsewhere.example/"
    keys: list[str] = field(default_factory=list)
    calls: int = 1
    delay: float | None = None
    rewrite: Callable[[Reply], Reply] | None = None
    number: int = 0
    seen: int = 0
    struck: int = 0
    random: Random = field(default_factory=Random, repr=False)

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")
        self.when = self.when or kind.when
        if self.when not in ("before", "after"):
            raise ValueError(f"a fault strikes before or after the call is processed; not {self.when!r}")
        if self.form not in FORMS:
            raise ValueError(f"no such form of a 429: {self.form}; there are {', '.join(FORMS)}")
        self.random.seed(self.seed)

    @property
    def name(self) -> str:
        """As the call log shows it."""
        return f"{self.kind} {self.when}"

    @property
    def after(self) -> bool:
        """Whether the call is processed first."""
        return self.when == "after"

    @property
    def spent(self) -> bool:
        """Whether it will strike no more."""
        return self.times is not None and self.struck >= self.times

    def strikes(self, vendor: str, operation: str, request: Request) -> bool:
        """Count this call if it is one of ours, and say whether to strike."""
        if not self._matches(vendor, operation, request):
            return False
        self.seen += 1
        return self.seen >= self.nth and not self.spent and self._drawn()

    def _drawn(self) -> bool:
        return self.probability >= 1 or self.random.random() < self.probability

    def _matches(self, vendor: str, operation: str, request: Request) -> bool:
        if self.vendor not in ("*", vendor) or self.operation not in ("*", operation, f"{vendor}.{operation}"):
            return False
        given = {**request.query, **request.fields, **request.params} if self.where else {}
        return all(given.get(name) == value for name, value in self.where.items())

    def as_json(self) -> dict[str, Any]:
        """The fault for the control interface."""
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("random", "rewrite")}
        return {**shown, "spent": self.spent}


SETTABLE = frozenset(each.name for each in fields(Fault)) - {"rewrite", "number", "seen", "struck", "random"}

_NUMBERS: Mapping[str, tuple[bool, float, float]] = {
    "nth": (True, 1, math.inf),
    "times": (True, 1, math.inf),
    "seed": (True, 0, math.inf),
    "calls": (True, 0, math.inf),
    "status": (True, 200, 599),
    "probability": (False, 0, 1),
    "wait": (False, 0, math.inf),
    "seconds": (False, 0, math.inf),
    "delay": (False, 0, math.inf),
    "megabytes": (False, 0, 1000),
    "retry_after_date": (False, -math.inf, math.inf),
}
"""The settings that are numbers: whether whole, from, to."""
_MAY_BE_NULL = frozenset({"when", "times", "status", "body", "delay", "retry_after_date"})
_OTHERS: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("where", "headers"), (dict, "an object")),
    **dict.fromkeys(("location", "form", "vendor", "operation"), (str, "text")),
    "keys": (list, "a list"),
}


def fault_from(given: Mapping[str, Any], operations: Mapping[str, Collection[str]]) -> Fault:
    """A fault as the control interface takes it. `operations`: what each vendor's calls are called."""
    unknown = sorted(given.keys() - SETTABLE)
    if unknown or "kind" not in given:
        raise ValueError(f"a fault has a kind, and of these: {', '.join(sorted(SETTABLE))}; not {', '.join(unknown) or 'none'}")
    wrong = [f"{name} must be {words}" for name, words in ((name, _wrong(name, value)) for name, value in given.items()) if words]
    if wrong:
        raise ValueError("; ".join(wrong))
    fault = Fault(**given)
    _aimed(fault, operations)
    return fault


def _wrong(name: str, value: Any) -> str:
    """What a setting must be, if it is not."""
    if value is None and name in _MAY_BE_NULL:
        return ""
    if name in _NUMBERS:
        whole, least, most = _NUMBERS[name]
        right = isinstance(value, int if whole else int | float) and not isinstance(value, bool) and least <= value <= most
        bounds = [f"from {least:g}"] * (least > -math.inf) + [f"to {most:g}"] * (most < math.inf)
        return "" if right else " ".join(["a whole number" if whole else "a number", *bounds])
    kind, words = _OTHERS.get(name, (object, ""))
    return words if not isinstance(value, kind) else ""


def _aimed(fault: Fault, operations: Mapping[str, Collection[str]]) -> None:
    """A fault at a name that does not exist would wait for ever."""
    if fault.vendor not in ("*", *operations):
        raise ValueError(f"no such vendor: {fault.vendor}; there are {', '.join(operations)}, or * for any")
    vendor, _, operation = fault.operation.rpartition(".")
    asked = [name for name in operations if fault.vendor in ("*", name) and vendor in ("", name)]
    known = list(dict.fromkeys(name for vendor in asked for name in operations[vendor]))
    if fault.operation != "*" and operation not in known:
        raise ValueError(f"no such operation: {fault.operation}; there are {', '.join(known)}, or * for any")


class Faults:
    """The queue. Every fault counts every call that matches it; the first that wants to strike does."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []
        self._number = 0

    def add(self, fault: Fault | str, **settings: Any) -> Fault:
        """Queue a fault: `add("reset", vendor="teli", operation="create", when="after")`."""
        made = Fault(fault, **settings) if isinstance(fault, str) else replace(fault, random=Random())
        self._number += 1
        made.number = self._number
        self._queue.append(made)
        return made

    def take(self, vendor: str, operation: str, request: Request) -> Fault | None:
        """The fault that strikes this call."""
        if not self._queue:
            return None
        willing = [fault for fault in self._queue if fault.strikes(vendor, operation, request)]
        if not willing:
            return None
        willing[0].struck += 1
        return willing[0]

    def remove(self, number: int) -> None:
        """Not this fault any more; KeyError if there is none of that number."""
        left = [fault for fault in self._queue if fault.number != number]
        if len(left) == len(self._queue):
            raise KeyError(f"there is no fault {number}")
        self._queue = left

    def clear(self) -> None:
        """No more faults."""
        self._queue.clear()

    def all(self) -> list[Fault]:
        """All faults that were queued, spent ones too."""
        return list(self._queue)
