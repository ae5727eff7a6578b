"""The real `pulumi`, with its state in files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sides.base import AbsentError, Job, Verbs, run
from tools import engine, pulumi_cli
from tools.venv import ROOT

FAST = {"PULUMI_SKIP_CHECKPOINTS": "true"}
STATE = Path("state/.pulumi/stacks/bench/dev.json")


class Real:
    """One of `programs`. `fast`: the state is written once at the end, and not twice for every step."""

    def __init__(self, program: str, home: Path, *, fast: bool) -> None:
        self._program = program
        self._home = home
        self._more = FAST if fast else {}

    @contextmanager
    def verbs(self, job: Job) -> Iterator[Verbs]:
        """A command each, as a person would type it, but for the questions."""
        env = {**self._environment(job), **self._more}
        (job.folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (job.folder / "__main__.py").write_text((ROOT / "benchmarks" / "programs" / f"{self._program}.py").read_text())
        run(["pulumi", "stack", "init", "dev", "--non-interactive"], job.folder, env)

        def command(*words: str, revision: int = 1) -> Callable[[], str]:
            whole = ["pulumi", *words, "--non-interactive", "--color", "never", "--stack", "dev"]
            return lambda: run(whole, job.folder, {**env, "BENCH_REVISION": str(revision)})

        yield {
            "up": command("up", "--yes", "--skip-preview"),
            "preview": command("preview", "--expect-no-changes"),
            "update": command("up", "--yes", "--skip-preview", revision=2),
            "refresh": command("refresh", "--yes", "--skip-preview"),
            "destroy": command("destroy", "--yes", "--skip-preview"),
        }

    def _environment(self, job: Job) -> Mapping[str, str]:
        cli = pulumi_cli.existing()
        if cli is None:
            raise AbsentError("there is no Pulumi CLI; python3 dev.py test gets one")
        settings = engine.environment(self._home / "pulumi", job.folder / "state", cli=cli, python=Path(sys.executable))
        return {**settings, **job.settings, "PYTHONPATH": str(ROOT), "BENCH_N": str(job.count)}
