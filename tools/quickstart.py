"""`dev.py up` and `down`: the quick start on the real Pulumi, against the emulator, with its state in `.local/`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools import emulator, engine, pulumi_cli, venv
from tools.progress import StepError, say

LOCAL = emulator.LOCAL
STATE = LOCAL / "state"
STACK = "dev"  # its settings are .local/Pulumi.dev.yaml: Pulumi.yaml names .local as their folder
PROGRAM = "examples/quickstart/__main__.py"
REAL_VENDOR = f"""
To deploy to Teli itself, put your organization_id and user_id into {PROGRAM}, then:
  eval "$(python3 dev.py env)" && pulumi stack init prod
  pulumi config set --secret smsagents:teliApiKey      # asks for your key
  pulumi up
"""


def up() -> None:
    """From nothing to a finished `pulumi up`."""
    python = venv.ensure()
    cli = pulumi_cli.ensure(python)
    port = emulator.start(python)
    env = _environment(cli, python)
    say(f"Deploying the quick start, stack {STACK}")
    _select(env)
    _pulumi(
        env,
        *("config", "set-all", "--plaintext", f"smsagents:teliBaseUrl={emulator.url(port)}teli"),
        *("--secret", "smsagents:teliApiKey=emulator"),
    )
    _pulumi(env, "up", "--yes")
    outputs = _json(env, "stack", "output", "--json")
    say("\nCreated, as the stack's outputs:")
    for name, value in outputs.items():
        say(f"  {name} = {value}")
    say(f"\nLook at it: {emulator.url(port)}   Undo it: python3 dev.py down")
    say(REAL_VENDOR)


def down() -> None:
    """Undo `up`. State of other stacks is kept: it may be all that knows of real agents and numbers."""
    others: list[str] = []
    if STATE.exists():
        python = venv.ensure()
        env = _environment(pulumi_cli.ensure(python), python)
        stacks = [stack["name"] for stack in _json(env, "stack", "ls", "--json")]
        others = [name for name in stacks if name != STACK]
        if STACK in stacks:
            emulator.start(python)
            _pulumi(env, "destroy", "--yes", "--stack", STACK)
            _pulumi(env, "stack", "rm", "--yes", "--stack", STACK)
    if emulator.stop():
        say("Stopped the emulator.")
    if others:
        say(f"Kept .local/: it holds the state of {', '.join(others)}. See: pulumi destroy, pulumi stack rm.")
    else:
        shutil.rmtree(LOCAL, ignore_errors=True)
        say("Removed .local/.")


def shell_lines() -> str:
    """What a shell needs for plain `pulumi` commands in this folder."""
    python = venv.ensure()
    variables = _variables(pulumi_cli.ensure(python), python)
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    # It would win over the file that the stacks here were encrypted with.
    return "\n".join(["unset PULUMI_CONFIG_PASSPHRASE", *exports])


def _variables(cli: Path, python: Path) -> dict[str, str]:
    return engine.environment(LOCAL / "pulumi", STATE, cli=cli, python=python)


def _environment(cli: Path, python: Path) -> dict[str, str]:
    """`up` must reach the emulator, whatever the shell has for the real vendors."""
    return {**engine.without_settings(os.environ), **_variables(cli, python)}


def _select(env: Mapping[str, str]) -> None:
    _pulumi(env, "stack", "select", "--create", STACK)


def _pulumi(env: Mapping[str, str], *arguments: str) -> None:
    """Run in full view: Pulumi shows its own progress."""
    process = subprocess.Popen(["pulumi", "--non-interactive", *arguments], cwd=venv.ROOT, env=env)
    while process.poll() is None:
        # Pulumi gets Ctrl-C from the terminal too; killed instead of left to finish, it would lose what it just created.
        with suppress(KeyboardInterrupt):
            process.wait()
    if process.returncode != 0:
        raise StepError(f"pulumi {' '.join(arguments[:2])}: exit code {process.returncode}")


def _json(env: Mapping[str, str], *arguments: str) -> Any:
    answer = subprocess.run(
        ["pulumi", "--non-interactive", *arguments],
        cwd=venv.ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise StepError(f"pulumi {' '.join(arguments[:2])}: exit code {answer.returncode}")
    return json.loads(answer.stdout)
