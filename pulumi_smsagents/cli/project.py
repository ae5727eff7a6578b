"""The Pulumi project in the working folder and its stack, asked through the Pulumi CLI.

What a stack is told in confidence (keys, secret values of the state) passes through memory only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import errors
from ..connect import Settings

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_INSTALL = "install it (https://www.pulumi.com/docs/install/) and see that it is on PATH"
_SHOWN = 300


@dataclass(frozen=True)
class Stack:
    """A stack of the project in `folder`; `name` is empty for the one that is selected there."""

    folder: Path
    name: str = ""

    def settings(self) -> Settings:
        """The package's settings: the stack's configuration under the environment's."""
        values = {key: item.get("value") for key, item in self._ask("config", "--show-secrets").items()}
        return Settings(values.get)

    def state(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """The stack's state as `pulumi stack export` gives it; secret values encrypted unless asked for."""
        return self._ask("stack", "export", *(["--show-secrets"] if show_secrets else []), as_json=False)

    def preview(self, *options: str) -> dict[str, Any]:
        """What `pulumi preview` says would be done."""
        return self._ask("preview", *options)

    def selected(self) -> str:
        """The stack's name."""
        if self.name:
            return self.name
        try:
            return pulumi("stack", "--show-name", folder=self.folder).strip()
        except errors.ConfigurationError as error:
            raise errors.ConfigurationError(f"{error}; or name one with --stack") from None

    def _ask(self, *command: str, as_json: bool = True) -> dict[str, Any]:
        stack = ["--stack", self.name] if self.name else []
        said = pulumi(*command, *(["--json"] if as_json else []), *stack, folder=self.folder)
        try:
            found = json.loads(said)
        except ValueError:
            raise errors.ConfigurationError(f"pulumi {command[0]}: its answer is not JSON; try it by hand in {self.folder}") from None
        if not isinstance(found, dict):
            raise errors.ConfigurationError(f"pulumi {command[0]}: its answer is not an object; try it by hand in {self.folder}")
        return found


def folder() -> Path | None:
    """The project's folder: the working one or the nearest above it, as Pulumi looks for it."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if any((each / name).is_file() for name in _PROJECT_FILES)), None)


def description(folder: Path) -> Any:
    """What the project's file says; None where it cannot be read."""
    import yaml

    for name in _PROJECT_FILES:
        try:
            return yaml.safe_load((folder / name).read_text("utf-8"))  # JSON is YAML
        except FileNotFoundError:
            continue
        except (OSError, ValueError, yaml.YAMLError):
            return None
    return None


def stack(name: str = "") -> Stack | None:
    """The stack `name`, or the selected one, of the project here; None where there is no project and none was named."""
    found = folder()
    if found is None and name:
        raise errors.ConfigurationError(f"--stack {name}: there is no Pulumi.yaml here or above; go to the project's folder")
    return Stack(found, name) if found else None


def settings(name: str = "") -> Settings:
    """The settings that hold here: the environment's, and in a project folder the stack's."""
    found = stack(name)
    return found.settings() if found else Settings(lambda key: None)


def program() -> str | None:
    """Where the Pulumi CLI is."""
    return shutil.which("pulumi")


def pulumi(*command: str, folder: Path) -> str:
    """What a `pulumi` command prints; an error in its own words where it fails."""
    found = program()
    shown = f"pulumi {' '.join(command)}"
    if found is None:
        raise errors.ConfigurationError(f"{shown}: there is no pulumi on PATH; {_INSTALL}")
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    line = [found, *command, "--non-interactive", "--color", "never"]
    # S603: it is the program that the person has on PATH.
    ended = subprocess.run(line, cwd=folder, env=env, capture_output=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    if ended.returncode:
        # Never what it printed: that may be half an answer, keys included.
        raise errors.ConfigurationError(f"{shown} (in {folder}) failed: {_words(ended.stderr)}")
    return ended.stdout


def _words(said: str) -> str:
    """What Pulumi says, in one line."""
    line = " ".join(said.split()).removeprefix("error: ")
    return (line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…") or "it says nothing"
