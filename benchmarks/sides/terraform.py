"""The real `terraform`, with its state in a file and the minimal REST provider of benchmarks/terraform."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sides.base import AbsentError, Job, Verbs, run
from tools import progress
from tools.emulator import LOCAL
from tools.venv import ROOT

SOURCE = ROOT / "benchmarks" / "terraform"
ADDRESS = "example.com/bench/bench"
HOME = LOCAL / "bench" / "terraform"  # its virtual environment, kept from run to run


class Terraform:
    """Only where there is one on PATH: none is fetched."""

    @contextmanager
    def verbs(self, job: Job) -> Iterator[Verbs]:
        """`preview` is a plan from the state alone, as Pulumi's is; `refresh` is a plan that reads. One with changes fails."""
        if shutil.which("terraform") is None:
            raise AbsentError("there is no terraform on PATH")
        env = {**job.settings, "TF_CLI_CONFIG_FILE": str(self._configuration()), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        shutil.copy(SOURCE / "main.tf", job.folder)

        def command(*words: str, revision: int = 1) -> Callable[[], str]:
            variables = [f"-var=agents={job.count}", f"-var=revision={revision}"]
            return lambda: run(["terraform", *words, "-input=false", "-no-color", *variables], job.folder, env)

        yield {
            "up": command("apply", "-auto-approve"),
            "preview": command("plan", "-detailed-exitcode", "-refresh=false"),
            "update": command("apply", "-auto-approve", revision=2),
            "refresh": command("plan", "-detailed-exitcode", revision=2),
            "destroy": command("destroy", "-auto-approve", revision=2),
        }

    def _configuration(self) -> Path:
        """That the provider is a program here, and nothing is asked of a registry."""
        file = HOME / "terraform.tfrc"
        if not (HOME / "installed.txt").exists() or (HOME / "installed.txt").read_text() != _wanted():
            self._install()
            file.write_text(f'provider_installation {{\n  dev_overrides {{\n    "{ADDRESS}" = "{HOME}"\n  }}\n  direct {{}}\n}}\n')
            (HOME / "installed.txt").write_text(_wanted())
        return file

    def _install(self) -> None:
        folder = HOME / ".venv"
        progress.run("Making the Terraform provider's environment", [sys.executable, "-m", "venv", "--clear", folder])
        pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "-r", SOURCE / "requirements.txt"]
        progress.run("Installing what the Terraform provider needs", pip)
        program = HOME / "terraform-provider-bench"
        program.write_text(f'#!/bin/sh\nexec "{folder / "bin" / "python"}" "{SOURCE / "provider.py"}" "$@"\n')
        program.chmod(0o755)


def _wanted() -> str:
    """What has to be installed again when it changes."""
    return f"{sys.version}\n{(SOURCE / 'requirements.txt').read_text()}"
