"""What the journal knows of one create: for whom it was, what was asked for, and what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

OPEN, CREATED, CLOSED, SETTLED = "open", "created", "closed", "settled"


@dataclass(frozen=True)
class Target:
    """Which object of which resource: `key` is ``<project>/<stack>/<logical name>``, `where` the vendor's address."""

    key: str
    vendor: str
    kind: str
    where: str

    def of_account(self, other: Target) -> bool:
        """Whether both are of one kind at one account."""
        return (self.vendor, self.kind, self.where) == (other.vendor, other.kind, other.where)


@dataclass
class Entry:
    """One create. `fields`: a fingerprint of each field that was asked for; `before`: the ids that the account held
    before, where they were looked at; `found`: what stood there before us, where the object is not ours to make."""

    name: str
    target: Target
    begun: float
    fields: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] | None = None
    found: Mapping[str, Any] | None = None
    id: str = ""
    ended: float = 0.0
    state: str = OPEN

    @property
    def unfinished(self) -> bool:
        """Whether no state of the engine is known to hold what came of it."""
        return self.state in (OPEN, CREATED)

    def as_records(self) -> list[dict[str, Any]]:
        """All its lines."""
        lines = [self.as_record()]
        if self.found is None and self.id:
            lines.append({"what": "created", "name": self.name, "at": spoken(self.ended), "id": self.id})
        if not self.unfinished:
            lines.append({"what": "settled" if self.state == SETTLED else "not_created", "name": self.name, "at": spoken(self.ended)})
        return lines

    def as_record(self) -> dict[str, Any]:
        """The line that begins it."""
        target = self.target
        record: dict[str, Any] = {
            "what": "intent" if self.found is None else "found",
            "name": self.name,
            "at": spoken(self.begun),
            "key": target.key,
            "vendor": target.vendor,
            "kind": target.kind,
            "where": target.where,
        }
        if self.found is not None:
            return {**record, "id": self.id, "found": dict(self.found)}
        looked = {} if self.before is None else {"before": list(self.before)}
        return {**record, "fields": dict(self.fields), **looked}


def entry_of(record: Mapping[str, Any]) -> Entry:
    """The entry that a line begins; KeyError, TypeError or ValueError where it does not."""
    target = Target(record["key"], record["vendor"], record["kind"], record["where"])
    entry = Entry(record["name"], target, heard(record["at"]))
    if record["what"] == "found":
        entry.found, entry.id, entry.state, entry.ended = record["found"], record["id"], CREATED, entry.begun
        return entry
    entry.fields = record["fields"]
    entry.before = tuple(record["before"]) if "before" in record else None
    return entry


def fingerprint(value: Any) -> str:
    """The same for equal values, whatever the order of an object's members; nothing can be read from it."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fingerprints(fields: Mapping[str, Any]) -> dict[str, str]:
    """One for each field."""
    return {name: fingerprint(value) for name, value in fields.items()}


def spoken(seconds: float) -> str:
    """A time as a person reads it: ``2026-11-21T13:00:00.000+00:00``."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def heard(text: str) -> float:
    """The seconds since 1970 of such a time."""
    return datetime.fromisoformat(text).timestamp()
