"""The verbs. Plain dicts in and out; what they promise: one create once, gone only on proof, honest state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from .. import errors
from ..client import Client
from ..journal import Journals
from ..values import Plain, is_known
from ..vendors.base import Adapter, Change, Live, Offer, Once, Problem, Vendor
from .account import Account
from .check import Checked, check
from .creating import Creating
from .diff import Difference, announcements, default_fate, difference, fate
from .finding import waits
from .owners import Owners
from .reading import Reader
from .rules import Rules
from .shape import Result, Shape, condition
from .writing import Writing

_MISSING = "It may have been deleted outside Pulumi, or the base URL is another's; run: pulumi refresh"


class Lifecycle:
    """The life cycle of one kind at one vendor account. Thread-safe, and every verb is safe to call twice: what came of an
    earlier create stands in the journal."""

    def __init__(
        self,
        vendor: Vendor,
        offer: Offer,
        connect: Callable[[], Client],
        journals: Journals,
        rules: Rules | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`connect` gives the way to get a client, not a client: check and diff must work without a key."""
        self.vendor = vendor
        self.offer = offer
        self.rules = rules or Rules()
        self._connect = connect
        self._journals = journals
        self._pause = pause
        self._lock = threading.Lock()
        self._session: Account | None = None
        self._owners = Owners()
        self._shape = Shape(offer)

    @property
    def type_name(self) -> str:
        """``"teli.SmsAgent"``, as a program spells it."""
        return f"{self.vendor.name}.{self.offer.kind}"

    # ---- without a call ----

    def check(self, old: Plain, new: Plain) -> Checked:
        """Normalise and judge."""
        checked = check(self.offer, self.type_name, old, new, self.rules)
        more = [self._taken(checked.inputs), None if old else self._unrecordable()]
        return replace(checked, problems=[*checked.problems, *filter(None, more)])

    def _unrecordable(self) -> Problem | None:
        """A create that could not be recorded is refused in the preview already."""
        if self.offer.once is None and self.offer.prior is None:
            return None
        try:
            self._journals.check()
        except errors.JournalError as error:
            return Problem("SMSAGENTS_JOURNAL_DIR", str(error))
        return None

    def _taken(self, inputs: Plain) -> Problem | None:
        """Two resources of one program for one object would overwrite each other at every run, and removing one of them
        would take the object from the other."""
        field, id = "adopt", inputs.get("adopt")
        if self.offer.identity(inputs) is not None:
            field, id = next(name for name, rule in self.offer.fields.items() if rule.number), self.offer.identity(inputs)
        owner = self._owners.other(id, inputs.get("key"))
        return owner and Problem(field, f"{id} is set by the resource {owner} of this program already; remove one of the two")

    def diff(self, id: str, state: Plain, new: Plain) -> Difference:
        """What differs; `key` never does. A change that cannot be carried out is an `UnsupportedError`, in the preview."""
        self._settle(id, state)
        found = self.compare(state, new)
        # A replacement leaves the object, perhaps to another resource.
        owner = None if found.replaces else self._owners.other(id, state.get("key"))
        if owner:
            raise errors.UnsupportedError(
                f"{self.type_name}: {id} is adopted by the resource {owner} too; remove adopt there, or one of the two"
            )
        reason = self._reason_against(id, state, new, found) if found.changed else ""
        if reason:
            raise errors.UnsupportedError(f"{self.type_name}: {reason}")
        return found

    def compare(self, state: Plain, new: Plain) -> Difference:
        """What differs, where nothing is about to happen, as in a refresh."""
        return difference(self.offer, state, new)

    def _reason_against(self, id: str, state: Plain, new: Plain, found: Difference) -> str:
        certain = [name for name in found.replaces if is_known(found.changed[name])]
        if certain and new.get("adopt") == id:
            # The new one would be the old one, which then would be deleted as the one that was replaced.
            return (
                f"changing {' and '.join(certain)} makes a new one in place of {id}, but adopt would take over {id} again; "
                "remove adopt, which has done its work"
            )
        return self.offer.refuse(self._change(id, state, new, found))

    def replace_first(self, id: str, state: Plain, new: Plain, found: Difference) -> bool:
        """Whether the replacement, if it is one, has to delete before it creates."""
        return bool(found.replaces) and self.offer.replace_first(self._change(id, state, new, found))

    def _change(self, id: str, state: Plain, new: Plain, found: Difference) -> Change:
        return Change(self.rules.options, id, state, new, found.changed, found.replaces)

    def announcements(self, id: str, state: Plain, diff: Difference) -> list[str]:
        """What a person should know before saying yes."""
        return announcements(self.offer, id, state, diff)

    # ---- with calls ----

    def create(self, new: Plain) -> Result:
        """One create; or, with ``adopt`` or after a create that was cut off, one read and at most one update."""
        return self._creating().create(new)

    def read(self, id: str, state: Plain) -> Result | None:
        """The live values over the recorded ones, or None where the object is proven gone."""
        if "unverified" not in state:
            return self._look_up(id, state)
        self._settle(id, state)
        if self._adapter().cannot_read:
            note = f"refresh checked nothing and kept the recorded state: {self._adapter().cannot_read}"
            return replace(self._shape.result(id, state, state, sorted(self._shape.sent(state)), []), notes=(note,))
        seen = frozenset(self._shape.sent(state)) - frozenset(state["unverified"])
        needed = frozenset(name for name in seen if not self.offer.fields[name].replace)
        for pause in (*waits(self._young(id, state)), None):
            try:
                return self._refreshed(id, state, self._reader().shared(id, state, needed))
            except errors.NotFoundError:
                if pause is None:
                    return None
                self._reader().forget()
                self._pause(pause)
        raise AssertionError("the last attempt returns")

    def _young(self, id: str, state: Plain) -> float:
        """For how many seconds the vendor may not show the object yet, because it was made just now."""
        if not (self.offer.once or self.offer.prior) or "key" not in state:
            return 0.0
        once = self.offer.once or Once()
        lag = once.window if self.rules.listing_lag is None else self.rules.listing_lag
        made = self._journals.of(state["key"]).made_at(self.vendor.name, self.offer.kind, id)
        return max(0.0, made + lag - self._journals.clock())

    def _settle(self, id: str, state: Plain) -> None:
        """The engine shows us the id under its key: it is in the state."""
        if (self.offer.once or self.offer.prior) and "key" in state:
            self._journals.of(state["key"]).settle(state["key"], self.vendor.name, self.offer.kind, id)

    def update(self, id: str, state: Plain, new: Plain) -> Result:
        """Send what changed, nothing where only the state changes, and verify."""
        found = self.diff(id, state, new)
        if not found.sends:
            ours = self._shape.sent(new)
            return self._shape.result(id, new, state, [name for name in state.get("unverified", []) if name in ours], [])
        try:
            live = self._writing().read_before(id, state, found.changed) if self.offer.whole_body else None
        except errors.NotFoundError as error:
            raise error.advise(_MISSING) from None
        try:
            shown = self._adapter().update(id, state, new, found.changed, live)
        except errors.NotFoundError as error:
            raise error.advise(_MISSING) from None
        except errors.VendorError as error:
            arrived = error.may_have_arrived and self._writing().has_arrived(id, state, new, found.changed)
            if arrived is None:
                # The state still holds the values from before, so another run sends it again; a refresh may see nothing.
                way_out = "run pulumi up again, which sends it again" if self._adapter().cannot_read else "run: pulumi refresh"
                raise error.advise(error.advice or f"Whether it was carried out is not known; {way_out}") from None
            if not arrived:
                raise
            shown = None
        return self._writing().finish(id, state, new, found.changed, shown, live)

    def delete(self, id: str, state: Plain) -> list[str]:
        """By the recorded ``on_delete``; gone already is success. Warnings for a person."""
        self._settle(id, state)
        how = str(state.get("on_delete", default_fate(self.offer)))
        owner = self._owners.of(self.offer.identity(state) or id)
        if how != "retain" and owner not in (None, state.get("key")):
            # Renamed without an alias: the new resource has adopted it or written its settings by now.
            return [f"{id} is set by the resource {owner} now, so nothing was sent"]
        if how != "retain" and self._owners.took(id):
            # A replacement that was asked for by hand: the new resource is this very object.
            if self.offer.identity(state) is not None:
                return [f"{id} was set again in this run, so nothing was sent"]
            return [f"{id} was adopted again in this run, so it is kept; remove adopt to have a new one made"]
        left = [fate(self.offer, id, state)] if how in self.offer.leaves else []
        if how == "retain":
            return left
        try:
            self._remove(id, state, how)
        finally:
            self._reader().forget()
        return left

    def _remove(self, id: str, state: Plain, how: str) -> None:
        """Where a list is the only proof, what was made just now may not stand in it yet: only later is it gone."""
        patience = waits(self._young(id, state)) if self.offer.list_only else ()
        for pause in (*patience, None):
            try:
                self._adapter().delete(id, state, how)
            except errors.NotFoundError:
                if not self.offer.list_only:
                    raise
                if pause is not None:
                    self._pause(pause)
            else:
                return

    # ---- reading ----

    def _look_up(self, id: str, inputs: Plain) -> Result:
        """A `.get()`: only the id is known, and perhaps a few inputs."""
        if self._adapter().cannot_read:
            raise errors.UnsupportedError(f"{self.type_name}.get: {self._adapter().cannot_read}")
        live = self._reader().one(id, inputs)
        outputs = {**self._shape.declared(inputs), **live.fields}
        unread = sorted(name for name, rule in self.offer.fields.items() if rule.role == "sent" and name not in live.fields)
        return self._shape.result(id, outputs, live.computed, unread, condition(id, live))

    def _refreshed(self, id: str, state: Plain, live: Live) -> Result:
        """Managed fields only: what the program never set is not ours to compare. A value that is the same in the
        vendor's spelling keeps ours, so that a refresh without a change is empty."""
        outputs, notes, others = self._shape.declared(state), [], {}
        for name in self._shape.sent(state):
            if name not in live.fields or self._shape.shows(live, name, state[name]):
                continue
            if self.offer.fields[name].replace:
                others[name] = live.fields[name]
                notes.append(f"{id} shows another {name}, which cannot change; the recorded one is kept")
            else:
                outputs[name] = live.fields[name]
        unread = self._shape.unread(state, live)
        found = self._shape.result(id, outputs, {**state, **live.computed}, unread, [*notes, *condition(id, live)])
        return replace(found, others=others)

    # ---- the connection ----

    def _adapter(self) -> Adapter:
        return self._connected().adapter

    def _reader(self) -> Reader:
        return self._connected().reader

    def _writing(self) -> Writing:
        return self._connected().writing

    def _creating(self) -> Creating:
        return Creating(self._connected())

    def _connected(self) -> Account:
        with self._lock:
            if self._session is None:
                client = self._connect()
                adapter = self.offer.adapter(client)
                reader = Reader(adapter, list_only=self.offer.list_only)
                overwrite = self.rules.on_conflict == "overwrite"
                writing = Writing(self.vendor, self.offer, adapter, reader, self._pause, overwrite=overwrite)
                where, lag = client.account.base_url, self.rules.listing_lag
                self._session = Account(
                    self.vendor, self.offer, where, adapter, reader, writing, self._owners, self._journals, self._pause, lag
                )
            return self._session
