"""How many retries an account may still cost: in an outage, a thousand calls must not become four thousand."""

from __future__ import annotations

import threading

COST = 14
"""Tokens that a retry takes: 500 are 35 retries."""

COST_OF_THROTTLED = 5
"""A vendor that says 429 is there, and many threads may hear it at once."""


class Quota:
    """Tokens shared by all calls of one account."""

    def __init__(self, tokens: int) -> None:
        self._most = tokens
        self._left = tokens
        self._lock = threading.Lock()

    def take(self, tokens: int) -> bool:
        """Take what a retry costs, if there is as much."""
        with self._lock:
            if self._left < tokens:
                return False
            self._left -= tokens
            return True

    def give(self, tokens: int) -> None:
        """Give back, after a call that worked."""
        with self._lock:
            self._left = min(self._most, self._left + tokens)
