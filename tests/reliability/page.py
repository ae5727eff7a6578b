"""docs/reliability.md: what goes wrong in the tests, where, and where it cannot. Written by `python -m tests.reliability`."""

from __future__ import annotations

from pathlib import Path

from reliability.cells import BROKEN_LISTS, BROKEN_PAGES, CASES, KILLS, UNTOLD, why_not
from reliability.columns import COLUMNS, VERBS, Column

from pulumi_smsagents.emulator import CLASSES

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
OTHERS = {
    "F9": lambda column: (
        len(BROKEN_LISTS) + len(BROKEN_PAGES) * column.tag.startswith("fluents") - len(UNTOLD.get(column.tag.partition(":")[0], ()))
    ),
    "F10": lambda column: 2,
    "F11": lambda column: 1,
    "F12": lambda column: 1,
    "F13": lambda column: 2,
    "F14": lambda column: len(KILLS),
    "F16": lambda column: 1,
}

HEAD = """# What goes wrong, and what then must hold

Written by `python -m tests.reliability` from the tests in `tests/reliability`; do not edit it by hand.

Each class of faults meets each operation of each resource, against the [emulator](emulator.md): on the first call and without end, before
the vendor has acted and after. Then all is well again, and what the message says is done: as a rule `pulumi up`. After that

1. the vendor has one object for each resource and no second one,
2. and none that is in no state;
3. the state is what the vendor has, and the next preview is empty;
4. and every error was one line that names the call, the answer, the request's id and the next step, and held no secret.

All of it is judged by what the emulator then has, not by our own state. In the tables a number says in how many ways the class meets the
operation, and a letter why it does not.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, _classes(), *(_table(name, column) for name, column in COLUMNS.items()), TAIL])


def _classes() -> str:
    rows = [f"| {name} | {each.about} |" for name, each in CLASSES.items()]
    return "\n".join(["| class | what goes wrong |", "|---|---|", *rows, ""])


def _table(name: str, column: Column) -> str:
    reasons: dict[str, str] = {}
    head = [f"## {name}", "", f"| | {' | '.join(VERBS)} |", "|---|" + "---|" * len(VERBS)]
    rows = [f"| {row} | {' | '.join(_cell(column, row, verb, reasons) for verb in VERBS)} |" for row in CLASSES]
    notes = [f"{letter}: {reason}." for reason, letter in reasons.items()]
    if untold := UNTOLD.get(name):
        notes.append(f"F9 without {' and '.join(untold)}: the list does not say how many there are, so one that is cut short looks whole.")
    return "\n".join([*head, *rows, "", "\n".join(f"{note}  " for note in notes).rstrip(), ""])


def _cell(column: Column, row: str, verb: str, reasons: dict[str, str]) -> str:
    reason = why_not(column, row, verb)
    if reason:
        return reasons.setdefault(reason, chr(ord("a") + len(reasons)))
    return str(len(CASES[row]) * len(column.calls[verb]) if row in CASES else OTHERS[row](column))


TAIL = """## Besides

* **A quarter of all creates goes wrong**: 5 % reset before, 10 % lost replies, 5 % 502 after the work, 2 % done late, 5 % refused; of a
  thousand none is made twice and none is lost. Where no list can tell (ContactSwing), a person is asked; a purchase is never repeated in
  the same run.
* **Random lives**: 300 of 30 steps each, of programs that change, colleagues in the dashboard, faults, killed runs and refreshes; the four
  rules hold whenever things have calmed down.
* **A total outage** with a thousand resources makes at most 35 requests more than there are operations, and one line for each.

`python -m pytest tests/reliability` runs all of it.
"""
