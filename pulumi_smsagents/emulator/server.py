"""The emulator behind a real socket on loopback."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import Emulator
from .guard import LOOPBACK
from .line import ABORT

RESET = struct.pack("ii", 1, 0)


class Protocol(H11Protocol):
    """HTTP/1.1 whose connection a fault can cut: each request's scope carries the way to do it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app_state = {**self.app_state, ABORT: self.abort}

    def abort(self, reset: bool) -> None:
        """Cut the connection: with a TCP reset, or closed."""
        raw = self.transport.get_extra_info("socket")
        if reset and raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()


class Server(uvicorn.Server):
    """Tells when it listens, and ends at once: open connections and event streams are cut."""

    def __init__(self, emulator: Emulator, *, log_level: str = "error", ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            emulator.app,
            http=Protocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            access_log=log_level in ("info", "debug", "trace"),
            log_level=log_level,
            timeout_keep_alive=75,
            backlog=2048,
        )
        super().__init__(config)
        self._emulator = emulator
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut what is open, then stop."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)
        self._emulator.close()  # here, because uvicorn ends the process by the signal it got


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on loopback; 0 picks a free port."""
    if host not in LOOPBACK:
        raise ValueError(f"the emulator has no protection and binds loopback only, not {host}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # by the protocol asyncio knows to switch Nagle off
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def address(listening: socket.socket) -> str:
    """The base address of a listening socket, without a slash at the end."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def serve(emulator: Emulator, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve in a thread as long as the block lasts, and give the base address."""
    listening = listen(host, port)
    server = Server(emulator, ready=lambda: None)
    thread = Thread(target=server.run, args=([listening],), name="emulator", daemon=True)
    thread.start()
    try:
        yield address(listening)  # it listens already: a call made before the loop runs waits in the backlog
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
