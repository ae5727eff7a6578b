"""The checkout's own `.venv`: made with the Python that runs dev.py, installed into only when something changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.progress import run

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed.json"


def ensure(groups: Sequence[str] = ()) -> Path:
    """The venv's Python, with the package, the emulator and these dependency groups installed."""
    stamp = {"requirements": _fingerprint(), "groups": sorted({*groups, *_installed_groups()})}
    # A linked one is another checkout's: an install here would put this checkout's package in the place of that one's.
    if PYTHON.exists() and (FOLDER.is_symlink() or _stamp() == stamp):
        return PYTHON
    if not _has_pip():
        run("Making .venv", [sys.executable, "-m", "venv", "--clear", FOLDER])
    # Python brings an old pip along; dependency groups need 25.1.
    run("Upgrading pip", [PYTHON, "-m", "pip", "install", "pip>=25.1"], cwd=ROOT)
    run("Installing the package and its tools", _install_command(stamp["groups"]), cwd=ROOT)
    STAMP.write_text(json.dumps(stamp))
    return PYTHON


def _install_command(groups: Sequence[str]) -> list[str | Path]:
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--editable", ".[emulator]"]
    for group in groups:
        command += ["--group", group]
    if (ROOT / "constraints.txt").exists():
        command += ["--constraint", "constraints.txt"]
    return command


def _fingerprint() -> str:
    """Changes with whatever decides what gets installed."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("pyproject.toml", "constraints.txt"):
        path = ROOT / name
        digest.update(path.read_bytes() if path.exists() else b"-")
    return digest.hexdigest()


def _stamp() -> dict[str, object]:
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _installed_groups() -> list[str]:
    """`up` after `test` must not forget the test tools."""
    groups = _stamp().get("groups", [])
    return groups if isinstance(groups, list) else []


def _has_pip() -> bool:
    """False also for a venv whose making was interrupted, or whose Python has gone."""
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
