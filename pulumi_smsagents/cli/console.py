"""What a person, a pipe and a CI job get of a command: results on stdout, talk on stderr, an exit code.

Exit codes are those of every command: `CLEAN`, `FOUND` (there is something to do, e.g. drift), `FAILED` (an error, or it
cannot be told). Colour and width are rich's: NO_COLOR is honoured, and what is not a terminal gets whole lines.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from .. import errors

CLEAN, FAILED, FOUND = 0, 1, 2

_UNBROKEN = 1000
"""Columns of a pipe: who reads it breaks lines, or looks for one."""

_JOINER = "\u200d"
"""Holds an emoji of several parts together; not worth an escape."""


def show(*parts: RenderableType) -> None:
    """A part of the result, each on lines of its own. A text is shown as it is, but `clean`: brackets are no markup."""
    _print(_console(), [clean(part) if isinstance(part, str) else part for part in parts])


def show_json(value: Any) -> None:
    """The result for a program. ASCII only: no terminal, pipe or log can spoil it."""
    write(json.dumps(value, indent=2) + "\n")


def write(text: str) -> None:
    """A result that is a file of its own, letter by letter."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say(text: str, style: str = "") -> None:
    """Talk: what is going on, and what to do next. It never mixes with a result."""
    _print(_console(stderr=True), [Text(clean(text), style)])


def warn(text: str) -> None:
    """Something that a person should know and that stops nothing."""
    _print(_console(stderr=True), [Text.assemble(("warning: ", "yellow"), clean(text))])


def error(text: str) -> None:
    """What went wrong, in one line."""
    _print(_console(stderr=True), [Text.assemble(("error: ", "bold red"), " ".join(clean(text).split()))])


def clean(text: str) -> str:
    """`text` of a vendor or a file, fit for a terminal: whatever could move the cursor or hide itself is spelt out."""
    return "".join(
        each if each.isprintable() or each in ("\n", _JOINER) else each.encode("unicode_escape").decode("ascii") for each in text
    )


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """A bar on stderr while the block lasts, where that is a terminal; call what it gives after each of `total` steps. With
    no total it only shows that something is going on."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = _console(stderr=True)
    counted = (BarColumn(), MofNCompleteColumn()) if total is not None else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *counted, TimeElapsedColumn())
    quiet = not console.is_terminal or console.is_dumb_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def run(app: typer.Typer) -> int:
    """The command line to its end; its exit code. Whatever goes wrong is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a character that the terminal lacks is no reason to stop
    try:
        return int(app(standalone_mode=False, prog_name="smsagents") or CLEAN)
    except typer.Abort:
        error("aborted")
    except typer.TyperException as wrong:
        said = wrong.format_message()
        error(f"{said}{'' if said.endswith(('.', '?')) else '.'} See: {_help_of(wrong)}")
    except errors.SmsAgentsError as known:
        _tell(known, str(known))
    except OSError as broken:
        _tell(broken, ": ".join(filter(None, (broken.filename and str(broken.filename), broken.strerror or str(broken)))))
    except Exception as unknown:  # noqa: BLE001 - of a fault of ours, too, people get a line and not a traceback
        _tell(unknown, errors.internal("the command", unknown))
    return FAILED  # also for a wrong option: 2 means that something was found


def _tell(problem: Exception, line: str) -> None:
    if errors.debugging():
        traceback.print_exception(problem)
    error(line)


def _help_of(wrong: typer.TyperException) -> str:
    context = getattr(wrong, "ctx", None)
    return f"{context.command_path if context else 'smsagents'} --help"


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNBROKEN
    return console


def _print(console: Console, parts: Iterable[RenderableType]) -> None:
    for part in parts:
        with console.capture() as captured:
            console.print(part, overflow="fold")
        # Tables fill their lines with spaces, which no pipe needs.
        text = captured.get() if console.is_terminal else "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
        console.file.write(text)
    console.file.flush()
