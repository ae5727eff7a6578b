"""What the journal knows of each create, what it forgets, and what never stands in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import anew
from samples import SAMPLES
from worlds import KEY, OFFERS, World, outcome, together

from pulumi_smsagents import journal as room
from pulumi_smsagents.emulator import SetClock
from pulumi_smsagents.errors import JournalError
from pulumi_smsagents.journal import CREATED, KEPT, OPEN, Entry, Journals, Target, folder

WHERE = "https://api.teli.ai"
TARGET = Target("shop/dev/sales", "teli", "SmsAgent", WHERE)
ID = "agent_1"


def of(key: str) -> Target:
    return Target(key, "teli", "SmsAgent", WHERE)


def made(journals: Journals, target: Target, id: str) -> Entry:
    journal = journals.of(target.key)
    return journal.created(journal.intend(target, {"prompt": "Sell."}), id)


def settle(journals: Journals, target: Target, id: str) -> None:
    journals.of(target.key).settle(target.key, target.vendor, target.kind, id)


def unfinished(journals: Journals, target: Target = TARGET) -> list[tuple[str, str]]:
    return [(entry.state, entry.id) for entry in journals.of(target.key).unfinished(target)]


def file(journals: Journals, key: str = TARGET.key) -> str:
    return journals.of(key).path.read_text(encoding="ascii")


# ---- what comes of a create ----


def test_a_create_is_open_then_made_then_settled(journals: Journals) -> None:
    journal = journals.of(TARGET.key)
    entry = journal.intend(TARGET, {"prompt": "Sell."}, ["b", "a"])
    for each in (journals, anew(journals)):
        assert unfinished(each) == [(OPEN, "")]
        assert each.of(TARGET.key).unfinished()[0].before == ("a", "b")
    assert journal.created(entry, ID).id == ID
    for each in (journals, anew(journals)):
        assert unfinished(each) == [(CREATED, ID)]
    settle(journals, TARGET, ID)
    for each in (journals, anew(journals)):
        assert unfinished(each) == []


def test_a_create_that_surely_did_not_happen_is_closed(journals: Journals) -> None:
    journals.of(TARGET.key).not_created(journals.of(TARGET.key).intend(TARGET, {}))
    for each in (journals, anew(journals)):
        assert unfinished(each) == []


def test_only_the_id_under_its_own_key_vendor_and_kind_is_settled(journals: Journals) -> None:
    """The successor of a replacement has its predecessor's key."""
    made(journals, TARGET, "successor")
    settle(journals, TARGET, "predecessor")
    settle(journals, of("shop/dev/another"), "successor")
    settle(journals, Target(TARGET.key, "contactswing", "SmsAgent", WHERE), "successor")
    settle(journals, Target(TARGET.key, "teli", "PhoneNumber", WHERE), "successor")
    assert unfinished(journals) == [(CREATED, "successor")]
    settle(journals, TARGET, "successor")
    assert unfinished(journals) == []


def test_an_id_that_turned_out_to_be_another_is_the_one_that_counts(journals: Journals) -> None:
    journals.of(TARGET.key).created(made(journals, TARGET, "first"), "second")
    settle(journals, TARGET, "first")
    assert unfinished(journals) == [(CREATED, "second")]


def test_a_settled_id_is_noted_once(journals: Journals) -> None:
    made(journals, TARGET, ID)
    for _ in range(3):
        settle(journals, TARGET, ID)
    assert file(journals).count('"settled"') == 1


def test_what_another_process_wrote_is_known_before_a_create(journals: Journals) -> None:
    here, there = anew(journals), anew(journals)
    assert unfinished(here) == []
    made(there, TARGET, ID)
    assert unfinished(here) == [(CREATED, ID)]


