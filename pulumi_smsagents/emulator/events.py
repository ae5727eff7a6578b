"""Tells open pages that something has changed, so that they fetch themselves anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

HEARTBEAT = 15.0


class Bell:
    """Rung from any thread; heard by all who listen. Ringing costs nothing while nobody does."""

    def __init__(self) -> None:
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Something has changed."""
        for loop, heard in tuple(self._listeners):
            if not loop.is_closed():
                loop.call_soon_threadsafe(heard.set)

    async def events(self) -> AsyncIterator[str]:
        """Server-sent events: one at once, one for each ring or burst of rings, and a comment now and then to keep the line."""
        heard = asyncio.Event()
        listener = (asyncio.get_running_loop(), heard)
        self._listeners.add(listener)
        try:
            yield "data: changed\n\n"
            while True:
                yield await _next(heard)
        finally:
            self._listeners.discard(listener)


async def _next(heard: asyncio.Event) -> str:
    try:
        await asyncio.wait_for(heard.wait(), HEARTBEAT)
    except TimeoutError:
        return ": still here\n\n"
    heard.clear()
    return "data: changed\n\n"
