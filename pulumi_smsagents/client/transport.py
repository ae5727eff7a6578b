"""One attempt on the line: deadline, size cap, proxy."""

from __future__ import annotations

from contextlib import closing
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from .calls import MB
from .course import Course
from .deadline import PunctualLines, within

COURSE = "smsagents.course"
"""The extension of a request that holds its `Course`."""

MOST = "smsagents.most"
"""The extension of a request that holds the bytes of its answer that are read at most."""

_KEPT_OPEN = 2.0
"""Seconds for which an idle connection is used again. Servers close theirs after 5 and more: a create on a connection that
is just being closed would be a lost reply."""


class UnreadableError(httpx.DecodingError):
    """An answer that is too long or oddly packed. Not a fault of the network: never retried."""


_NOT_PASSED_ON = (b"content-encoding", b"transfer-encoding")
"""Headers that httpx would act on: the body is unpacked by now."""


class WholeAnswers(httpx.BaseTransport):
    """Reads each answer to its end, within the deadline and the size cap, so that a body that breaks off is a failed
    attempt like any other."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def close(self) -> None:
        """Close the kept connections."""
        self._inner.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One attempt: the whole answer, or an httpx error."""
        course: Course = request.extensions[COURSE]
        left = max(course.left(), 0.0)
        request.extensions["timeout"] = {what: min(seconds, left) for what, seconds in self._timeouts(request).items()}
        answer = None
        try:
            with within(course.left):
                answer = self._attempt(request, course)
        finally:
            if answer is None:
                course.failed()
        course.heard(answer)
        return answer

    @staticmethod
    def _timeouts(request: httpx.Request) -> dict[str, float]:
        given: dict[str, float] = request.extensions["timeout"]
        return given

    def _attempt(self, request: httpx.Request, course: Course) -> httpx.Response:
        with closing(self._inner.handle_request(request)) as response:
            body = self._read(request, response, course)
        headers = [(name, value) for name, value in response.headers.raw if name.lower() not in _NOT_PASSED_ON]
        return httpx.Response(response.status_code, headers=headers, content=body, request=request)

    @staticmethod
    def _read(request: httpx.Request, response: httpx.Response, course: Course) -> bytes:
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity", "gzip", "deflate"):
            # Not asked for, and packed several times over a few bytes could unpack to more than memory holds.
            raise UnreadableError("the answer is packed in a way that was not asked for and was not read", request=request)
        body, most = bytearray(), request.extensions[MOST]
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > most:
                raise UnreadableError(f"the answer is longer than {most // MB} MB and was not read", request=request)
            if course.left() < 0:
                raise httpx.ReadTimeout("the answer took too long", request=request)
        return bytes(body)


def transport_for(base_url: str) -> httpx.HTTPTransport:
    """Real connections, through the proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY name for this address, as any client would.

    httpx looks at them only where it makes the transport itself; ours is made here, to be wrapped. Plain http is for
    loopback only and never goes to a proxy, which would read the key.
    """
    parts, proxies, proxy = urlsplit(base_url), getproxies(), None
    if parts.scheme == "https" and not proxy_bypass(parts.hostname or ""):
        proxy = proxies.get("https") or proxies.get("all")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    # HTTP/1.1 only: a sync HTTP/2 connection is not safe across threads (measured with httpx 0.28).
    made = httpx.HTTPTransport(http2=False, limits=httpx.Limits(max_connections=64, keepalive_expiry=_KEPT_OPEN), proxy=proxy)
    # httpcore takes the lines as an argument; httpx has none to pass them on.
    made._pool._network_backend = PunctualLines()  # noqa: SLF001
    return made
