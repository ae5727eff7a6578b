"""When the next request of an account may go out: one queue for all its threads, slowed by what the vendor says.

No library does this: those that pace have a rate that stands when they are made (vutran1710/PyrateLimiter#112), and what is learned
here from headers and refusals is that rate.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .calls import Limits
from .hints import Window

_SHORT = 10.0
"""Seconds. A window of the vendor's that is not longer is used evenly; a longer one is spent as calls come, and then waited for."""

_MARGIN = 0.96
"""Of a rate that is known: two clocks and a line between them."""

_SLOWED = 0.95
"""Of a rate that was refused."""

_ENOUGH = 8
"""Requests from which a rate can be told."""

_CALM = 5.0
"""Seconds without a refusal after which a little more is tried, and more each time."""

_GROWN = 10
"""How often a rate grows until there is no limit any more."""

_RESTS = 5
"""Refusals in a row after which rests are over: this is no rate limit, and a thousand calls are to end some time."""

_AT_ONCE = 4
"""Requests on their way together to a vendor of whom nothing is known yet, as many as Pulumi itself would have."""

_MEANWHILE = 5.0
"""How many more in each second: a vendor that is slow to answer must not hold up everything."""

_FELT = 32
"""Requests that have come to their end after which as many go out as there are."""

_LOOK = 0.02
"""Seconds after which a request that had no leave to go asks again."""

_NEVER = -1
"""The round of a turn that is none."""


@dataclass(frozen=True)
class Turn:
    """Leave to send one request after `wait` seconds, at the time `at`."""

    wait: float
    at: float
    round: int


