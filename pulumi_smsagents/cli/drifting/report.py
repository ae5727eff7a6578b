"""What `smsagents drift` found, for a person, for a program and for a pull request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from .. import console
from .compare import CLEAN, DRIFTED, FAILED, GONE, UNREAD, Compared, Drift
from .texts import one_line, unified

_STYLES = {CLEAN: "green", DRIFTED: "bold yellow", GONE: "bold red", UNREAD: "cyan", FAILED: "bold red"}
_LINES = 60
"""Lines of one text that go into a comment; the whole of a long prompt would hide the rest."""

_LETTERS = 60_000
"""What a comment may hold; GitHub refuses more than 65,536."""


@dataclass(frozen=True)
class Report:
    """All that was compared. `source`: where the state came from."""

    source: str
    compared: list[Compared]
    accept_unreadable: bool = False

    @property
    def code(self) -> int:
        """What was found for certain comes first; then what nobody can tell."""
        if any(each.state in (DRIFTED, GONE) for each in self.compared):
            return console.FOUND
        unknown = any(each.cannot_tell(accept_unreadable=self.accept_unreadable) for each in self.compared)
        return console.FAILED if unknown else console.CLEAN

    @property
    def summary(self) -> str:
        """``"5 resources: 3 clean, 1 drifted, 1 unverified"``."""
        counts = Counter(each.state for each in self.compared)
        told = ", ".join(f"{counts[state]} {state}" for state in (CLEAN, DRIFTED, GONE, UNREAD, FAILED) if counts[state])
        return (
            f"{len(self.compared)} resource{'' if len(self.compared) == 1 else 's'}: {told}" if told else "no resources of pulumi-smsagents"
        )

    def of(self, state: str) -> list[Compared]:
        """Those in this state."""
        return [each for each in self.compared if each.state == state]

    def next(self) -> Iterator[str]:
        """What to do now."""
        if self.of(DRIFTED):
            yield "to put the recorded values back: pulumi up --refresh; to keep the vendor's: write them into the program first"
        if self.of(GONE):
            yield "to make again what is gone: pulumi up --refresh"
        if self.of(FAILED):
            yield "to see which vendor does not answer, and why: smsagents doctor"
        accepted = [each for each in self.compared if set(each.unread) & each.expected]
        if accepted and not self.accept_unreadable:
            yield "to accept what a vendor never shows: smsagents drift --accept-unreadable"


# ---- for a program ----


def as_json(report: Report) -> dict[str, Any]:
    """Everything but secret values."""
    return {
        "source": report.source,
        "code": report.code,
        "summary": {state: len(report.of(state)) for state in (CLEAN, DRIFTED, GONE, UNREAD, FAILED)},
        "resources": [_resource(each) for each in report.compared],
    }


def _resource(each: Compared) -> dict[str, Any]:
    return {
        "name": each.resource.name,
        "type": each.resource.type_name,
        "id": each.resource.id,
        "urn": each.resource.urn,
        "state": each.state,
        "fields": [_field(drift) for drift in each.drifts],
        "unverified": [{"name": name, "never_shown": name in each.expected} for name in each.unread],
        "notes": list(each.notes),
        "why": each.why,
    }


def _field(drift: Drift) -> dict[str, Any]:
    values = {} if drift.hidden else {"recorded": drift.recorded, "live": drift.live}
    return {"name": drift.name, "secret": drift.secret, **values}


# ---- for a person ----


def show(report: Report) -> None:
    """What differs, in full; what does not, as a number."""
    for each in report.compared:
        parts = list(_told(each))
        if parts or each.state in (DRIFTED, GONE):
            console.show(_head(each), *parts)
    for line in _reasons(report):
        console.show(line)
    console.show(report.summary)
    for line in report.next():
        console.say(f"Next: {line}")


def _head(each: Compared) -> Text:
    what = f"{console.clean(each.resource.name)} ({each.resource.type_name} {console.clean(each.resource.id)}): "
    state = f"gone: {each.title} no longer has it" if each.state == GONE else each.state
    return Text.assemble((what, "bold"), (state, _STYLES[each.state]))


def _told(each: Compared) -> Iterator[Text]:
    for drift in each.drifts:
        line = one_line(drift)
        yield Text(f"  {drift.name}: {line}" if line else f"  {drift.name}:")
        if not line:
            yield from (Text(f"    {diff}", _colour(diff)) for diff in unified(drift, each.title))
    for note in each.notes:
        yield Text(f"  note: {console.clean(note)}")


def _colour(line: str) -> str:
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")


def _reasons(report: Report) -> Iterator[str]:
    """Why things were not compared, each reason once with all that it is about."""
    about: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for each in report.compared:
        for reason in _why(each):
            # An error names the id that was asked for; that a hundred failed alike is one line.
            known = words.setdefault(f"{each.resource.type_name} {each.cause}" if each.cause else reason, reason)
            about.setdefault(known, []).append(each.resource.name)
    for reason, names in about.items():
        shown = ", ".join(console.clean(name) for name in names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        yield f"{console.clean(reason)} ({shown})"


def _why(each: Compared) -> Iterator[str]:
    kind = each.resource.type_name
    if each.state == FAILED:
        yield f"{kind}: failed: {each.why}"
        return
    if each.why:
        yield f"{kind}: nothing verified: {each.why.rpartition(': ')[2]}"
        return
    sealed = (each.resource.sealed & set(each.unread)) - each.expected
    never = [name for name in each.unread if name in each.expected]
    hidden = [name for name in each.unread if name not in each.expected and name not in sealed]
    if never:
        yield f"{kind}: not verified, because {each.title} never shows it: {', '.join(never)}"
    if hidden:
        yield f"{kind}: not verified, because {each.title} did not show it: {', '.join(hidden)}"
    if sealed:
        yield f"{kind}: not verified, because it is encrypted in the state's file: {', '.join(sorted(sealed))}; use --stack in its place"


# ---- for a pull request ----


def as_markdown(report: Report) -> str:
    """A comment: a table of what is not clean, then each difference."""
    told = [each for each in report.compared if each.state != CLEAN]
    lines = [f"### SMS agents: {report.summary}", "", f"State: {_code(report.source)}"]
    if told:
        lines += ["", "| resource | type | id | result |", "|---|---|---|---|"]
        lines += [
            f"| {_cell(each.resource.name)} | {_cell(each.resource.type_name)} | {_cell(each.resource.id)} | {_result(each)} |"
            for each in told
        ]
    reasons = [f"* {_code(line)}" for line in _reasons(report)]
    lines += ["", *reasons] if reasons else []
    text = "\n".join(lines) + "\n"
    left = 0
    for each in told:
        for part in _parts(each):
            if len(text) + len(part) <= _LETTERS:
                text += part
            else:
                left += 1
    return text + (f"\n{left} more differences are not shown: the comment would be too long.\n" if left else "")


def _result(each: Compared) -> str:
    fields = ", ".join(_code(drift.name) for drift in each.drifts)
    return f"{each.state}: {fields}" if fields else each.state


def _parts(each: Compared) -> Iterator[str]:
    for drift in each.drifts:
        if drift.hidden:
            yield f"\n{_code(each.resource.name)} {_code(drift.name)} differs; {drift.hidden}.\n"
            continue
        lines = list(unified(drift, each.title))
        cut = [f"… {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
        yield f"\n{_code(each.resource.name)} {_code(drift.name)}:\n\n{_fenced([*lines[:_LINES], *cut])}\n"
    for note in each.notes:
        yield f"\n{_code(each.resource.name)}: {_code(note)}\n"


def _fenced(lines: list[str]) -> str:
    """Inside a fence longer than any run of backticks in it, nothing is markup."""
    fence = "`" * max(3, _longest("\n".join(lines)) + 1)
    return "\n".join([f"{fence}diff", *lines, fence])


def _code(text: str) -> str:
    """As a code span, in which nothing is markup: it can neither link nor call anybody."""
    ticks = "`" * (_longest(text) + 1)
    shown = " ".join(console.clean(text).split())
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def _cell(text: str) -> str:
    return _code(text).replace("|", "\\|")


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
