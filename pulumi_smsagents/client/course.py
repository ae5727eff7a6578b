"""The course of one call through all its attempts: the time it has, and what it has been through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from .calls import Limits
from .hints import asked_wait, hints, window
from .pace import Pace, Turn
from .quota import COST, COST_OF_THROTTLED, Quota

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_NONE = 0.01
"""Seconds that are none: a timer may end a little early."""

_NO_TIME = "which leaves no time for another attempt; run it again later"


class GaveUpError(Exception):
    """No further attempt is made, although one would be allowed. The text is the advice for a person."""


@dataclass(frozen=True)
class Shared:
    """What all calls of an account share."""

    limits: Limits
    pace: Pace
    quota: Quota
    clock: Callable[[], float]
    sleep: Callable[[float], None]


class Course:
    """`last` is what came of the attempt before this one; `unsure` whether any attempt so far may have been carried out."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._deadline = shared.clock() + shared.limits.operation
        self._turn: Turn | None = None
        self._taken = 0
        self.last: httpx.Response | Exception | None = None
        self.unsure = False

    def left(self) -> float:
        """Seconds."""
        return self._deadline - self._shared.clock()

    @property
    def late(self) -> bool:
        """Whether it was the deadline that ended the last attempt."""
        return self.left() <= _NONE

    def begin(self) -> None:
        """Wait for the first turn."""
        self._wait(0.0, at_once=True)

    def note(self, last: httpx.Response | Exception) -> None:
        """Keep what came of an attempt, for the error that may end it all."""
        self.unsure = self.unsure or _may_have_arrived(last)
        self.last = last

    def again(self, wait: float, last: httpx.Response | Exception) -> None:
        """Wait for another turn, at least `wait` seconds, or give up."""
        self.note(last)
        throttled = isinstance(last, httpx.Response) and last.status_code == 429
        cost = COST_OF_THROTTLED if throttled else COST
        if not self._shared.quota.take(cost):
            raise GaveUpError("Not tried again: too many calls of this run have failed. Run it again when the vendor answers")
        self._taken += cost
        if throttled:
            self._shared.pace.rest(wait)
        self._wait(wait, at_once=False)

    def heard(self, response: httpx.Response) -> None:
        """An answer has come, whole."""
        status, told, pace = response.status_code, hints(response.headers), self._shared.pace
        assert self._turn is not None  # nothing is sent without one
        asked = asked_wait(status, told)
        if asked is not None and asked > self._shared.limits.longest_retry_after:
            asked = None  # not waited for: see policy
        if status == 429 or (status == 503 and asked):
            pace.refused(self._turn, asked)
        pace.answered(self._turn, window(told), well=status < 500 and status != 429)
        if 200 <= status < 300:
            self._shared.quota.give(self._taken or 1)
            self._taken = 0

    def failed(self) -> None:
        """No answer has come."""
        self._shared.pace.lost()

    def _wait(self, wait: float, *, at_once: bool) -> None:
        """Until a turn has come that nothing has overtaken; `at_once`: do not even sleep for no time."""
        while True:
            turn = self._turn = self._shared.pace.take(wait, self.left())
            if turn is None:
                raise GaveUpError(f"The whole call may take {self._shared.limits.operation:g} s, {_NO_TIME}")
            if turn.wait or not at_once:
                self._shared.sleep(turn.wait)
            if self._shared.pace.holds(turn):
                return
            wait, at_once = 0.0, True


def _may_have_arrived(last: httpx.Response | Exception) -> bool:
    """Whether an attempt that ended so may have been carried out."""
    if isinstance(last, httpx.Response):
        return last.status_code >= 500 or last.status_code == 408
    return not isinstance(last, NEVER_SENT)
