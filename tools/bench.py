"""`dev.py bench`: everything that is measured, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from tools import engine, pulumi_cli, venv
from tools.emulator import LOCAL


def run(words: Sequence[str]) -> int:
    """The exit code of `python -m benchmarks` with these words."""
    python = venv.ensure(groups=("bench",))
    cli = pulumi_cli.ensure(python)
    ours = engine.environment(LOCAL / "bench" / "pulumi", LOCAL / "bench" / "state", cli=cli, python=python)
    env = {**engine.without_settings(os.environ), **ours}
    return subprocess.run([python, "-m", "benchmarks", *words], cwd=venv.ROOT, env=env, check=False).returncode
