"""The checkout's own environment, and one that is another checkout's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import venv


def test_a_linked_environment_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An install would put this checkout's package in the place of the other's."""
    python = tmp_path / "theirs" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".venv").symlink_to(tmp_path / "theirs")
    monkeypatch.setattr(venv, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(venv, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(venv, "STAMP", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(venv, "run", lambda *command, **more: pytest.fail(f"{command[0]}"))
    assert venv.ensure(["test"]) == venv.PYTHON
    assert not venv.STAMP.exists()
