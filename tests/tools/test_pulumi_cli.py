"""Where the CLI is looked for, and how it gets into the cache: whole or not at all, and once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tools import pulumi_build, pulumi_cli
from tools.progress import StepError


@pytest.fixture(autouse=True)
def bare_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Pulumi, no Go, an empty cache, and an installer that cannot be reached."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pulumi_build, "go", lambda: None)
    monkeypatch.setattr(pulumi_cli, "INSTALL", "raise SystemExit('no network')")


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A Go that "builds" an empty file."""
    made: list[Path] = []

    def build(go: str, into: Path) -> None:
        made.append(into)
        (into / "pulumi").touch()

    monkeypatch.setattr(pulumi_build, "go", lambda: "go")
    monkeypatch.setattr(pulumi_build, "build", build)
    return made


def _put_on_path(tmp_path: Path, version: str) -> Path:
    program = tmp_path / "bin" / "pulumi"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return program.parent


def _ensure() -> Path:
    return pulumi_cli.ensure(Path(sys.executable))


@pytest.mark.parametrize(
    ("text", "version"),
    [("v3.259.0\n", (3, 259, 0)), ("3.260.0-alpha.1", (3, 260, 0)), ("command not found", ()), ("", ())],
)
def test_versions_are_read(text: str, version: tuple[int, ...]) -> None:
    assert pulumi_cli.parse_version(text) == version


def test_a_pulumi_on_path_is_used(tmp_path: Path) -> None:
    folder = _put_on_path(tmp_path, "v3.219.0")
    assert _ensure() == folder
    assert not pulumi_cli.cache().exists()


def test_one_that_is_too_old_is_not(tmp_path: Path, builds: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = _put_on_path(tmp_path, "v3.218.9")
    assert _ensure() != folder
    assert f"older than {pulumi_cli.OLDEST}" in capsys.readouterr().out


def test_without_any_way_the_error_says_what_to_install() -> None:
    with pytest.raises(StepError) as raised:
        _ensure()
    assert "Install one of these" in str(raised.value)
    assert f"Go {pulumi_build.go_needed()} or newer" in str(raised.value)


def test_the_second_time_nothing_is_made(builds: list[Path]) -> None:
    assert _ensure() == _ensure()
    assert len(builds) == 1


def test_a_refused_installer_is_not_asked_again_where_there_is_another_way(
    builds: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _ensure()
    assert "no network" in capsys.readouterr().out
    monkeypatch.setattr(pulumi_build, "folder_name", lambda: "another-version")
    _ensure()
    assert "no network" not in capsys.readouterr().out


def test_a_refused_installer_is_asked_again_where_there_is_none() -> None:
    """Or a network that comes back would not help."""
    with pytest.raises(StepError):
        _ensure()
    pulumi_cli.INSTALL = "import pathlib, sys; b = pathlib.Path(sys.argv[1], 'bin'); b.mkdir(); (b / 'pulumi').touch()"
    assert _ensure() == pulumi_cli.cache() / "official" / "bin"


def test_an_interrupted_build_leaves_nothing(builds: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def build(go: str, into: Path) -> None:
        (into / "pulumi").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pulumi_build, "build", build)
        with pytest.raises(KeyboardInterrupt):
            _ensure()
    assert pulumi_cli.existing() is None
    _ensure()
    assert pulumi_cli.existing() == builds[0].parent / pulumi_build.folder_name()


def test_what_a_killed_build_left_is_swept_up(builds: list[Path]) -> None:
    left = pulumi_cli.cache() / ".making-killed"
    left.mkdir(parents=True)
    _ensure()
    assert not left.exists()


def test_two_at_once_build_once(builds: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first builds until the second has said that it waits."""
    waits = Event()
    quick = pulumi_build.build

    def build(go: str, into: Path) -> None:
        assert waits.wait(30)
        quick(go, into)

    monkeypatch.setattr(pulumi_build, "build", build)
    monkeypatch.setattr(pulumi_cli, "say", lambda text: waits.set() if text.startswith("Another process") else None)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: _ensure(), range(2))
    assert first == second
    assert len(builds) == 1
