"""`smsagents drift`: whether the vendors still have what the state records. It only reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import console

if TYPE_CHECKING:
    from .drifting.report import Report
    from .drifting.state import Recording


def drift(
    *,
    stack: Annotated[str, typer.Option("--stack", "-s", metavar="NAME", help="The stack; the selected one if not given.")] = "",
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="A state from `pulumi stack export`, in place of the stack's.", dir_okay=False),
    ] = None,
    accept_unreadable: Annotated[
        bool, typer.Option("--accept-unreadable", help="Exit with 0 although there are fields that their vendor never shows.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print what was found as a comment for a pull request.")] = False,
) -> None:
    """Compare the stack's state with what the vendors have.

    Nothing is written, at no vendor and in no state. Run it in the project's folder. What the program says is not
    looked at: that is `pulumi preview`. Values that are secret in the state are compared and never shown.

    Exit code: 0 everything was compared and is the same; 2 something has drifted or is gone; 1 it cannot be told,
    because a vendor could not be asked, or does not show a field.
    """
    from .. import errors

    if as_json and as_markdown:
        raise errors.ConfigurationError("--json and --markdown: give one of the two")
    report = _report(stack, file, accept_unreadable=accept_unreadable)
    _tell(report, as_json=as_json, as_markdown=as_markdown)
    raise typer.Exit(report.code)


def _report(stack: str, file: Path | None, *, accept_unreadable: bool) -> Report:
    from . import project
    from .drifting.compare import compare
    from .drifting.report import Report

    here = project.stack(stack)
    with console.progress("Reading the state"):
        source, recorded = _recorded(here, file)
        settings = project.settings(stack)
    _warn(recorded)
    with console.progress("Asking the vendors", total=len(recorded.resources)) as step:
        return Report(source, compare(recorded.resources, settings, step), accept_unreadable)


def _recorded(here: Any, file: Path | None) -> tuple[str, Recording]:
    from .. import errors
    from .drifting.state import from_file, recording

    if file is not None:
        return str(file), recording(from_file(file), str(file), current=False)
    if here is None:
        raise errors.ConfigurationError("there is no Pulumi.yaml here or above; go to the project's folder, or give a state with --file")
    source = f"stack {here.selected()}"
    found = recording(here.state(), source, current=True)
    if any(each.sealed for each in found.resources):
        # Only then, and in memory: an encrypted value cannot be compared.
        found = recording(here.state(show_secrets=True), source, current=True)
    return source, found


def _warn(recorded: Recording) -> None:
    if recorded.pending:
        console.warn(f"an earlier run was cut off (operations without an end: {recorded.pending}); see: smsagents resolve")
    for id in recorded.waiting:
        console.warn(f"{id} waits to be deleted by the next pulumi up and was not compared")


def _tell(report: Report, *, as_json: bool, as_markdown: bool) -> None:
    from .drifting import report as reports

    if as_json:
        console.show_json(reports.as_json(report))
    elif as_markdown:
        console.write(reports.as_markdown(report))
    else:
        reports.show(report)
