"""The rows of the fault matrix: the ways in which each class of faults can meet an operation, and why some do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reliability.columns import Column
from reliability.commands import Plain

from pulumi_smsagents.emulator.wire import Reply


@dataclass(frozen=True)
class Case:
    """A way in which a class of faults meets a call. `fails`: whether the operation must fail (True), must not (False), or may (None);
    `calls`: how often the call that is struck may be made at most."""

    name: str
    faults: tuple[Plain, ...]
    fails: bool | None = None
    calls: int | None = None
    waits: float = 0.0
    says: str = ""


FOREVER: Plain = {"times": None}
NOT_OURS: Plain = {"kind": "rewrite", "rewrite": lambda reply: Reply(200, [])}


def _each(kinds: Mapping[str, Plain], **more: Any) -> list[Case]:
    return [Case(name, (fault,), **more) for name, fault in kinds.items()]


def _statuses() -> Iterator[Case]:
    for status in (500, 502, 503, 504):
        for when in ("before", "after"):
            fault = {"kind": "status", "status": status, "when": when, "headers": {"x-request-id": "r-1"}}
            yield Case(f"{status} {when}", (fault,))
        if status in (500, 503):  # what may be sent again, and what may not
            yield Case(f"{status}, without end", ({**fault, **FOREVER, "when": "before"},))


CASES: dict[str, list[Case]] = {
    "F1": [
        Case("twice", ({"kind": "refuse", "times": 2},), fails=False),
        Case("without end", ({"kind": "refuse", **FOREVER},), calls=4, says="no connection"),
    ],
    "F2": _each(
        {
            "reset": {"kind": "reset"},
            "closed": {"kind": "close"},
            "reset, without end": {"kind": "reset", **FOREVER},
        }
    ),
    "F3": _each(
        {
            "reset": {"kind": "reset", "when": "after"},
            "closed": {"kind": "close", "when": "after"},
            "reset, without end": {"kind": "reset", "when": "after", **FOREVER},
        }
    ),
    "F4": _each(
        {
            "no answer, not processed": {"kind": "hang"},
            "no answer, processed": {"kind": "hang", "when": "after"},
            "too slow": {"kind": "slow", "seconds": 31, "delay": 2},
            "processed late": {"kind": "late", "delay": 3},
            "closed, then processed": {"kind": "late", "delay": 3, "seconds": 0},
            "no answer, without end": {"kind": "hang", **FOREVER},
        }
    ),
    "F5": [
        *(
            Case(form, ({"kind": "limited", "form": form, "wait": 7, "times": 2},), waits=7.0)
            for form in ("seconds", "date", "reset", "reset_at")
        ),
        Case("no time", ({"kind": "limited", "form": "none", "times": 2},)),
        Case("nonsense", ({"kind": "limited", "form": "nonsense", "times": 2},)),
        Case("a year", ({"kind": "limited", "form": "absurd", **FOREVER},), calls=1),
        Case("without end", ({"kind": "limited", **FOREVER},), calls=4),
    ],
    "F6": list(_statuses()),
    "F7": _each(
        {
            "cut JSON": {"kind": "malformed"},
            "HTML before": {"kind": "html"},
            "HTML after": {"kind": "html", "when": "after"},
            "empty": {"kind": "empty"},
            "another content type": {"kind": "wrong_content_type"},
            "no id": {"kind": "drop_keys", "keys": ["agent_id", "assistant_id", "id", "number", "phone_number", "unique_id"]},
            "broken off": {"kind": "truncated"},
            "a list": NOT_OURS,
            "a list, without end": {**NOT_OURS, **FOREVER},
        }
    ),
    "F8": _each(
        {
            "slow": {"kind": "slow_body", "seconds": 31},
            "endless": {"kind": "endless", "megabytes": 6},
            "too large": {"kind": "big", "megabytes": 6},
            "packed": {"kind": "gzip_bomb", "megabytes": 8},
        }
    ),
    "F15": [
        Case(str(status), ({"kind": "status", "status": status, "headers": {"x-request-id": "r-1"}, **FOREVER},), fails=True, calls=1)
        for status in (401, 403, 402, 409)
    ],
}
"""The classes that strike one call."""

LOST: Plain = {"kind": "reset", "when": "after"}
"""The vendor did it, and the reply is lost."""

BROKEN_LISTS: dict[str, Plain] = {
    "half a list": {"kind": "half_list", **FOREVER},
    "fails half way": {"kind": "status", "status": 502, **FOREVER},
    "broken off": {"kind": "truncated", **FOREVER},
}
BROKEN_PAGES: dict[str, Plain] = {
    "a page is missing": {"kind": "page_lost", **FOREVER, "where": {"page": "2"}},
    "a page is repeated": {"kind": "page_again", **FOREVER, "where": {"page": "2"}},
    "in a loop": {"kind": "page_loop", **FOREVER},
    "the second page fails": {"kind": "status", "status": 502, **FOREVER, "where": {"page": "2"}},
}
UNSEEN: Plain = {"kind": "unseen", "seconds": 4, **FOREVER}
ELSEWHERE: Plain = {"kind": "redirect", "location": "http://emulator/{vendor}/elsewhere", **FOREVER}

UNTOLD = {"bland": ("half a list",)}
"""Bland's list does not say how many there are: one that is cut short without any other sign looks whole."""

KILLS = {
    "before it is sent": ("sending", ()),
    "after it is sent": ("answered", ({"kind": "late", "delay": 3, "seconds": 0},)),
    "after the reply": ("answered", ()),
    "before the state is written": ("checkpoint", ()),
}


def lists(column: Column) -> str:
    """The call that lists, if there is one."""
    return (*column.calls.get("list", ()), *(name for name in column.calls.get("read", ()) if name == "numbers"), "")[0]


NO_LIST = "there is no list"
UNREAD = "nothing is read, so nothing can be out of sight"
UNKNOWN = "what someone else did to it since cannot be read: the next write tells"


def why_not(column: Column, row: str, verb: str) -> str:
    """Why a cell is empty, or nothing."""
    if verb not in column.calls:
        return column.without[verb]
    if row == "F9":
        return _no_list(column, verb)
    if row == "F10" and "read" not in column.calls:
        return UNREAD
    written_once = "read" not in column.calls and column.calls["create"] == ("create",)
    return UNKNOWN if row in ("F11", "F12") and verb == "create" and written_once else ""


def _no_list(column: Column, verb: str) -> str:
    if not lists(column):
        return NO_LIST
    if verb == "read" and "list" in column.calls:
        return "asks for one object: see list"
    return "asks for no list" if verb in ("update", "delete") and column.calls[verb][0] != "numbers" else ""
