"""`dev.py test` and `.ci/run`: every check runs, and a failure of any is a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import checks, pulumi_cli, venv
from tools.progress import StepError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A venv whose tools all succeed and note how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for check in checks.CHECKS:
        _program(folder / check.command[0], 0)
    monkeypatch.setattr(venv, "ensure", lambda groups: folder / "python")
    monkeypatch.setattr(pulumi_cli, "ensure", lambda python: tmp_path / "cli")
    monkeypatch.setattr(checks, "LOCAL", tmp_path / "local")
    monkeypatch.setattr(checks, "PROGRAMS", ())
    return folder


def _program(path: Path, code: int) -> None:
    path.write_text(f'#!/bin/sh\necho "$(basename "$0") $*" >> "{path.parent}/calls"\nexit {code}\n')
    path.chmod(0o755)


def _calls(programs: Path) -> list[str]:
    return (programs / "calls").read_text().splitlines()


def test_all_checks_run_even_when_the_first_fails(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _program(programs / "ruff", 1)
    assert checks.run(None, []) == 1
    assert len(_calls(programs)) == len(checks.CHECKS)
    summary = capsys.readouterr().out.partition("summary")[2]
    assert "FAILED ruff check" in summary
    assert "ok     pytest" in summary


def test_all_well_is_exit_code_0(programs: Path) -> None:
    assert checks.run(None, []) == 0


def test_programs_are_got_for_the_tests_only(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[str] = []
    monkeypatch.setattr(checks, "PROGRAMS", (lambda: got.append("postgres"),))
    checks.run("lint", [])
    assert got == []
    checks.run("pytest", [])
    assert got == ["postgres"]


def test_a_program_that_cannot_be_had_stops_no_check(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests that need it fail by themselves."""

    def refuse() -> Path:
        raise StepError("As root: apt-get install postgresql.")

    monkeypatch.setattr(checks, "PROGRAMS", (refuse,))
    checks.run(None, [])
    assert len(_calls(programs)) == len(checks.CHECKS)
    assert "As root: apt-get install postgresql." in capsys.readouterr().out


def test_only_one_group_and_arguments_for_pytest(programs: Path) -> None:
    assert checks.run("pytest", ["-k", "journal"]) == 0
    assert _calls(programs) == ["pytest -n 2 -k journal"]


@pytest.mark.parametrize("code", [0, 1, 3])
def test_ci_passes_the_exit_code_on_and_repeats_the_closing_line(tmp_path: Path, code: int) -> None:
    closing = "=== 3 passed, 1 failed in 0.12s ==="
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    (tmp_path / "dev.py").write_text(
        f"import sys\nassert sys.argv[1:] == ['test']\nprint({closing!r})\nprint('summary')\nsys.exit({code})\n"
    )
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    ran = subprocess.run(["bash", ".ci/run"], cwd=tmp_path, env={"PATH": path, "CI": "true"}, capture_output=True, text=True, check=False)
    assert ran.returncode == code
    assert ran.stdout.splitlines()[-1] == closing
