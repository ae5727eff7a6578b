"""Which resource of this run holds which object, so that no two hold one and none is deleted under another."""

from __future__ import annotations

import threading
from typing import Any


class Owners:
    """One per run and kind; a run is one process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}
        self._taken: set[str] = set()
        self._begun: set[str] = set()

    def other(self, id: Any, key: Any) -> Any:
        """The resource that holds object `id`, if it is another than `key`; else it is `key` from now on."""
        if not isinstance(id, str) or not isinstance(key, str):
            return None
        with self._lock:
            owner = self._keys.setdefault(id, key)
        return owner if owner != key else None

    def of(self, id: str) -> str | None:
        """The resource that holds object `id`."""
        return self._keys.get(id)

    def take(self, id: str) -> None:
        """A create of this run took over the existing object `id`."""
        self._taken.add(id)

    def took(self, id: str) -> bool:
        """Whether one did: then a delete of `id` in the same run is of its predecessor, which is the same object."""
        return id in self._taken

    def begin(self, key: str) -> bool:
        """Whether this is the run's first create for the resource `key`."""
        with self._lock:
            first = key not in self._begun
            self._begun.add(key)
        return first

    def undo(self, key: str) -> None:
        """It came to nothing."""
        self._begun.discard(key)

    def ids_of_others(self, key: str) -> set[str]:
        """The objects that other resources of this run hold."""
        with self._lock:
            return {id for id, owner in self._keys.items() if owner != key}
