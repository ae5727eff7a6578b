"""PostgreSQL: the newest that is there, and never a server that nobody asked for."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import debian, postgres


@pytest.fixture(autouse=True)
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root on a Debian without PostgreSQL, neither on PATH nor where Debian puts it."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(debian, "is_possible", lambda: True)
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "lib")
    monkeypatch.setattr(postgres, "CLUSTER", tmp_path / "createcluster.conf")


def _put(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in postgres.PROGRAMS:
        (folder / name).touch()
    return folder


def test_the_newest_version_is_used(tmp_path: Path) -> None:
    for version in ("9.6", "17", "15"):
        _put(tmp_path / "lib" / version / "bin")
    assert postgres.ensure() == tmp_path / "lib" / "17" / "bin"


def test_one_without_a_server_is_none(tmp_path: Path) -> None:
    """The client's package alone puts a folder there too."""
    (_put(tmp_path / "lib" / "15" / "bin") / "postgres").unlink()
    assert postgres.existing() is None


def test_it_is_installed_without_starting_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting that keeps the package from doing so stands before the package comes."""
    set_before: dict[str, bool] = {}

    def install(what: str, packages: Sequence[str]) -> None:
        (package,) = packages
        set_before[package] = postgres.CLUSTER.exists()
        if package == "postgresql":
            _put(tmp_path / "lib" / "15" / "bin")

    monkeypatch.setattr(debian, "install", install)
    assert postgres.ensure() == tmp_path / "lib" / "15" / "bin"
    assert set_before == {"postgresql-common": False, "postgresql": True}
    assert postgres.CLUSTER.read_text() == "create_main_cluster = false\n"
