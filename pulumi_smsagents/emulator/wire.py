"""What a handler is given and what it answers: plain values, no server in sight."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

JSON_TYPE = "application/json"

Chunks = Callable[[], AsyncIterator[bytes]]
"""Starts a body that is sent in pieces."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call as a vendor's handler sees it: no credentials, and a body already parsed."""

    method: str
    path: str
    query: Mapping[str, str]
    raw: bytes
    body: Any = None
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """The body, if it is a JSON object; else nothing."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(slots=True)
class Reply:
    """An answer. `body` is JSON unless it is bytes; `chunks` replaces it for bodies sent in pieces."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = JSON_TYPE
    chunks: Chunks | None = None
    length: int | None = None

    def content(self) -> bytes:
        """The bytes that go over the line."""
        return self.body if isinstance(self.body, bytes) else encode(self.body)


def encode(value: Any) -> bytes:
    """Write JSON as the emulator sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def decode(raw: bytes) -> Any:
    """Read a body; None for an empty one and for what is not JSON."""
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None
