"""Every Python 3 of this computer: those on PATH, and those that pyenv has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path


@cache
def pythons() -> dict[str, str]:
    """Where each one that starts is, by its version."""
    found = {sys.version: sys.executable}
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    of_pyenv = sorted(str(each) for each in root.glob("versions/*/bin/python3"))
    for path in (*(shutil.which(f"python3.{minor}") for minor in range(8, 20)), *of_pyenv):
        if path is None:
            continue
        asked = subprocess.run([path, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            found.setdefault(asked.stdout.strip(), path)
    return found
