"""A vendor's front door: each call goes through latency, rate limit, fault, sign-in, handler, and the log, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import RLock
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from .auth import Auth
from .calls import Call, Calls, kept_headers, masked, shown
from .fault_kinds import KINDS, Struck
from .faults import Fault, Faults
from .line import Line, LineError
from .rates import Limiter
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


@dataclass(slots=True, eq=False)
class Late:
    """A call that is processed later: at a time, or after so many further calls."""

    arrival: Arrival
    at: float | None
    calls: int


class Door:
    """The ASGI application of one vendor."""

    def __init__(self, vendor: Vendor, world: World, desk: Desk) -> None:
        self._vendor = vendor
        self._world = world
        self._desk = desk
        self._router = Router(vendor.routes)
        self._late: list[Late] = []
        self.limiter = Limiter(world.clock)

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
            self.settle()
            arrival = self._arrive(scope, raw)
            passes = self.limiter.take()
            limited = self.limiter.headers(refused=not passes)
            fault = self._desk.faults.take(self._vendor.name, arrival.operation, arrival.request) if passes else None
        arrival.call.fault = (fault.name if fault else None) if passes else "rate limit"
        try:
            await line.pause(self._desk.latency)
            reply = await self._reply(arrival, fault, line) if passes else self._vendor.error(self._world, 429, "Rate limit exceeded")
            reply.headers = {**limited, **reply.headers}
            _note(arrival.call, reply, arrival.key, self._vendor.secret_fields)
        finally:
            self._finish()
        await line.answer(reply)

    def clear(self) -> None:
        """Forget calls that were to be processed later, and the rate limit."""
        self._late.clear()
        self.limiter.rate = None

    def settle(self) -> None:
        """Process the late calls whose time has come."""
        if self._late:
            now = self._world.clock()
            self._process_late([late for late in self._late if late.at is not None and late.at <= now])

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

    async def _reply(self, arrival: Arrival, fault: Fault | None, line: Line) -> Reply:
        if fault is None:
            return self._process(arrival)

        def process(request: Request | None = None, *, unseen: float = 0.0) -> Reply:
            return self._process(replace(arrival, request=request or arrival.request), unseen)

        struck = Struck(fault, line, self._vendor, self._world, arrival.request, process, lambda: self._later(arrival, fault))
        return await KINDS[fault.kind].play(struck)

    def _later(self, arrival: Arrival, fault: Fault) -> None:
        at = None if fault.delay is None else self._world.clock() + fault.delay
        with self._desk.lock:
            self._late.append(Late(arrival, at, fault.calls))

    def _process(self, arrival: Arrival, unseen: float = 0.0) -> Reply:
        """Sign in and do what was asked."""
        with self._desk.lock:
            store, call = self._world.store, arrival.call
            store.call, store.by, store.unseen = call.number, "api", unseen
            store.take_changes()
            reply = self._handle(arrival)
            store.unseen = 0.0
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
            counting = [late for late in self._late if late.at is None]
            due = [late for late in counting if late.calls == 0]
            for late in counting:
                late.calls -= 1
            self._process_late(due)

    def _process_late(self, due: list[Late]) -> None:
        self._late = [late for late in self._late if late not in due]
        for late in due:
            self._process(late.arrival)


def _note(call: Call, reply: Reply, key: str | None, secret_fields: frozenset[str]) -> None:
    """Put the answer into the log, and encode it once for the log and the line."""
    call.status = reply.status
    if reply.chunks is not None:
        call.reply = {"streamed": True}
        return
    content = reply.content()
    call.reply = shown(reply.body, len(content), key, secret_fields)
    reply.body = content


def _undocumented(vendor: Vendor, request: Request) -> Reply:
    text = f"emulator: no page of {vendor.title} documents {request.method} {request.path}"
    return Reply(404, {"error": text, "success": False}, {"x-emulator": UNDOCUMENTED})