def test_an_entry_outlives_the_rewriting_of_its_file(journals: Journals, clock: SetClock) -> None:
    """Another process leaves out what is over while our create is under way."""
    made(journals, of("shop/dev/old"), "old")
    settle(journals, of("shop/dev/old"), "old")
    journals.of(TARGET.key).not_created(journals.of(TARGET.key).intend(of("shop/dev/refused"), {}))
    entry = journals.of(TARGET.key).intend(TARGET, {})
    size = journals.of(TARGET.key).path.stat().st_size
    settle(anew(journals), of("shop/dev/old"), "old")
    assert journals.of(TARGET.key).path.stat().st_size < size
    assert unfinished(journals) == [(OPEN, "")]
    assert journals.of(TARGET.key).created(entry, ID).id == ID
    assert unfinished(journals) == unfinished(anew(journals)) == [(CREATED, ID)]


def test_nobody_sees_half_of_a_file_that_is_read_anew(journals: Journals) -> None:
    """A create that sees nothing unfinished makes another object."""
    for number in range(30):
        journals.of(TARGET.key).found(of(f"shop/dev/{number}"), f"+1555{number}", {"webhook": "x"})
    made(journals, TARGET, ID)
    other = anew(journals)

    def settling(number: int) -> None:
        settle(other, of(f"shop/dev/{number}"), f"+1555{number}")
        other.of(TARGET.key)._lines.rewrite(lambda: other.of(TARGET.key)._kept(0))

    seen: list[Any] = []
    together([lambda n=n: settling(n) if n % 2 else seen.append(unfinished(journals)) for n in range(30)], threads=4)
    assert seen == [[(CREATED, ID)]] * 15


# ---- what is forgotten, and what is not ----


def test_what_is_over_is_left_out_by_a_later_run(journals: Journals, clock: SetClock) -> None:
    made(journals, of("shop/dev/old"), "old")
    settle(journals, of("shop/dev/old"), "old")
    journals.of(TARGET.key).not_created(journals.of(TARGET.key).intend(of("shop/dev/refused"), {}))
    made(journals, TARGET, ID)
    clock.advance(KEPT - 1)
    settle(anew(journals), TARGET, ID)
    assert "refused" not in file(journals)
    assert "shop/dev/old" in file(journals)  # who looks for a lost object has to know of it
    clock.advance(2)
    settle(anew(journals), TARGET, "any")
    assert "shop/dev/old" not in file(journals)
    clock.advance(10 * KEPT)
    settle(anew(journals), TARGET, "any")
    assert file(journals) == ""


def test_what_is_unfinished_is_never_left_out(journals: Journals, clock: SetClock) -> None:
    journals.of(TARGET.key).intend(TARGET, {}, ["x"])
    made(journals, of("shop/dev/made"), ID)
    journals.of(TARGET.key).found(of("shop/dev/found"), "+1555", {"time_out": 60})
    journals.of(TARGET.key).not_created(journals.of(TARGET.key).intend(of("shop/dev/refused"), {}))
    before = journals.of(TARGET.key).unfinished()
    clock.advance(1000 * KEPT)
    later = anew(journals)
    settle(later, TARGET, "any")
    assert "refused" not in file(journals)
    assert later.of(TARGET.key).unfinished() == anew(journals).of(TARGET.key).unfinished() == before


@pytest.mark.parametrize("lost", ["shop/dev/lost", "shop/prod/lost", "bank/prod/lost"])
def test_while_a_create_has_no_end_what_was_made_since_is_known_in_every_stack(journals: Journals, clock: SetClock, lost: str) -> None:
    """Else another stack's number, bought later, would be taken for the one that was lost."""
    journals.of(lost).intend(of(lost), {}, [])
    clock.advance(60)
    made(journals, TARGET, ID)
    settle(journals, TARGET, ID)
    clock.advance(5 * KEPT)
    for _ in range(2):
        settle(anew(journals), TARGET, ID)
    assert anew(journals).known(of(lost)) == {ID}


def test_the_ids_of_others_are_known_and_ones_own_of_before(journals: Journals) -> None:
    made(journals, of("shop/dev/other"), "other")
    made(journals, of("bank/prod/other"), "of another stack")
    made(journals, Target("shop/dev/else", "teli", "SmsAgent", "https://elsewhere"), "of another account")
    made(journals, Target("shop/dev/else", "fluents", "PhoneNumber", WHERE), "of another kind")
    journals.of(TARGET.key).not_created(made(journals, TARGET, "left alone"))
    made(journals, TARGET, "predecessor")
    settle(journals, TARGET, "predecessor")
    made(journals, TARGET, "unsettled")
    journals.of(TARGET.key).intend(TARGET, {})
    assert anew(journals).known(TARGET) == {"other", "of another stack", "left alone", "predecessor"}


