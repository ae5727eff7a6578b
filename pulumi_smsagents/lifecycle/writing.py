"""Around a write: what is looked at before it, and how what came of it is told honestly."""

from __future__ import annotations

from collections.abc import Callable

from .. import errors
from ..values import ABSENT, Plain
from ..vendors.base import FOUND, Adapter, Live, Made, Offer, Vendor
from . import whole_bodies
from .reading import Reader
from .shape import Result, Shape, condition

PAUSES = (0.5, 1.0, 2.0)
"""Seconds between reads while the vendor still shows the values from before a write."""


class Writing:
    """One per connection to a vendor account."""

    def __init__(
        self, vendor: Vendor, offer: Offer, adapter: Adapter, reader: Reader, pause: Callable[[float], None], *, overwrite: bool
    ) -> None:
        """`overwrite`: what someone else changed meanwhile gives way."""
        self._vendor, self._offer, self._shape = vendor, offer, Shape(offer)
        self._adapter, self._reader, self._pause, self._overwrite = adapter, reader, pause, overwrite

    def read_before(self, id: str, state: Plain, changed: Plain) -> Live:
        """The object before everything of it is sent. A field that someone else changed and that we change too is a
        conflict; whatever else they changed is kept, because the adapter lays our changes over it."""
        live = self._reader.one(id, state)
        for name, value in changed.items():
            known, seen = state.get(name, ABSENT), name in live.fields
            if known is ABSENT and FOUND in self._offer.kept:
                continue  # Not ours until now: taken over as by a create, and what it was is kept.
            theirs = seen and not self._shape.shows(live, name, known if known is not ABSENT else self._offer.fields[name].clear)
            if theirs and not self._shape.shows(live, name, value) and not self._overwrite:
                raise errors.ConflictError(
                    f"{self._vendor.name}.{self._offer.kind}: {id}: {name}",
                    "was changed by someone else since the last run, and the program changes it too",
                    advice="See both with: pulumi refresh; or set smsagents:onConflict to overwrite",
                )
        return live

    def finish(self, id: str, state: Plain, new: Plain, sent: Plain, shown: Live | None, before: Live | None = None) -> Result:
        """Read back what can be read. The write has happened: nothing here may lose it, so whatever goes wrong only leaves
        fields unverified."""
        self._reader.forget()
        kept = self.keeping(state, new, before, shown)
        if shown is None and self._adapter.cannot_read:
            return self._shape.result(id, new, kept, sorted(self._shape.sent(new)), [])
        try:
            live = shown or self._read_back(id, {**kept, **new}, sent)
            return self._compared(id, state, new, sent, live, before)
        except Exception as error:  # noqa: BLE001 - even a fault of ours must not cost the id of what exists now
            why = str(error) if isinstance(error, errors.SmsAgentsError) else f"internal error: {type(error).__name__}"
            note = f"{id} was written, but reading it back failed, so nothing of it is verified ({why}); run: pulumi refresh"
            return self._shape.result(id, new, kept, sorted(self._shape.sent(new)), [note])

    def _compared(self, id: str, state: Plain, new: Plain, sent: Plain, live: Live, before: Live | None) -> Result:
        """What the vendor shows after a write, held against what was sent."""
        kept = self.keeping(state, new, before, live)
        outputs, dropped = dict(new), []
        for name, value in sent.items():
            if name in live.fields and not self._shape.shows(live, name, value):
                dropped.append(name)
                if not self._offer.fields[name].replace:
                    outputs[name] = live.fields[name]
        warnings = [self._dropped(id, name) for name in dropped]
        warnings += [f"{id} {remark}" for remark in whole_bodies.remarks(self._offer, self._vendor.title, state, new, before, live)]
        for name in whole_bodies.theirs(self._offer, new, sent, live):
            outputs[name] = live.fields[name]
            warnings.append(f"{name} was changed by someone else since the last run and was left so; the next run puts it back")
        warnings += condition(id, live)
        return self._shape.result(id, outputs, {**kept, **live.computed}, self._shape.unread(new, live), warnings, inputs=new)

    def keeping(self, state: Plain, new: Plain, before: Live | None, after: Live | None) -> Plain:
        """`state`, with what our writes replaced where the offer keeps that."""
        if FOUND not in self._offer.kept:
            return state
        return {**state, FOUND: whole_bodies.found(self._offer, state, new, before, after)}

    def _dropped(self, id: str, name: str) -> str:
        shown = f"{self._vendor.title} accepted {name} but shows another value"
        if self._offer.fields[name].replace:
            return f"{shown}, which cannot be changed any more; look at {id} and decide whether to keep it"
        return f"{shown}; the state holds what it shows"

    def _read_back(self, id: str, state: Plain, sent: Plain) -> Live:
        """The object after the write. A vendor may show it, or the new values, a moment late."""
        for pause in (*PAUSES, None):
            try:
                live = self._reader.one(id, state)
            except errors.NotFoundError:
                if pause is None:
                    raise
            else:
                if pause is None or all(self._shape.shows(live, n, v) for n, v in sent.items() if n in live.fields):
                    return live
            self._pause(pause)
        raise AssertionError("the last attempt returns or raises")

    def half_done(self, made: Made, new: Plain, what: str) -> Result:
        """The object exists and has to be recorded, although not everything of it could be set. What is missing stays
        out of the outputs, so that the next run sees it as a change and finishes it."""
        self._reader.forget()
        note = f"{made.id} exists, but {what}; run pulumi up again to finish it"
        done = {name: value for name, value in new.items() if name not in made.late}
        return self._shape.result(made.id, done, made.outputs, sorted(self._shape.sent(done)), [note], inputs=new)

    def has_arrived(self, id: str, state: Plain, new: Plain, changed: Plain) -> bool | None:
        """Whether an update without a proper answer shows at the vendor, or None where that cannot be seen."""
        if self._adapter.cannot_read:
            return None
        try:
            live = self._reader.one(id, {**state, **new})
        except errors.VendorError:
            return None
        return all(name in live.fields and self._shape.shows(live, name, value) for name, value in changed.items())
