"""What may be sent again, and after which pause."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
from httpx_retries import Retry

from .calls import Call, Limits

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_MAYBE_SENT = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)


def policy(call: Call, limits: Limits, sleep: Callable[[float], None] = time.sleep) -> Retry:
    """What may be sent again. A create that may have arrived is not in it.

    Never sent (no connection) and 429 (refused before processing) are always tried again; everything else only where
    the call is `repeatable`. 500 is tried again for reads only: elsewhere vendors use it for bad input.
    """
    statuses = {429}
    exceptions: tuple[type[Exception], ...] = NEVER_SENT
    if call.repeatable:
        statuses |= {502, 503, 504}
        exceptions = _MAYBE_SENT
        if call.method == "GET":
            statuses.add(500)
    return _Waits(
        total=limits.attempts - 1,
        allowed_methods=[call.method],
        status_forcelist=statuses - call.final or {0},
        retry_on_exceptions=exceptions,
        backoff_factor=limits.base_wait,
        max_backoff_wait=limits.longest_retry_after,
        total_timeout=limits.operation,
        longest=limits.longest_wait,
        pause=sleep,
    )


class _Waits(Retry):
    """httpx-retries with our own cap on the back-off, and a clock that tests can replace."""

    def __init__(self, *, longest: float = 20.0, pause: Callable[[float], None] = time.sleep, **options: Any) -> None:
        super().__init__(**options)
        self._longest = longest
        self._pause = pause

    def copy_with(self, **options: Any) -> Retry:  # type: ignore[override]
        # The library rebuilds the object on each attempt with its own arguments only.
        maker = partial(_Waits, longest=self._longest, pause=self._pause)
        kept = {name: getattr(self, name) for name in _KEPT} | {"retry_on_exceptions": self.retryable_exceptions}
        return maker(**{**kept, **options})

    def backoff_strategy(self) -> float:
        return min(super().backoff_strategy(), self._longest)

    def sleep(self, response: httpx.Response | Exception) -> None:
        wait = self._calculate_sleep(response.headers if isinstance(response, httpx.Response) else {})
        self._pause(wait)
        self.elapsed_sleep += wait


_KEPT = (
    "total",
    "allowed_methods",
    "status_forcelist",
    "backoff_factor",
    "respect_retry_after_header",
    "max_backoff_wait",
    "backoff_jitter",
    "attempts_made",
    "total_timeout",
    "elapsed_sleep",
)
