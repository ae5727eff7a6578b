"""A file of records: nothing lost, nothing torn, on the disk before anybody acts on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import together

from pulumi_smsagents.errors import JournalError
from pulumi_smsagents.journal import lines
from pulumi_smsagents.journal.lines import Lines

Records = list[dict[str, Any]]


class Reader:
    """A file, and all that was heard of it."""

    def __init__(self, path: Path) -> None:
        self.heard: Records = []
        self.lines = Lines(path, self._hear)

    def _hear(self, records: Records, anew: bool) -> None:
        if anew:
            self.heard = []
        self.heard += records

    def read(self) -> Records:
        self.lines.catch_up()
        return self.heard


class Queue(list[Any]):
    """Tells when somebody has joined it."""

    def __init__(self) -> None:
        super().__init__()
        self.joined = threading.Semaphore(0)

    def append(self, item: Any) -> None:
        super().append(item)
        self.joined.release()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "dev.jsonl"


def written(path: Path, *names: Any) -> Reader:
    reader = Reader(path)
    for name in names:
        reader.lines.append({"name": name})
    return reader


def names(records: Records) -> list[Any]:
    return [record["name"] for record in records]


def keep(*kept: Any) -> Callable[[], list[Records]]:
    return lambda: [[{"name": name}] for name in kept]


# ---- what is in it ----

texts = st.text(max_size=30) | st.sampled_from(["\n", "\r\n", '"', "\\", "\x00", "\u2028", "\ud800", "日本", "é" * 9])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25)
@given(records=st.lists(st.dictionaries(texts, values, max_size=4), min_size=1, max_size=4))
def test_any_record_comes_back_as_it_went(tmp_path: Path, records: Records) -> None:
    here = tmp_path / f"{len(list(tmp_path.iterdir()))}.jsonl"
    writer = Reader(here)
    for record in records:
        writer.lines.append(record)
    assert Reader(here).read() == writer.heard == records


def test_a_person_can_read_it_and_nobody_else(path: Path) -> None:
    written(path, "a", "b")
    first, second = path.read_text(encoding="ascii").splitlines()
    assert [json.loads(line.partition(" ")[2]) for line in (first, second)] == [{"name": "a"}, {"name": "b"}]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    Reader(path).lines.rewrite(keep("b"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_its_form_stays(path: Path) -> None:
    """What one version began, another has to find."""
    written(path, "b")
    assert path.read_bytes() == b'5b8fcabe {"name": "b"}\n'


# ---- on the disk ----


def test_it_is_on_the_disk_before_append_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, bytes]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        synced.append((os.fstat(descriptor).st_ino, path.read_bytes()))

    monkeypatch.setattr(os, "fsync", noted)
    writer = written(path, "a")
    # The file with its line, then the folder, where the file is new.
    assert [number for number, _ in synced] == [path.stat().st_ino, path.parent.stat().st_ino]
    assert synced[0][1] == path.read_bytes()
    writer.lines.append({"name": "b"})
    assert [number for number, _ in synced[2:]] == [path.stat().st_ino]
    assert synced[-1][1] == path.read_bytes()
    writer.lines.append({"name": "c"}, durable=False)
    assert len(synced) == 3
    assert names(Reader(path).read()) == ["a", "b", "c"]


def test_threads_that_come_together_share_one_fsync(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = written(path, "first")
    entered, free = threading.Event(), threading.Event()
    synced: list[int] = []

    def held(descriptor: int) -> None:
        synced.append(descriptor)
        entered.set()
        assert free.wait(60)

    monkeypatch.setattr(os, "fsync", held)
    threads = [threading.Thread(target=writer.lines.append, args=({"name": "lead"},))]
    threads[0].start()
    assert entered.wait(60)
    writer.lines._queue = queue = Queue()
    for number in range(6):
        threads.append(threading.Thread(target=writer.lines.append, args=({"name": number},)))
        threads[-1].start()
    for _ in range(6):
        assert queue.joined.acquire(timeout=60)
    assert all(thread.is_alive() for thread in threads)  # nobody goes on before the disk has it
    free.set()
    for thread in threads:
        thread.join(60)
    assert len(synced) == 2
    assert sorted(map(str, names(Reader(path).read()))) == ["0", "1", "2", "3", "4", "5", "first", "lead"]


def test_a_disk_that_fails_is_told_to_everyone_who_waits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = written(path, "a")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for _ in range(2):
        with pytest.raises(JournalError, match="No space left on device"):
            writer.lines.append({"name": "b"})
    monkeypatch.undo()
    writer.lines.append({"name": "c"})
    assert names(writer.heard) == names(Reader(path).read())
    assert names(writer.heard)[-1] == "c"


# ---- threads and processes ----


def test_many_threads_append_and_nothing_is_lost(path: Path) -> None:
    one, other = Reader(path), Reader(path)
    work = [lambda n=n: (one, other)[n % 2].lines.append({"name": n}, durable=n % 3 == 0) for n in range(60)]
    together(work)
    assert sorted(names(Reader(path).read())) == list(range(60))
    assert one.read() == other.read() == Reader(path).read()


PROCESS = """
import sys
from pathlib import Path
from pulumi_smsagents.journal.lines import Lines
lines = Lines(Path(sys.argv[1]), lambda records, anew: None)
sys.stdin.readline()
for number in range(40):
    lines.append({"name": f"{sys.argv[2]}-{number}", "text": "x" * 300})
    if number % 10 == 9:
        heard = []
        every = Lines(Path(sys.argv[1]), lambda records, anew: heard.extend(records))
        every.rewrite(lambda: [[record] for record in heard])
