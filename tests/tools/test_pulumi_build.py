"""Building the CLI: what is pinned, what the cache is keyed by, what lies beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tools import pulumi_build


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files that go into the result."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in pulumi_build.BESIDE:
        shutil.copy(pulumi_build.TOOLS / name, folder)
    shutil.copytree(pulumi_build.MODULE, folder / "pulumi")
    monkeypatch.setattr(pulumi_build, "TOOLS", folder)
    monkeypatch.setattr(pulumi_build, "MODULE", folder / "pulumi")
    return folder


@pytest.fixture
def go(tmp_path: Path) -> str:
    """A Go that knows where the SDK's sources are, and compiles nothing."""
    sources = tmp_path / "sdk"
    for name in pulumi_build.SDK_FILES:
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text(f"#!{name}")
    program = tmp_path / "go"
    program.write_text(f'#!/bin/sh\n[ "$1 $2" = "list -m" ] && echo "{sources}"\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("go version go1.27rc1 darwin/arm64", (1, 27)),
        ("go1.25.11", (1, 25, 11)),
        ("go: cannot find GOROOT", ()),
    ],
)
def test_go_versions_are_read(text: str, version: tuple[int, ...]) -> None:
    assert pulumi_build.parse_go_version(text) == version


@pytest.mark.parametrize(("found", "usable"), [("1.25.10", False), ("1.25.11", True), ("1.26", True), ("1.3", False)])
def test_an_old_go_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str, usable: bool) -> None:
    program = tmp_path / "go"
    program.write_text(f"#!/bin/sh\necho go version go{found} linux/amd64\n")
    program.chmod(0o755)
    monkeypatch.setattr(pulumi_build, "go_needed", lambda: "1.25.11")
    monkeypatch.setattr(pulumi_build, "GO_PLACES", (str(program),))
    assert (pulumi_build.go() == str(program)) is usable


def test_the_pins_are_found() -> None:
    assert pulumi_build.version().startswith("3.")
    assert pulumi_build.parse_go_version(f"go{pulumi_build.go_needed()}") >= (1, 25)


@pytest.mark.parametrize("changed", ["pulumi/go.mod", "pulumi/go.sum", *pulumi_build.BESIDE])
def test_the_cache_is_keyed_by_every_file_that_goes_in(tools: Path, changed: str) -> None:
    before = pulumi_build.folder_name()
    with (tools / changed).open("a") as file:
        file.write("\n")
    assert pulumi_build.folder_name() != before
    assert pulumi_build.folder_name().startswith(f"pulumi-{pulumi_build.version()}-")


def test_a_new_language_host_needs_no_compiler(tools: Path, tmp_path: Path, go: str) -> None:
    """The CLI of an earlier folder is taken over; ours and the SDK's scripts lie beside it and can be run."""
    earlier = tmp_path / "cache" / pulumi_build.folder_name()
    earlier.mkdir(parents=True)
    (earlier / "pulumi").write_text("compiled")
    (tools / "language_host.py").write_text("new")
    into = tmp_path / "cache" / "new"
    into.mkdir()
    pulumi_build.build(go, into)
    assert (into / "pulumi").read_text() == "compiled"
    assert (into / "language_host.py").read_text() == "new"
    beside = {"pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"}
    assert all(os.access(into / name, os.X_OK) for name in beside)
