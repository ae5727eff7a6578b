"""A vendor's front door: each call goes through latency, fault, sign-in, handler, and the log, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import RLock
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from .auth import Auth
from .calls import Call, Calls, kept_headers, masked, shown
from .faults import KINDS, Fault, Faults, Struck
from .line import Line, LineError
from .wire import Reply, Request, decode
from .world import Route, Router, Vendor, World

UNDOCUMENTED = "undocumented"


@dataclass(slots=True)
class Desk:
    """What all vendors share, and what the emulator wants to know."""

    calls: Calls
    faults: Faults
    auth: Auth
    lock: RLock
    changed: Callable[[], None]
    called: Callable[[], None]
    latency: float = 0.0


@dataclass(slots=True)
class Arrival:
    """A call that came in."""

    request: Request
    route: Route | None
    key: str | None
    call: Call

    @property
    def operation(self) -> str:
        """The short name of the documented call."""
        return self.route.operation if self.route else UNDOCUMENTED


class Door:
    """The ASGI application of one vendor."""

    def __init__(self, vendor: Vendor, world: World, desk: Desk) -> None:
        self._vendor = vendor
        self._world = world
        self._desk = desk
        self._router = Router(vendor.routes)
        self._late: list[tuple[int, Arrival]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or leave it unanswered if a fault says so."""
        line = Line(scope, receive, send)
        try:
            await self._answer(scope, line)
        except LineError:
            if line.in_process:
                raise

    async def _answer(self, scope: Scope, line: Line) -> None:
        raw = await line.body()
        with self._desk.lock:
            arrival = self._arrive(scope, raw)
            fault = self._desk.faults.take(self._vendor.name, arrival.operation, arrival.request)
        arrival.call.fault = fault.name if fault else None
        try:
            await line.pause(self._desk.latency)
            reply = await self._play(arrival, fault, line) if fault else self._process(arrival)
            _note(arrival.call, reply, arrival.key, self._vendor.secret_fields)
        finally:
            self._finish()
        await line.answer(reply)

    def clear(self) -> None:
        """Forget calls that were to be processed later."""
        self._late.clear()

    def _arrive(self, scope: Scope, raw: bytes) -> Arrival:
        method, path = scope["method"], scope["path"].removeprefix(scope.get("root_path", ""))
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        key = self._vendor.credential(headers)
        found = self._router.find(method, path)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        request = Request(method, path, query, raw, decode(raw), found[1] if found else {})
        route = found[0] if found else None
        return Arrival(request, route, key, self._log(request, route, key, headers))

    def _log(self, request: Request, route: Route | None, key: str | None, headers: Mapping[str, str]) -> Call:
        secrets = self._vendor.secret_fields
        name = f"{self._vendor.name}.{route.operation if route else UNDOCUMENTED}"
        body = request.body if request.body is not None else request.raw.decode(errors="replace") or None
        hidden = masked([request.path, request.query, kept_headers(headers), body], key, secrets)
        path, query, kept, body = hidden
        label = self._desk.auth.name(key)
        return self._desk.calls.begin(Call(0, 0, self._vendor.name, name, request.method, path, query, kept, body, label))

    async def _play(self, arrival: Arrival, fault: Fault, line: Line) -> Reply:
        struck = Struck(
            fault,
            line,
            self._vendor,
            self._world,
            process=lambda: self._process(arrival),
            later=lambda calls: self._late.append((calls, arrival)),
        )
        return await KINDS[fault.kind].play(struck)

    def _process(self, arrival: Arrival) -> Reply:
        """Sign in and do what was asked."""
        with self._desk.lock:
            store, call = self._world.store, arrival.call
            store.call, store.by = call.number, "api"
            store.take_changes()
            reply = self._handle(arrival)
            call.processed = reply.status
            call.changes = store.take_changes()
            if call.changes:
                self._desk.changed()
            return reply

    def _handle(self, arrival: Arrival) -> Reply:
        if not self._desk.auth.accepts(self._vendor.name, arrival.key):
            return self._vendor.refuse(self._world, arrival.key is not None)
        if arrival.route is None:
            return _undocumented(self._vendor, arrival.request)
        return arrival.route.handler(self._world, arrival.request)

    def _finish(self) -> None:
        """After each call: tell the page, and process those calls that were waiting for this one to pass."""
        self._desk.called()
        if not self._late:
            return
        with self._desk.lock:
            waiting, self._late = self._late, []
            for calls, arrival in waiting:
                if calls > 0:
                    self._late.append((calls - 1, arrival))
                else:
                    self._process(arrival)


def _note(call: Call, reply: Reply, key: str | None, secret_fields: frozenset[str]) -> None:
    """Put the answer into the log, and encode it once for the log and the line."""
    call.status = reply.status
    if reply.chunks is not None:
        call.reply = {"streamed": True}
        return
    content = reply.content()
    call.reply = masked(shown(reply.body, content), key, secret_fields)
    reply.body = content


def _undocumented(vendor: Vendor, request: Request) -> Reply:
    text = f"emulator: no page of {vendor.title} documents {request.method} {request.path}"
    return Reply(404, {"error": text, "success": False}, {"x-emulator": UNDOCUMENTED})
