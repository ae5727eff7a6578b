"""The verbs. Plain dicts in and out; what they promise: one create once, gone only on proof, honest state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import errors
from ..client import Client
from ..values import ABSENT, Plain, is_known
from ..vendors.base import FOUND, Adapter, Change, Live, Made, Offer, Options, Problem, Vendor
from . import keeping
from .check import COMMON, Checked, check
from .diff import Difference, announcements, default_fate, difference, fate
from .reading import Reader

PAUSES = (0.5, 1.0, 2.0)
"""Seconds between reads while the vendor still shows the values from before a write."""


@dataclass(frozen=True)
class Rules:
    """The stack's settings that decide something here. `allowed_numbers`: patterns, none means any; `on_conflict`:
    ``stop`` or ``overwrite`` what someone else changed; `options`: the vendor's own settings."""

    allowed_numbers: tuple[str, ...] = ()
    on_conflict: str = "stop"
    options: Options = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What stands in the state after a verb. `inputs` are the program's fields among the `outputs`. `notes` hold for
    every resource of the kind, so that a run of many says them once."""

    id: str
    outputs: Plain
    inputs: Plain
    warnings: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()


class Lifecycle:
    """The life cycle of one kind at one vendor account. Thread-safe, and every verb is safe to call twice but create,
    which is safe as far as the vendor makes it (see the offer's ``lost_create``)."""

    def __init__(
        self,
        vendor: Vendor,
        offer: Offer,
        connect: Callable[[], Client],
        rules: Rules | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`connect` gives the way to get a client, not a client: check and diff must work without a key."""
        self.vendor = vendor
        self.offer = offer
        self.rules = rules or Rules()
        self._connect = connect
        self._pause = pause
        self._lock = threading.Lock()
        self._session: tuple[Adapter, Reader] | None = None
        self._owners: dict[str, str] = {}
        self._adopted: set[str] = set()

    @property
    def type_name(self) -> str:
        """``"teli.SmsAgent"``, as a program spells it."""
        return f"{self.vendor.name}.{self.offer.kind}"

    # ---- without a call ----

    def check(self, old: Plain, new: Plain) -> Checked:
        """Normalise and judge."""
        checked = check(self.offer, self.type_name, old, new, self.rules.allowed_numbers, self.rules.options)
        taken = self._taken(checked.inputs)
        return replace(checked, problems=[*checked.problems, taken]) if taken else checked

    def _taken(self, inputs: Plain) -> Problem | None:
        """Two resources of one program for one object would overwrite each other at every run, and removing one of them
        would take the object from the other."""
        field, id = "adopt", inputs.get("adopt")
        if self.offer.identity(inputs) is not None:
            field, id = next(name for name, rule in self.offer.fields.items() if rule.number), self.offer.identity(inputs)
        owner = self._other_owner(id, inputs.get("key"))
        return owner and Problem(field, f"{id} is set by the resource {owner} of this program already; remove one of the two")

    def _other_owner(self, id: Any, key: Any) -> Any:
        """The resource of this run that holds object `id`, if it is another than `key`; else it is `key` from now on."""
        if not isinstance(id, str) or not isinstance(key, str):
            return None
        with self._lock:
            owner = self._owners.setdefault(id, key)
        return owner if owner != key else None

    def diff(self, id: str, state: Plain, new: Plain) -> Difference:
        """What differs; `key` never does. A change that cannot be carried out is an `UnsupportedError`, in the preview."""
        found = self.compare(state, new)
        # A replacement leaves the object, perhaps to another resource.
        owner = None if found.replaces else self._other_owner(id, state.get("key"))
        if owner:
            raise errors.UnsupportedError(f"{self.type_name}: {id} is adopted by the resource {owner} too; remove adopt there, or one of the two")
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
        """One create; or, with ``adopt``, one read and at most one update."""
        if new.get("adopt"):
            return self._adopt(str(new["adopt"]), new)
        wanted = self._sent_of(new, once=True)
        try:
            made = self._adapter().create(wanted)
        except errors.VendorError as error:
            if error.may_have_arrived and self.offer.lost_create:
                raise error.advise(self.offer.lost_create) from None
            raise
        if self.offer.identity(new) is not None:
            self._adopted.add(made.id)
        if made.unfinished:
            return self._half_done(made, new)
        return self._after_write(made.id, made.outputs, new, self._sent_of(new), made.live, made.before)

    def read(self, id: str, state: Plain) -> Result | None:
        """The live values over the recorded ones, or None where the object is proven gone."""
        if "unverified" not in state:
            return self._look_up(id, state)
        if self._adapter().cannot_read:
            note = f"refresh checked nothing and kept the recorded state: {self._adapter().cannot_read}"
            return replace(self._result(id, state, state, sorted(self._sent_of(state)), []), notes=(note,))
        seen = frozenset(self._sent_of(state)) - frozenset(state["unverified"])
        try:
            live = self._reader().shared(id, state, frozenset(name for name in seen if not self.offer.fields[name].replace))
        except errors.NotFoundError:
            return None
        return self._refreshed(id, state, live)

    def update(self, id: str, state: Plain, new: Plain) -> Result:
        """Send what changed, nothing where only the state changes, and verify."""
        found = self.diff(id, state, new)
        if not found.sends:
            return self._result(id, new, state, state.get("unverified", []), [])
        try:
            live = self._read_before(id, state, found.changed) if self.offer.whole_body else None
        except errors.NotFoundError as error:
            raise error.advise("It was deleted outside Pulumi; run: pulumi refresh") from None
        try:
            shown = self._adapter().update(id, state, new, found.changed, live)
        except errors.NotFoundError as error:
            raise error.advise("It was deleted outside Pulumi; run: pulumi refresh") from None
        except errors.VendorError as error:
            arrived = error.may_have_arrived and self._has_arrived(id, state, new, found.changed)
            if arrived is None:
                # The state still holds the values from before, so another run sends it again; a refresh may see nothing.
                way_out = "run pulumi up again, which sends it again" if self._adapter().cannot_read else "run: pulumi refresh"
                raise error.advise(error.advice or f"Whether it was carried out is not known; {way_out}") from None
            if not arrived:
                raise
            shown = None
        return self._after_write(id, state, new, found.changed, shown, live)

    def delete(self, id: str, state: Plain) -> list[str]:
        """By the recorded ``on_delete``; gone already is success. Warnings for a person."""
        how = str(state.get("on_delete", default_fate(self.offer)))
        owner = self._owners.get(self.offer.identity(state) or id)
        if how != "retain" and owner not in (None, state.get("key")):
            # Renamed without an alias: the new resource has adopted it or written its settings by now.
            return [f"{id} is set by the resource {owner} now, so nothing was sent"]
        if how != "retain" and id in self._adopted:
            # A replacement that was asked for by hand: the new resource is this very object.
            if self.offer.identity(state) is not None:
                return [f"{id} was set again in this run, so nothing was sent"]
            return [f"{id} was adopted again in this run, so it is kept; remove adopt to have a new one made"]
        left = [fate(self.offer, id, state)] if how in self.offer.leaves else []
        if how == "retain":
            return left
        try:
            self._adapter().delete(id, state, how)
        finally:
            self._reader().forget()
        return left

    # ---- adoption ----

    def _adopt(self, id: str, new: Plain) -> Result:
        """Take over an existing object: compare first, send only what differs, never replace."""
        if self._adapter().cannot_read:
            note = f"{id} was adopted without being compared: {self._adapter().cannot_read}"
            return self._result(id, new, {}, sorted(self._sent_of(new)), [note])
        try:
            live = self._reader().one(id, new)
        except errors.NotFoundError as error:
            raise error.advise("adopt must name an existing object; without adopt a new one is created") from None
        self._adopted.add(id)
        differing = {name: value for name, value in self._sent_of(new).items() if not self._shows(live, name, value)}
        self._refuse_adoption(id, live, differing)
        # A value that nobody has seen is not overwritten: it stays as it is, and the state says that it is not verified.
        left = sorted(name for name in differing if name not in live.fields)
        changed = {name: value for name, value in differing.items() if name not in left}
        notes = [
            f"{name} of {id} could not be read, so it was neither compared nor sent; change it once to send it"
            for name in left
            if not self.offer.fields[name].replace
        ]
        if not changed:
            return self._result(id, new, self._keeping(live.computed, new, live, live), left, [*notes, *_condition(id, live)])
        shown = self._adapter().update(id, {**live.fields}, new, changed, live)
        result = self._after_write(id, live.computed, new, changed, shown, live)
        unverified = sorted({*result.outputs["unverified"], *left})
        return Result(id, {**result.outputs, "unverified": unverified}, result.inputs, notes + result.warnings)

    def _refuse_adoption(self, id: str, live: Live, differing: Plain) -> None:
        if live.mismatch:
            raise errors.UnsupportedError(f"{self.type_name}: adopt: {id} {live.mismatch}")
        for name in differing:
            if self.offer.fields[name].replace and name in live.fields:
                raise errors.UnsupportedError(
                    f"{self.type_name}: adopt: {id} has another {name}, which {self.vendor.title} cannot change; "
                    f"set {name} to the one it has, or remove adopt to create a new one"
                )

    # ---- writing ----

    def _read_before(self, id: str, state: Plain, changed: Plain) -> Live:
        """The object before everything of it is sent. A field that someone else changed and that we change too is a
        conflict; whatever else they changed is kept, because the adapter lays our changes over it."""
        live = self._reader().one(id, state)
        for name, value in changed.items():
            known, seen = state.get(name, ABSENT), name in live.fields
            if known is ABSENT and FOUND in self.offer.kept:
                continue  # Not ours until now: taken over as by a create, and what it was is kept.
            theirs = seen and not self._shows(live, name, known if known is not ABSENT else self.offer.fields[name].clear)
            if theirs and not self._shows(live, name, value) and self.rules.on_conflict != "overwrite":
                raise errors.ConflictError(
                    f"{self.type_name}: {id}: {name}",
                    "was changed by someone else since the last run, and the program changes it too",
                    advice="See both with: pulumi refresh; or set smsagents:onConflict to overwrite",
                )
        return live

    def _after_write(self, id: str, state: Plain, new: Plain, sent: Plain, shown: Live | None, before: Live | None = None) -> Result:
        """Read back what can be read. The write has happened: nothing here may lose it, so whatever goes wrong only leaves
        fields unverified."""
        self._reader().forget()
        kept = self._keeping(state, new, before, shown)
        if shown is None and self._adapter().cannot_read:
            return self._result(id, new, kept, sorted(self._sent_of(new)), [])
        try:
            live = shown or self._read_back(id, {**kept, **new}, sent)
            return self._compared(id, state, new, sent, live, before)
        except Exception as error:  # noqa: BLE001 - even a fault of ours must not cost the id of what exists now
            why = str(error) if isinstance(error, errors.SmsAgentsError) else f"internal error: {type(error).__name__}"
            note = f"{id} was written, but reading it back failed, so nothing of it is verified ({why}); run: pulumi refresh"
            return self._result(id, new, kept, sorted(self._sent_of(new)), [note])

    def _compared(self, id: str, state: Plain, new: Plain, sent: Plain, live: Live, before: Live | None) -> Result:
        """What the vendor shows after a write, held against what was sent."""
        kept = self._keeping(state, new, before, live)
        outputs, dropped = dict(new), []
        for name, value in sent.items():
            if name in live.fields and not self._shows(live, name, value):
                dropped.append(name)
                if not self.offer.fields[name].replace:
                    outputs[name] = live.fields[name]
        warnings = [self._dropped(id, name) for name in dropped]
        warnings += [f"{id} {remark}" for remark in keeping.remarks(self.offer, self.vendor.title, state, new, before, live)]
        for name in keeping.theirs(self.offer, new, sent, live) if before else ():
            outputs[name] = live.fields[name]
            warnings.append(f"{name} was changed by someone else since the last run and was left so; the next run puts it back")
        warnings += _condition(id, live)
        return self._result(id, outputs, {**kept, **live.computed}, self._unread(new, live), warnings, inputs=new)

    def _keeping(self, state: Plain, new: Plain, before: Live | None, after: Live | None) -> Plain:
        """`state`, with what our writes replaced where the offer keeps that."""
        if FOUND not in self.offer.kept:
            return state
        return {**state, FOUND: keeping.found(self.offer, state, new, before, after)}

    def _dropped(self, id: str, name: str) -> str:
        shown = f"{self.vendor.title} accepted {name} but shows another value"
        if self.offer.fields[name].replace:
            return f"{shown}, which cannot be changed any more; look at {id} and decide whether to keep it"
        return f"{shown}; the state holds what it shows"

    def _read_back(self, id: str, state: Plain, sent: Plain) -> Live:
        """The object after the write. A vendor may show it, or the new values, a moment late."""
        for pause in (*PAUSES, None):
            try:
                live = self._reader().one(id, state)
            except errors.NotFoundError:
                if pause is None:
                    raise
            else:
                if pause is None or all(self._shows(live, n, v) for n, v in sent.items() if n in live.fields):
                    return live
            self._pause(pause)
        raise AssertionError("the last attempt returns or raises")

    def _half_done(self, made: Made, new: Plain) -> Result:
        """The object exists and has to be recorded, although not everything of it could be set. What is missing stays
        out of the outputs, so that the next run sees it as a change and finishes it."""
        self._reader().forget()
        note = f"{made.id} exists, but {made.unfinished}; run pulumi up again to finish it"
        done = {name: value for name, value in new.items() if name not in made.undone}
        return self._result(made.id, done, made.outputs, sorted(self._sent_of(done)), [note], inputs=new)

    def _has_arrived(self, id: str, state: Plain, new: Plain, changed: Plain) -> bool | None:
        """Whether an update without a proper answer shows at the vendor, or None where that cannot be seen."""
        if self._adapter().cannot_read:
            return None
        try:
            live = self._reader().one(id, {**state, **new})
        except errors.VendorError:
            return None
        return all(name in live.fields and self._shows(live, name, value) for name, value in changed.items())

    # ---- reading ----

    def _look_up(self, id: str, inputs: Plain) -> Result:
        """A `.get()`: only the id is known, and perhaps a few inputs."""
        if self._adapter().cannot_read:
            raise errors.UnsupportedError(f"{self.type_name}.get: {self._adapter().cannot_read}")
        live = self._reader().one(id, inputs)
        outputs = {**self._declared(inputs), **live.fields}
        unread = sorted(name for name, rule in self.offer.fields.items() if rule.role == "sent" and name not in live.fields)
        return self._result(id, outputs, live.computed, unread, _condition(id, live))

    def _refreshed(self, id: str, state: Plain, live: Live) -> Result:
        """Managed fields only: what the program never set is not ours to compare. A value that is the same in the
        vendor's spelling keeps ours, so that a refresh without a change is empty."""
        outputs, notes = self._declared(state), []
        for name in self._sent_of(state):
            if name not in live.fields or self._shows(live, name, state[name]):
                continue
            if self.offer.fields[name].replace:
                notes.append(f"{id} shows another {name}, which cannot change; the recorded one is kept")
            else:
                outputs[name] = live.fields[name]
        return self._result(id, outputs, {**state, **live.computed}, self._unread(state, live), [*notes, *_condition(id, live)])

    def _shows(self, live: Live, name: str, wanted: Any) -> bool:
        found = live.fields.get(name, ABSENT)
        return found is not ABSENT and wanted is not ABSENT and self.offer.fields[name].same(wanted, found)

    def _unread(self, declared: Mapping[str, Any], live: Live) -> list[str]:
        return sorted(name for name in self._sent_of(declared) if name not in live.fields or name in live.passing)

    # ---- the shape of the state ----

    def _result(
        self,
        id: str,
        declared: Plain,
        computed: Mapping[str, Any],
        unverified: list[str],
        warnings: list[str],
        inputs: Plain | None = None,
    ) -> Result:
        """The one place that builds outputs: every input, the vendor's id, what it computes, and what is unverified."""
        known = {name: computed[name] for name in (*self.offer.computed, *self.offer.kept) if name in computed}
        own_id = {self.offer.id_output: id} if self.offer.id_output else {}
        outputs = {"on_delete": default_fate(self.offer), **self._declared(declared), **known, **own_id, "unverified": unverified}
        return Result(id, outputs, self._declared(inputs if inputs is not None else declared), warnings)

    def _declared(self, values: Mapping[str, Any]) -> Plain:
        return {name: values[name] for name in (*COMMON, *self.offer.fields) if name in values}

    def _sent_of(self, values: Mapping[str, Any], *, once: bool = False) -> Plain:
        roles = ("sent", "once", "way") if once else ("sent",)
        return {name: values[name] for name, rule in self.offer.fields.items() if rule.role in roles and name in values}

    # ---- the connection ----

    def _adapter(self) -> Adapter:
        return self._connected()[0]

    def _reader(self) -> Reader:
        return self._connected()[1]

    def _connected(self) -> tuple[Adapter, Reader]:
        with self._lock:
            if self._session is None:
                adapter = self.offer.adapter(self._connect())
                self._session = adapter, Reader(adapter, list_only=self.offer.list_only)
            return self._session


def _condition(id: str, live: Live) -> list[str]:
    return [f"{id} {live.warning}"] if live.warning else []
