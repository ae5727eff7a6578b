"""The `smsagents` command: one module a subcommand. What a subcommand needs is imported when it runs."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Annotated

import typer

from . import console, doctor, drift, emulate, fast, import_, resolve

app = typer.Typer(
    help="SMS agents, phone numbers and SMS configurations in Pulumi.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(name="doctor")(doctor.doctor)
app.command(name="import")(import_.import_)
app.command(name="drift")(drift.drift)
app.command(name="resolve")(resolve.resolve)
_OF_PULUMI = {"ignore_unknown_options": True}  # they are passed on
app.command(name="up", context_settings=_OF_PULUMI)(fast.up)
app.command(name="destroy", context_settings=_OF_PULUMI)(fast.destroy)
app.command(name="emulate")(emulate.emulate)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context, *, version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False
) -> None:
    if version:
        typer.echo(metadata.version("pulumi-smsagents"))
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Entry point of the console script."""
    sys.exit(console.run(app))
