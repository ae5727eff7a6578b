"""The objects of one vendor as they stand, with their histories: counted ids, a clock that is given."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Clock = Callable[[], float]
"""Seconds since 1970."""

HISTORY = 200
REMOVED = 10_000


class SetClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: float = 1_767_312_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time that was set."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass(slots=True)
class Change:
    """What one call did to one object. `fields` maps a name to what it was and what it became."""

    at: float
    action: str
    by: str
    call: int | None
    kind: str
    id: str
    fields: dict[str, list[Any]]


@dataclass(slots=True)
class Item:
    """One object of a vendor: its data in the words of the vendor's write calls, and what we noted about it."""

    kind: str
    id: str
    data: dict[str, Any]
    created: float
    changed: float
    notes: dict[str, Any] = field(default_factory=dict)
    history: deque[Change] = field(default_factory=lambda: deque(maxlen=HISTORY))
    removed: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The object with all that is known about it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "data": self.data,
            "created": self.created,
            "changed": self.changed,
            "removed": self.removed,
            "notes": self.notes,
            "history": [asdict(change) for change in self.history],
        }


class Store:
    """All objects of one vendor. Every write is remembered in the object's history. While `unseen` is set, what was made less than so many
    seconds ago is out of sight of `get` and `all`."""

    def __init__(self, vendor: str, clock: Clock) -> None:
        self.vendor = vendor
        self.clock = clock
        self.call: int | None = None
        self.by = "api"
        self.unseen = 0.0
        self.changes: list[Change] = []
        self.removed: deque[Item] = deque(maxlen=REMOVED)
        self._items: dict[str, dict[str, Item]] = {}
        self._counts: Counter[str] = Counter()

    def next(self, name: str) -> int:
        """Count one up; ids are made of this, so that runs repeat."""
        self._counts[name] += 1
        return self._counts[name]

    def add(self, kind: str, id: str, data: Mapping[str, Any]) -> Item:
        """Keep a new object."""
        now = self.clock()
        item = Item(kind, id, dict(data), created=now, changed=now)
        self._items.setdefault(kind, {})[id] = item
        self._record(item, "created", {name: [None, value] for name, value in data.items()})
        return item

    def change(self, item: Item, fields: Mapping[str, Any]) -> None:
        """Overwrite these fields; the history keeps those that really changed."""
        was = item.data
        differing = {name: [was.get(name), value] for name, value in fields.items() if was.get(name) != value}
        item.data = {**was, **fields}
        item.changed = self.clock()
        self._record(item, "changed", differing)

    def remove(self, item: Item) -> None:
        """Take the object away, and keep it among the removed ones for whoever asks later."""
        del self._items[item.kind][item.id]
        item.removed = self.clock()
        self.removed.append(item)
        self._record(item, "removed", {})

    def get(self, kind: str, id: str) -> Item | None:
        """The living object with this id."""
        item = self._items.get(kind, {}).get(id)
        return item if item is None or self._in_sight(item) else None

    def find(self, id: str) -> Item | None:
        """The living object of any kind with this id."""
        return next((items[id] for items in self._items.values() if id in items), None)

    def all(self, kind: str) -> list[Item]:
        """The living objects of a kind, oldest first."""
        items = self._items.get(kind, {}).values()
        return [item for item in items if self._in_sight(item)] if self.unseen else list(items)

    def _in_sight(self, item: Item) -> bool:
        return not self.unseen or self.clock() - item.created >= self.unseen

    def count(self, kind: str) -> int:
        """How many objects of a kind live."""
        return len(self._items.get(kind, {}))

    def __iter__(self) -> Iterator[Item]:
        for items in list(self._items.values()):
            yield from list(items.values())

    def clear(self) -> None:
        """Forget everything, counters too."""
        self._items.clear()
        self._counts.clear()
        self.removed.clear()
        self.changes.clear()

    def take_changes(self) -> list[Change]:
        """What was changed since this was last asked."""
        taken, self.changes = self.changes, []
        return taken

    def dump(self) -> dict[str, Any]:
        """Everything, as JSON."""
        return {
            "counts": dict(self._counts),
            "items": [item.as_json() for item in self],
            "removed": [item.as_json() for item in self.removed],
        }

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Take up what `dump` gave."""
        self.clear()
        self._counts.update(dumped["counts"])
        for each in dumped["items"]:
            item = _item(each)
            self._items.setdefault(item.kind, {})[item.id] = item
        self.removed.extend(_item(each) for each in dumped["removed"])

    def _record(self, item: Item, action: str, fields: dict[str, list[Any]]) -> None:
        change = Change(self.clock(), action, self.by, self.call, item.kind, item.id, fields)
        item.history.append(change)
        self.changes.append(change)


def _item(dumped: Mapping[str, Any]) -> Item:
    history = deque((Change(**change) for change in dumped["history"]), maxlen=HISTORY)
    return Item(**{**dumped, "history": history})