def test_what_was_found_leaves_the_file_once_a_state_holds_it(journals: Journals) -> None:
    journal, token = journals.of(TARGET.key), "https://hooks.example.com/canary-token"
    for number in ("+1", "+2"):
        journal.found(of(f"shop/dev/{number}"), number, {"webhook": token})
    settle(journals, of("shop/dev/+1"), "+1")
    assert anew(journals).of(TARGET.key).unfinished()[0].found == {"webhook": token}
    settle(journals, of("shop/dev/+2"), "+2")
    assert token not in file(journals)
    assert unfinished(journals, of("shop/dev/+2")) == []


def test_what_was_found_leaves_the_file_in_the_next_run_where_another_is_unfinished(journals: Journals) -> None:
    journal = journals.of(TARGET.key)
    for number in ("+1", "+2"):
        journal.found(of(f"shop/dev/{number}"), number, {"webhook": f"token-{number}"})
    settle(journals, of("shop/dev/+1"), "+1")
    settle(anew(journals), of("shop/dev/+1"), "+1")
    assert "token-+1" not in file(journals)
    assert "token-+2" in file(journals)


# ---- which file, and what stands in it ----

parts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
stacks = parts.filter(lambda text: "/" not in text)


@settings(max_examples=40)
@given(project=stacks, stack=stacks, name=parts, other=stacks)
def test_every_stack_has_its_own_file_inside_the_folder(tmp_path: Path, project: str, stack: str, name: str, other: str) -> None:
    journals = Journals(tmp_path / "journal")
    key = f"{project}/{stack}/{name}"
    path = journals.of(key).path
    assert path.parent.parent == journals.folder
    assert path.suffix == ".jsonl"
    assert path == journals.of(f"{project}/{stack}/another").path
    if other not in (stack, project):
        assert path not in (journals.of(f"{project}/{other}/{name}").path, journals.of(f"{other}/{stack}/{name}").path)


@pytest.mark.parametrize("key", ["shop/dev/a/b/c", "shop/dev.eu/ä ö", "Käse & Co/dev/%2F", 'shop/dev/"quoted"\n', "shop/..dev/x"])
def test_odd_names_come_back(journals: Journals, key: str) -> None:
    made(journals, of(key), ID)
    later = anew(journals)
    assert unfinished(later, of(key)) == [(CREATED, ID)]
    assert [journal.path for journal in later.all()] == [later.of(key).path]
    settle(later, of(key), ID)
    assert unfinished(anew(journals), of(key)) == []


@pytest.mark.parametrize("key", ["", "sales", "shop/dev", "shop/dev/", "/dev/sales", "shop//sales"])
def test_what_is_not_a_key_is_an_error(journals: Journals, key: str) -> None:
    with pytest.raises(JournalError, match="is not the key of a resource"):
        journals.of(key)


def test_times_are_for_people_and_each_line_says_what_and_for_whom(journals: Journals) -> None:
    made(journals, TARGET, ID)
    settle(journals, TARGET, ID)
    lines = [json.loads(line.partition(" ")[2]) for line in file(journals).splitlines()]
    assert [line["what"] for line in lines] == ["intent", "created", "settled"]
    assert {line["at"] for line in lines} == {"2026-01-02T00:00:00.000+00:00"}
    assert (lines[0]["key"], lines[0]["vendor"], lines[0]["where"]) == (TARGET.key, "teli", WHERE)


def test_the_folder_is_the_one_that_is_set_then_pulumis_home_then_the_persons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert folder({"SMSAGENTS_JOURNAL_DIR": "/var/j", "PULUMI_HOME": "/ph"}) == Path("/var/j")
    assert folder({"SMSAGENTS_JOURNAL_DIR": "~/j"}) == tmp_path / "j"
    assert folder({"SMSAGENTS_JOURNAL_DIR": "", "PULUMI_HOME": "/ph"}) == Path("/ph/smsagents/journal")
    assert folder({}) == tmp_path / ".pulumi" / "smsagents" / "journal"
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", "/var/k")
    assert folder() == Path("/var/k")


