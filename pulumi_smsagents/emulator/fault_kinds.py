"""What can go wrong, one function a kind. `KINDS` is the list; a new kind is one function, one line there, and one in `fault_classes`.

A kind strikes before the call is processed (nothing has happened at the vendor) or after (it has, and the caller does not learn of it
as it should). Where both make sense, the fault's `when` says which.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Protocol

from .fault_bodies import endless, gzip_bomb, halved, large, slowly, without
from .line import ClosedLineError, Line, NoAnswerError, RefusedError, ResetLineError
from .rates import FORMS
from .wire import Reply, Request, encode
from .world import Vendor, World

if TYPE_CHECKING:
    from .faults import Fault

PAGE = b"<!doctype html><html><head><title>Bad gateway</title></head><body><h1>The page cannot be shown</h1></body></html>"


class Process(Protocol):
    """Processes the call, or `request` in its place; what was made less than `unseen` seconds ago is out of its sight."""

    def __call__(self, request: Request | None = None, *, unseen: float = 0.0) -> Reply:
        """The true answer."""


@dataclass(slots=True)
class Struck:
    """A call that a fault strikes: what the fault may do."""

    fault: Fault
    line: Line
    vendor: Vendor
    world: World
    request: Request
    process: Process
    later: Callable[[], None]

    def reply(self) -> Reply:
        """The true answer if the call is to be processed, else an empty one to be filled."""
        return self.process() if self.fault.after else Reply(200, {})

    def error(self, status: int, text: str) -> Reply:
        """An error in the vendor's words, with the fault's headers."""
        made = self.vendor.error(self.world, status, text)
        made.headers.update(self.fault.headers)
        return made


Play = Callable[[Struck], Awaitable[Reply]]

# ---- answers ----


async def _status(struck: Struck) -> Reply:
    fault = struck.fault
    struck.reply()
    status = fault.status or 500
    if fault.body is None:
        made = struck.error(status, "Injected by the emulator")
    elif isinstance(fault.body, str):
        made = Reply(status, fault.body.encode(), dict(fault.headers), "text/plain; charset=utf-8")
    else:
        made = Reply(status, fault.body, dict(fault.headers))
    if fault.retry_after_date is not None:
        made.headers["retry-after"] = formatdate(struck.world.clock() + fault.retry_after_date, usegmt=True)
    return made


async def _limited(struck: Struck) -> Reply:
    struck.reply()
    made = struck.error(429, "Rate limit exceeded")
    made.headers.update(FORMS[struck.fault.form](struck.fault.wait, struck.world.clock()))
    return made


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
    return replace(struck.reply(), media_type=struck.fault.headers.get("content-type", "text/plain"))


async def _drop_keys(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, body=without(reply.body, struck.fault.keys))


async def _rewrite(struck: Struck) -> Reply:
    reply = struck.reply()
    return reply if struck.fault.rewrite is None else struck.fault.rewrite(reply)


async def _redirect(struck: Struck) -> Reply:
    struck.reply()
    return Reply(struck.fault.status or 307, b"", {"location": struck.fault.location}, "")


# ---- lists ----


async def _half_list(struck: Struck) -> Reply:
    reply = struck.reply()
    return replace(reply, body=halved(reply.body))


async def _page_lost(struck: Struck) -> Reply:
    return struck.process(_page(struck, +1))


async def _page_again(struck: Struck) -> Reply:
    return struck.process(_page(struck, -1))


def _page(struck: Struck, step: int) -> Request:
    """The request for a neighbouring page; a call without pages stays as it is."""
    asked = struck.request.query.get("page", "")
    if not asked.isdecimal():
        return struck.request
    return replace(struck.request, query={**struck.request.query, "page": str(max(1, int(asked) + step))})


async def _page_loop(struck: Struck) -> Reply:
    request = struck.request
    reply = struck.process(replace(request, query={**request.query, "page": "1"}) if "page" in request.query else request)
    return replace(reply, body={**reply.body, "has_more": True}) if "has_more" in (reply.body or {}) else reply


async def _unseen(struck: Struck) -> Reply:
    """Only what looks is blind: a write sees all."""
    return struck.process(unseen=struck.fault.seconds) if struck.request.method == "GET" else struck.process()


# ---- time ----


async def _slow(struck: Struck) -> Reply:
    """A caller that gives up does not stop the vendor: the call is then processed later, as with `late`."""
    if struck.fault.after:
        reply = struck.process()
        await struck.line.pause(struck.fault.seconds)
        return reply
    try:
        await struck.line.pause(struck.fault.seconds)
    except NoAnswerError:
        struck.later()
        raise
    return struck.process()


async def _late(struck: Struck) -> Reply:
    struck.later()
    await struck.line.hang(struck.fault.seconds)


async def _hang(struck: Struck) -> Reply:
    struck.reply()
    await struck.line.hang(struck.fault.seconds)


# ---- the connection ----


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


# ---- bodies ----


async def _slow_body(struck: Struck) -> Reply:
    content = struck.reply().content()
    return Reply(200, chunks=lambda: slowly(content, struck.line, struck.fault.seconds), length=len(content))


async def _big(struck: Struck) -> Reply:
    return replace(struck.reply(), chunks=lambda: large(struck.fault.megabytes))


async def _endless(struck: Struck) -> Reply:
    """Over a socket it ends when the caller leaves; in process, where all is collected, after `megabytes`."""
    reply = struck.reply()
    limit = struck.fault.megabytes if struck.line.in_process else None
    return replace(reply, chunks=lambda: endless(limit))


async def _gzip_bomb(struck: Struck) -> Reply:
    return replace(struck.reply(), body=gzip_bomb(struck.fault.megabytes), headers={"content-encoding": "gzip"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: what it plays, when it strikes unless told otherwise, and what it is about."""

    play: Play
    when: str
    about: str


