"""One at a time for a name, over the threads of this process and over other processes.

Among our own threads a name stands for itself. Other processes see a fixed set of files, so that none has to be removed; two names may
share one, and this process holds it for as long as any of its threads needs it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from .held import HeldFile

_FILES = 256


class Alone:
    """Thread-safe. Waits without end for a thread of ours, which will come to its end, and `patience` seconds for another process."""

    def __init__(self, folder: Path, patience: float) -> None:
        self._folder = folder
        self._patience = patience
        self._condition = threading.Condition()
        self._names: set[str] = set()
        self._files: dict[int, _File] = {}

    @contextmanager
    def named(self, *names: str) -> Iterator[None]:
        """Nobody else is under one of these names meanwhile. OSError where the files cannot be had; BusyError."""
        # Always in the same order, so that nobody waits for ever.
        numbers = sorted({int(sha256(name.encode()).hexdigest(), 16) % _FILES for name in names})
        with self._among_threads(set(names)), ExitStack() as held:
            for number in numbers:
                held.enter_context(self._file(number).held())
            yield

    def _file(self, number: int) -> _File:
        with self._condition:
            return self._files.setdefault(number, _File(self._folder / f"{number:02x}.lock", self._patience))

    @contextmanager
    def _among_threads(self, names: set[str]) -> Iterator[None]:
        with self._condition:
            # All names at once or none: nobody waits while holding one.
            self._condition.wait_for(lambda: self._names.isdisjoint(names))
            self._names |= names
        try:
            yield
        finally:
            with self._condition:
                self._names -= names
                self._condition.notify_all()


class _File:
    """The lock of a file, which several threads of this process hold together."""

    def __init__(self, path: Path, patience: float) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._file = HeldFile(path, patience)  # one thread may take it and another give it back

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._lock:
            if not self._holders:
                self._file.acquire()
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                if not self._holders:
                    self._file.release()
