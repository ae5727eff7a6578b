"""Who waits for whom: the same name for itself, and nobody for a stranger."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from journals import sharing

from pulumi_smsagents import errors, journal
from pulumi_smsagents.journal import Journals

NAMES = [f"shop/dev/{number}" for number in range(64)]
"""More than a few of them share a file."""


def test_strangers_of_one_process_never_wait_for_each_other(tmp_path):
    journals, together = Journals(tmp_path), threading.Barrier(len(NAMES))

    def hold(name: str) -> None:
        with journals.alone(name, f"{name} alike"):
            together.wait(60)

    with ThreadPoolExecutor(len(NAMES)) as pool:
        list(pool.map(hold, NAMES))


def test_a_name_is_held_by_one_thread(tmp_path):
    journals, inside, most = Journals(tmp_path), [], []

    def hold(number: int) -> None:
        with journals.alone(f"of {number}", "the same"):
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(hold, range(500)))
    assert most == [1] * 500


def test_names_in_any_order_come_to_an_end(tmp_path):
    """Two processes, as far as files tell them apart."""
    processes = [Journals(tmp_path), Journals(tmp_path)]

    def hold(number: int) -> int:
        names = NAMES[number % 7], NAMES[number % 5], NAMES[number % 3]
        with processes[number % 2].alone(*(names if number % 4 else reversed(names))):
            return number

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(hold, range(300))) == list(range(300))


def test_another_process_is_waited_for_and_then_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "PATIENCE", 0.01)
    mine, theirs = Journals(tmp_path), Journals(tmp_path)
    with theirs.alone("sales"):
        with pytest.raises(errors.JournalError, match="another run has been creating the same object"), mine.alone("sales"):
            pass
        # Whoever gave up holds nothing.
        with mine.alone("other"):
            pass
    with mine.alone("sales"):
        pass


def test_the_last_of_those_that_share_a_file_gives_it_back(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "PATIENCE", 0.01)
    mine, theirs = Journals(tmp_path), Journals(tmp_path)
    first, second = sharing()
    with mine.alone(first):
        with mine.alone(second):
            pass
        with pytest.raises(errors.JournalError), theirs.alone(second):
            pass
    with theirs.alone(second):
        pass


def test_an_error_of_what_is_done_alone_is_its_own(tmp_path):
    with pytest.raises(OSError, match="of the caller"), Journals(tmp_path).alone("sales"):
        raise OSError("of the caller")


def test_a_folder_that_cannot_be_had_is_a_line(tmp_path):
    (tmp_path / "+locks").write_text("a file")
    with pytest.raises(errors.JournalError, match="cannot be used"), Journals(tmp_path).alone("sales"):
        pass
