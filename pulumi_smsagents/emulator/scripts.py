"""What a vendor's object makes it send without being asked: the first message, and those that follow a silence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Later:
    """A message that follows `seconds` of silence. `kind` is the vendor's word; without a text the vendor's model writes it."""

    seconds: float
    kind: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """All that is sent unasked.

    `notes` say, for a person, what the object leaves to the vendor; `lead` fills variables of its own; `anew` says that a silence is
    counted from the lead's last text, and not from the beginning; without `sms`, no carrier counts segments or hears STOP.
    """

    opening: str | None = None
    later: tuple[Later, ...] = ()
    notes: tuple[str, ...] = ()
    lead: Mapping[str, str] = field(default_factory=dict)
    anew: bool = False
    sms: bool = True


def text_of(value: Any) -> str | None:
    """A text that is one; a person in a dashboard may have put anything there."""
    return value if isinstance(value, str) and value.strip() else None


def number_of(value: Any) -> float | None:
    """A number that is one."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, if it is a list."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def variables_of(request_data: Any) -> dict[str, str]:
    """The plain values of `request_data`, an object or a list of objects."""
    given = [request_data] if isinstance(request_data, dict) else mappings(request_data)
    plain = ((str(name), value) for each in given for name, value in each.items() if isinstance(value, str | int | float))
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in plain}
