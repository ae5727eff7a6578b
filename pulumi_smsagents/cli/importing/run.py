"""The whole of an import: read, judge, write, tell."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ... import connect, errors
from ...values import Plain
from ...vendors.base import Live, Offer, Vendor
from .. import console, which
from .. import project as pulumi_project
from . import folder, project
from .account import Account, unreadable
from .judge import Entry, Judge, LeftOutError
from .requirement import requirement

_SHOWN = 60


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. `given`: owners, by the name of the input."""

    vendor: str
    ids: tuple[str, ...]
    out: Path
    given: Plain = field(default_factory=dict)
    stack: str = ""


@dataclass(frozen=True)
class Remark:
    """What stays out of the program: a whole object, or with `field` one field of it."""

    id: str
    called: str
    reason: str
    field: str = ""

    def __str__(self) -> str:
        name = f"{self.called} ({self.id})" if self.called else self.id
        return f"{name}: {self.field}: {self.reason}; left out, so it stays as it is" if self.field else f"{name}: left out: {self.reason}"

    def as_json(self) -> dict[str, str]:
        """For a program."""
        return {"id": self.id, "name": self.called, "field": self.field, "reason": self.reason}


@dataclass(frozen=True)
class Outcome:
    """What was written, and what was not."""

    vendor: Vendor
    out: Path
    files: tuple[str, ...]
    resources: tuple[project.Resource, ...]
    left_out: tuple[Remark, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        made = [{"type": each.type_name, "name": each.name, "id": each.entry.id} for each in self.resources]
        left = [remark.as_json() for remark in self.left_out]
        return {"folder": str(self.out), "files": list(self.files), "resources": made, "left_out": left, "notes": list(self.notes)}

    def show(self) -> None:
        """For a person."""
        for each in self.resources:
            console.show(f"{each.type_name} {each.name} {each.entry.id}")
        for remark in self.left_out:
            console.warn(str(remark))
        for note in self.notes:
            console.say(note)
        console.say(f"{_count(len(self.resources))} in {self.out}. Next:")
        for line in self._next():
            console.say(f"  {line}")

    def _next(self) -> Iterator[str]:
        if self.out.resolve() != Path.cwd():
            yield f"cd {shlex.quote(str(self.out))}"
        yield "pulumi install"
        yield "pulumi stack init dev"
        yield f"pulumi config set --secret smsagents:{self.vendor.name}ApiKey"
        yield "pulumi up"


def run(wanted: Wanted) -> Outcome:
    """Read everything, then write everything; on any error nothing is written."""
    vendor = which.vendor(wanted.vendor)
    (offer,) = vendor.offers  # with a second kind the command would need a word for which
    folder.refuse(wanted.out)
    _refuse_foreign(vendor, offer, wanted.given)
    settings = pulumi_project.settings(wanted.stack)
    reason = unreadable(vendor, offer, settings)
    if reason:
        raise errors.UnsupportedError(f"{vendor.name}: nothing can be imported: {reason}; {_way_out(vendor)}")
    client = connect.client_for(vendor, settings)
    lives = _read(Account(vendor, offer, offer.adapter(client), wanted.given), vendor, wanted)
    judge = Judge(connect.lifecycle(vendor, offer, settings), wanted.given)
    entries, left_out = _judged(judge, lives, wanted)
    if not entries:
        raise errors.ConfigurationError(_nothing(vendor, left_out, wanted.given))
    notes = tuple(_notes(judge, entries))
    contents, resources = project.files(
        entries,
        title=f"What {vendor.title} held when this was imported: {_count(len(entries))}",
        project=project.project_name(wanted.out.resolve().name),
        requirement=requirement(),
        settings=dict(_kept(vendor, settings)),
        remarks=[textwrap.fill(remark, 88) for remark in (*_remarks(entries), *notes)],
    )
    folder.write(wanted.out, contents)
    return Outcome(vendor, wanted.out, tuple(sorted(contents)), tuple(resources), tuple(left_out), notes)


# ---- what is asked for ----


def _refuse_foreign(vendor: Vendor, offer: Offer, given: Plain) -> None:
    for name in given:
        if name not in offer.listed_by:
            raise errors.ConfigurationError(f"--{name.replace('_', '-')}: {vendor.title} has no such owners; leave it out")


def _way_out(vendor: Vendor) -> str:
    path = f"set smsagents:{vendor.name}ReadPath if you know one, or " if "ReadPath" in vendor.options else ""
    return f"{path}write its fields in your program with adopt='<its id>', which takes it over and sends nothing"


# ---- reading ----


def _read(account: Account, vendor: Vendor, wanted: Wanted) -> list[Live]:
    with console.progress(f"Listing what {vendor.title} holds"):
        ids = list(dict.fromkeys(wanted.ids))
        every = [(id, wanted.given) for id in ids] if ids else account.everything()
    with console.progress(f"Reading from {vendor.title}", len(every)) as step:
        return account.read(every, step)


# ---- judging ----


def _judged(judge: Judge, lives: Iterable[Live], wanted: Wanted) -> tuple[list[Entry], list[Remark]]:
    entries: list[Entry] = []
    remarks: list[Remark] = []
    for live in lives:
        called = _called(judge.lifecycle.offer, live)
        try:
            if not wanted.ids:
                _refuse_bystander(live, wanted.given)
            entry = judge.entry(live)
        except LeftOutError as reason:
            if wanted.ids:
                raise errors.UnsupportedError(
                    f"{judge.lifecycle.type_name}: {console.clean(live.id)}: {reason}; nothing was written"
                ) from None
            remarks.append(Remark(live.id, called, str(reason)))
        else:
            entries.append(entry)
            remarks += [Remark(live.id, called, problem.text, problem.path) for problem in entry.left_out]
    return entries, remarks


def _refuse_bystander(live: Live, given: Plain) -> None:
    """Of a whole account, what belongs to somebody else, or is no longer at work, is not asked for."""
    for name, value in given.items():
        if live.fields.get(name, value) != value:
            raise LeftOutError(f"it has another {name}")
    if live.warning:
        raise LeftOutError(f"{live.warning}; to import it all the same, name its id")


def _called(offer: Offer, live: Live) -> str:
    text = " ".join(console.clean(str({**live.computed, **live.fields}.get(offer.called) or "")).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


# ---- telling ----


def _count(number: int) -> str:
    return "1 resource" if number == 1 else f"{number} resources"


def _nothing(vendor: Vendor, left_out: list[Remark], given: Plain) -> str:
    if not left_out:
        told = "".join(f"--{name.replace('_', '-')}, " for name in given)
        check = f"check {told}the key and the address: smsagents doctor {vendor.name}"
        return f"{vendor.title} holds nothing there, so nothing was written; {check}"
    more = f" (and {len(left_out) - 1} more)" if len(left_out) > 1 else ""
    return f"{vendor.title}: nothing can be imported, so nothing was written: {left_out[0]}{more}"


def _remarks(entries: list[Entry]) -> Iterator[str]:
    """What a reader of the program should know."""
    yield (
        "adopt takes an object over when its resource is created: nothing is sent where it is as the program says. Leave it in: "
        "should the state be lost one day, it keeps the program from creating everything again."
    )
    if any(entry.on_delete for entry in entries):
        yield 'on_delete="retain" leaves an object where it is when its resource goes; without it, it would be deleted for good.'


def _notes(judge: Judge, entries: list[Entry]) -> Iterator[str]:
    title, offer = judge.lifecycle.vendor.title, judge.lifecycle.offer
    if judge.unseen:
        fields = [name for name in offer.fields if name in judge.unseen]
        yield f"{title} does not show {_and(fields)}: the program does not set what it did not see, which stays as it is."
    delicate = [name for name, rule in offer.fields.items() if rule.delicate and any(name in entry.fields for entry in entries)]
    if delicate:
        yield f"{_and(delicate)} may hold a token. If so, move it out of the program, with: pulumi config set --secret"


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


# ---- the project ----


def _kept(vendor: Vendor, settings: connect.Settings) -> Iterator[tuple[str, str]]:
    """What leads to the same account, but for the key."""
    found = {"BaseUrl": settings.base_url(vendor), **{name: settings.option(vendor, name) for name in vendor.options}}
    for name, setting in found.items():
        if setting is not None and setting.source != "default":
            yield f"{vendor.name}{name}", setting.value
