"""Python source for values, laid out as `ruff format` leaves it. Escaping is Python's own `repr`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

WIDTH = 88
"""Columns, by the formatter's default."""

_STEP = "    "
_SWAPPED = str.maketrans("\"'", "'\"")


def text(value: str) -> str:
    """A string literal, in double quotes unless single ones need fewer backslashes. `repr` prefers single ones, so it is
    asked about the text with both kinds swapped. It spells out what could hide or turn the text around it."""
    if value.count('"') > value.count("'"):
        return repr(value)
    return repr(value.translate(_SWAPPED)).translate(_SWAPPED)


def literal(value: Any, before: str, depth: int = 1) -> str:
    """`value` after `before` on a line at `depth`: on that line, or a line an item where it does not fit."""
    flat = _flat(value)
    if not isinstance(value, dict | list) or not value or _columns(_STEP * depth + before + flat + ",") <= WIDTH:
        return flat
    if isinstance(value, dict):
        heads = [f"{_flat(key)}: " for key in value]
        items = [head + literal(item, head, depth + 1) for head, item in zip(heads, value.values(), strict=True)]
        return _lines("{", items, "}", depth)
    return _lines("[", [literal(item, "", depth + 1) for item in value], "]", depth)


def call(function: str, arguments: Iterable[str], depth: int = 0) -> str:
    """A call with an argument a line."""
    return _lines(f"{function}(", arguments, ")", depth)


def _lines(opening: str, items: Iterable[str], closing: str, depth: int) -> str:
    inner = "".join(f"{_STEP * (depth + 1)}{item},\n" for item in items)
    return f"{opening}\n{inner}{_STEP * depth}{closing}"


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return repr(value)


def _columns(line: str) -> int:
    """At least as many as the formatter counts, which gives wide characters two: to break a line too early is stable."""
    return sum(1 if character.isascii() else 2 for character in line)
