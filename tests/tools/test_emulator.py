"""The emulator in the background: one at a time, and no other process is ever ended."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import emulator

PYTHON = Path(sys.executable)

# `start` leaves a process running on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A `.local` of the test's own, and nothing left running."""
    monkeypatch.setattr(emulator, "LOCAL", tmp_path)
    for name in ("DATA", "RECORD", "LOG"):
        monkeypatch.setattr(emulator, name, tmp_path / getattr(emulator, name).name)
    yield tmp_path
    emulator.stop()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is not ours."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The usual port, which something else holds."""
    with socket.socket() as holder:
        holder.bind((emulator.HOST, 0))
        holder.listen()
        port = int(holder.getsockname()[1])
        monkeypatch.setattr(emulator, "DEFAULT_PORT", port)
        yield port


def test_a_second_start_finds_the_first(taken: int) -> None:
    port = emulator.start(PYTHON)
    record = json.loads(emulator.RECORD.read_text())
    assert emulator.start(PYTHON) == port != taken
    assert json.loads(emulator.RECORD.read_text()) == record
    assert emulator.stop()
    assert not emulator.stop()


def test_a_restart_keeps_the_port(taken: int) -> None:
    """Stacks have its address in their settings."""
    port = emulator.start(PYTHON)
    record = emulator.RECORD.read_text()
    emulator.stop()
    emulator.RECORD.write_text(record)  # as after a reboot
    assert emulator.start(PYTHON) == port


def test_a_process_that_got_the_pid_later_is_left_alone(stranger: subprocess.Popen[bytes]) -> None:
    emulator.RECORD.write_text(json.dumps({"pid": stranger.pid, "port": 1}))
    assert not emulator.stop()
    assert stranger.poll() is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"pid": "x", "port": 1}'])
def test_a_broken_record_is_no_record(text: str) -> None:
    emulator.RECORD.write_text(text)
    assert not emulator.stop()
