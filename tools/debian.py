"""Programs that tests need and pip does not have, from Debian's own packages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.progress import StepError, run

LOCK_PATIENCE = 300  # seconds to wait for another apt on this computer


def ensure(what: str, find: Callable[[], Path | None], packages: Sequence[str]) -> Path:
    """Where `find` finds it: at once, or after these packages are installed, which takes root and a Debian.

    `what` is its name for people: ``ensure("Chromium", lambda: which("chromium"), ["chromium"])``.
    """
    found = find()
    if found is None:
        install(what, packages)
        found = find()
    if found is None:
        raise StepError(f"{what} is not there although {' '.join(packages)} is installed. Install it by hand, then run this again.")
    return found


def is_possible() -> bool:
    """Whether this is a Debian, and we may install there."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(what: str, packages: Sequence[str]) -> None:
    """Install packages without what they merely recommend, asking nothing."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise StepError(f"The tests need {what}, and this is no Debian or Ubuntu. Install it, then run this again.")
    if os.geteuid() != 0:
        raise StepError(f"The tests need {what}. As root: apt-get install {' '.join(packages)}. Then run this again.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patience = ["-o", f"DPkg::Lock::Timeout={LOCK_PATIENCE}"]
    # A fresh image has no lists at all, and those of an old one name packages that have gone.
    run("Asking Debian for its packages", [apt, *patience, "update"], env=env)
    command = [apt, *patience, "install", "--yes", "--no-install-recommends", *packages]
    run(f"Installing {what} from Debian's packages", command, env=env)
