"""Things that go wrong on purpose: a queue of faults, matched to calls by vendor, operation and count.

A fault says *when* it strikes: before the call is processed (nothing has happened at the vendor) or after (it has, and the caller
does not learn of it as it should). `KINDS` is the list of what can go wrong; a new kind is one function and one line there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from email.utils import formatdate
from random import Random
from typing import Any

from .fault_bodies import endless, gzip_bomb, halved, large, slowly, without
from .line import ClosedLineError, Line, NoAnswerError, RefusedError, ResetLineError
from .wire import Reply, Request, encode
from .world import Vendor, World

PAGE = b"<!doctype html><html><head><title>Bad gateway</title></head><body><h1>The page cannot be shown</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """One fault in the queue.

    It looks at calls of `vendor` and `operation` (`*`: any) whose body or path holds the values of `where`, lets the first `nth - 1`
    of them pass, and then strikes `times` of them (None: all), each with `probability` drawn from `seed`.
    """

    kind: str
    vendor: str = "*"
    operation: str = "*"
    when: str | None = None
    nth: int = 1
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    where: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    retry_after_date: float | None = None
    seconds: float = 3600.0
    megabytes: float = 50.0
    location: str = "https://elsewhere.example/"
    keys: list[str] = field(default_factory=list)
    calls: int = 1
    rewrite: Callable[[Reply], Reply] | None = None
    number: int = 0
    seen: int = 0
    struck: int = 0
    random: Random = field(default_factory=Random, repr=False)

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")
        self.when = self.when or kind.when
        if self.when not in ("before", "after"):
            raise ValueError(f"a fault strikes before or after the call is processed; not {self.when!r}")
        self.random.seed(self.seed)

    @property
    def name(self) -> str:
        """As the call log shows it."""
        return f"{self.kind} {self.when}"

    @property
    def after(self) -> bool:
        """Whether the call is processed first."""
        return self.when == "after"

    @property
    def spent(self) -> bool:
        """Whether it will strike no more."""
        return self.times is not None and self.struck >= self.times

    def strikes(self, vendor: str, operation: str, request: Request) -> bool:
        """Count this call if it is one of ours, and say whether to strike."""
        if not self._matches(vendor, operation, request):
            return False
        self.seen += 1
        return self.seen >= self.nth and not self.spent and self._drawn()

    def _drawn(self) -> bool:
        return self.probability >= 1 or self.random.random() < self.probability

    def _matches(self, vendor: str, operation: str, request: Request) -> bool:
        if self.vendor not in ("*", vendor) or self.operation not in ("*", operation, f"{vendor}.{operation}"):
            return False
        given = {**request.query, **request.fields, **request.params} if self.where else {}
        return all(given.get(name) == value for name, value in self.where.items())

    def as_json(self) -> dict[str, Any]:
        """The fault for the control interface."""
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("random", "rewrite")}
        return {**shown, "spent": self.spent}


SETTABLE = frozenset(each.name for each in fields(Fault)) - {"rewrite", "number", "seen", "struck", "random"}


def fault_from(given: Mapping[str, Any]) -> Fault:
    """A fault as the control interface takes it."""
    unknown = sorted(given.keys() - SETTABLE)
    if unknown or "kind" not in given:
        raise ValueError(f"a fault has a kind, and of these: {', '.join(sorted(SETTABLE))}; not {', '.join(unknown) or 'none'}")
    return Fault(**given)


class Faults:
    """The queue. Every fault counts every call that matches it; the first that wants to strike does."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []
        self._number = 0

    def add(self, fault: Fault | str, **settings: Any) -> Fault:
        """Queue a fault: `add("reset", vendor="teli", operation="create", when="after")`."""
        made = Fault(fault, **settings) if isinstance(fault, str) else replace(fault, random=Random())
        self._number += 1
        made.number = self._number
        self._queue.append(made)
        return made

    def take(self, vendor: str, operation: str, request: Request) -> Fault | None:
        """The fault that strikes this call."""
        if not self._queue:
            return None
        willing = [fault for fault in self._queue if fault.strikes(vendor, operation, request)]
        if not willing:
            return None
        willing[0].struck += 1
        return willing[0]

    def clear(self) -> None:
        """No more faults."""
        self._queue.clear()

    def all(self) -> list[Fault]:
        """All faults that were queued, spent ones too."""
        return list(self._queue)


@dataclass(slots=True)
class Struck:
    """A call that a fault strikes: what the fault may do."""

    fault: Fault
    line: Line
    vendor: Vendor
    world: World
    process: Callable[[], Reply]
    later: Callable[[int], None]

    def reply(self) -> Reply:
        """The true answer if the call is to be processed, else an empty one to be filled."""
        return self.process() if self.fault.after else Reply(200, {})


Play = Callable[[Struck], Awaitable[Reply]]


async def _status(struck: Struck) -> Reply:
    fault = struck.fault
    struck.reply()
    status = fault.status or 500
    headers = dict(fault.headers)
    if fault.retry_after_date is not None:
        headers["retry-after"] = formatdate(struck.world.clock() + fault.retry_after_date, usegmt=True)
    if fault.body is None:
        made = struck.vendor.error(struck.world, status, "Injected by the emulator")
        made.headers.update(headers)
        return made
    if isinstance(fault.body, str):
        return Reply(status, fault.body.encode(), headers, "text/plain; charset=utf-8")
    return Reply(status, fault.body, headers)


