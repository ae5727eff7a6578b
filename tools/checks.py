"""`dev.py test`: every check in one order, all of them even when an early one fails, and a summary."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import browser, engine, policy, postgres, pulumi_cli, venv
from tools.emulator import LOCAL
from tools.progress import StepError, say


@dataclass(frozen=True)
class Check:
    """A command of the venv, in one of the groups that `--only` names."""

    group: str
    command: tuple[str, ...]

    @property
    def title(self) -> str:
        return " ".join(self.command)


CHECKS = (
    Check("lint", ("ruff", "check", ".")),
    Check("lint", ("ruff", "format", "--check", ".")),
    Check("types", ("mypy",)),
    Check("types", ("pyright",)),
    Check("lint", ("lint-imports",)),
    Check("pytest", ("pytest", "-n", "2")),
)
GROUPS = tuple(sorted({check.group for check in CHECKS}))
PROGRAMS: tuple[Callable[[], Path], ...] = (postgres.ensure, policy.ensure, browser.ensure)
"""What tests start besides Pulumi."""


def run(only: str | None, pytest_arguments: Sequence[str]) -> int:
    """Exit code 0 if all is well, 1 otherwise."""
    python = venv.ensure(groups=("test", "lint"))
    env = _environment(pulumi_cli.ensure(python), python)
    checks = [check for check in CHECKS if only in {None, check.group}]
    if any(check.group == "pytest" for check in checks):
        _get_programs()
    results = [_run(check, pytest_arguments, python, env) for check in checks]
    say("\n" + "=" * 20 + " summary")
    for check, (code, seconds) in zip(checks, results, strict=True):
        say(f"{'ok    ' if code == 0 else 'FAILED'} {check.title}  ({seconds:.0f} s)")
    return int(any(code for code, _ in results))


def _get_programs() -> None:
    """One that cannot be had stops nothing here: the tests that need it fail, and the others still say what they have to say."""
    for ensure in PROGRAMS:
        try:
            ensure()
        except StepError as error:
            say(str(error))


def _run(check: Check, pytest_arguments: Sequence[str], python: Path, env: dict[str, str]) -> tuple[int, float]:
    say("\n" + "=" * 20 + f" {check.title}")
    started = time.monotonic()
    program, *arguments = check.command
    if check.group == "pytest":
        arguments += pytest_arguments
    code = subprocess.run([python.parent / program, *arguments], cwd=venv.ROOT, env=env, check=False).returncode
    return code, time.monotonic() - started


def _environment(cli: Path, python: Path) -> dict[str, str]:
    """Tests find the CLI on PATH; one that forgets a home of its own meets this one, not the user's."""
    ours = engine.environment(LOCAL / "test" / "pulumi", LOCAL / "test" / "state", cli=cli, python=python)
    return {**engine.without_settings(os.environ), **ours, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
