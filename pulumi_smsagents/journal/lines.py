"""A file of records, one JSON object a line, each behind its own checksum: appended by threads and processes, never half read.

A line that a crash cut off is the last one; nobody was told that it was written, so it is dropped. Any other damage is
somebody's doing and an error, because what is missing cannot be known.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .. import errors
from .held import BusyError, HeldFile

Record = dict[str, Any]

PATIENCE = 60.0
"""Seconds that a process waits for others to be done with the file; each needs it for milliseconds."""

_TOGETHER = 20
"""Batches that are written before others may have the file."""


class _Stamp(NamedTuple):
    """What is another one whenever a file has changed."""

    number: int
    size: int
    changed: int


class _Waiting(NamedTuple):
    """A line to be written, and whom to tell of it."""

    record: Record
    durable: bool
    done: Future[None]


class Lines:
    """One file. `heard` is called, in order, with the records in it, ours and other processes'; `anew` where they are all
    that the file holds, because somebody has rewritten it."""

    def __init__(self, path: Path, heard: Callable[[list[Record], bool], None]) -> None:
        self.path = path
        self._heard = heard
        self._lock = threading.Lock()
        self._queue: list[_Waiting] = []
        self._busy = False
        self._reading = threading.Lock()
        self._file = HeldFile(path.with_suffix(".lock"), PATIENCE)
        self._offset = 0
        self._last = b""
        self._heard_at: _Stamp | None = None
        self._nothing_missed = False
        """A thread of ours has the file, and has heard all that is in it: so nobody else can have written anything since."""

    def append(self, record: Record, *, durable: bool = True) -> None:
        """Write one line; `durable`: it is on the disk when this returns. Threads that come together share one fsync."""
        done: Future[None] = Future()
        with self._lock:
            self._queue.append(_Waiting(record, durable, done))
            lead, self._busy = not self._busy, True
        if lead:
            self._drain()
        done.result()

    def catch_up(self) -> None:
        """Hear what other processes have written."""
        if self._nothing_missed:
            return
        stamp = self._stamp()
        # As it was: then nobody has to be waited for. Whatever was on the disk before we looked makes it another.
        if stamp is not None and stamp != self._heard_at:
            with self._alone():
                self._read_on()

    def rewrite(self, keep: Callable[[], Iterable[list[Record]]]) -> None:
        """Put these records in the place of all, at once or not at all."""
        with self._alone():
            self._read_on()
            content = b"".join(_line(record) for records in keep() for record in records)
            temporary = self.path.with_suffix(".new")
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
            _sync_folder(self.path.parent)
            self._read_on(anew=True)

    # ---- writing ----

    def _drain(self) -> None:
        while batch := self._waiting():
            try:
                self._write_together(batch)
            except BaseException as error:  # noqa: BLE001 - whoever waits has to hear of it
                for each in batch:
                    each.done.set_exception(error)

    def _write_together(self, batch: list[_Waiting]) -> None:
        """Write these lines, and those that come meanwhile, so that the file is not asked for anew; but not for ever, because other
        processes wait for it. Whose line is written is told, and is no longer in `batch`."""
        with self._alone(), self._open() as descriptor:
            for _ in range(_TOGETHER):
                batch += self._waiting(still_leading=True)
                if not batch:
                    return
                self._write(descriptor, batch)
                for each in batch:
                    each.done.set_result(None)
                batch.clear()

    def _waiting(self, *, still_leading: bool = False) -> list[_Waiting]:
        """What is to be written. Where nothing is, whoever comes next leads, unless this thread goes on to."""
        with self._lock:
            batch, self._queue = self._queue, []
            self._busy = still_leading or bool(batch)
            return batch

    @contextmanager
    def _open(self) -> Iterator[int]:
        """The file, to write at its end, with all heard that is in it."""
        # No file object: threads wait for one another at every system call, of which it would make three times as many.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            stamp = _stamp_of(os.fstat(descriptor))
            if stamp != self._heard_at:
                self._read_on()
            if stamp.size != self._offset:
                os.ftruncate(descriptor, self._offset)  # what a crash left half written
            self._nothing_missed = True
            yield descriptor
            self._heard_at = _stamp_of(os.fstat(descriptor))
        finally:
            self._nothing_missed = False
            os.close(descriptor)

    def _write(self, descriptor: int, batch: list[_Waiting]) -> None:
        records = [each.record for each in batch]
        lines = [_line(record) for record in records]
        rest = memoryview(b"".join(lines))
        size = len(rest)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if any(each.durable for each in batch):
            os.fsync(descriptor)
        if not self._offset:
            _sync_folder(self.path.parent)
        self._heard(records, self._offset == 0)
        self._offset, self._last = self._offset + size, lines[-1]

    # ---- reading ----

    def _read_on(self, *, anew: bool = False) -> None:
        stamp = self._stamp()
        if stamp is not None and stamp == self._heard_at and not anew:
            return
        rest = None if anew else self._after(self._last)
        if rest is None:
            # The place of our last line holds another: the file has been rewritten, or is gone.
            rest, self._offset, self._last = self._from(0), 0, b""
        *whole, _torn = rest.split(b"\n")
        records = [self._record(line) for line in whole]
        # All at once: who looks meanwhile must not take half a file for the whole.
        self._heard(records, self._offset == 0)
        if whole:
            self._offset, self._last = self._offset + sum(len(line) + 1 for line in whole), whole[-1] + b"\n"
        self._heard_at = stamp

    def _after(self, last: bytes) -> bytes | None:
        """What follows our last line; None where it does not stand in its place any more. (A file's number would not tell:
        it is given again to another one.)"""
        found = self._from(self._offset - len(last))
        return found[len(last) :] if found.startswith(last) else None

    def _from(self, offset: int) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(offset)
                return file.read()
        except FileNotFoundError:
            return b""

    def _record(self, line: bytes) -> Record:
        checksum, _, text = line.partition(b" ")
        if checksum == _checksum(text):
            return dict(json.loads(text))
        raise errors.JournalError(
            f"{self.path} is damaged: the line {_cut(line)} has been changed since it was written. Nothing was sent. Look at the "
            "objects of this stack at the vendors, then remove the line, or the file, which is then begun anew"
        )

    # ---- the file itself ----

    def _stamp(self) -> _Stamp | None:
        """Another one whenever the file has changed; None where there is no file."""
        try:
            # Opened and not only looked at: of a file on another computer, a look may show what it was some seconds ago.
            descriptor = os.open(self.path, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise unusable(self.path, error) from None
        try:
            return _stamp_of(os.fstat(descriptor))
        finally:
            os.close(descriptor)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile, in this process or another."""
        with self._reading:
            try:
                self._file.acquire()
                try:
                    yield
                finally:
                    self._file.release()
            except BusyError:
                raise errors.JournalError(
                    f"{self.path} is held by another process for {PATIENCE:g} s. Wait for it, then run it again"
                ) from None
            except OSError as error:
                raise unusable(self.path, error) from None


def _stamp_of(found: os.stat_result) -> _Stamp:
    return _Stamp(found.st_ino, found.st_size, found.st_mtime_ns)


def unusable(path: Path, error: OSError) -> errors.JournalError:
    """The error of a journal that cannot be kept."""
    return errors.JournalError(
        f"the journal {path} cannot be used: {error.strerror or type(error).__name__}. Without it a create could happen twice, so "
        "nothing was sent. Make its folder writable, or set SMSAGENTS_JOURNAL_DIR to one that is kept between runs"
    )


def _line(record: Record) -> bytes:
    text = json.dumps(record, ensure_ascii=True, separators=(", ", ": ")).encode()
    return _checksum(text) + b" " + text + b"\n"


def _checksum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def _cut(line: bytes) -> str:
    return repr(line[:40].decode("ascii", "replace"))


def _sync_folder(folder: Path) -> None:
    """So that a new file is still there after a power cut."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows cannot open a folder, and does not need it
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
