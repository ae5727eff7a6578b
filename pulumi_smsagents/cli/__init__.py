"""The `smsagents` command: one module a subcommand."""

from __future__ import annotations

import typer

from . import emulate

app = typer.Typer(help="SMS agents, phone numbers and SMS configurations in Pulumi.", no_args_is_help=True, pretty_exceptions_enable=False)
app.command(name="emulate")(emulate.emulate)


@app.callback()
def _root() -> None:
    """Keeps subcommands by name, however few there are."""


def main() -> None:
    """Entry point of the console script."""
    app()
