"""What a rewriting leaves as it was, and what is told of entries that are not there."""

from __future__ import annotations

import threading

import pytest
from journals import anew, sharing

from pulumi_smsagents import journal as room
from pulumi_smsagents.emulator import SetClock
from pulumi_smsagents.journal import CLOSED, KEPT, SETTLED, Entry, Journals, Target

TARGET = Target("shop/dev/sales", "teli", "SmsAgent", "https://api.teli.ai")


def made(journals: Journals, id: str) -> Entry:
    journal = journals.of(TARGET.key)
    return journal.created(journal.intend(TARGET, {"prompt": "Sell."}), id)


def rewritten(journals: Journals) -> Journals:
    """The first look of a process rewrites the file, where something in it is too old."""
    later = anew(journals)
    later.of(TARGET.key).made_at("teli", "SmsAgent", "any")
    return anew(later)


def test_a_rewriting_keeps_how_each_ended(journals: Journals) -> None:
    settled, left = made(journals, "settled"), made(journals, "left")
    journals.of(TARGET.key).settle(TARGET.key, "teli", "SmsAgent", settled.id)
    journals.of(TARGET.key).not_created(left)
    journals.of(TARGET.key).not_created(journals.of(TARGET.key).intend(TARGET, {}))  # matters no more: so the file is rewritten
    before = (journals.folder / "shop" / "dev.jsonl").read_text("ascii")
    found = {entry.id: entry.state for entry in rewritten(journals).of(TARGET.key).entries()}
    assert (journals.folder / "shop" / "dev.jsonl").read_text("ascii") != before
    assert found == {"settled": SETTLED, "left": CLOSED}


@pytest.mark.parametrize(("later", "kept"), [(KEPT, ["old"]), (KEPT + 1, [])])
def test_what_ended_is_kept_for_its_whole_time(later: float, kept: list[str], journals: Journals, clock: SetClock) -> None:
    made(journals, "old")
    journals.of(TARGET.key).settle(TARGET.key, "teli", "SmsAgent", "old")
    clock.advance(later)
    assert [entry.id for entry in rewritten(journals).of(TARGET.key).entries()] == kept


def test_when_an_object_was_made_is_told_of_it_alone(journals: Journals, clock: SetClock) -> None:
    made(journals, "one")
    clock.advance(5)
    made(journals, "two")
    journal = anew(journals).of(TARGET.key)
    assert journal.made_at("teli", "SmsAgent", "two") - journal.made_at("teli", "SmsAgent", "one") == pytest.approx(5)
    assert journal.made_at("teli", "SmsAgent", "two") == pytest.approx(clock())
    assert journal.made_at("teli", "SmsAgent", "three") == 0
    assert journal.made_at("fluents", "SmsAgent", "two") == 0
    assert journal.made_at("teli", "PhoneNumber", "two") == 0


def test_an_entry_that_is_gone_is_given_back_as_it_was(journals: Journals) -> None:
    """Another process has rewritten the file, and to it the entry mattered no more."""
    gone = Entry("0123456789ab", TARGET, journals.clock())
    assert journals.of(TARGET.key).created(gone, "one") is gone


def test_a_file_that_one_thread_took_another_gives_back(journals: Journals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.01)
    mine, theirs = anew(journals), anew(journals)
    first, second = sharing()
    inside, end = threading.Event(), threading.Event()

    def hold() -> None:
        with mine.alone(second):
            inside.set()
            end.wait(60)

    thread = threading.Thread(target=hold)
    with mine.alone(first):
        thread.start()
        assert inside.wait(60)
    end.set()
    thread.join(60)
    with theirs.alone(first):
        pass
