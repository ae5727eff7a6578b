"""Values on their way between Pulumi, the life cycle and a vendor: the unknown, the absent, and plain JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

Plain: TypeAlias = dict[str, Any]


class _Marker(Enum):
    UNKNOWN = "<unknown until the resources it depends on exist>"
    ABSENT = "<not set>"

    def __repr__(self) -> str:
        return self.value


UNKNOWN: Final = _Marker.UNKNOWN
"""A value that a preview cannot know yet."""

ABSENT: Final = _Marker.ABSENT
"""No value: the program does not set the field, or an answer does not mention it. Never the same as empty."""


def plain(value: Any) -> Any:
    r"""`value` as the life cycle keeps it: whole numbers as int, ``\n`` line ends, no nulls inside objects.

    Pulumi hands every number over as a float and drops nulls from objects; editors differ in line ends. Done once, at
    the entrance, so that no later comparison has to think of it.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def is_known(value: Any) -> bool:
    """Whether no part of `value` is UNKNOWN."""
    if value is UNKNOWN:
        return False
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(is_known(item) for item in value)
    return True
