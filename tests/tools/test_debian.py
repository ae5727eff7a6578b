"""Programs from Debian's packages: found, installed once, or an error that says what to type."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tools import debian
from tools.progress import StepError


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Root on a Debian whose apt-get notes how it was called, and "installs" each package as an empty file."""
    (tmp_path / "bin").mkdir()
    _apt(tmp_path, 'shift $(($# - 1)); case $1 in update) ;; *) touch "$(dirname "$0")/$1" ;; esac')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def _apt(computer: Path, script: str) -> None:
    program = computer / "bin" / "apt-get"
    program.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> {computer}/calls\n{script}\n')
    program.chmod(0o755)


def _calls(computer: Path) -> list[str]:
    return (computer / "calls").read_text().splitlines() if (computer / "calls").exists() else []


def _ensure(computer: Path, package: str = "browser") -> Path:
    program = computer / "bin" / "browser"
    return debian.ensure("A browser", lambda: program if program.exists() else None, [package])


def test_what_is_there_is_used(computer: Path) -> None:
    (computer / "bin" / "browser").touch()
    assert _ensure(computer) == computer / "bin" / "browser"
    assert _calls(computer) == []


def test_what_is_missing_is_installed_once_without_a_question(computer: Path) -> None:
    """With fresh lists, and only what it needs."""
    assert _ensure(computer) == _ensure(computer) == computer / "bin" / "browser"
    update, install = _calls(computer)
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    assert install.endswith(" install --yes --no-install-recommends browser")


def test_who_is_not_root_is_told_what_to_type(computer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(StepError, match="As root: apt-get install browser"):
        _ensure(computer)
    assert _calls(computer) == []


def test_elsewhere_the_error_says_what_is_missing(computer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(StepError, match="A browser, and this is no Debian"):
        _ensure(computer)


def test_a_refusal_of_apt_is_shown(computer: Path) -> None:
    _apt(computer, "echo E: Unable to locate package; exit 100")
    with pytest.raises(StepError, match="Unable to locate package"):
        _ensure(computer)


def test_a_package_without_the_program_is_an_error(computer: Path) -> None:
    with pytest.raises(StepError, match="although other is installed"):
        _ensure(computer, "other")
