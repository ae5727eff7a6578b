"""The emulator in the background: one process per checkout, remembered in `.local/`."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

from tools.progress import StepError, say
from tools.venv import ROOT

HOST = "127.0.0.1"
DEFAULT_PORT = 8790
LOCAL = ROOT / ".local"
DATA = LOCAL / "emulator.json"  # what it holds, so that it survives a restart
RECORD = LOCAL / "emulator-process.json"
LOG = LOCAL / "emulator.log"
READY = re.compile(r"emulator ready: http://[^:]+:(\d+)/")
PATIENCE = 30.0  # seconds until it must listen


def command(python: Path, port: int) -> list[str]:
    return [str(python), "-m", "pulumi_smsagents.emulator", "--host", HOST, "--port", str(port)]


def url(port: int) -> str:
    return f"http://{HOST}:{port}/"


def start(python: Path) -> int:
    """Start it unless it runs already; returns its port, the same as last time if that is free."""
    pid, port = _record()
    if _is_ours(pid):
        return port
    wanted = next((candidate for candidate in (port, DEFAULT_PORT) if candidate and _is_free(candidate)), 0)
    say("Starting the emulator")
    LOCAL.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        process = subprocess.Popen(
            [*command(python, wanted), "--data", str(DATA)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it outlives this command and the terminal's Ctrl-C
        )
    port = _wait_until_ready(process)
    RECORD.write_text(json.dumps({"pid": process.pid, "port": port}))
    return port


def stop() -> bool:
    """End the process that `start` began, and no other; false if there is none."""
    pid, port = _record()
    if not _is_ours(pid):
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 5
    # A process that ends loses its command line before its port.
    while (_is_ours(pid) or not _is_free(port)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if _is_ours(pid):
        os.kill(pid, signal.SIGKILL)
    RECORD.unlink(missing_ok=True)
    return True


def _wait_until_ready(process: subprocess.Popen[bytes]) -> int:
    """Its port: it says where it listens, since port 0 leaves the choice to it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        found = READY.search(LOG.read_text(errors="replace"))
        if found:
            return int(found[1])
        time.sleep(0.05)
    process.kill()
    raise StepError(f"The emulator did not start:\n{LOG.read_text(errors='replace')[-2000:]}")


def _record() -> tuple[int, int]:
    try:
        record = json.loads(RECORD.read_text())
        return int(record["pid"]), int(record["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _is_ours(pid: int) -> bool:
    """Pids are used again: ours is the process whose command line names our data file."""
    return pid > 0 and str(DATA) in _command_line(pid)


def _command_line(pid: int) -> str:
    try:  # Linux, where slim images have no `ps`
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        pass
    try:
        return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
