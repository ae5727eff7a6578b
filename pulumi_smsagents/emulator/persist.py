"""Keeps the objects in a JSON file, replaced as a whole so that it is never half written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import RLock, Timer
from typing import Any

QUICK = 0.02
PATIENCE = 20


class File:
    """Written after each change; if that takes long, as with thousands of objects, a little later and for several changes at once."""

    def __init__(self, path: Path, dump: Callable[[], dict[str, Any]], lock: RLock) -> None:
        self._path = path
        self._dump = dump
        self._took = 0.0
        self._lock = lock
        self._timer: Timer | None = None

    def load(self, take: Callable[[dict[str, Any]], None]) -> None:
        """Hand over what was written last; with no file yet, make sure that there can be one."""
        if not self._path.exists():
            self._part().touch()
            self._part().unlink()
            return
        try:
            take(dict(json.loads(self._path.read_text("utf-8"))))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ValueError(f"{self._path} was not written by the emulator") from None

    def changed(self) -> None:
        """Write now, or soon."""
        if self._took <= QUICK:
            self._write()
        elif self._timer is None:
            self._timer = Timer(self._took * PATIENCE, self._write)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Write what is waiting."""
        if self._timer is not None:
            self._timer.cancel()
            self._write()

    def _write(self) -> None:
        with self._lock:  # the emulator's own: a second one could be taken in the wrong order
            started = time.perf_counter()
            self._timer = None
            self._part().write_text(json.dumps(self._dump(), ensure_ascii=False), "utf-8")
            self._part().replace(self._path)
            self._took = time.perf_counter() - started

    def _part(self) -> Path:
        return self._path.with_name(self._path.name + ".part")
