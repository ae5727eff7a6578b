"""A file that one process at a time holds, by the system's own lock.

`filelock.lock_descriptor` takes the lock that `filelock.FileLock` takes, so that each of them keeps the other out. It leaves out what
FileLock asks the system about the path each time: a dozen calls, at each of which 32 threads would wait for one another.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from filelock import lock_descriptor

_AGAIN = 0.005
"""Seconds between two attempts."""

_HOW = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class BusyError(Exception):
    """Another process did not give the file back in time."""


class HeldFile:
    """Not for two threads together: whoever shares one has a lock of their own around it."""

    def __init__(self, path: Path, patience: float) -> None:
        """`patience`: seconds that another process is waited for."""
        self._path = path
        self._patience = patience
        self._descriptor = -1

    def acquire(self) -> None:
        """Hold it. BusyError; OSError where there can be no such file."""
        deadline = time.monotonic() + self._patience
        while not self._attempt():
            if time.monotonic() > deadline:
                raise BusyError
            time.sleep(_AGAIN)

    def release(self) -> None:
        """Give it back. The file stays: who removed it would leave another process with one that nobody else sees."""
        os.close(self._descriptor)

    def _attempt(self) -> bool:
        descriptor = self._opened()
        try:
            # Somebody may have removed the file since it was opened, and then others hold the new one.
            held = lock_descriptor(descriptor, blocking=False) and os.fstat(descriptor).st_nlink > 0
        except BaseException:
            os.close(descriptor)
            raise
        if held:
            self._descriptor = descriptor
        else:
            os.close(descriptor)
        return held

    def _opened(self) -> int:
        try:
            return os.open(self._path, _HOW, 0o600)
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return os.open(self._path, _HOW, 0o600)
