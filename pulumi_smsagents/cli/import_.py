"""`smsagents import`: what a vendor holds already, as a Pulumi program that takes it over unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import console


def import_(
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="The vendor: teli, fluents, bland; contactswing with a read path.")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="The vendor's ids; everything where none is given.")] = None,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty folder for the project.", file_okay=False)],
    organization_id: Annotated[str, typer.Option(metavar="ID", help="Teli: whose agents to list.")] = "",
    user_id: Annotated[str, typer.Option(metavar="ID", help="Teli: only this user's agents.")] = "",
    stack: Annotated[str, typer.Option("--stack", metavar="NAME", help="In a project folder: the stack whose settings hold.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write what a vendor holds as a Pulumi project: a program, and long texts in files.

    Nothing is changed at the vendor, in a state or in a file that exists. The project's first `pulumi up` takes the objects
    over and sends nothing to the vendor; the second preview is empty.
    """
    from .importing import run

    given = {"organization_id": organization_id, "user_id": user_id}
    told = {name: value.strip() for name, value in given.items() if value.strip()}
    outcome = run.run(run.Wanted(vendor, tuple(ids or ()), out, told, stack))
    if as_json:
        console.show_json(outcome.as_json())
    else:
        outcome.show()
