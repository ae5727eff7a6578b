"""`smsagents up` and `smsagents destroy`: Pulumi's own commands, in fast mode where that is safe.

After each step Pulumi writes the whole state, which at a thousand resources takes ten times as long as all the rest. It can be told to
write it once, at the end; a run that breaks off then leaves a state that knows nothing of it. For the resources of this package that does
no harm, because the journal knows. For any other it could make an object that nothing remembers, so there must be no other:

* In the state, as ``pulumi stack export`` gives it. That takes half a second.
* In the program, as ``pulumi preview`` sees it. There is no cheaper way to know, short of running the program, which is what a preview
  does; with ``--yes`` it takes the place of the preview that Pulumi would make, so that it costs nothing.
* In what no preview sees: resources that a program makes once it knows an output. The program refuses those itself (`resources.only`).

Where any of this cannot be told, Pulumi runs as always.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import errors
from . import console

if TYPE_CHECKING:
    from . import project

SKIP = "PULUMI_SKIP_CHECKPOINTS"
ONLY = "SMSAGENTS_ONLY"
"""Tells the program that it may make nothing else."""

HARMLESS = ("pulumi-python:dynamic/smsagents/", "pulumi:providers:", "pulumi:pulumi:Stack")
"""What the types begin with whose loss does no harm: ours, and those that make nothing outside the state (references to stacks too)."""

_AT_ONCE = "32"
"""Resources that Pulumi works on at once in fast mode, unless somebody says otherwise: as many as the provider does."""

_NOT_FOR_PREVIEW = ("--continue-on-error", "--expect-no-changes", "--diff", "--json", "-j")
_BECOMES = os.name == "posix"
_Options = Annotated[
    list[str] | None, typer.Argument(metavar="PULUMI-OPTIONS", help="Whatever Pulumi's own command takes.", show_default=False)
]


def up(options: _Options = None) -> None:
    """Run `pulumi up`, faster where that is safe.

    Where the stack and the program hold nothing but resources of this package, Pulumi writes its state once, at the end:
    many times faster from some hundred resources on. After a run that broke off, run it again on the same computer, where
    the journal is. Elsewhere it is plain `pulumi up`. A line says which of the two it is.

    Exit code: that of pulumi; 1 if there is no pulumi.
    """
    _run("up", options or [])


def destroy(options: _Options = None) -> None:
    """Run `pulumi destroy`, faster where that is safe.

    Where the stack holds nothing but resources of this package, Pulumi writes its state once, at the end. After a run that
    broke off, run it again. Elsewhere it is plain `pulumi destroy`. A line says which of the two it is.

    Exit code: that of pulumi; 1 if there is no pulumi.
    """
    _run("destroy", options or [])


def _run(verb: str, options: Sequence[str]) -> None:
    from . import project

    program = project.program()
    if program is None:
        raise errors.ConfigurationError("there is no pulumi on PATH; install it: https://www.pulumi.com/docs/install/")
    line, env = [program, verb, *options], dict(os.environ)
    reason = _reason_against(verb, options)
    if reason:
        unsafe = f"; but {SKIP} is set, so it does not" if env.get(SKIP, "").lower() in ("true", "1") else ""
        console.say(f"Not in fast mode, because {reason}: Pulumi writes its state after each step{unsafe}.")
    else:
        console.say("Fast mode: Pulumi writes its state once, at the end. If the run breaks off, run it again on this computer.")
        env[SKIP] = "true"
        env.setdefault("PULUMI_PARALLEL", _AT_ONCE)
        if verb == "up":
            env[ONLY] = "true"
            given, _ = _given(options)
            line += ["--skip-preview"] if given.yes and not given.skip_preview else []
    raise typer.Exit(_become(line, env))


def _become(line: list[str], env: Mapping[str, str]) -> int:
    """From here on the terminal, signals and the exit code are Pulumi's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    if _BECOMES:
        os.execve(line[0], line, env)  # noqa: S606 - the program that the person has on PATH
    # Elsewhere the terminal would be back before Pulumi has ended. Ctrl-C reaches it too, and it decides what comes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(line, env=env)  # noqa: S603 - as above


# ---- whether it is safe ----


def _reason_against(verb: str, options: Sequence[str]) -> str:
    """Why fast mode could lose something; empty where it could not."""
    if os.environ.get("CI") and not os.environ.get("SMSAGENTS_JOURNAL_DIR"):
        return "CI is set and SMSAGENTS_JOURNAL_DIR is not, so that the journal may be thrown away with this computer"
    try:
        return _found(verb, *_given(options))
    except (argparse.ArgumentError, errors.ConfigurationError, LookupError, TypeError, OSError, ValueError):
        # Pulumi itself is about to say what is wrong.
        return "what it would do cannot be told beforehand"


def _found(verb: str, given: argparse.Namespace, rest: Sequence[str]) -> str:
    from . import project

    stack = project.Stack(Path(given.cwd), given.stack)
    with console.progress("Looking at what there is"):
        state = stack.state().get("deployment") or {}
        begun = [each["resource"] for each in state.get("pending_operations") or []]
        if others := _others([*(state.get("resources") or []), *begun]):
            return f"the stack holds {others} too"
        others = _others(_planned(stack, rest)) if verb == "up" else ""
        return f"the program makes {others} too" if others else ""


def _planned(stack: project.Stack, options: Sequence[str]) -> Iterable[Mapping[str, Any]]:
    """Every resource that a preview would do something to."""
    steps = stack.preview(*(each for each in options if each not in _NOT_FOR_PREVIEW))["steps"]
    return [step.get("newState") or step["oldState"] for step in steps]


def _others(resources: Iterable[Mapping[str, Any]]) -> str:
    """The first one that is not ours, for a person."""
    for each in resources:
        component = not each.get("custom") and not each.get("provider")  # those of other languages have a provider
        if not component and not str(each["type"]).startswith(HARMLESS):
            return f"{each['type']} {str(each['urn']).rpartition('::')[2]}"
    return ""


def _given(options: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """What has to be known of Pulumi's options, and all others."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--stack", "-s", default="")
    parser.add_argument("--cwd", "-C", default=".")
    parser.add_argument("--yes", "-y", action="store_true")
    parser.add_argument("--skip-preview", "-f", action="store_true")
    return parser.parse_known_args(list(options))
