"""`dev.py up` and `down`, apart from the engine: what reaches it, and what is kept."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import emulator, pulumi_cli, quickstart, venv
from tools.progress import StepError


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands for Pulumi, which are noted and not run."""
    noted: list[tuple[str, ...]] = []
    monkeypatch.setattr(quickstart, "LOCAL", tmp_path / "local")
    monkeypatch.setattr(quickstart, "STATE", tmp_path / "local" / "state")
    (tmp_path / "local" / "state").mkdir(parents=True)
    monkeypatch.setattr(venv, "ensure", lambda: Path("/venv/bin/python"))
    monkeypatch.setattr(pulumi_cli, "ensure", lambda python: Path("/cli"))
    monkeypatch.setattr(emulator, "start", lambda python: 8790)
    monkeypatch.setattr(emulator, "stop", lambda: True)
    monkeypatch.setattr(quickstart, "_pulumi", lambda env, *arguments: noted.append(arguments))
    return noted


def _stacks(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    answer: Any = [{"name": name} for name in names]
    monkeypatch.setattr(quickstart, "_json", lambda env, *arguments: answer)


def test_down_leaves_nothing(commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    _stacks(monkeypatch, "dev")
    quickstart.down()
    assert [command[0] for command in commands] == ["destroy", "stack"]
    assert not quickstart.LOCAL.exists()


def test_down_keeps_the_state_of_other_stacks(
    commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be all that knows of real agents."""
    _stacks(monkeypatch, "dev", "prod")
    quickstart.down()
    assert all("dev" in command for command in commands)
    assert quickstart.STATE.exists()
    assert "prod" in capsys.readouterr().out


def test_down_after_down_is_fine(commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    _stacks(monkeypatch, "dev")
    quickstart.down()
    commands.clear()
    quickstart.down()
    assert commands == []


def test_the_shells_vendor_settings_do_not_reach_the_quick_start(commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """They outrank the stack's: `up` would deploy to the real vendor."""
    for name in ("SMSAGENTS_TELI_BASE_URL", "SMSAGENTS_TELI_API_KEY", "TELI_API_KEY", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK"):
        monkeypatch.setenv(name, "real")
    assert "real" not in quickstart._environment(Path("/cli"), Path("/venv/bin/python")).values()


def test_the_lines_for_the_shell_are_quoted(commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/a folder/$HOME/bin")
    lines = quickstart.shell_lines().splitlines()
    assert lines[0] == "unset PULUMI_CONFIG_PASSPHRASE"
    assert "export PATH='/cli:/venv/bin:/a folder/$HOME/bin'" in lines


def test_ctrl_c_leaves_pulumi_the_time_to_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal interrupts both. An update that is killed loses the ids of what it just created."""

    class Interrupted:
        returncode: int | None = None
        waits = 0

        def poll(self) -> int | None:
            return self.returncode

        def wait(self) -> None:
            self.waits += 1
            if self.waits < 3:
                raise KeyboardInterrupt
            self.returncode = 255

    process = Interrupted()
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: process)
    with pytest.raises(StepError, match="pulumi up: exit code 255"):
        quickstart._pulumi({}, "up")
    assert process.waits == 3
