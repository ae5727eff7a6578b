"""What a figure depends on besides the code: sizes and versions, and neither names nor places."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from typing import Any

from tools import pulumi_cli


def describe() -> dict[str, Any]:
    """Cores, memory and versions."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": platform.system(),
        "python": platform.python_version(),
        "pulumi_sdk": version("pulumi"),
        "pulumi": _pulumi(),
        "terraform": _terraform(),
    }


def _pulumi() -> str:
    folder = pulumi_cli.existing()
    return _output([str(folder / "pulumi"), "version"]).strip().removeprefix("v") if folder else ""


def _terraform() -> str:
    found = shutil.which("terraform")
    return str(json.loads(_output([found, "version", "-json"]))["terraform_version"]) if found else ""


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
