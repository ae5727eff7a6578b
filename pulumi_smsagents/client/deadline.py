"""The deadline of a call, held by every read and write on the line.

httpx gives each read the same patience: a vendor that sends a byte now and then, in its headers even, could hold a call for ever.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore

_LEAST = 0.001
"""Seconds: a socket without any patience would be one that never waits at all."""

_QUIET = 0.01
"""Seconds for which a line that was open is taken for open: less than the way to a vendor takes."""

_left: ContextVar[Callable[[], float] | None] = ContextVar("seconds left for the call of this thread", default=None)


@contextmanager
def within(left: Callable[[], float]) -> Iterator[None]:
    """What this thread does on a line meanwhile takes no longer than `left` says."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


def patience(timeout: float | None) -> float | None:
    """`timeout`, or what is left where that is less."""
    left = _left.get()
    if left is None:
        return timeout
    seconds = max(left(), _LEAST)
    return seconds if timeout is None else min(timeout, seconds)


class PunctualLines(httpcore.NetworkBackend):
    """Connections that know the deadline."""

    def __init__(self) -> None:
        self._lines = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As `httpcore.SyncBackend`."""
        return _Line(self._lines.connect_tcp(host, port, patience(timeout), local_address, socket_options))


class _Line(httpcore.NetworkStream):
    def __init__(self, line: httpcore.NetworkStream) -> None:
        self._line = line
        self._quiet_at = -_QUIET

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._line.read(max_bytes, patience(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._line.write(buffer, patience(timeout))

    def close(self) -> None:
        self._line.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> _Line:
        return _Line(self._line.start_tls(ssl_context, server_hostname, patience(timeout)))

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable":
            return self._line.get_extra_info(info)
        # The pool asks every idle line before every call whether the vendor has closed it; each answer is a system call.
        now = time.monotonic()
        if now - self._quiet_at < _QUIET:
            return False
        readable = self._line.get_extra_info(info)
        if not readable:
            self._quiet_at = now
        return readable
