"""`smsagents doctor`: whether everything is there that a run needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from . import console, which

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from ..connect import Settings
    from ..vendors.base import Vendor
    from . import project
    from .accounts import Account
    from .machine import Finding

_STYLES = {"ok": "green", "note": "yellow", "wrong": "bold red", "no key": "dim", "not tried": "yellow"}
_SAID = {"no key": "  to do", "not tried": "  asked", "wrong": "  wrong"}


def doctor(
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="One vendor; all where none is given.", autocompletion=which.names)] = "",
    *,
    stack: Annotated[str, typer.Option("--stack", "-s", metavar="NAME", help="The stack whose settings hold.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Check what is installed, and each vendor's key and address.

    It makes one harmless call to each vendor that has a key. Settings come from the environment and, in a project's
    folder, from its selected stack. Of a key only its source and its last four characters are shown.

    Exit code: 0 all is well, 1 something is not.
    """
    from ..vendors import VENDORS
    from . import machine, project

    chosen = [which.vendor(vendor)] if vendor else list(VENDORS)
    here = project.stack(stack)
    with console.progress("Looking at what is installed"):
        findings = [*machine.findings(here)]
        of_stack, settings = _settings(here)
        findings += [*of_stack, *machine.rules(settings), *machine.journal()]
    accounts = _look(chosen, settings)
    ill = "wrong" in {*(each.state for each in findings), *(each.state for each in accounts)}
    ill = ill or (vendor != "" and accounts[0].state == "no key")
    then = _next(findings, accounts, in_project=here is not None)
    if as_json:
        console.show_json(
            {"ok": not ill, "here": [each.as_json() for each in findings], "vendors": [each.as_json() for each in accounts], "next": then}
        )
    else:
        _show(findings, accounts)
        console.say(f"\nNext: {then}")
    raise typer.Exit(console.FAILED if ill else console.CLEAN)


def _settings(here: project.Stack | None) -> tuple[list[Finding], Settings]:
    """The settings that hold, and what is to be said of them. Where the stack's cannot be had, the environment's still can."""
    from .. import errors
    from ..connect import Settings
    from .machine import Finding

    if here is None:
        return [Finding("Project", "none in this folder or above: settings come from the environment")], Settings(lambda key: None)
    try:
        settings = here.settings()
        return [Finding("Project", f"{here.folder}, stack {here.selected()}")], settings
    except errors.ConfigurationError as error:
        found = Finding("Project", f"{here.folder}, whose stack's settings cannot be had", "wrong", str(error))
        return [found], Settings(lambda key: None)


def _look(vendors: list[Vendor], settings: Settings) -> list[Account]:
    """All vendors at once: a slow one holds up nobody."""
    from concurrent.futures import ThreadPoolExecutor

    from .accounts import look

    with console.progress("Asking the vendors"), ThreadPoolExecutor(len(vendors)) as pool:
        return list(pool.map(lambda vendor: look(vendor, settings), vendors))


def _next(findings: list[Finding], accounts: list[Account], *, in_project: bool) -> str:
    """The command to type next."""
    if any(each.state == "wrong" for each in findings):
        return "mend what is marked wrong above, then run again: smsagents doctor"
    ill = [each.vendor.name for each in accounts if each.state == "wrong"]
    if ill:
        return f"mend what is marked wrong above, then run again: smsagents doctor {ill[0] if len(ill) == 1 else ''}".rstrip()
    if all(each.state == "no key" for each in accounts):
        return "set a vendor's key as shown above; or try it without one: smsagents emulate"
    return "pulumi preview" if in_project else "go to your project's folder, and run there: pulumi preview"


# ---- for a person ----


def _show(findings: list[Finding], accounts: list[Account]) -> None:
    rows = [row for each in findings for row in _rows(each.name, each.state, each.found, each.fix)]
    console.show(_table(rows))
    for account in accounts:
        console.show("", _head(account), _table(list(_lines(account, alone=len(accounts) == 1))))


def _head(account: Account) -> Text:
    from rich.text import Text

    return Text.assemble((account.vendor.title, "bold"), ": ", (account.state, _STYLES[account.state]))


def _rows(name: str, state: str, found: str, fix: str) -> Iterator[tuple[str, Text]]:
    from rich.text import Text

    yield name, Text.assemble((f"{state}: ", _STYLES[state]), console.clean(found))
    if fix:
        yield "", Text(console.clean(fix))


def _lines(account: Account, *, alone: bool) -> Iterator[tuple[str, str]]:
    from .accounts import offered, settings_of

    if account.state == "no key" and not alone:
        yield _SAID[account.state], account.said
        return
    ends = f", ends in …{account.key_ends}" if account.key_ends else ", too short to show its end"
    yield "  key", f"from {account.key_from}{ends}" if account.key_from else "none"
    yield "  address", f"{console.clean(account.url.value)} ({account.url.source})"
    if account.asked:
        yield "  asked", f"{account.asked}: answered in {account.milliseconds} ms"
    if account.said:
        yield _SAID[account.state], console.clean(account.said)
    for line in settings_of(account):
        yield "  set", console.clean(line)
    for offer in account.vendor.offers:
        told = offered(account.vendor, offer, account.settings)
        yield "  can", f"{', '.join(told['can'])} ({told['resource']})"
        if told["cannot"]:
            yield "  cannot", ", ".join(told["cannot"])
        if told["never_shown"]:
            yield "  unseen", f"{', '.join(told['never_shown'])}: no call shows what it holds"


def _table(rows: list[tuple[str, Text]] | list[tuple[str, str]]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(name, text)
    return table
