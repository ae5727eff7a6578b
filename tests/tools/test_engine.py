"""The CLI's environment: quiet, offline, and apart from its user's own Pulumi."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import engine


def test_the_cli_comes_first_on_path_then_the_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    found = engine.environment(tmp_path / "home", tmp_path / "state", cli=Path("/cli"), python=Path("/project/.venv/bin/python"))
    assert found["PATH"].split(os.pathsep) == ["/cli", "/project/.venv/bin", "/usr/bin"]
    assert found["PULUMI_PYTHON_CMD"] == "/project/.venv/bin/python"


def test_state_and_settings_stay_where_they_are_told_to(tmp_path: Path) -> None:
    found = engine.environment(tmp_path / "a home", tmp_path / "the state")
    assert found["PULUMI_HOME"] == str(tmp_path / "a home")
    assert found["PULUMI_BACKEND_URL"] == (tmp_path / "the state").as_uri()
    assert (tmp_path / "the state").is_dir()


def test_the_passphrase_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    def passphrase(home: str) -> Path:
        return Path(engine.environment(tmp_path / home, tmp_path / "state")["PULUMI_CONFIG_PASSPHRASE_FILE"])

    first = passphrase("home")
    text = first.read_text()
    assert text
    assert passphrase("home").read_text() == text
    assert passphrase("other").read_text() != text
    assert first.stat().st_mode & 0o077 == 0
