"""The log of calls: who asked what, what was answered, what it changed. It holds no credential."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .store import Change, Clock
from .wire import encode

KEPT = 10_000
BODY_LIMIT = 16_384
BEGINNING = 200
HEADERS = frozenset({"accept", "content-length", "content-type", "idempotency-key", "user-agent", "x-request-id"})
"""The only request headers that are kept. All others, credentials first, are dropped unread."""
MASK = "[credential]"


@dataclass(slots=True)
class Call:
    """One call. `status` is None while it is under way, and stays None if no answer was sent."""

    number: int
    at: float
    vendor: str
    operation: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    key: str | None = None
    status: int | None = None
    reply: Any = None
    processed: int | None = None
    fault: str | None = None
    changes: list[Change] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The call for the control interface."""
        return asdict(self)


class Calls:
    """The last 10,000 calls, and a counter for each operation that never forgets."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: deque[Call] = deque(maxlen=KEPT)
        self._number = 0
        self.counts: Counter[str] = Counter()

    def begin(self, call: Call) -> Call:
        """Number and keep a call that has arrived."""
        self._number += 1
        call.number, call.at = self._number, self._clock()
        self._kept.append(call)
        self.counts[call.operation] += 1
        return call

    def select(self, vendor: str | None = None, operation: str | None = None, since: int = 0) -> list[Call]:
        """The calls after number `since`, oldest first; `create` and `teli.create` both name an operation."""
        return [
            call
            for call in self._kept
            if call.number > since
            and vendor in (None, call.vendor)
            and operation in (None, call.operation, call.operation.partition(".")[2])
        ]

    def latest(self, count: int) -> list[Call]:
        """The newest calls, newest first."""
        newest = reversed(self._kept)
        return [call for call, _ in zip(newest, range(count), strict=False)]

    def clear(self) -> None:
        """Forget all calls and counters; numbers go on."""
        self._kept.clear()
        self.counts.clear()

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The request headers that may be remembered."""
    return {name: value for name, value in headers.items() if name in HEADERS}


def masked(value: Any, key: str | None, secret_fields: frozenset[str]) -> Any:
    """The value without the caller's key, wherever it was put, and without the vendor's secret fields."""
    if isinstance(value, str):
        return value.replace(key, MASK) if key else value
    if isinstance(value, list):
        return [masked(each, key, secret_fields) for each in value]
    if isinstance(value, dict):
        return {
            masked(name, key, secret_fields): MASK if name in secret_fields else masked(each, key, secret_fields)
            for name, each in value.items()
        }
    return value


def shown(body: Any, size: int, key: str | None, secret_fields: frozenset[str]) -> Any:
    """A reply of `size` bytes as the log keeps it: masked, and whole if small, else its beginning and its size."""
    # Masked before it is cut: half a credential would not be known again.
    kept = masked(body.decode(errors="replace") if isinstance(body, bytes) else body, key, secret_fields)
    if size <= BODY_LIMIT:
        return kept
    return {"bytes": size, "begins": (kept if isinstance(body, bytes) else encode(kept).decode())[:BEGINNING]}
