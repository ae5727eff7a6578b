"""Which of the listed objects a create that was cut off has made: exactly one that fits, none, or a question to a person."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from worlds import OFFERS

from pulumi_smsagents.errors import UncertainError
from pulumi_smsagents.journal import Entry, Target
from pulumi_smsagents.journal.records import fingerprint
from pulumi_smsagents.lifecycle.finding import Finder, waits
from pulumi_smsagents.vendors.base import Field, Live, Once

BEGUN = 1_800_000_000.0
TARGET = Target("shop/dev/agent", "teli", "SmsAgent", "https://teli.example")
FIELDS = {
    "name": Field(),
    "text": Field(),
    "words": Field(same=lambda wanted, found: wanted.lower() == found.lower()),
    "owner": Field(replace=True),
    "number": Field(replace=True),
}
ASKED = {"name": "n", "text": "t", "words": "Hello", "owner": "me", "number": "1"}
OFFER = replace(OFFERS["teli:SmsAgent"][1], fields=FIELDS)
ONCE = Once(named=("name",), born=lambda live: BEGUN)


class Account:
    """Its list at each look; the last one again and again."""

    def __init__(self, *lists: list[Live]) -> None:
        self.lists, self.looks, self.pauses = list(lists), [], []

    def scope(self, new: dict[str, Any]) -> str:
        return f"of {new['owner']}"

    def list(self, scope: str) -> list[Live]:
        self.looks.append(scope)
        return self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]


def entry(before: tuple[str, ...] | None = None) -> Entry:
    return Entry("1", TARGET, BEGUN, {name: fingerprint(value) for name, value in ASKED.items()}, before)


def live(id: str = "a", aliases: tuple[str, ...] = (), **shown: Any) -> Live:
    """As it was asked for, but for what is given; None is not shown."""
    return Live(id, frozenset(aliases), {name: value for name, value in (ASKED | shown).items() if value is not None})


def find(*listed: Live, once: Once = ONCE, new: dict[str, Any] = ASKED, before: tuple[str, ...] | None = None, known: tuple[str, ...] = ()):
    """The id; None for none; the text of the question."""
    account = Account(list(listed))
    finder = Finder(OFFER, account, lambda target: {*known} if target == TARGET else set(), account.pauses.append)
    try:
        found = finder.find(once, entry(before), new, 0)
    except UncertainError as error:
        return f"asked about {str(error).partition('made: ')[2].partition('.')[0]}"
    assert account.looks == ["of me"]
    return found and found.id


# ---- waiting ----


@pytest.mark.parametrize(
    ("window", "pauses"),
    [(0, []), (0.3, [0.3]), (0.5, [0.5]), (0.6, [0.5, pytest.approx(0.1)]), (8, [0.5, 1, 2, 4, 0.5])],
)
def test_pauses_grow_and_fill_the_window(window, pauses):
    assert list(islice(waits(window), 9)) == pauses


def test_the_last_look_is_after_the_whole_window():
    account = Account([], [], [], [live("late")])
    found = Finder(OFFER, account, lambda _: set(), account.pauses.append).find(ONCE, entry(), ASKED, 2.0)
    assert found.id == "late"
    assert account.pauses == [0.5, 1, 0.5]


def test_what_is_there_is_found_without_waiting_and_what_is_not_is_waited_for():
    account = Account([live()])
    finder = Finder(OFFER, account, lambda _: set(), account.pauses.append)
    assert finder.find(ONCE, entry(), ASKED, 8).id == "a"
    assert account.pauses == []
    account.lists = [[]]
    assert finder.find(ONCE, entry(), ASKED, 8) is None
    assert sum(account.pauses) == 8


def test_the_question_names_all_and_both_ways_out():
    account = Account([live("a"), live("b"), live("c", text="edited")])
    with pytest.raises(UncertainError) as caught:
        Finder(OFFER, account, lambda _: set(), account.pauses.append).find(ONCE, entry(), ASKED, 0)
    assert str(caught.value) == (
        "teli.SmsAgent: the create of shop/dev/agent at 2027-01-15T08:00:00.000+00:00 was cut off, and these may be what it made: a, b, c. "
        "If one of them is, set adopt='<its id>'; if none is, run: smsagents resolve shop/dev/agent --not-created"
    )


# ---- whose it is ----


def test_one_that_fits_is_it_and_several_are_a_question():
    assert find(live()) == "a"
    assert find() is None
    assert find(live("a"), live("b")) == "asked about a, b"
    assert find(live("a"), live("b", text="edited")) == "asked about a, b"


def test_those_of_others_do_not_count():
    assert find(live("a"), live("b"), known=("b",)) == "a"
    assert find(live("a"), live("b", aliases=("other",)), known=("other",)) == "a"
    assert find(live("a"), known=("a",)) is None
    assert find(live("a"), replace(live("b"), mismatch="is a voice agent")) == "a"


@pytest.mark.parametrize(
    ("later", "found"),
    [(5, "a"), (0, "a"), (-60, "a"), (-60.1, "asked about a"), (-3600, "asked about a"), (-3600.1, None), (None, "asked about a")],
)
def test_when_it_was_made(later, found):
    """Clocks may be a minute apart; an hour is no clock's fault."""
    made = {"a": None if later is None else BEGUN + later}
    assert find(live(), once=replace(ONCE, born=lambda live: made[live.id])) == found


