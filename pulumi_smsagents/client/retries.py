"""What may be sent again, and after which pause."""

from __future__ import annotations

from copy import copy

import httpx
from httpx_retries import Retry

from .calls import Call, Limits
from .course import NEVER_SENT, Course, GaveUpError
from .hints import asked_wait

_MAYBE_SENT = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)

_NOT_PROCESSED = {425, 429}
_PASSING = {408, 502, 503, 504, 520, 521, 522, 523, 524}
"""What says that the vendor, or a gateway before it (52x is Cloudflare's), cannot answer now. 408 is among them and not among
those that were not processed: gateways say it too when it was the vendor that was slow."""


def policy(call: Call, limits: Limits, course: Course) -> Retry:
    """What may be sent again. A create that may have arrived is not in it.

    Never sent (no connection) and 429 (refused before processing) are always tried again; everything else only where
    the call is `repeatable`. 500 is tried again for reads only: elsewhere vendors use it for bad input.
    """
    statuses = set(_NOT_PROCESSED)
    exceptions: tuple[type[Exception], ...] = NEVER_SENT
    if call.repeatable:
        statuses |= _PASSING
        exceptions = _MAYBE_SENT
        if call.method == "GET":
            statuses.add(500)
    return _Policy(course, limits, call.method, statuses - call.final, exceptions)


class _Policy(Retry):
    """httpx-retries, which decides and draws the back-off; how long is really waited is up to the whole call's `course`."""

    def __init__(self, course: Course, limits: Limits, method: str, statuses: set[int], exceptions: tuple[type[Exception], ...]) -> None:
        super().__init__(
            total=limits.attempts - 1,
            allowed_methods=[method],
            status_forcelist=statuses or {0},  # none would mean the library's own
            retry_on_exceptions=exceptions,
            max_backoff_wait=limits.longest_wait,
        )
        self._course = course
        self._limits = limits

    def increment(self) -> Retry:
        # The library would rebuild the object with its own arguments only.
        made = copy(self)
        made.attempts_made += 1
        return made

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Draw between nothing and min(longest, base x 2^n), or take what the vendor asks for."""
        throttled = isinstance(response, httpx.Response) and response.status_code == 429
        # The library counts n from 1.
        self.backoff_factor = (self._limits.throttled_wait if throttled else self._limits.base_wait) / 2
        self._course.again(self._asked(response) or self.backoff_strategy(), response)

    def _asked(self, last: httpx.Response | Exception) -> float | None:
        asked = asked_wait(last.status_code, last.headers) if isinstance(last, httpx.Response) else None
        longest = self._limits.longest_retry_after
        if asked is None or asked <= longest:
            return asked
        seconds = f"{asked:.0f} s" if asked < _A_YEAR else "more than a year"
        self._course.note(last)
        raise GaveUpError(f"The vendor asks to wait {seconds}, and no longer than {longest:g} s is waited here; run it again later")


_A_YEAR = 366 * 86400.0
