"""Where the Pulumi CLI is, and how to come by one: PATH, the user's cache, the official installer, the Go modules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import pulumi_build
from tools.progress import StepError, run, say

OLDEST = "3.219.0"
INSTALL = """
import socket, sys
socket.setdefaulttimeout(20)  # without a network, or behind a wall, give up soon
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1])
"""


def existing() -> Path | None:
    """The folder of a CLI that can be used at once: on PATH, or got earlier."""
    for folder in (_on_path(), _official() / "bin", _built()):
        if folder and (folder / "pulumi").exists():
            return folder
    return None


def ensure(python: Path) -> Path:
    """The CLI's folder; `python` has the Pulumi SDK, which knows the official installer."""
    found = existing()
    if found:
        return found
    if shutil.which("pulumi"):
        say(f"The pulumi on PATH does not answer or is older than {OLDEST}: getting another.")
    with _alone():
        # Another process may have got it while this one waited.
        return existing() or _install(python) or _build()


def cache() -> Path:
    """Outside the repository: shared by checkouts, and kept by `git clean`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pulumi-smsagents"


def put(target: Path, fill: Callable[[Path], None]) -> Path:
    """Make a folder whole or not at all: filled under another name, then renamed."""
    temporary = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        fill(temporary)
        temporary.chmod(0o755)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def parse_version(text: str) -> tuple[int, ...]:
    """`v3.259.0` or `3.260.0-alpha.1` -> (3, 259, 0); nothing of the kind -> ()."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
    return tuple(int(part) for part in found.groups()) if found else ()


def _on_path() -> Path | None:
    program = shutil.which("pulumi")
    if program is None:
        return None
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    answer = subprocess.run([program, "version"], env=env, capture_output=True, text=True, check=False)
    return Path(program).parent if parse_version(answer.stdout) >= parse_version(OLDEST) else None


def _official() -> Path:
    return cache() / "official"


def _built() -> Path:
    return cache() / pulumi_build.folder_name()


def _install(python: Path) -> Path | None:
    """By Pulumi's own installer; None where it cannot be reached."""
    refused = cache() / "installer-refused"
    if refused.exists() and pulumi_build.go():
        return None  # it was tried before, and there is another way
    try:
        put(
            _official(),
            lambda folder: run("Asking for the official Pulumi release", [python, "-c", INSTALL, folder], timeout=600),
        )
    except StepError as error:
        say("  It cannot be had here: " + str(error).splitlines()[-1].strip(" |"))
        refused.touch()
        return None
    return _official() / "bin"


def _build() -> Path:
    go = pulumi_build.go()
    if go is None:
        raise StepError(
            f"There is no Pulumi here, and no way to get one. Install one of these, then run this again:\n"
            f"  * the Pulumi CLI, {OLDEST} or newer: https://www.pulumi.com/docs/install/\n"
            f"  * Go {pulumi_build.go_needed()} or newer (https://go.dev/dl/): it is then built from its published modules"
        )
    return put(_built(), lambda folder: pulumi_build.build(go, folder))


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time gets the CLI; the lock goes with the process, however it ends."""
    import fcntl  # noqa: PLC0415  where it is missing (Windows), Pulumi must be installed already

    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is getting Pulumi: waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in cache().glob(".making-*"):  # by a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield
