"""The line to one caller: reading a body, sending an answer, waiting, and cutting the connection.

Over a socket a cut is a real one. In process there is no socket: the bridge (tests/emulated.py) puts `IN_PROCESS` into the scope's
extensions, the line raises one of the `LineError`s instead, and nothing ever waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from starlette.types import Receive, Scope, Send

from .wire import Reply

IN_PROCESS = "smsagents.in_process"
ABORT = "smsagents.abort"


class LineError(Exception):
    """Base: the caller gets no whole answer."""


class RefusedError(LineError):
    """The connection was refused."""


class ResetLineError(LineError):
    """The connection was reset."""


class ClosedLineError(LineError):
    """The connection was closed without a whole answer."""


class NoAnswerError(LineError):
    """No answer within the caller's patience."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """What the bridge knows about its caller: how long it would wait, and whom to tell about time that passed."""

    patience: float | None = None
    waited: Callable[[float], None] | None = None


class Line:
    """One call's connection."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._state = scope.get("state", {})
        self._local: InProcess | None = scope.get("extensions", {}).get(IN_PROCESS)
        self.in_process = self._local is not None

    async def body(self) -> bytes:
        """The whole request body."""
        message = await self._receive()
        if not message.get("more_body"):
            return bytes(message.get("body", b""))
        pieces = [message.get("body", b"")]
        while message.get("more_body"):
            message = await self._receive()
            pieces.append(message.get("body", b""))
        return b"".join(pieces)

    async def pause(self, seconds: float) -> None:
        """Let `seconds` pass. In process nothing waits: a caller with less patience gets its timeout at once."""
        if seconds <= 0:
            return
        if self._local is None:
            await asyncio.sleep(seconds)
        elif self._local.patience is not None and seconds >= self._local.patience:
            self._pass(self._local.patience)
            raise NoAnswerError
        else:
            self._pass(seconds)

    async def hang(self, seconds: float) -> NoReturn:
        """Stay silent until the caller leaves or `seconds` have passed; then cut."""
        if self._local is not None:
            patience = seconds if self._local.patience is None else self._local.patience
            self._pass(min(seconds, patience))
            raise ClosedLineError if seconds < patience else NoAnswerError
        try:
            async with asyncio.timeout(seconds):
                await self._left()
        except TimeoutError:
            pass
        await self.cut(ClosedLineError)

    async def cut(self, how: type[LineError]) -> NoReturn:
        """Cut the connection: with a TCP reset, or closed in order. Always raises."""
        abort = self._state.get(ABORT)
        if abort is not None:
            abort(how is not ClosedLineError)
            await self._left()
        raise how

    async def answer(self, reply: Reply) -> None:
        """Send a reply."""
        if reply.chunks is not None:
            await self._stream(reply)
            return
        content = reply.content()
        await self._start(reply, len(content))
        await self._send({"type": "http.response.body", "body": content})

    async def _stream(self, reply: Reply) -> None:
        assert reply.chunks is not None
        await self._start(reply, reply.length)
        gone = None if self.in_process else asyncio.ensure_future(self._left())
        try:
            async for chunk in reply.chunks():
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                if gone:
                    await asyncio.sleep(0)  # lets the loop notice that the caller has left
                    if gone.done():
                        raise ClosedLineError
        finally:
            if gone:
                gone.cancel()
        await self._send({"type": "http.response.body", "body": b""})

    async def _start(self, reply: Reply, length: int | None) -> None:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
        if reply.media_type:
            headers.append((b"content-type", reply.media_type.encode()))
        if length is not None:
            headers.append((b"content-length", str(length).encode()))
        await self._send({"type": "http.response.start", "status": reply.status, "headers": headers})

    async def _left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def _pass(self, seconds: float) -> None:
        if self._local is not None and self._local.waited is not None:
            self._local.waited(seconds)
