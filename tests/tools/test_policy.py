"""The policy pack's own virtual environment: made once, and again when the pack asks for something else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import policy


def test_it_is_made_once_and_again_when_the_pack_asks_for_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def run(title: str, command: Sequence[str | Path]) -> None:
        steps.append(title)
        (tmp_path / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(policy, "run", run)
    monkeypatch.setattr(policy, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(policy, "STAMP", tmp_path / ".venv" / "installed.txt")
    monkeypatch.setattr(policy, "REQUIREMENTS", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("pulumi-policy==1")

    assert policy.existing() is None
    assert policy.ensure() == policy.ensure() == tmp_path / ".venv"
    assert len(steps) == 2

    (tmp_path / "requirements.txt").write_text("pulumi-policy==2")
    assert policy.existing() is None
    policy.ensure()
    assert len(steps) == 4
