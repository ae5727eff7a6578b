"""The lock of a file: one holder, also where others use filelock's own class or remove the file meanwhile."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from pulumi_smsagents.journal import held
from pulumi_smsagents.journal.held import BusyError, HeldFile


def test_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    mine, theirs = HeldFile(path, 0.01), HeldFile(path, 0.01)
    mine.acquire()
    with pytest.raises(BusyError):
        theirs.acquire()
    mine.release()
    theirs.acquire()
    theirs.release()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_filelock_of_another_version_of_ours_is_kept_out_and_keeps_out(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    mine, theirs = HeldFile(path, 0.01), FileLock(path, timeout=0.01)
    mine.acquire()
    with pytest.raises(Timeout):
        theirs.acquire()
    mine.release()
    with theirs, pytest.raises(BusyError):
        mine.acquire()


def test_the_folder_is_made_and_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    file = HeldFile(tmp_path / "new" / "a.lock", 0.01)
    file.acquire()
    file.release()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "a.lock").stat().st_mode) == 0o600


def test_a_file_that_was_removed_while_it_was_waited_for_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.lock"
    asked = []

    def removed_before_it_is_had(descriptor: int, *, blocking: bool) -> bool:
        asked.append(descriptor)
        if len(asked) == 1:
            path.unlink()
        return lock_descriptor(descriptor, blocking=blocking)

    lock_descriptor = held.lock_descriptor
    monkeypatch.setattr(held, "lock_descriptor", removed_before_it_is_had)
    mine = HeldFile(path, 1.0)
    mine.acquire()
    with pytest.raises(Timeout):
        FileLock(path, timeout=0.01).acquire()
    mine.release()
    assert len(asked) == 2


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("not ours")
    path = tmp_path / "a.lock"
    path.symlink_to(tmp_path / "theirs")
    with pytest.raises(OSError, match="symbolic"):
        HeldFile(path, 0.01).acquire()


def test_nothing_is_left_open_by_those_who_did_not_get_it(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    mine, theirs = HeldFile(path, 1.0), HeldFile(path, 0.02)
    mine.acquire()
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(BusyError):
            theirs.acquire()
    assert len(list(Path("/dev/fd").iterdir())) == before
    mine.release()


def test_nothing_is_left_open_where_the_system_has_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(descriptor: int, *, blocking: bool) -> bool:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(held, "lock_descriptor", none)
    before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(OSError, match="not implemented"):
        HeldFile(tmp_path / "a.lock", 0.01).acquire()
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_another_process_may_make_the_folder_in_the_same_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_early(path: Path, *how: int) -> int:
        if path.parent.exists():
            return really(path, *how)
        path.parent.mkdir()
        raise FileNotFoundError

    really = os.open
    monkeypatch.setattr(held.os, "open", too_early)
    file = HeldFile(tmp_path / "new" / "a.lock", 0.01)
    file.acquire()
    file.release()
