"""A browser without a window, and the driver that steers it: those of this computer, or Debian's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tools import debian

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRIVERS = ("chromedriver", "chromium.chromedriver")
PACKAGES = ("chromium", "chromium-driver")
OF_THE_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HOW = f"install Chromium or Chrome and its driver; on Debian: apt-get install {' '.join(PACKAGES)}; or run: python3 dev.py test"


def browser() -> Path | None:
    """The browser's program."""
    return _first(BROWSERS) or (OF_THE_MAC if OF_THE_MAC.exists() else None)


def driver() -> Path | None:
    """The driver's program. It takes a browser of its own version only."""
    return _first(DRIVERS)


def ensure() -> Path:
    """The browser, once its driver is there too."""
    return debian.ensure("Chromium and its driver", _both, PACKAGES)


def needs_no_sandbox() -> bool:
    """Chromium refuses its sandbox to root, as in a container."""
    return os.geteuid() == 0


def _both() -> Path | None:
    return browser() if driver() else None


def _first(names: tuple[str, ...]) -> Path | None:
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None
