"""Objects that exist without us: taken over by their id, or, as the configuration of a number, by being set up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from .. import errors
from ..values import Plain
from ..vendors.base import FOUND, Live
from .account import Account
from .shape import Result, Shape, condition


class Adopting:
    """One per connection to a vendor account."""

    def __init__(self, account: Account) -> None:
        self._a = account
        self._shape = Shape(account.offer)

    def set_up(self, new: Plain) -> Result:
        """The configuration of a number: sending it twice does no harm."""
        wanted = self._shape.sent(new, once=True)
        before = self._a.offer.prior(self._a.adapter, wanted) if self._a.offer.prior else None
        first = self._first(self._a.offer.identity(new) or "", new, before, writes=True)
        try:
            made = self._a.adapter.create(wanted, before)
        except errors.VendorError as error:
            if not error.may_have_arrived:
                self._forget(self._a.offer.identity(new) or "", new, before, first)
            advice = ". ".join(filter(None, (error.advice, self._a.offer.lost_create)))
            raise (error.advise(advice) if error.may_have_arrived else error) from None
        self._a.owners.take(made.id)
        return self._a.writing.finish(made.id, made.outputs, new, self._shape.sent(new), made.live, first)

    def _first(self, id: str, new: Plain, before: Live | None, *, writes: bool) -> Live | None:
        """What stood there before us: by the journal, where an earlier run has begun to write over it. Nothing is noted
        too: the next run would take our own configuration for what was there."""
        if FOUND not in self._a.offer.kept:
            return before
        target = self._a.target(new)
        journal = self._a.journals.of(target.key)
        left = [entry for entry in journal.unfinished(target) if entry.found is not None and entry.id == id]
        shown = before.fields if before else {}
        if left:
            return replace(before or Live(id), fields={**dict.fromkeys(shown), **(left[-1].found or {})})
        if writes:
            journal.found(target, id, {name: value for name, value in shown.items() if value is not None})
        return before

    def _forget(self, id: str, new: Plain, before: Live | None, first: Live | None) -> None:
        """A first write was refused. If all is as it was, the next run has to note it as it is then: somebody may change it."""
        if FOUND not in self._a.offer.kept or self._a.offer.prior is None or first is not before:
            return
        try:
            now = self._a.offer.prior(self._a.adapter, new)
        except errors.SmsAgentsError:
            return
        if (now and now.fields) == (before and before.fields):
            target = self._a.target(new)
            journal = self._a.journals.of(target.key)
            for entry in [each for each in journal.unfinished(target) if each.found is not None and each.id == id]:
                journal.not_created(entry)

    def adopt(self, id: str, new: Plain) -> Result:
        """Take over an existing object: compare first, send only what differs, never replace."""
        if self._a.adapter.cannot_read:
            note = f"{id} was adopted without being compared: {self._a.adapter.cannot_read}"
            result = self._shape.result(id, new, {}, sorted(self._shape.sent(new)), [note])
        else:
            try:
                live = self._a.reader.one(id, new)
            except errors.NotFoundError as error:
                raise error.advise("adopt must name an existing object; without adopt a new one is created") from None
            result = self.compared(id, new, live, {})
        return result.saying(self._closed(id, new))

    def _closed(self, id: str, new: Plain) -> list[str]:
        """A person has said which object it is: what was open about it is settled."""
        if self._a.offer.once is None or "key" not in new:
            return []
        target = self._a.target(new)
        journal = self._a.journals.of(target.key)
        left = journal.unfinished(target)
        for entry in left:
            if not entry.id:
                journal.created(entry, id)
        others = [entry.id for entry in left if entry.id not in ("", id)]
        return [f"{other} was made by an earlier run too and is in no state; see: smsagents resolve {target.key}" for other in others]

    def compared(self, id: str, new: Plain, live: Live, ours: Plain, carried: Collection[str] = ()) -> Result:
        """An object that exists, brought to what is wanted. `ours`: fields that are known to stand otherwise, seen or not;
        with those that are to be cleared. `carried`: fields that our own create asked for, of which there is nothing to tell a person."""
        self._a.owners.take(id)
        wanted = {**ours, **self._shape.sent(new)}
        differing = {name: value for name, value in wanted.items() if not self._shape.shows(live, name, value)}
        self._refuse_adoption(id, live, differing)
        # A value that nobody has seen is not overwritten: it stays as it is, and the state says that it is not verified.
        left = sorted(name for name in differing if name not in live.fields and name not in ours)
        changed = {name: value for name, value in differing.items() if name not in left}
        notes = [
            f"{name} of {id} could not be read, so it was neither compared nor sent; change it once to send it"
            for name in left
            if name not in carried and not self._a.offer.fields[name].replace
        ]
        writing = self._a.writing
        first = self._first(id, new, live, writes=bool(changed))
        if not changed:
            return self._shape.result(id, new, writing.keeping(live.computed, new, first, live), left, [*notes, *condition(id, live)])
        shown = self._updated(id, new, changed, live)
        result = writing.finish(id, live.computed, new, changed, shown, first)
        unverified = sorted({*result.outputs["unverified"], *left})
        return Result(id, {**result.outputs, "unverified": unverified}, result.inputs, notes + result.warnings)

    def _updated(self, id: str, new: Plain, changed: Plain, live: Live) -> Live | None:
        try:
            return self._a.adapter.update(id, {**live.fields}, new, changed, live)
        except errors.VendorError as error:
            if error.may_have_arrived and not error.advice:
                error.advise("Whether it was carried out is not known; run pulumi up again, which compares it first")
            raise

    def _refuse_adoption(self, id: str, live: Live, differing: Plain) -> None:
        if live.mismatch:
            raise errors.UnsupportedError(f"{self._a.type_name}: adopt: {id} {live.mismatch}")
        for name in differing:
            if self._a.offer.fields[name].replace and name in live.fields:
                raise errors.UnsupportedError(
                    f"{self._a.type_name}: adopt: {id} has another {name}, which {self._a.vendor.title} cannot change; "
                    f"set {name} to the one it has, or remove adopt to create a new one"
                )
