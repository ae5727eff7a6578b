"""The real `pulumi`, with its state in files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sides.base import PYTHON, AbsentError, Job, NotRunError, Verbs, run
from tools import engine, pulumi_cli
from tools.venv import ROOT

FAST = {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_PARALLEL": "32"}
"""What `smsagents up` sets where that is safe."""

STATE = Path("state/.pulumi/stacks/bench/dev.json")


class Real:
    """One of `programs`. `mode`: as it is; `fast`, where the state is written once at the end and not twice for every step; or by our own
    command `smsagents`, which looks first whether that is safe."""

    def __init__(self, program: str, home: Path, *, mode: str = "") -> None:
        self._program = program
        self._home = home
        self._mode = mode

    @contextmanager
    def verbs(self, job: Job) -> Iterator[Verbs]:
        """A command each, as a person would type it, but for the questions."""
        env = self._environment(job)
        (job.folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (job.folder / "__main__.py").write_text((ROOT / "benchmarks" / "programs" / f"{self._program}.py").read_text())
        run(["pulumi", "stack", "init", "dev", "--non-interactive"], job.folder, env)

        def command(verb: str, *words: str, revision: int = 1) -> Callable[[], None]:
            whole = [verb, *words, "--non-interactive", "--color", "never", "--stack", "dev"]
            return lambda: self._run(whole, job.folder, {**env, "BENCH_REVISION": str(revision)})

        yield {
            "up": command("up", "--yes"),
            "preview": command("preview", "--expect-no-changes"),
            "update": command("up", "--yes", revision=2),
            "refresh": command("refresh", "--yes", "--skip-preview"),
            "destroy": command("destroy", "--yes", "--skip-preview"),
        }

    def _run(self, words: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        if self._mode != "smsagents" or words[0] not in ("up", "destroy"):
            run(["pulumi", *words, *(["--skip-preview"] if words[0] == "up" else [])], folder, env)
        elif not run([Path(sys.executable).parent / "smsagents", *words], folder, env).count("Fast mode:"):
            raise NotRunError(f"smsagents {words[0]} was not in fast mode")

    def _environment(self, job: Job) -> Mapping[str, str]:
        cli = pulumi_cli.existing()
        if cli is None:
            raise AbsentError("there is no Pulumi CLI; python3 dev.py test gets one")
        settings = engine.environment(self._home / "pulumi", job.folder / "state", cli=cli, python=Path(sys.executable))
        return {**settings, **job.settings, **PYTHON, "BENCH_N": str(job.count), **(FAST if self._mode == "fast" else {})}
