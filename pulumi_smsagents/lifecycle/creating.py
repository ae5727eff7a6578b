"""One create, once: through the journal, through the vendor's list, or not at all without a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .. import errors
from ..journal import CREATED, OPEN, Entry, Journal, Target, fingerprint, spoken
from ..values import ABSENT, Plain
from ..vendors.base import Live, Made, Once
from .account import Account
from .adopting import Adopting
from .finding import Finder, mark, waits
from .shape import Result, Shape

SENDING = 120.0
"""Seconds that may lie between the begin of a create and its request: its turn has to come, and what surely did not arrive
is sent again."""


class Creating:
    """One per connection to a vendor account. Thread-safe."""

    def __init__(self, account: Account) -> None:
        self._a = account
        self._shape = Shape(account.offer)
        self._adopting = Adopting(account)
        self._finder = Finder(account.offer, account.adapter, self._known, account.pause)

    # ---- the verb ----

    def create(self, new: Plain) -> Result:
        """At most one object, whatever happened before and happens now."""
        once = self._a.offer.once
        if new.get("adopt"):
            return self._adopting.adopt(str(new["adopt"]), new)
        if once is None:
            return self._adopting.set_up(new)
        target = self._a.target(new)
        journal = self._a.journals.of(target.key)
        wanted = self._shape.sent(new, once=True)
        # Of two creates that ask for the same, the second has to know what came of the first.
        alike = "" if once.money else fingerprint(wanted)
        with self._a.journals.alone(f"{target}", f"{target.vendor} {target.kind} {target.where} {alike}"), self._first(target.key):
            return self._resumed(once, journal, target, new) or self._made(once, journal, target, new, wanted)

    @contextmanager
    def _first(self, key: str) -> Iterator[None]:
        """Two resources may share type, name and so key under different parents: the second would take the first's object."""
        if not self._a.owners.begin(key):
            raise errors.UnsupportedError(
                f"{self._type}: two resources of this program are called {key} (under different parents); give one of them another name"
            )
        try:
            yield
        except BaseException:
            self._a.owners.undo(key)
            raise

    def _made(self, once: Once, journal: Journal, target: Target, new: Plain, wanted: Plain) -> Result:
        """A new one."""
        listed = self._listed(new) if once.money else []
        before = [id for live in listed for id in (live.id, *live.aliases)] if once.money else None
        held = next((live for live in listed if live.id == once.id_asked_for(new)), None)
        asked = {name: self._a.offer.fields[name].canonical(value) for name, value in wanted.items()}
        entry = journal.intend(target, asked, before)
        made, tries = self._sent(once, journal, entry, wanted, held, new)
        if isinstance(made, Made):
            unrecorded = self._unrecorded(journal, entry, made.id)
            result = self._finished(made, new).saying(unrecorded)
        else:
            result = self._found(journal, journal.created(entry, made.id), new)
        return result.saying(self._second(once, entry, new, result.id)) if tries > 1 else result

    def _unrecorded(self, journal: Journal, entry: Entry, id: str) -> list[str]:
        """A disk that is full by now must not cost the id of what exists: the state takes it all the same."""
        try:
            journal.created(entry, id)
        except errors.JournalError:
            way_out = f"make room there, then run: smsagents resolve {entry.target.key} --adopt {id}"
            return [f"{id} was made, but that could not be written to {journal.path}; {way_out}"]
        return []

    def _found(self, journal: Journal, entry: Entry, new: Plain) -> Result:
        """What the list showed, taken over."""
        result = self._taken_over(journal, entry, new, "is taken for what the create made, whose answer was lost")
        if result is None:
            raise errors.UncertainError(f"{entry.target.key}: {entry.id} was made and is gone again; run pulumi up again to have a new one")
        return result

    def _sent(self, once: Once, journal: Journal, entry: Entry, wanted: Plain, held: Live | None, new: Plain) -> tuple[Made | Live, int]:
        """What the vendor answered, or the object where it was found without a proper answer; and how often it was asked."""
        tries = 0
        while True:
            tries += 1
            try:
                return self._a.adapter.create(wanted, held), tries
            except errors.VendorError as error:
                if not error.may_have_arrived:
                    if tries == 1:
                        journal.not_created(entry)
                    raise
                found = self._looked_for(once, entry, new, error)
                if found is not None:
                    return found, tries
                if tries > once.again:
                    raise error.advise(self._later(entry.target)) from None

    def _looked_for(self, once: Once, entry: Entry, new: Plain, error: errors.VendorError) -> Live | None:
        """The object, after an answer that left it open whether there is one."""
        if not once.listed:
            raise error.advise(self._by_hand(entry.target)) from None
        try:
            return self._finder.find(once, entry, new, self._window(once))
        except errors.VendorError:
            raise error.advise(self._later(entry.target)) from None

    def _finished(self, made: Made, new: Plain) -> Result:
        if not made.late:
            return self._a.writing.finish(made.id, made.outputs, new, self._shape.sent(new), made.live)
        late = {name: new[name] for name in made.late}
        try:
            shown = self._a.adapter.update(made.id, {}, new, late, None)
        except errors.VendorError as error:
            # It exists and may be billed: it has to be recorded, whatever became of the rest.
            return self._a.writing.half_done(made, new, f"{', '.join(late)} could not be set ({error})")
        return self._a.writing.finish(made.id, made.outputs, new, self._shape.sent(new), shown)

    def _second(self, once: Once, entry: Entry, new: Plain, made: str) -> list[str]:
        """Where it was sent twice: whether both arrived after all. Nothing is deleted by comparison."""
        self._a.pause(self._window(once))
        try:
            others = self._finder.others(once, entry, new, made)
        except errors.VendorError as error:
            return [f"it was sent more than once, and whether two exist could not be looked at ({error}); look for a second one"]
        return [
            f"it was sent more than once, and {id} may be a second one that nothing refers to; look at it, and delete it by hand"
            for id in others
        ]

    # ---- what an earlier run left ----

    def _resumed(self, once: Once, journal: Journal, target: Target, new: Plain) -> Result | None:
        """The object of a create whose end no state holds; None where there is none."""
        if not journal.unfinished(target):
            return None
        for entry in (each for each in journal.unfinished(target) if each.state == OPEN):
            self._refuse_other(entry, new, "may have been made")
            if not once.listed:
                raise errors.UncertainError(f"{self._type}: {self._cut_off(entry)}. {self._by_hand(target)}")
            live = self._finder.find(once, entry, new, self._unlisted(once, entry))
            if live is None:
                journal.not_created(entry)
            else:
                journal.created(entry, live.id)
        for entry in (each for each in journal.unfinished(target) if each.state == CREATED):
            self._refuse_other(entry, new, "was made")
            when = spoken(entry.ended or entry.begun)
            result = self._taken_over(
                journal, entry, new, f"was made at {when} and no state held it; it is taken over, and nothing was made"
            )
            if result is not None:
                return result
        return None

    def _unlisted(self, once: Once, entry: Entry) -> float:
        """For how many seconds the list may not show yet what a create made: it may have gone out long after it began, and
        nobody knows when it was cut off."""
        window = self._window(once)
        return max(0.0, min(window, entry.begun + SENDING + window - self._a.journals.clock()))

    def _taken_over(self, journal: Journal, entry: Entry, new: Plain, why: str) -> Result | None:
        """The journal's object, brought to what is wanted; None where it is gone."""
        changed = self._asked_anew(entry, new)
        note = f"{entry.id} {why}"
        if self._a.adapter.cannot_read:
            result = self._shape.result(entry.id, new, {}, sorted(self._shape.sent(new)), [])
            if changed:
                self._a.adapter.update(entry.id, {}, new, changed, None)
            return result.saying([note])
        try:
            live = self._read_young(entry, new)
        except errors.NotFoundError:
            journal.not_created(entry)
            return None
        except errors.ResponseError as error:
            if error.status != 404:
                raise
            # No proof, at this vendor: a person has to look.
            advice = f"It was made by an earlier run; if it is gone, run: smsagents resolve {entry.target.key} --not-created"
            raise error.advise(advice) from None
        return self._adopting.compared(entry.id, new, live, changed, entry.fields).saying([note])

    def _asked_anew(self, entry: Entry, new: Plain) -> Plain:
        """The fields that the program sets otherwise than when the object was asked for, or no longer sets."""
        rules, sent = self._a.offer.fields, self._shape.sent(new)
        dropped = {name: rules[name].clear for name in entry.fields if name not in sent and rules[name].role == "sent"}
        cleared = {name: value for name, value in dropped.items() if value is not ABSENT and not rules[name].replace}
        return {name: value for name, value in {**cleared, **sent}.items() if entry.fields.get(name) != mark(rules[name], value)}

    def _read_young(self, entry: Entry, new: Plain) -> Live:
        """The object, which the vendor may show a moment late."""
        once = self._a.offer.once
        young = max(0.0, (entry.ended or entry.begun) + self._window(once) - self._a.journals.clock()) if once else 0.0
        for pause in (*waits(young), None):
            try:
                return self._a.reader.shared(entry.id, new, frozenset())
            except errors.NotFoundError:
                if pause is None:
                    raise
                self._a.reader.forget()
                self._a.pause(pause)
        raise AssertionError("the last attempt returns or raises")

    def _refuse_other(self, entry: Entry, new: Plain, what: str) -> None:
        """An object cannot become another one: then a person decides what happens to it."""
        rules = self._a.offer.fields
        wanted = self._shape.sent(new, once=True)
        fixed = [name for name, rule in rules.items() if rule.replace and name in {*entry.fields, *wanted}]
        other = [name for name in fixed if not (rules[name].loosen and name not in wanted) and not self._unchanged(entry, wanted, name)]
        if other:
            names, object = " and ".join(other), entry.id or "an object"
            raise errors.UncertainError(
                f"{self._type}: {self._cut_off(entry)}: {object} {what}, with another {names}. Set {names} back for one run, which takes "
                f"it over; or look at it at {self._a.vendor.title} and run: smsagents resolve {entry.target.key} --not-created"
            )

    def _unchanged(self, entry: Entry, wanted: Plain, name: str) -> bool:
        return name in wanted and entry.fields.get(name) == mark(self._a.offer.fields[name], wanted[name])

    # ---- small things ----

    @property
    def _type(self) -> str:
        return self._a.type_name

    def _window(self, once: Once) -> float:
        return once.window if self._a.window is None else self._a.window

    def _known(self, target: Target) -> set[str]:
        return self._a.journals.known(target) | self._a.owners.ids_of_others(target.key)

    def _listed(self, new: Plain) -> list[Live]:
        return list(self._a.adapter.list(self._a.adapter.scope(new)))

    def _cut_off(self, entry: Entry) -> str:
        return f"the create of {entry.target.key} at {spoken(entry.begun)} was cut off"

    def _later(self, target: Target) -> str:
        return (
            f"Whether {target.key} exists is not known: run pulumi up again, which looks for it before it makes another; "
            f"or settle it with: smsagents resolve {target.key}"
        )

    def _by_hand(self, target: Target) -> str:
        return f"{self._a.offer.lost_create}run: smsagents resolve {target.key} --not-created"
