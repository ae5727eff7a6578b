"""The emulator under an httpx client, in process: no socket, no waiting.

`InProcess` is a synchronous transport over the emulator's ASGI application. It may be used by many threads at once. Faults that cut the
connection become the errors httpx raises for them over a socket, and a call that would take longer than the client's read timeout
becomes `httpx.ReadTimeout` at once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import anyio.from_thread
import httpx

from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator import line as lines

ERRORS: dict[type[lines.LineError], Callable[..., httpx.TransportError]] = {
    lines.RefusedError: httpx.ConnectError,
    lines.ResetLineError: httpx.ReadError,
    lines.ClosedLineError: httpx.RemoteProtocolError,
    lines.NoAnswerError: httpx.ReadTimeout,
}


class InProcess(httpx.BaseTransport):
    """Calls the emulator instead of the network: `httpx.Client(transport=InProcess(emulator), base_url="http://emulator/teli")`.

    `waited` is told the seconds that would have passed, for tests with a clock of their own. Close it, or use it as a context.
    """

    def __init__(self, emulator: Emulator, *, waited: Callable[[float], None] | None = None) -> None:
        self._app = emulator.app
        self._waited = waited
        self._context: AbstractContextManager[Any] = anyio.from_thread.start_blocking_portal()
        self._portal = self._context.__enter__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        request.read()
        try:
            return self._portal.call(self._answer, request)
        except lines.LineError as problem:
            raise ERRORS[type(problem)](f"emulated: {type(problem).__name__}", request=request) from None

    def close(self) -> None:
        """Stop the thread behind it."""
        self._context.__exit__(None, None, None)

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        caller = lines.InProcess(request.extensions.get("timeout", {}).get("read"), self._waited)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await self._app({**scope, "extensions": {lines.IN_PROCESS: caller}}, receive, send)

        # The request was read as a whole, so its body is a synchronous stream; the bridge needs an asynchronous one.
        forwarded = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        response = await httpx.ASGITransport(app=app).handle_async_request(forwarded)
        content = b"".join([piece async for piece in response.aiter_raw()])
        return httpx.Response(response.status_code, headers=response.headers, content=content, request=request)