def strings(value: Any) -> list[str]:
    """Every text in it that is long enough to be recognised."""
    if isinstance(value, str):
        return [value] if len(value) >= 8 else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in strings(each)]


@pytest.mark.parametrize("tag", OFFERS)
def test_no_text_and_no_secret_of_a_program_ever_stands_in_it(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a create, one whose answer is lost, and one that another run takes over: nothing but ids and fingerprints."""
    world = World(tag, monkeypatch)
    ours = {text for text in strings(SAMPLES[tag].inputs) if text not in world.given({}).values()}
    fields = world.checked()
    world.fault("reset", world.sample.create, when="after")
    outcome(lambda: world.process().create(fields))
    told = world.journals.of(fields["key"]).path
    world.emulator.faults.clear()
    made_ids = set(world.records())
    if told.exists():
        content = told.read_text(encoding="ascii")
        assert KEY not in content
        assert [text for text in ours - made_ids if json.dumps(text)[1:-1] in content] == []
    elif world.offer.once:
        raise AssertionError("nothing was written")


# ---- where none can be kept ----


def test_a_folder_that_cannot_be_used_is_found_before_anything_is_made(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    Journals(tmp_path / "not" / "there" / "yet").check()
    assert not (tmp_path / "not").exists()
    for place in (blocked, blocked / "journal"):
        with pytest.raises(JournalError, match="SMSAGENTS_JOURNAL_DIR"):
            Journals(place).check()


def test_a_preview_and_a_refresh_need_no_journal(tmp_path: Path, clock: SetClock) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    journals = Journals(blocked, clock)
    settle(journals, TARGET, ID)
    assert journals.of(TARGET.key).made_at("teli", "SmsAgent", ID) == 0.0
    with pytest.raises(JournalError):
        journals.of(TARGET.key).intend(TARGET, {})


def test_a_damaged_journal_stops_a_create_and_nothing_else(journals: Journals) -> None:
    made(journals, TARGET, ID)
    made(journals, of("shop/dev/another"), "another")
    path = journals.of(TARGET.key).path
    path.write_bytes(path.read_bytes().replace(b"agent_1", b"agent_2"))
    later = anew(journals)
    for _ in range(2):
        settle(later, TARGET, ID)
        settle(later, of("shop/dev/another"), "another")
    with pytest.raises(JournalError, match="damaged"):
        later.of(TARGET.key).unfinished()
    with pytest.raises(JournalError, match="damaged"):
        later.of(TARGET.key).intend(TARGET, {})


def test_a_settling_that_cannot_be_written_is_left_to_the_next_run(journals: Journals, monkeypatch: pytest.MonkeyPatch) -> None:
    made(journals, TARGET, ID)
    later = anew(journals)
    unfinished(later)
    with monkeypatch.context() as full:
        full.setattr(room.Lines, "append", lambda *a, **k: (_ for _ in ()).throw(JournalError("full")))
        settle(later, TARGET, ID)
    assert unfinished(anew(journals)) == [(CREATED, ID)]


def test_one_at_a_time_for_a_name_in_threads_and_processes(journals: Journals, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[str] = []

    def work(of: Journals, *names: str) -> None:
        with of.alone(*names):
            inside.append("in")
            made(of, TARGET, ID)  # files, so that others have every chance to come between
            inside.append("out")

    one, other = anew(journals), anew(journals)
    orders = [("a", "b"), ("b", "a"), ("a",), ("b", "c", "a"), ("c", "a")]
    together([lambda n=n: work((one, other)[n % 2], *orders[n % 5]) for n in range(20)])
    assert inside == ["in", "out"] * 20
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    hasty = anew(journals)
    with one.alone("a"), pytest.raises(JournalError, match="another run has been creating the same object"), hasty.alone("a"):
        raise AssertionError("two at once")
