"""`smsagents import`: what a vendor holds already, as a Pulumi program that takes it over unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import console, which


def import_(
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="One that can be read, e.g. teli.", autocompletion=which.names)],
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="The vendor's ids; everything where none is given.")] = None,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="A new or empty folder for the project.")],
    organization_id: Annotated[str, typer.Option(metavar="ID", help="Teli: whose agents to list.")] = "",
    user_id: Annotated[str, typer.Option(metavar="ID", help="Teli: only this user's agents.")] = "",
    stack: Annotated[str, typer.Option("--stack", "-s", metavar="NAME", help="The stack whose settings hold.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write what a vendor holds as a Pulumi project.

    It is a program with typed resources, and a file for each long text. Nothing is changed at the vendor, in a state or in
    a file that exists. The project's first `pulumi up` takes the objects over and sends nothing to the vendor; the second
    preview is empty. Settings come from the environment and, in a project's folder, from its selected stack.

    Exit code: 0 it is written, 1 nothing is written.
    """
    from .importing import run

    given = {"organization_id": organization_id, "user_id": user_id}
    told = {name: value.strip() for name, value in given.items() if value.strip()}
    outcome = run.run(run.Wanted(vendor, tuple(ids or ()), out, told, stack))
    if as_json:
        console.show_json(outcome.as_json())
    else:
        outcome.show()
