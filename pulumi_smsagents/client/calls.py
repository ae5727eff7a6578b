"""What is asked of a vendor and what comes back: plain values, no HTTP library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import errors


@dataclass(frozen=True)
class Limits:
    """How long and how often the client tries. Seconds; all settable (see docs/installation-configuration.md)."""

    connect: float = 5.0
    read: float = 30.0
    operation: float = 120.0
    attempts: int = 4
    base_wait: float = 0.2
    throttled_wait: float = 1.0
    longest_wait: float = 20.0
    longest_retry_after: float = 60.0
    quota: int = 500
    requests_per_second: float | None = None


@dataclass(frozen=True)
class Account:
    """One vendor account: where it is and how a request is signed."""

    vendor: str
    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False, default=())
    key_advice: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    """The vendor's own settings, for its adapter."""


MB = 1024 * 1024

MAX_BODY = 5 * MB
"""Bytes of an answer that are read at most; a longer one is refused."""

MAX_LIST = 32 * MB
"""The same of an answer that shows all objects of an account at once: ten thousand agents with prompts of three pages."""


@dataclass(frozen=True)
class Call:
    """One request. `repeatable`: sending it twice leaves the vendor as sending it once would."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    repeatable: bool = False
    final: frozenset[int] = frozenset()
    """Statuses that are an answer at this endpoint, not a passing fault: never retried. A 429 among them is no proof that
    nothing was done."""

    any_answer: bool = False
    """The vendor documents no body of a 2xx: text is as good as JSON or nothing. A web page never is."""

    most: int = MAX_BODY
    """Bytes of the answer that are read at most."""


@dataclass(frozen=True)
class Reply:
    """A 2xx. `body` is the decoded JSON, or None where the answer was empty."""

    asked: str
    status: int
    body: Any
    request_id: str

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; anything else is an error that says so."""
        if isinstance(self.body, dict):
            return self.body
        seen = "an empty answer" if self.body is None else f"a JSON {type(self.body).__name__}"
        raise self.unexpected(f"expected a JSON object, got {seen}")

    def unexpected(self, what: str) -> errors.UnexpectedBodyError:
        """The error for an answer that is not what the vendor documents."""
        return errors.UnexpectedBodyError(self.asked, what, status=self.status, request_id=self.request_id)
