"""The emulator under an httpx client, in process: no socket, no event loop, no waiting.

`InProcess` is a synchronous transport over the emulator's ASGI application. It may be used by many threads at once. Faults that cut the
connection become the errors httpx raises for them over a socket, and a call that would take longer than the client's read timeout
becomes `httpx.ReadTimeout` at once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

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

    `waited` is told the seconds that would have passed, for tests with a clock of their own.
    """

    def __init__(self, emulator: Emulator, *, waited: Callable[[float], None] | None = None) -> None:
        self._app = emulator.app
        self._waited = waited

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        request.read()
        caller = lines.InProcess(request.extensions.get("timeout", {}).get("read"), self._waited)
        sent: list[Any] = []
        failure: httpx.TransportError | None = None
        try:
            _run(self._app(_scope(request, caller), _receiver(request.content), _collector(sent)))
        except lines.LineError as problem:
            failure = ERRORS[type(problem)](f"emulated: {type(problem).__name__}", request=request)
        if failure is not None and not sent:
            raise failure
        start, *pieces = sent
        return httpx.Response(start["status"], headers=start["headers"], stream=Body(pieces, failure), request=request)


class Body(httpx.SyncByteStream):
    """The pieces of a body, and the failure that broke it off."""

    def __init__(self, pieces: list[Any], failure: httpx.TransportError | None) -> None:
        self._pieces = pieces
        self._failure = failure

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield piece.get("body", b"")
        if self._failure is not None:
            raise self._failure


def _scope(request: httpx.Request, caller: lines.InProcess) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 1),
        "extensions": {lines.IN_PROCESS: caller},
    }


def _receiver(content: bytes) -> Callable[[], Coroutine[Any, Any, Any]]:
    messages = iter([{"type": "http.request", "body": content, "more_body": False}])

    async def receive() -> Any:
        return next(messages, {"type": "http.disconnect"})

    return receive


def _collector(sent: list[Any]) -> Callable[[Any], Coroutine[Any, Any, None]]:
    async def send(message: Any) -> None:
        sent.append(message)

    return send


def _run(answering: Coroutine[Any, Any, None]) -> None:
    """Run to the end in this thread. In process nothing ever waits, so no event loop is needed."""
    try:
        answering.send(None)
    except StopIteration:
        return
    answering.close()
    raise RuntimeError("a call waited in process; event streams and the like need a server")
