"""What is installed here, and whether it fits: the Pulumi CLI, its SDK, this package, the project's virtual environment."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from .. import errors
from ..connect import Settings, journals
from . import project

OLDEST = Version("3.219.0")
"""The oldest Pulumi that the package works with."""

LOOKS_UP = Version("3.268.0")
"""The oldest SDK with which `.get()` works."""

NEXT_MAJOR = 4

MARKER = Path(__file__).resolve().parents[1] / "pulumi-plugin.json"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `state`: ``ok``, ``note`` (worth knowing) or ``wrong``; `fix` says what to do then."""

    name: str
    found: str
    state: str = "ok"
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """For a program."""
        return {"name": self.name, "state": self.state, "found": self.found, "fix": self.fix}


def findings(here: project.Stack | None) -> Iterator[Finding]:
    """All of them; `here` is the project's stack, where there is a project."""
    yield _cli()
    yield _sdk()
    yield _package()
    yield _python(here.folder if here else None)


def rules(settings: Settings) -> Iterator[Finding]:
    """What this environment forbids and allows, where it says so."""
    for name in ("allowedNumbers", "onConflict"):
        setting = settings.of_package(name)
        if setting:
            yield Finding(name, f"{setting.value} ({setting.source})")


def journal() -> Iterator[Finding]:
    """Where it is kept which creates were begun, and whether one is unfinished."""
    name = "Journal"
    try:
        found = journals()
        found.check()
        # What was made is in some stack's state, as a rule: only a create without an end is worth a word.
        unfinished = [entry for each in found.all() for entry in each.unfinished() if not entry.id]
    except errors.JournalError as error:
        yield Finding(name, "cannot be kept", "wrong", str(error))
        return
    if unfinished:
        stacks = ", ".join(sorted({entry.target.key.rpartition("/")[0] for entry in unfinished}))
        yield Finding(name, f"{found.folder}, with creates that were cut off in {stacks}", "note", "see: smsagents resolve")
    elif os.environ.get("CI") and not os.environ.get("SMSAGENTS_JOURNAL_DIR"):
        fix = "if this runner is thrown away after the run, set SMSAGENTS_JOURNAL_DIR to a folder that is kept"
        yield Finding(name, str(found.folder), "note", fix)
    else:
        yield Finding(name, str(found.folder))


def _cli() -> Finding:
    name, program = "Pulumi CLI", project.program()
    if program is None:
        return Finding(name, "not on PATH", "wrong", "install it: https://www.pulumi.com/docs/install/")
    try:
        said = project.pulumi("version", folder=Path.cwd()).strip()
        version = Version(said)
    except errors.ConfigurationError as error:
        return Finding(name, f"{program} does not answer", "wrong", str(error))
    except InvalidVersion:
        return Finding(name, f"{program}, of a version that cannot be read", "note", "see: pulumi version")
    found = f"{version} ({program})"
    if version < OLDEST:
        return Finding(name, found, "wrong", f"it is older than {OLDEST}; update it: https://www.pulumi.com/docs/install/")
    return Finding(name, found)


def _sdk() -> Finding:
    name = "Pulumi SDK"
    version = Version(metadata.version("pulumi"))
    if not OLDEST <= version < Version(str(NEXT_MAJOR)):
        return Finding(
            name,
            str(version),
            "wrong",
            f"the package needs {OLDEST} or newer, and older than {NEXT_MAJOR}: pip install 'pulumi>={OLDEST},<{NEXT_MAJOR}'",
        )
    if version < LOOKS_UP:
        return Finding(name, str(version), "note", f"all but .get() works; for that: pip install 'pulumi>={LOOKS_UP},<{NEXT_MAJOR}'")
    return Finding(name, str(version))


def _package() -> Finding:
    """Without its marker the engine takes the package to own a plugin and tries to download that (pulumi/pulumi#8011)."""
    name, version = "pulumi-smsagents", metadata.version("pulumi-smsagents")
    try:
        marked = json.loads(MARKER.read_text("utf-8")) == {"resource": False}
    except (OSError, ValueError):
        marked = False
    if not marked:
        return Finding(
            name,
            f"{version}, without its {MARKER.name}",
            "wrong",
            f"install it again; {MARKER} has to say that there is no plugin to download",
        )
    return Finding(name, f"{version}, with its {MARKER.name}")


def _python(folder: Path | None) -> Finding:
    name, found = "Python", f"{platform.python_version()} ({sys.prefix})"
    wanted = folder and _virtualenv(folder)
    if not folder:
        return Finding(name, found)
    if wanted is None:
        return Finding(
            name,
            found,
            "note",
            "Pulumi.yaml names no virtualenv, so the provider may run under another Python; see docs/installation-configuration.md",
        )
    if wanted.resolve() != Path(sys.prefix).resolve():
        return Finding(
            name,
            found,
            "note",
            f"the project runs in {wanted}; what is said here of the SDK and the package holds for this one: use {wanted}'s smsagents",
        )
    return Finding(name, f"{found}, the project's own")


def _virtualenv(folder: Path) -> Path | None:
    """The virtual environment that the project names."""
    options: Any = project.description(folder)
    for name in ("runtime", "options", "virtualenv"):
        options = options.get(name) if isinstance(options, dict) else None
    return folder / options if isinstance(options, str) else None
