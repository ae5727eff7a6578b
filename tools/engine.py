"""The environment in which the Pulumi CLI runs quietly, offline and apart from its user's own Pulumi."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

SETTINGS = ("SMSAGENTS_", "TELI_", "CONTACTSWING_", "FLUENTS_", "BLAND_", "CLEARTALK_", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK")


def environment(home: Path, backend: Path, *, cli: Path | None = None, python: Path | None = None) -> dict[str, str]:
    """Variables to add to `os.environ`: the CLI's settings under `home`, state as files under `backend`.

    `cli` is the folder of the CLI where it is not on PATH already; `python` runs programs and dynamic providers.
    """
    home.mkdir(parents=True, exist_ok=True)
    backend.mkdir(parents=True, exist_ok=True)
    python = python or Path(sys.executable)
    folders = [str(python.parent), *([str(cli)] if cli else [])]
    return {
        "PATH": os.pathsep.join([*reversed(folders), os.environ.get("PATH", os.defpath)]),
        "PULUMI_HOME": str(home.resolve()),
        "PULUMI_BACKEND_URL": backend.resolve().as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(home)),
        "PULUMI_PYTHON_CMD": str(python),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """A shell's environment less its vendor keys, addresses and stack: they outrank a stack's own settings."""
    return {name: value for name, value in environ.items() if name == "SMSAGENTS_DEBUG" or not name.startswith(SETTINGS)}


def _passphrase(home: Path) -> Path:
    """A file with the stacks' passphrase, made once, so that none is asked for and none is the same for all."""
    path = home.resolve() / "passphrase"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe())
    except FileExistsError:
        pass
    return path
