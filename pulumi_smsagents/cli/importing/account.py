"""What a vendor account holds, by its read calls only. A list or a read that cannot be had is an error: half an account
would look like a whole one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor

from ... import connect, errors
from ...client import Account as Connection
from ...client import Client
from ...values import Plain
from ...vendors.base import Adapter, Live, Offer, Vendor

READERS = 8
"""Objects that are read at a time; the account's rate limit holds all the same."""


class Account:
    """The objects of one kind at one vendor account. `given`: what its lists have to be told, by the name of the input."""

    def __init__(self, vendor: Vendor, offer: Offer, adapter: Adapter, given: Plain) -> None:
        self._vendor, self._offer, self._adapter, self._given = vendor, offer, adapter, given
        self._lists: dict[Hashable, list[Live]] = {}
        self._lock = threading.Lock()

    def everything(self) -> list[tuple[str, Plain]]:
        """The id of every object, with what a read of it may be told."""
        found: dict[str, Plain] = {}
        for part in self._offer.lists:
            told = {**part, **self._given}
            found |= {live.id: told for live in self._listed(self._scope(told))}
        return list(found.items())

    def _scope(self, told: Plain) -> Hashable:
        scope = self._adapter.scope(told)
        if scope is not None:
            return scope
        if not self._offer.listed_by:
            raise errors.UnsupportedError(f"{self._vendor.name}: {self._vendor.title} documents no list; name the ids to import")
        option = f"--{self._offer.listed_by[0].replace('_', '-')}"
        raise errors.ConfigurationError(
            f"{self._vendor.name}: there is a list for each owner only; add {option}, or name the ids to import"
        )

    def _listed(self, scope: Hashable) -> list[Live]:
        with self._lock:
            if scope not in self._lists:
                self._lists[scope] = list(self._adapter.list(scope))
            return self._lists[scope]

    def read(self, wanted: Iterable[tuple[str, Plain]], step: Callable[[], None]) -> list[Live]:
        """Each object as an adoption will read it: a list may show less of it, or a text cut short."""

        def one(each: tuple[str, Plain]) -> Live:
            id, told = each
            live = self._adapter.read(id, told, lambda: self._listed(self._scope(told)))
            step()
            return live

        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(one, each) for each in wanted]
            try:
                return [each.result() for each in reading]
            finally:
                pool.shutdown(cancel_futures=True)


def unreadable(vendor: Vendor, offer: Offer, settings: connect.Settings) -> str:
    """Why nothing of this kind can be read; empty where it can. Looked at before a key is asked for."""
    nobody = Client(Connection(vendor.name, settings.base_url(vendor).value, {}, (), "", settings.options(vendor)))
    try:
        return offer.adapter(nobody).cannot_read
    finally:
        nobody.close()