async def _html(struck: Struck) -> Reply:
    struck.reply()
    return Reply(struck.fault.status or 200, PAGE, dict(struck.fault.headers), "text/html; charset=utf-8")


async def _malformed(struck: Struck) -> Reply:
    reply = struck.reply()
    content = reply.content() if struck.fault.after else b'{"success": tr'
    return replace(reply, body=content[: max(1, len(content) * 2 // 3)])


async def _empty(struck: Struck) -> Reply:
    return replace(struck.reply(), body=b"", status=struck.fault.status or 200)


async def _wrong_content_type(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, media_type=struck.fault.headers.get("content-type", "text/plain"))


async def _drop_keys(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, body=without(reply.body, struck.fault.keys))


async def _half_list(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, body=halved(reply.body))


async def _rewrite(struck: Struck) -> Reply:
    reply = struck.reply()
    return reply if struck.fault.rewrite is None else struck.fault.rewrite(reply)


async def _redirect(struck: Struck) -> Reply:
    struck.reply()
    return Reply(struck.fault.status or 307, b"", {"location": struck.fault.location}, "")


async def _slow(struck: Struck) -> Reply:
    """A caller that gives up does not stop the vendor: the call is then processed after `calls` further ones."""
    if struck.fault.after:
        reply = struck.process()
        await struck.line.pause(struck.fault.seconds)
        return reply
    try:
        await struck.line.pause(struck.fault.seconds)
    except NoAnswerError:
        struck.later(struck.fault.calls)
        raise
    return struck.process()


async def _late(struck: Struck) -> Reply:
    struck.later(struck.fault.calls)
    await struck.line.hang(struck.fault.seconds)


async def _hang(struck: Struck) -> Reply:
    struck.reply()
    await struck.line.hang(struck.fault.seconds)


async def _refuse(struck: Struck) -> Reply:
    await struck.line.cut(RefusedError)


async def _reset(struck: Struck) -> Reply:
    struck.reply()
    await struck.line.cut(ResetLineError)


async def _close(struck: Struck) -> Reply:
    struck.reply()
    await struck.line.cut(ClosedLineError)


async def _truncated(struck: Struck) -> Reply:
    reply = struck.reply()
    content = reply.content() if struck.fault.after else encode({"success": True, "agents": []})
    return replace(reply, chunks=lambda: _half(content, struck.line), length=len(content))


async def _half(content: bytes, line: Line) -> Any:
    yield content[: len(content) // 2]
    await line.cut(ClosedLineError)


async def _slow_body(struck: Struck) -> Reply:
    content = struck.reply().content()
    return Reply(200, chunks=lambda: slowly(content, struck.line, struck.fault.seconds), length=len(content))


async def _big(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, chunks=lambda: large(struck.fault.megabytes))


async def _endless(struck: Struck) -> Reply:
    """Over a socket it ends when the caller leaves; in process, where all is collected, after `megabytes`."""
    reply = struck.reply()
    limit = struck.fault.megabytes if struck.line.in_process else None
    return replace(reply, chunks=lambda: endless(limit))


async def _gzip_bomb(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, body=gzip_bomb(struck.fault.megabytes), headers={"content-encoding": "gzip"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: what it plays, when it strikes unless told otherwise, and its classes in the fault matrix."""

    play: Play
    when: str
    about: str


KINDS: dict[str, Kind] = {
    "status": Kind(_status, "before", "F5, F6, F15: any status with any body and headers"),
    "html": Kind(_html, "before", "F7: an HTML page"),
    "malformed": Kind(_malformed, "after", "F7: JSON cut short"),
    "empty": Kind(_empty, "after", "F7: an empty body"),
    "wrong_content_type": Kind(_wrong_content_type, "after", "F7: the right body under another content type"),
    "drop_keys": Kind(_drop_keys, "after", "F7: the answer without the keys in `keys`, at any depth"),
    "half_list": Kind(_half_list, "after", "F9: every list of the answer without its second half"),
    "rewrite": Kind(_rewrite, "after", "F9, F12: the answer through the function in `rewrite` (from Python only)"),
    "slow": Kind(_slow, "before", "F4: the answer comes after `seconds`"),
    "late": Kind(_late, "before", "F4: no answer; processed after `calls` further calls to the vendor"),
    "hang": Kind(_hang, "before", "F4: no answer at all"),
    "refuse": Kind(_refuse, "before", "F1: connection refused (over a socket: reset at once)"),
    "reset": Kind(_reset, "before", "F2, F3: the connection is reset"),
    "close": Kind(_close, "before", "F2, F3: the connection is closed without an answer"),
    "truncated": Kind(_truncated, "after", "F7: the connection is closed half way through the body"),
    "slow_body": Kind(_slow_body, "after", "F8: `seconds` between the pieces of the body"),
    "big": Kind(_big, "after", "F8: a body of `megabytes`"),
    "endless": Kind(_endless, "after", "F8: a body without end"),
    "gzip_bomb": Kind(_gzip_bomb, "after", "F8: a small body that unpacks to `megabytes`"),
    "redirect": Kind(_redirect, "before", "F16: a redirect to another host"),
}
