"""Looking for an object that may have been made: in the vendor's list, by all that the journal knows of the create."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from .. import errors
from ..journal import Entry, Target, fingerprint, spoken
from ..values import Plain
from ..vendors.base import Adapter, Field, Live, Offer, Once

CLOCKS = 60.0
"""Seconds by which the vendor's clock may be behind ours."""

LONG_AGO = 3600.0
"""An object that is so much older than the create is surely another's, whatever the clocks."""


def waits(window: float) -> Iterator[float]:
    """Growing pauses that fill the window."""
    left = window
    for pause in itertools.accumulate(itertools.repeat(2.0), lambda last, factor: last * factor, initial=0.5):
        if left <= 0:
            return
        yield min(pause, left)
        left -= pause


class Finder:
    """One per connection to a vendor account."""

    def __init__(self, offer: Offer, adapter: Adapter, known: Callable[[Target], set[str]], pause: Callable[[float], None]) -> None:
        """`known`: the ids that others than the target hold."""
        self._offer, self._adapter, self._known, self._pause = offer, adapter, known, pause

    def find(self, once: Once, entry: Entry, new: Plain, window: float) -> Live | None:
        """The one object that the create made; None where the whole window has passed without it. Several, or one that
        cannot be told from somebody else's, are an `UncertainError` then: meanwhile it may turn out whose they are."""
        scope = self._adapter.scope(new)
        for pause in (*waits(window), None):
            sure, doubtful = self._sorted(once, entry, new, list(self._adapter.list(scope)))
            if len(sure) == 1 and not doubtful:
                return sure[0]
            if pause is not None:
                self._pause(pause)
            elif sure or doubtful:
                ids, target = ", ".join(live.id for live in (*sure, *doubtful)), entry.target
                raise errors.UncertainError(
                    f"{target.vendor}.{target.kind}: the create of {target.key} at {spoken(entry.begun)} was cut off, and these may be "
                    f"what it made: {ids}. If one of them is, set adopt='<its id>'; if none is, run: smsagents resolve {target.key} "
                    "--not-created"
                )
        return None

    def others(self, once: Once, entry: Entry, new: Plain, id: str) -> list[str]:
        """What the list shows besides object `id` that the same create may have made."""
        sure, doubtful = self._sorted(once, entry, new, list(self._adapter.list(self._adapter.scope(new))))
        return [live.id for live in (*sure, *doubtful) if id not in (live.id, *live.aliases)]

    def _sorted(self, once: Once, entry: Entry, new: Plain, listed: list[Live]) -> tuple[list[Live], list[Live]]:
        """Those that are surely ours, and those that may be."""
        theirs = self._known(entry.target) | set(entry.before or ())
        sure, doubtful = [], []
        for live in listed:
            if live.mismatch or theirs & {live.id, *live.aliases}:
                continue
            alike = self._alike(once, entry, new, live)
            when = True if entry.before is not None else _in_time(entry, once.born(live))
            if alike and when:
                sure.append(live)
            elif alike is not False and when is not False:
                doubtful.append(live)
        return sure, doubtful

    def _alike(self, once: Once, entry: Entry, new: Plain, live: Live) -> bool | None:
        """Whether the object is as it was asked for; None where only what names it is."""
        shown = {**live.fields, **once.shown(live)}
        rules = self._offer.fields
        # What is new in the account is ours, unless it is another thing; whatever can be changed may have been.
        names = [name for name in entry.fields if name in shown and (entry.before is None or rules[name].replace)]
        if entry.before is not None and not names:
            return True
        compared = {name: self._is_so(entry, new, name, shown[name]) for name in names}
        named = [compared[name] for name in (names if entry.before is not None else once.named) if name in compared]
        if not compared or False in named:
            return False
        return None if False in compared.values() else True

    def _is_so(self, entry: Entry, new: Plain, name: str, shown: object) -> bool | None:
        """Whether a field stands as it was asked for; None where that cannot be told any more."""
        rule, asked = self._offer.fields[name], entry.fields[name]
        if mark(rule, shown) == asked:
            return True
        if name in new and asked == mark(rule, new[name]):
            return rule.same(new[name], shown)
        # The program has changed since, and of what was asked for then only the fingerprint is known.
        return False if rule.same is _PLAIN else None


_PLAIN = Field().same


def mark(rule: Field, value: object) -> str:
    """The fingerprint of a field's value, in its canonical form."""
    return fingerprint(rule.canonical(value))


def _in_time(entry: Entry, born: float | None) -> bool | None:
    """Whether it was made after the create began; None where clocks may be wrong, or nothing tells."""
    if born is None:
        return None
    if born >= entry.begun - CLOCKS:
        return True
    return False if born < entry.begun - LONG_AGO else None
