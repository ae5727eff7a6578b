"""Keeps web pages from elsewhere away from the control interface: a browser may ask for it, the emulator does not answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .line import IN_PROCESS

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Guard:
    """Lets calls to the vendors pass; the rest only under a loopback name, and from no other origin."""

    def __init__(self, app: ASGIApp, free: tuple[str, ...]) -> None:
        self._app = app
        self._free = frozenset(free)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or refuse it."""
        if self._passes(scope):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("emulator: only for pages and tools on this computer", 403)(scope, receive, send)

    def _passes(self, scope: Scope) -> bool:
        if scope["path"].split("/", 2)[1] in self._free or IN_PROCESS in scope.get("extensions", {}):
            return True
        headers = Headers(scope=scope)
        host = urlsplit(f"//{headers.get('host', '')}")
        origin = headers.get("origin")
        return host.hostname in LOOPBACK and (origin is None or urlsplit(origin).netloc == host.netloc)