# ---- whether it is the one that was asked for ----


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({}, "a"),
        ({"text": None, "number": None}, "a"),
        ({"text": "edited"}, "asked about a"),
        ({"owner": "you"}, "asked about a"),
        ({"name": "another"}, None),
        ({"name": "another", "text": "edited"}, None),
        (dict.fromkeys(ASKED), None),
        ({"words": "HELLO"}, "a"),
        ({"words": "Good bye"}, "asked about a"),
    ],
    ids=str,
)
def test_it_has_the_name_and_an_edited_one_is_a_question(shown, found):
    assert find(live(**shown)) == found


@pytest.mark.parametrize(
    ("new", "shown", "found"),
    [
        ({"text": "of today"}, {}, "a"),
        ({"text": "of today"}, {"text": "of today"}, "asked about a"),
        ({"text": "of today"}, {"text": "edited"}, "asked about a"),
        ({"words": "Good bye"}, {"words": "HELLO"}, "a"),
        ({"words": "Good bye"}, {"words": "something"}, "a"),
    ],
    ids=str,
)
def test_it_is_held_against_what_was_asked_for_then(new, shown, found):
    """Not against today's program. In what spelling the vendor shows the old value cannot be told any more."""
    assert find(live(**shown), new=ASKED | new) == found


def test_a_field_that_is_not_set_any_more_is_held_against_its_fingerprint():
    new = {name: value for name, value in ASKED.items() if name not in ("text", "words")}
    assert find(live(), new=new) == "a"
    assert find(live(text="edited"), new=new) == "asked about a"
    assert find(live(words="HELLO"), new=new) == "a"


def test_what_the_list_shows_besides_is_compared_too():
    once = replace(ONCE, shown=lambda live: {"number": live.id})
    assert find(live("1", number=None), once=once) == "1"
    assert find(live("2", number=None), once=once) == "asked about 2"


# ---- what is new in the account ----


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({}, "a"),
        ({"name": "another", "text": "edited", "words": "else"}, "a"),
        ({"owner": "you"}, None),
        ({"number": "2"}, None),
        ({"owner": None, "number": None}, "a"),
        (dict.fromkeys(ASKED), "a"),
    ],
    ids=str,
)
def test_what_was_not_held_before_is_ours_unless_it_is_another_thing(shown, found):
    """Whenever it was made: where the list was looked at before, no clock is asked."""
    assert find(live(**shown), before=("old",), once=replace(ONCE, born=lambda _: BEGUN - 9999)) == found


def test_what_was_held_before_is_not_ours():
    assert find(live("old"), live("a"), before=("old",)) == "a"
    assert find(live("old"), before=("old",)) is None
    assert find(live("a", aliases=("old",)), before=("old",)) is None


def test_the_others_of_the_same_create():
    account = Account([live("a"), live("b"), live("c", text="edited"), live("d", name="another"), live("e", aliases=("a",))])
    finder = Finder(OFFER, account, lambda _: set(), account.pauses.append)
    assert finder.others(ONCE, entry(), ASKED, "a") == ["b", "c"]
    assert account.looks == ["of me"]
    assert account.pauses == []
