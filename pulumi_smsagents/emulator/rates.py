"""How many calls a vendor takes, and the headers in which limiters say so."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from .store import Clock

FORMS: Mapping[str, Callable[[float, float], dict[str, str]]] = {
    "seconds": lambda wait, now: {"retry-after": f"{math.ceil(wait)}"},
    "date": lambda wait, now: {"retry-after": formatdate(now + wait, usegmt=True)},
    "reset": lambda wait, now: {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{math.ceil(wait)}"},
    "reset_at": lambda wait, now: {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{math.ceil(now + wait)}"},
    "absurd": lambda wait, now: {"retry-after": "31536000"},
    "nonsense": lambda wait, now: {"retry-after": "soon"},
    "none": lambda wait, now: {},
}
"""How a 429 says for how long to wait, from the seconds and the time it is: in seconds, until a date, until the limiter's window ends (in
seconds or as a time), a year, in words, or not at all."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`calls` in each window of `seconds`; what is beyond it is a 429 in this `form`."""

    calls: int
    seconds: float = 1.0
    form: str = "seconds"

    def __post_init__(self) -> None:
        if not _positive(self.calls, int) or not _positive(self.seconds, int | float):
            raise ValueError("a rate has calls, a whole number above 0, and seconds, a number above 0")
        if self.form not in FORMS:
            raise ValueError(f"no such form of a 429: {self.form}; there are {', '.join(FORMS)}")


def _positive(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and 0 < value < math.inf


class Limiter:
    """One vendor's limit, counted in fixed windows of the emulator's clock, as most limiters do. Without a rate it lets all pass."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._window = 0
        self._taken = 0
        self.rate: Rate | None = None

    def take(self) -> bool:
        """Whether another call passes now."""
        if self.rate is None:
            return True
        window = math.floor(self._clock() / self.rate.seconds)
        if window != self._window:
            self._window, self._taken = window, 0
        self._taken += 1
        return self._taken <= self.rate.calls

    def headers(self, *, refused: bool) -> dict[str, str]:
        """What an answer says of the limit."""
        if self.rate is None or (self.rate.form == "none" and not refused):
            return {}
        now = self._clock()
        left = (self._window + 1) * self.rate.seconds - now
        beyond = FORMS[self.rate.form](max(left, 0.001), now) if refused else {}
        if self.rate.form == "none":
            return beyond
        counted = {"x-ratelimit-limit": str(self.rate.calls), "x-ratelimit-remaining": str(max(0, self.rate.calls - self._taken))}
        return {**counted, "x-ratelimit-reset": str(max(1, math.ceil(left))), **beyond}

    def as_json(self) -> dict[str, Any] | None:
        """The rate for the control interface."""
        return None if self.rate is None else {"calls": self.rate.calls, "seconds": self.rate.seconds, "form": self.rate.form}


def rate_from(given: Mapping[str, Any]) -> Rate | None:
    """A rate as the control interface takes it: `{"calls": 20}`; `{"calls": null}` is none."""
    unknown = sorted(given.keys() - {"calls", "seconds", "form"})
    if unknown or "calls" not in given:
        raise ValueError(f"a rate has calls, and of these: seconds, form; not {', '.join(unknown) or 'none'}")
    return None if given["calls"] is None else Rate(**given)
