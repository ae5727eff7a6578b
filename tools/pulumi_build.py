"""The Pulumi CLI from its published Go modules, for computers that have Go but no Pulumi and cannot download a release."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools.progress import run

TOOLS = Path(__file__).resolve().parent
MODULE = TOOLS / "pulumi"  # go.mod and go.sum: which version, and the checksum of every source
BESIDE = ("language_host.py", "pulumi-language-python")  # ours, to lie beside the CLI
SDK = "github.com/pulumi/pulumi/sdk/v3"
SDK_FILES = ("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec")
CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
TAGS = "osusergo,grpcnotrace"
GO_PLACES = ("go", "/usr/local/go/bin/go")  # Go's own installer does not put its place on PATH


def version() -> str:
    """The CLI's version, as pinned in go.mod."""
    return _pinned(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)")


def go_needed() -> str:
    """The oldest Go that compiles it, as go.mod says."""
    return _pinned(r"(?m)^go (\S+)")


def folder_name() -> str:
    """Changes with everything that goes into the result: the CLI first, then what lies beside it."""
    beside = _hash(*((TOOLS / name).read_bytes() for name in BESIDE))
    return f"{_cli_name()}-{beside}"


def go() -> str | None:
    """A Go that is new enough, or may make itself so (GOTOOLCHAIN), or None."""
    for candidate in map(shutil.which, GO_PLACES):
        if candidate:
            answer = subprocess.run([candidate, "version"], cwd=MODULE, env=_environment(), capture_output=True, text=True, check=False)
            if answer.returncode == 0 and parse_go_version(answer.stdout) >= parse_go_version(f"go{go_needed()}"):
                return candidate
    return None


def parse_go_version(text: str) -> tuple[int, ...]:
    """`go version go1.26.8 linux/amd64` -> (1, 26, 8); a release candidate counts as its release."""
    found = re.search(r"\bgo(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def build(go: str, into: Path) -> None:
    """Fill a folder with the CLI and what it needs beside it to run Python programs."""
    earlier = next(into.parent.glob(f"{_cli_name()}-*/pulumi"), None)
    if earlier:
        os.link(earlier, into / "pulumi")  # only a file beside it has changed: no need for ten minutes
    else:
        _compile(go, into / "pulumi")
    sdk = Path(_output(go, "list", "-m", "-f", "{{.Dir}}", SDK))
    for source in (*(sdk / name for name in SDK_FILES), *(TOOLS / name for name in BESIDE)):
        target = into / source.name
        shutil.copyfile(source, target)
        target.chmod(0o755)


def _compile(go: str, target: Path) -> None:
    run(
        f"Downloading the sources of Pulumi {version()}",
        [go, "list", "-deps", "-tags", TAGS, CLI],
        cwd=MODULE,
        env=_environment(),
        status=_counting("go: downloading", "modules downloaded"),
    )
    packages = len(_output(go, "list", "-deps", "-tags", TAGS, CLI).splitlines())
    # Without its version the SDK takes the CLI for one too old to use.
    linker = f"-s -w -X {SDK}/go/common/version.Version=v{version()}"
    options = ["-v", "-buildvcs=false", "-trimpath", "-tags", TAGS, "-ldflags", linker]
    run(
        f"Compiling Pulumi {version()} (the first time, 5 to 10 minutes on two cores)",
        [go, "build", *options, "-o", target, CLI],
        cwd=MODULE,
        env=_environment(),
        status=_counting("", f"of at most {packages} packages compiled"),
    )


def _cli_name() -> str:
    pins = (MODULE / "go.mod", MODULE / "go.sum")
    return f"pulumi-{version()}-{_hash(TAGS.encode(), *(path.read_bytes() for path in pins))}"


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:10]


def _pinned(pattern: str) -> str:
    found = re.search(pattern, (MODULE / "go.mod").read_text())
    assert found is not None, f"go.mod has no {pattern}"
    return found[1]


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=MODULE, env=_environment(), stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def _environment() -> dict[str, str]:
    """A user's own Go settings must not leak into this build; where modules come from stays theirs."""
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off"}


def _counting(prefix: str, what: str) -> Callable[[str], str]:
    count = 0

    def status(line: str) -> str:
        nonlocal count
        count += line.startswith(prefix)
        return f"{count} {what}"

    return status
