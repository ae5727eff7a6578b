"""`prompt_file`: the text of a file, for a program. What it takes to read one is loaded on the first call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


def prompt_file(path: str | os.PathLike[str], /, **variables: Any) -> str:
    r"""The text of a prompt file, with the author's variables ``<< offer >>`` filled in.

    `path` is relative to the file that calls this. The text may begin with front matter, whose ``variables`` are defaults
    (a name without a value is required); it may include other files of the project. Line ends are ``\n``, and white space at
    both ends is dropped. A vendor's own ``{{first_name}}`` stays as it is. Whatever is wrong ends the program with one
    line: the file, the line in it, and how to mend it. See docs/prompts.md.
    """
    from ..errors import PromptError
    from ..prompts import render

    folder = _folder(sys._getframe(1).f_globals.get("__file__"))  # noqa: SLF001 - of the caller: where `path` begins
    for name, value in variables.items():
        if any(isinstance(part, pulumi.Output) for part in _parts(value)):
            raise pulumi.RunError(
                f"{os.fspath(path)}: {name} is an output, which is not known when the file is read; "
                f"write it as {name}.apply(lambda {name}: prompt_file({os.fspath(path)!r}, {name}={name}))"
            )
    try:
        return render(folder / path, _project(folder), variables)
    except PromptError as error:
        raise pulumi.RunError(str(error)) from None  # Pulumi prints its line, and no traceback


def _folder(file: str | None) -> Path:
    """Where the caller stands; a program that is no file, as in a notebook, stands where it runs."""
    return Path(file).resolve().parent if file else Path.cwd()


def _project(folder: Path) -> Path:
    """The folder of the project around `folder`, or that itself where there is none."""
    around = (each for each in (folder, *folder.parents) if any((each / name).is_file() for name in _PROJECT_FILES))
    return next(around, folder)


def _parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _parts(item)