class Pace:
    """Thread-safe. The rate that is set in `limits` is never exceeded."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._most = limits.requests_per_second or math.inf
        self._told = math.inf  # by headers
        self._learned = math.inf  # from refusals
        self._grown = 0
        self._changed = 0.0
        self._calm = _CALM
        self._in_a_row = 0  # refusals since anything was taken
        self._next = -math.inf  # the next turn, by the rate
        self._rest = -math.inf  # until then nobody sends: a refusal said so
        self._opens = -math.inf  # until then nobody sends: the window is spent
        self._round = 0  # grows with each refusal: an answer to an older request tells nothing new
        self._longest = 1.0  # the longest time to a reset that was seen: the length of a window
        self._left: int | None = None  # requests in the present window, and when it ends
        self._ends = -math.inf
        self._open = 0  # sent and not answered
        self._begun = 0  # turns given
        self._done = 0  # requests that came to their end, well or not; as if there had been enough once the vendor tells of its limit
        self._sent: deque[float] = deque(maxlen=1000)

    def take(self, wait: float, within: float) -> Turn | None:
        """A turn after at least `wait` seconds; None, and nothing is taken, where it would come no sooner than `within` seconds."""
        with self._lock:
            now = self._clock()
            self._try_more(now)
            queue = max(self._rest - now, self._opens - now, self._next - now, 0.0)
            feels = self._feels_its_way(now)
            delay = max(wait, queue, _LOOK) if feels else max(wait, queue)
            if delay >= within:
                return None
            self._open += 1
            if feels:
                return Turn(delay, now + delay, _NEVER)
            gap = self._gap()
            if gap:
                self._next = now + queue + gap
            self._count_down(now + delay)
            self._begun += 1
            self._sent.append(now + delay)
            return Turn(delay, now + delay, self._round)

    def holds(self, turn: Turn) -> bool:
        """Whether a turn that was waited for still stands; if not, take a new one: another request was refused meanwhile, or this was
        none."""
        with self._lock:
            if turn.round == self._round:
                return True
            self._open -= 1
            if turn.round != _NEVER:
                self._forget(turn)
            return False

    def refused(self, turn: Turn, rest: float | None) -> None:
        """The vendor said no for now: nobody sends for `rest` seconds, and all go slower, once for all that were on their way together.

        Where the vendor names no time, each refusal in a row doubles the rest, from the second on.
        """
        with self._lock:
            self._forget(turn)
            if turn.round == self._round:
                self._round += 1
                self._in_a_row += 1
                if self._told == math.inf:
                    self._learn(turn.at)
                if rest is None and 1 < self._in_a_row <= _RESTS:
                    rest = min(self._limits.throttled_wait * 2.0 ** (self._in_a_row - 1), self._limits.longest_wait)
            self._rest = max(self._rest, self._clock() + (rest or 0.0))

    def rest(self, seconds: float) -> None:
        """Nobody sends for so long."""
        with self._lock:
            self._rest = max(self._rest, self._clock() + seconds)

    def lost(self) -> None:
        """No answer came to a request."""
        with self._lock:
            self._open -= 1
            self._done += 1

    def answered(self, turn: Turn, told: Window, *, well: bool) -> None:
        """An answer came, which was not a refusal where it is `well`."""
        with self._lock:
            self._open -= 1
            self._done += 1
            if well and turn.round == self._round:
                self._rest, self._in_a_row = -math.inf, 0
            self._heed(told, self._clock())

    # ---- under the lock ----

    def _feels_its_way(self, now: float) -> bool:
        """Whether so much is on its way that an answer has to come first, because nothing is known of the vendor's rate: of 32 at
        once, twelve are refused where 20 a second are taken."""
        if self._round or self._done >= _FELT or self._gap() or not self._begun:
            return False
        return self._begun >= _AT_ONCE + self._done + _MEANWHILE * (now - self._sent[0])

    def _gap(self) -> float:
        return 1 / min(self._most, self._told, self._learned)

    def _forget(self, turn: Turn) -> None:
        if turn.at in self._sent:
            self._sent.remove(turn.at)

    def _slow(self, since: float, sent: int) -> None:
        """Let what was already sent since then count at the new rate."""
        self._next = max(self._next, since + sent * self._gap())

    def _learn(self, at: float) -> None:
        """The rate that was kept, from what the vendor took in the last second; where that is little, in the last ten."""
        for span in (1.0, 10.0):
            taken = [time for time in self._sent if at - span < time <= at]
            if len(taken) >= _ENOUGH:
                kept = len(taken) / max(1.0, at - taken[0])
                self._learned = _SLOWED * min(kept, self._learned, self._most)
                self._changed, self._grown = self._clock(), 0
                # Rests are in a longer span too, so that the vendor may well take more.
                self._calm = _CALM / span
                self._slow(taken[0], len(taken))
                return

    def _try_more(self, now: float) -> None:
        if self._learned == math.inf or now - self._changed < self._calm:
            return
        self._learned *= 1 + 0.02 * 2**self._grown
        self._grown += 1
        self._changed = now
        if self._grown > _GROWN:
            self._learned = math.inf

    def _heed(self, told: Window, now: float) -> None:
        if told.reset is None or (told.limit is None and told.left is None):
            return
        self._longest = max(self._longest, told.reset)
        self._done = max(self._done, _FELT)
        if told.limit and self._longest <= _SHORT:
            self._told = _MARGIN * told.limit / self._longest
            recent = [time for time in self._sent if time > now - self._longest]
            self._slow(recent[0] if recent else now, len(recent))
        else:
            self._told = math.inf
        if told.reset > self._limits.longest_retry_after:
            self._left = None  # nobody waits for that; the vendor's own answer decides
        elif told.left is not None:
            self._left, self._ends = max(0, told.left - self._open), now + told.reset
            if not told.left:
                # Rounded up, most often. In a short window the even pace makes good for what that may be too early.
                rounding = 1.0 if self._longest <= _SHORT else 0.0
                self._opens = max(self._opens, self._ends - rounding)

    def _count_down(self, at: float) -> None:
        """In a long window: what is left is known, and those on their way are not in the vendor's count yet."""
        if self._left is None or self._longest <= _SHORT:
            return
        if at >= self._ends:
            self._left = None
            return
        self._left -= 1
        if self._left <= 0:
            self._opens, self._left = max(self._opens, self._ends), None
