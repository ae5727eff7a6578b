"""The virtual environment of examples/policy, apart from ours: pulumi-policy holds protobuf back at a version that ours has left."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.progress import run
from tools.venv import ROOT

PACK = ROOT / "examples" / "policy"
FOLDER = PACK / ".venv"
REQUIREMENTS = PACK / "requirements.txt"
STAMP = FOLDER / "installed.txt"


def existing() -> Path | None:
    """Its folder, if it holds what the pack asks for."""
    try:
        return FOLDER if STAMP.read_text() == _wanted() else None
    except OSError:
        return None


def ensure() -> Path:
    """Its folder; made as the example's page says it."""
    found = existing()
    if found:
        return found
    run("Making the policy pack's .venv", [sys.executable, "-m", "venv", "--clear", FOLDER])
    run("Installing what the policy pack needs", [FOLDER / "bin" / "python", "-m", "pip", "install", "-r", REQUIREMENTS])
    STAMP.write_text(_wanted())
    return FOLDER


def _wanted() -> str:
    return f"{sys.version}\n{REQUIREMENTS.read_text()}"
