"""What a side is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.vendor import KEY, Vendor
from tools.venv import ROOT

PATIENCE = 600
"""Seconds for any one command: what takes longer is not waited for."""

PYTHON = {"PYTHONPATH": os.pathsep.join(str(ROOT / place) for place in ("benchmarks/as_installed", "."))}
"""Where our own sides find their modules, without those of the tests' tools that would slow them down."""

Verbs = Mapping[str, Callable[[], object]]


class NotRunError(Exception):
    """A side that did not come to its end; the message says why."""


class AbsentError(NotRunError):
    """It needs what is not here."""


@dataclass(frozen=True)
class Job:
    """So many agents at this vendor, in a folder of one's own."""

    count: int
    vendor: Vendor
    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """Where the vendor is, and everything that is remembered, apart from the user's own."""
        return {
            "SMSAGENTS_TELI_BASE_URL": self.vendor.url,
            "SMSAGENTS_TELI_API_KEY": KEY,
            "SMSAGENTS_JOURNAL_DIR": str(self.folder / "journal"),
        }


class Side(Protocol):
    """Gives what does each verb. What is made ready before is not measured."""

    def verbs(self, job: Job) -> AbstractContextManager[Verbs]:
        """In the order of `options.VERBS`; a verb that a side has no call for is left out."""


def run(command: Sequence[str | Path], folder: Path, env: Mapping[str, str]) -> str:
    """All output of a command that ends well."""
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise NotRunError(f"not done within {PATIENCE} s") from None
    if ended.returncode:
        raise NotRunError(_reason(ended.stdout + ended.stderr))
    return ended.stdout + ended.stderr


def _reason(output: str) -> str:
    """The line that says most: an exception of Python's, or an error, or the last one."""
    lines = [line.strip(" │╷╵") for line in output.splitlines() if line.strip(" │╷╵")]
    telling = [line for line in lines if line.startswith(("RecursionError", "Error:", "error:"))]
    return (telling or lines or ["failed without a word"])[-1][:200]
