"""The journal: what was begun at a vendor and what came of it, written before the request and after the reply.

No vendor documents a key that makes a create idempotent, and the engine forgets a create that it did not see the end of
(pulumi/pulumi#15958). So a record is made before each create that is not idempotent (*intent*) and after its reply (*created*,
*not_created*); an id that the engine shows us later is in its state (*settled*). One file per project and stack, readable, without
credentials and texts: of every field it holds a fingerprint. One exception is *found*: what a number of ours was set to before
us, until the state holds it.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import errors
from .alone import Alone
from .held import BusyError
from .lines import Lines, Record, unusable
from .records import CLOSED, CREATED, OPEN, SETTLED, Entry, Target, entry_of, fingerprint, fingerprints, heard, spoken

__all__ = ["CREATED", "OPEN", "Entry", "Journal", "Journals", "Target", "fingerprint", "fingerprints", "folder", "spoken"]

KEPT = 3600.0
"""Seconds for which a create stays in the file after it is settled: who looks for a lost object has to know the others."""

PATIENCE = 180.0
"""Seconds to wait for a create of the same object in another run; a create takes at most two minutes."""


def folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where the journals are: ``SMSAGENTS_JOURNAL_DIR``, or a folder of the Pulumi home."""
    environ = os.environ if environ is None else environ
    given = environ.get("SMSAGENTS_JOURNAL_DIR")
    if given:
        return Path(given).expanduser()
    home = environ.get("PULUMI_HOME")
    return (Path(home) if home else Path.home() / ".pulumi") / "smsagents" / "journal"


