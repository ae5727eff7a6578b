"""Calls that a vendor answers only when so many of them have come together: who sends fewer at once waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi_smsagents.emulator import Emulator, serve


class Gathered:
    """An emulator's application. `peak` is how many calls were under way at once at most."""

    def __init__(self, app: Any, together: int) -> None:
        self._app, self._together, self._all = app, together, asyncio.Event()
        self._waiting = 0
        self._open = 0
        self.peak = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, once enough have come."""
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        self._open, self._waiting = self._open + 1, self._waiting + 1
        self.peak = max(self.peak, self._open)
        if self._waiting >= self._together:
            self._all.set()
        try:
            await self._all.wait()
            await self._app(scope, receive, send)
        finally:
            self._open -= 1


@contextmanager
def gathering(together: int) -> Iterator[tuple[Emulator, Gathered, str]]:
    """An emulator that holds its answers to writes until `together` of them have come."""
    emulator = Emulator()
    emulator.app = gathered = Gathered(emulator.app, together)
    with serve(emulator) as url:
        yield emulator, gathered, url