"""


def test_several_processes_append_and_rewrite_and_nothing_is_lost(path: Path) -> None:
    writer = written(path, "ours")
    command = [sys.executable, "-c", PROCESS, str(path)]
    running = [subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, text=True) for number in range(3)]
    try:
        for process in running:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        for number in range(40):
            writer.lines.append({"name": f"ours-{number}"})
        assert [process.wait(60) for process in running] == [0, 0, 0]
    finally:
        for process in running:
            process.kill()
            process.communicate()
    found = names(writer.read())
    assert found == names(Reader(path).read())
    for whose in ("ours", "0", "1", "2"):  # all, once, in order
        assert [name for name in found if name.startswith(f"{whose}-")] == [f"{whose}-{number}" for number in range(40)]


def test_a_file_that_another_process_rewrote_is_read_anew(path: Path) -> None:
    one, other = written(path, "a", "b", "c"), Reader(path)
    other.lines.rewrite(keep("c"))
    assert names(one.read()) == ["c"]
    other.lines.rewrite(keep())
    assert names(one.read()) == []
    one.lines.append({"name": "d"})
    assert names(Reader(path).read()) == names(other.read()) == ["d"]


def test_a_rewritten_file_under_the_same_number_is_read_anew(path: Path) -> None:
    """A file system gives the number of a removed file to the next one, and the size may be the same or more."""
    one = written(path, "a", "b")
    number = path.stat().st_ino
    other = written(path.with_name("new.jsonl"), "some", "others", "longer")
    with path.open("r+b") as file:
        file.write(other.lines.path.read_bytes())
    assert path.stat().st_ino == number
    assert names(one.read()) == ["some", "others", "longer"]
    one.lines.append({"name": "d"})
    assert names(Reader(path).read()) == ["some", "others", "longer", "d"]


def test_another_file_in_its_place_is_read_also_if_it_has_the_same_size_and_time(path: Path) -> None:
    reader = written(path, "a")
    before, other = path.stat(), path.with_name("other.jsonl")
    written(other, "b")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert names(reader.read()) == ["b"]


def test_a_file_that_somebody_removed_is_begun_anew(path: Path) -> None:
    one = written(path, "a")
    path.unlink()
    one.lines.append({"name": "b"})
    assert names(one.heard) == names(Reader(path).read()) == ["b"]


def test_a_rewrite_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = written(path, "a", "b")
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(JournalError):
        one.lines.rewrite(keep("b"))
    assert path.read_bytes() == before
    assert names(one.read()) == ["a", "b"]


# ---- damage ----


def test_a_line_that_a_crash_cut_off_is_dropped_wherever_it_was_cut(path: Path) -> None:
    written(path, "a", "b", "last")
    whole = path.read_bytes()
    begin = whole.rindex(b"\n", 0, -1) + 1
    for length in range(begin, len(whole)):
        path.write_bytes(whole[:length])
        reader = Reader(path)
        assert names(reader.read()) == ["a", "b"]
        reader.lines.append({"name": "x"})  # shorter than what was cut off
        assert path.read_bytes().startswith(whole[:begin])
        assert path.read_bytes().endswith(b"\n")
        assert names(Reader(path).read()) == ["a", "b", "x"]


def test_any_other_damage_is_an_error_that_names_the_file_and_the_way_out(path: Path) -> None:
    written(path, "a", "b", "last")
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        if whole[place : place + 1] == b"\n":
            continue
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        reader = Reader(path)
        with pytest.raises(JournalError, match="remove the line, or the file") as caught:
            reader.read()
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        with pytest.raises(JournalError, match="is damaged"):
            reader.lines.append({"name": "c"})
        assert path.stat().st_size == len(whole)
        assert reader.heard == []
    path.write_bytes(whole)
    assert names(reader.read()) == ["a", "b", "last"]  # mended


# ---- where none can be kept ----


def test_where_no_file_can_be_made_nothing_is_written_and_the_error_says_what_to_do(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in place of the folder")
    (tmp_path / "dev.jsonl").mkdir()  # a folder in place of the file
    for path in (blocked / "dev.jsonl", blocked / "shop" / "dev.jsonl", tmp_path / "dev.jsonl"):
        with pytest.raises(JournalError, match="SMSAGENTS_JOURNAL_DIR") as caught:
            Reader(path).lines.append({"name": "a"})
        assert str(path) in str(caught.value)
        assert "nothing was sent" in str(caught.value)


def test_who_holds_the_file_for_ever_is_not_waited_for_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    written(path, "a")
    monkeypatch.setattr(lines, "PATIENCE", 0.05)
    with FileLock(path.with_suffix(".lock")), pytest.raises(JournalError, match="held by another process"):
        Reader(path).lines.append({"name": "b"})
    assert names(Reader(path).read()) == ["a"]
