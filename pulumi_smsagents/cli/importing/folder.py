"""Files into a folder, over nothing that is there, and all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ... import errors


def refuse(folder: Path) -> None:
    """An error where `folder` holds anything but hidden entries (a .venv or .git may wait there for the program)."""
    if folder.exists() and not folder.is_dir():
        raise errors.ConfigurationError(f"--out: {folder} is a file; name a new or an empty folder")
    if folder.is_dir() and any(not each.name.startswith(".") for each in folder.iterdir()):
        raise errors.ConfigurationError(f"--out: {folder} is not empty, and nothing is ever overwritten; name a new or an empty folder")


def write(folder: Path, contents: Mapping[str, str]) -> None:
    """Each file as new. Where one cannot be written, those before it go again."""
    refuse(folder)
    made: list[Path] = []
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="") as file:
                made.append(path)
                file.write(content)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
