"""Reads that share a list: a refresh of many objects asks for the list once, a read of one asks for the one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from .. import errors
from ..values import Plain
from ..vendors.base import Adapter, Live

COMPANY = 0.02
"""Seconds that the first read of a scope waits for others: a refresh sends its reads at once."""

FRESH = 30.0
"""Seconds for which a list may answer reads; any write of ours ends it at once."""


@dataclass
class _Scope:
    """The list of one scope. `asked` and `listed` None together mean that the list could not be had."""

    condition: threading.Condition
    waiting: int = 0
    busy: bool = False
    read_alone: bool = False
    asked: bool = False
    at: float = 0.0
    listed: list[Live] | None = None
    failure: errors.VendorError | None = None
    index: dict[str, Live] = field(default_factory=dict)


class Reader:
    """One per vendor account and kind. Absence from a list proves nothing: the adapter is asked about the one then."""

    def __init__(
        self, adapter: Adapter, company: float = COMPANY, clock: Callable[[], float] = time.monotonic, *, list_only: bool = False
    ) -> None:
        """`list_only`: there is no other read, so a read alone is a list too, and who cannot have it asks no further."""
        self._adapter = adapter
        self._company = company
        self._clock = clock
        self._list_only = list_only
        self._lock = threading.Lock()
        self._scopes: dict[Hashable, _Scope] = {}

    def forget(self) -> None:
        """Call after every write: what was listed before it is no longer true."""
        with self._lock:
            self._scopes.clear()

    def one(self, id: str, state: Plain) -> Live:
        """The object itself, asked now."""
        return self._adapter.read(id, state, lambda: self._adapter.list(self._adapter.scope(state)))

    def shared(self, id: str, state: Plain, needed: frozenset[str]) -> Live:
        """The object, from a list where several are being read. `needed`: fields that were read before; where the list
        does not show one of them, the object itself is asked."""
        scope = self._adapter.scope(state)
        listed = None if scope is None else self._listed(scope)
        if listed is None:
            return self.one(id, state)
        if listed.listed is None:
            # A list that cannot be had is no answer about anyone; each object is asked itself, and the list not again.
            return self._adapter.read(id, state, lambda: _raise(listed.failure))
        live = listed.index.get(id)
        if live is not None and needed <= live.fields.keys():
            return live
        return self._adapter.read(id, state, lambda: listed.listed or [])

    def _listed(self, key: Hashable) -> _Scope | None:
        """The scope, whose list has been asked for, or None where this read is alone."""
        with self._lock:
            scope = self._scopes.setdefault(key, _Scope(threading.Condition()))
        with scope.condition:
            scope.waiting += 1
            try:
                scope.condition.notify_all()
                return self._lead_or_follow(key, scope)
            finally:
                scope.waiting -= 1

    def _lead_or_follow(self, key: Hashable, scope: _Scope) -> _Scope | None:
        self._wait_for_others(scope)
        if not self._list_only and not self._is_fresh(scope) and not scope.read_alone and scope.waiting == 1:
            scope.read_alone = True
            # The others may have come and gone with their list before this one wakes up.
            if not scope.condition.wait_for(lambda: scope.waiting > 1 or scope.busy or self._is_fresh(scope), timeout=self._company):
                return None
            self._wait_for_others(scope)
        if not self._is_fresh(scope):
            self._ask(key, scope)
        if scope.failure is not None and (self._list_only or scope.failure.status == 401):
            raise scope.failure  # a key that is refused is refused for each object too
        return scope

    @staticmethod
    def _wait_for_others(scope: _Scope) -> None:
        while scope.busy:
            scope.condition.wait()

    def _is_fresh(self, scope: _Scope) -> bool:
        return scope.asked and self._clock() - scope.at < FRESH

    def _ask(self, key: Hashable, scope: _Scope) -> None:
        """Ask for the list without holding the lock; the others wait for the answer."""
        scope.busy = True
        scope.condition.release()
        listed: list[Live] | None = None
        failure: errors.VendorError | None = None
        try:
            listed = list(self._adapter.list(key))
        except errors.VendorError as error:
            failure = error
        finally:
            scope.condition.acquire()
            scope.busy, scope.asked, scope.at, scope.listed, scope.failure = False, True, self._clock(), listed, failure
            scope.index = {alias: live for live in listed or [] for alias in (*live.aliases, live.id)}
            scope.condition.notify_all()


def _raise(failure: errors.VendorError | None) -> list[Live]:
    raise failure or RuntimeError("a list that was not had has a failure")
