"""What an answer says about when to come again: `Retry-After`, and the headers of rate limits."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from httpx_retries import Retry

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_HINTS = (b"retry-after", b"x-ratelimit-", b"ratelimit-")

_A_TIME = 1e9
"""From here on a reset is a point in time (seconds since 1970), not a number of seconds."""

_IN_MILLISECONDS = 1e11


@dataclass(frozen=True)
class Window:
    """A rate limit as the headers tell it: calls in the window, calls left, seconds until the next. None where they do not."""

    limit: int | None
    left: int | None
    reset: float | None


def hints(headers: httpx.Headers) -> dict[str, str]:
    """The few headers that this room reads: looking for each of them in all costs more than all else that we do with an answer."""
    told = ((name.lower(), value) for name, value in headers.raw)
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in told if name.startswith(_HINTS)}


def window(headers: Mapping[str, str]) -> Window:
    """From ``x-ratelimit-…`` or ``ratelimit-…``; what cannot be read counts as absent."""
    limit, left, reset = (_told(headers, name) for name in ("limit", "remaining", "reset"))
    if reset is not None and reset > _A_TIME:
        reset = max(0.0, (reset / 1000 if reset > _IN_MILLISECONDS else reset) - time.time())
    return Window(None if not limit else int(limit), None if left is None else int(left), reset)


def asked_wait(status: int, headers: Mapping[str, str]) -> float | None:
    """The seconds for which a refusal asks to wait; None where it does not, or says nothing that can be followed."""
    asked = _retry_after(headers.get("retry-after", ""))
    if asked is None and status == 429:
        told = window(headers)
        asked = None if told.left else told.reset
    return asked or None


def _retry_after(text: str) -> float | None:
    if not text:
        return None
    try:
        return Retry().parse_retry_after(text)
    except (ValueError, OverflowError):
        return None


def _told(headers: Mapping[str, str], name: str) -> float | None:
    text = (headers.get(f"x-ratelimit-{name}") or headers.get(f"ratelimit-{name}") or "").strip()
    return float(text) if _NUMBER.fullmatch(text) else None