class Journals:
    """All journals of a folder. Thread-safe."""

    def __init__(self, at: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = at
        self.clock = clock
        self._lock = threading.Lock()
        self._open: dict[Path, Journal] = {}
        self._usable = False
        self._alone = Alone(at / "+locks", PATIENCE)  # no project is called so

    def of(self, key: str) -> Journal:
        """The journal of the stack that `key` (``<project>/<stack>/<logical name>``) belongs to."""
        project, _, rest = key.partition("/")
        stack, _, name = rest.partition("/")
        if not (project and stack and name):
            raise errors.JournalError(f"{key!r} is not the key of a resource; it is <project>/<stack>/<name>")
        return self.at(self.folder / quote(project, safe="") / f"{quote(stack, safe='')}.jsonl")

    def at(self, path: Path) -> Journal:
        """The journal in this file."""
        with self._lock:
            if path not in self._open:
                self._open[path] = Journal(path, self.clock, self.oldest)
            return self._open[path]

    def all(self) -> list[Journal]:
        """Every journal of the folder."""
        return [self.at(path) for path in sorted(self.folder.glob("*/*.jsonl"))]

    def known(self, target: Target) -> set[str]:
        """The ids at the target's account, in any stack, that a create of it which was cut off cannot have made: those of
        other resources, and its own of before."""
        entries = [entry for journal in self.all() for entry in journal.entries() if entry.target.of_account(target)]
        return {entry.id for entry in entries if entry.id and (entry.target != target or not entry.unfinished)}

    def oldest(self) -> float:
        """When the oldest create without an end began, in any stack; 0 where that cannot be told."""
        try:
            return min((each.begun for journal in self.all() for each in journal.unfinished() if each.state == OPEN), default=self.clock())
        except errors.JournalError:
            return 0.0

    def check(self) -> None:
        """A JournalError where no journal could be kept, without making anything. Once it could, each write tells for itself."""
        if self._usable:
            return
        nearest = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            raise unusable(self.folder, PermissionError(13, "Permission denied" if nearest.is_dir() else "Not a directory"))
        self._usable = True

    @contextmanager
    def alone(self, *names: str) -> Iterator[None]:
        """One at a time, over threads and processes, for each of these names."""
        with ExitStack() as held:
            try:
                held.enter_context(self._alone.named(*names))
            except BusyError:
                raise errors.JournalError(
                    f"another run has been creating the same object for {PATIENCE:g} s; wait for it to end, then run it again"
                ) from None
            except OSError as error:
                raise unusable(self.folder, error) from None
            yield


class Journal:
    """The journal of one stack. Thread-safe, and safe beside other processes."""

    def __init__(self, path: Path, clock: Callable[[], float], oldest: Callable[[], float]) -> None:
        """`oldest`: when the oldest create without an end began, in this stack or another of the account."""
        self.path = path
        self._clock = clock
        self._oldest = oldest
        self._entries: dict[str, Entry] = {}
        self._by_id: dict[str, list[Entry]] = {}
        self._by_target: dict[Target, list[Entry]] = {}
        self._lines = Lines(path, self._hear)
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._loaded = False

    def entries(self) -> list[Entry]:
        """All that the file holds, oldest first."""
        self._lines.catch_up()
        with self._lock:
            return sorted(self._entries.values(), key=lambda entry: entry.begun)

    def unfinished(self, target: Target | None = None) -> list[Entry]:
        """The creates that no state is known to hold the outcome of, of this target or of all."""
        self._lines.catch_up()
        with self._lock:
            looked_at = self._entries.values() if target is None else self._by_target.get(target, ())
            chosen = [entry for entry in looked_at if entry.unfinished]
        return sorted(chosen, key=lambda entry: entry.begun)

    def intend(self, target: Target, fields: Mapping[str, Any], before: Iterable[str] | None = None) -> Entry:
        """A create is about to be sent: on the disk when this returns."""
        begun = Entry(_name(), target, self._clock(), fingerprints(fields), None if before is None else tuple(sorted(before)))
        self._lines.append(begun.as_record())
        return self._now(begun)

    def found(self, target: Target, id: str, configuration: Mapping[str, Any]) -> Entry:
        """What `id` was set to is about to be overwritten: on the disk when this returns."""
        entry = Entry(_name(), target, self._clock(), found=dict(configuration), id=id)
        self._lines.append(entry.as_record())
        return self._now(entry)

    def created(self, entry: Entry, id: str) -> Entry:
        """The object exists under this id; the engine does not know yet. The entry as it is now: an older one does not
        follow where another process has rewritten the file."""
        self._say(entry, "created", id=id)
        return self._now(entry)

    def not_created(self, entry: Entry) -> None:
        """It surely does not exist, or not any more."""
        self._say(entry, "not_created")

    def settle(self, key: str, vendor: str, kind: str, id: str) -> None:
        """The engine has shown us this id under this key: it is in the state."""
        if not self._has_loaded():
            return
        mine = [entry for entry in self._of(id, vendor, kind) if entry.state == CREATED and entry.target.key == key]
        # It is settled again by the next run: so nothing waits for the disk, and a preview does not fail for it.
        with suppress(errors.JournalError):
            for entry in mine:
                self._say(entry, "settled", durable=False)
            if any(entry.found is not None for entry in mine) and not self._holds_found():
                self._compact()  # what was found may hold a token

    def made_at(self, vendor: str, kind: str, id: str) -> float:
        """When the object was made, if it was lately; else 0."""
        if not self._has_loaded():
            return 0.0
        return max((entry.ended for entry in self._of(id, vendor, kind)), default=0.0)

    def _now(self, entry: Entry) -> Entry:
        with self._lock:
            return self._entries.get(entry.name, entry)

    def _of(self, id: str, vendor: str, kind: str) -> list[Entry]:
        with self._lock:
            named = [entry for entry in self._by_id.get(id, ()) if entry.id == id]
        return [entry for entry in named if (entry.target.vendor, entry.target.kind) == (vendor, kind)]

    def _holds_found(self) -> bool:
        with self._lock:
            return any(entry.found is not None and entry.unfinished for entry in self._entries.values())

    def _say(self, entry: Entry, what: str, *, durable: bool = True, **more: Any) -> None:
        self._lines.append({"what": what, "name": entry.name, "at": spoken(self._clock()), **more}, durable=durable)

    # ---- what the file says ----

    def _has_loaded(self) -> bool:
        """Read the file once; whether there is something in it. Only a create needs one that can be read."""
        with self._loading:
            if not self._loaded:
                self._loaded = True
                try:
                    self._lines.catch_up()
                    self._compact()
                except errors.JournalError:
                    return False
        return bool(self._entries)

    def _hear(self, records: list[Record], anew: bool) -> None:
        with self._lock:
            if anew:
                for known in (self._entries, self._by_id, self._by_target):
                    known.clear()
            for record in records:
                if record["what"] in ("intent", "found"):
                    entry = entry_of(record)
                    self._entries[entry.name] = entry
                    self._by_target.setdefault(entry.target, []).append(entry)
                    self._known_as(entry)
                elif record["name"] in self._entries:
                    self._came_of(self._entries[record["name"]], record)

    def _came_of(self, entry: Entry, record: Record) -> None:
        entry.state = {"created": CREATED, "settled": SETTLED, "not_created": CLOSED}[record["what"]]
        if entry.state == CREATED:
            entry.id, entry.ended = record["id"], heard(record["at"])
            self._known_as(entry)

    def _known_as(self, entry: Entry) -> None:
        if entry.id:
            self._by_id.setdefault(entry.id, []).append(entry)

    def _compact(self) -> None:
        """Leave out what does not matter any more, if there is something."""
        since = min(self._clock(), self._oldest()) - KEPT
        with self._lock:
            entries = list(self._entries.values())
        if len(list(self._kept(since))) < len(entries) or any(entry.found and not entry.unfinished for entry in entries):
            self._lines.rewrite(lambda: self._kept(since))

    def _kept(self, since: float) -> Iterator[list[Record]]:
        """The lines of each entry that still matters: of what is unfinished, and of what was made lately, but for what was
        found before it."""
        with self._lock:
            entries = list(self._entries.values())
        for entry in entries:
            if entry.unfinished or (entry.id and entry.ended >= since):
                yield (entry if entry.unfinished or entry.found is None else replace(entry, found={})).as_records()


def _name() -> str:
    return uuid.uuid4().hex[:12]