KINDS: dict[str, Kind] = {
    "refuse": Kind(
        _refuse, "before", "no connection (over a socket it is reset before a byte of an answer: a listening port cannot refuse)"
    ),
    "reset": Kind(_reset, "before", "the connection is reset"),
    "close": Kind(_close, "before", "the connection is closed without an answer"),
    "slow": Kind(_slow, "before", "the answer comes after `seconds`"),
    "hang": Kind(_hang, "before", "no answer at all; after `seconds` the connection is closed"),
    "late": Kind(
        _late, "before", "as `hang`, and processed after `delay` seconds, or without `delay` after `calls` further calls to the vendor"
    ),
    "limited": Kind(_limited, "before", f"429 that asks for `wait` seconds, in the `form` {', '.join(FORMS)}"),
    "status": Kind(_status, "before", "any `status` with any `body` and `headers`"),
    "html": Kind(_html, "before", "an HTML page"),
    "malformed": Kind(_malformed, "after", "JSON cut short"),
    "empty": Kind(_empty, "after", "an empty body"),
    "wrong_content_type": Kind(_wrong_content_type, "after", "the right body under another content type"),
    "drop_keys": Kind(_drop_keys, "after", "the answer without the keys in `keys`, at any depth"),
    "truncated": Kind(_truncated, "after", "the connection is closed half way through the body"),
    "slow_body": Kind(_slow_body, "after", "`seconds` between the pieces of the body"),
    "big": Kind(_big, "after", "a body of `megabytes`"),
    "endless": Kind(_endless, "after", "a body without end"),
    "gzip_bomb": Kind(_gzip_bomb, "after", "a small body that unpacks to `megabytes`"),
    "half_list": Kind(_half_list, "after", "every list of the answer without its second half"),
    "page_lost": Kind(_page_lost, "after", "the page after the one that was asked for"),
    "page_again": Kind(_page_again, "after", "the page before the one that was asked for"),
    "page_loop": Kind(_page_loop, "after", "the first page, which says that there is more"),
    "unseen": Kind(_unseen, "after", "a read or list that does not show yet what was made less than `seconds` ago"),
    "rewrite": Kind(_rewrite, "after", "the answer through the function in `rewrite` (from Python only)"),
    "redirect": Kind(_redirect, "before", "a redirect to `location`"),
}
