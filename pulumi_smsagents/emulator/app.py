"""The emulator: the vendors' APIs under `/<vendor>`, and what tests and people do to them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from . import bland, cleartalk, contactswing, control, fluents, page, teli
from .auth import Auth
from .calls import Calls
from .door import Desk, Door
from .events import Bell
from .faults import Faults
from .guard import Guard
from .persist import File
from .rates import Limiter
from .store import Clock, Item, Store
from .world import Modes, Vendor, World

VENDORS: tuple[Vendor, ...] = (teli.VENDOR, contactswing.VENDOR, fluents.VENDOR, cleartalk.VENDOR, bland.VENDOR)


class Emulator:
    """All vendors in one place. `app` is the ASGI application; the rest is for whoever drives it.

    `data` is a file that keeps the objects over restarts; `clock` is where times come from; `latency` is added to every call.
    """

    def __init__(self, data: Path | str | None = None, *, clock: Clock = time.time, latency: float = 0.0) -> None:
        self.clock = clock
        self.lock = RLock()
        self.calls = Calls(clock)
        self.faults = Faults()
        self.auth = Auth()
        self.bell = Bell()
        self.vendors = {vendor.name: vendor for vendor in VENDORS}
        self.stores = {name: Store(name, clock) for name in self.vendors}
        self.modes = {name: Modes(vendor.modes) for name, vendor in self.vendors.items()}
        self._desk = Desk(self.calls, self.faults, self.auth, self.lock, self._changed, self.bell.ring, latency)
        self._worlds = {name: World(self.stores[name], self.modes[name], clock) for name in self.vendors}
        self._doors = {name: Door(vendor, self._worlds[name], self._desk) for name, vendor in self.vendors.items()}
        self._file = File(Path(data), self._dump, self.lock) if data else None
        if self._file:
            self._file.load(self._load)
        self.app = self._application()

    def _application(self) -> Starlette:
        vendors = [Mount(f"/{name}", app=door) for name, door in self._doors.items()]
        steering = Mount("/_emulator", routes=control.routes(self))
        return Starlette(routes=[*vendors, *page.routes(self), steering], middleware=[Middleware(Guard, free=tuple(self.vendors))])

    @property
    def latency(self) -> float:
        """Seconds that every vendor call takes longer."""
        return self._desk.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._desk.latency = seconds

    def add(self, vendor: str, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Item:
        """Make an object as a person in the vendor's dashboard would."""
        with self.lock:
            self._by_hand(vendor)
            item = self.vendors[vendor].add(self._worlds[vendor], {**(fields or {}), **more})
            self._changed()
            return item

    def edit(self, vendor: str, id: str, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Item:
        """Edit an object as a person in the vendor's dashboard would."""
        with self.lock:
            self._by_hand(vendor)
            item = self.object(vendor, id)
            self.vendors[vendor].edit(self._worlds[vendor], item, {**(fields or {}), **more})
            self._changed()
            return item

    def remove(self, vendor: str, id: str) -> Item:
        """Delete an object as a person in the vendor's dashboard would."""
        with self.lock:
            self._by_hand(vendor)
            item = self.object(vendor, id)
            self.stores[vendor].remove(item)
            self._changed()
            return item

    def object(self, vendor: str, id: str) -> Item:
        """The living object with this id; KeyError if there is none."""
        item = self.stores[vendor].find(id)
        if item is None:
            raise KeyError(f"{vendor} has no object {id}")
        return item

    def objects(self, vendor: str, kind: str | None = None) -> list[Item]:
        """The living objects of a kind, by default the vendor's main one, oldest first."""
        self.settle()
        return self.stores[vendor].all(kind or self.vendors[vendor].kind)

    @property
    def limiters(self) -> dict[str, Limiter]:
        """How many calls each vendor takes: `emulator.limiters["teli"].rate = Rate(20)`."""
        return {name: door.limiter for name, door in self._doors.items()}

    def settle(self) -> None:
        """Process what a `late` fault put off and whose time has come; every call to a vendor does so too."""
        with self.lock:
            for door in self._doors.values():
                door.settle()

    def reset(self) -> None:
        """Forget objects, calls, faults, rates, keys and switches; latency stays."""
        with self.lock:
            for name, store in self.stores.items():
                store.clear()
                self.modes[name].clear()
                self._doors[name].clear()
            self.calls.clear()
            self.faults.clear()
            self.auth.clear()
            self._changed()

    def close(self) -> None:
        """Write what is not written yet."""
        if self._file:
            self._file.close()

    def _by_hand(self, vendor: str) -> None:
        store = self.stores[vendor]
        store.call, store.by = None, "dashboard"

    def _changed(self) -> None:
        if self._file:
            self._file.changed()
        self.bell.ring()

    def _dump(self) -> dict[str, Any]:
        return {name: store.dump() for name, store in self.stores.items()}

    def _load(self, dumped: Mapping[str, Any]) -> None:
        for name, store in self.stores.items():
            if name in dumped:
                store.load(dumped[name])
