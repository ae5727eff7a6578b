"""How values are written on the page. The templates escape; here is decided what there is to see."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
"""Characters that nobody sees, and that can turn the text around them; not the joiners, which scripts and emoji need."""

DIFF_LINES = 400


def when(seconds: float) -> str:
    """A time of day, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def iso(seconds: float) -> str:
    """A time for machines."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def delay(seconds: float | None) -> str:
    """A silence in the words of a schedule: `at once`, `90 s`, `24 h`, `3 d 4 h`."""
    if not seconds:
        return "at once"
    left, parts = round(seconds), []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, left = (0, left) if unit == "d" and seconds <= 72 * 3600 else divmod(left, length)
        parts += [f"{amount} {unit}"] if amount else []
    return " ".join(parts[:2])


def pretty(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def group(status: int | None) -> str:
    """The class of a status, for its colour and for the filter."""
    if status is None:
        return "none"
    return "good" if status < 300 else "moved" if status < 400 else "wrong" if status < 500 else "broken"


def code(character: str) -> str:
    """The number of a character."""
    return f"U+{ord(character):04X}"


def runs(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces: what is seen, and the name of each character that is not."""
    at = 0
    for found in HIDDEN.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        character = found.group()
        yield code(character), unicodedata.name(character, "control character").lower()
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def line_diff(was: Any, now: Any) -> list[tuple[str, str]]:
    """Line by line: `-`, `+`, ` `, and `@` where lines are left out. Empty where whole values are easier to read."""
    old, new = (pretty(each).splitlines() for each in (was, now))
    if was is None or now is None or max(len(old), len(new)) < 2:
        return []
    lines = list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]
    return [("@", "…") if line.startswith("@@") else (line[0], line[1:]) for line in lines[:DIFF_LINES]]


FILTERS = {"when": when, "iso": iso, "delay": delay, "pretty": pretty, "group": group, "code": code, "runs": runs, "line_diff": line_diff}
