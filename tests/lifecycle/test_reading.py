"""Reads that share a list. The adapter here is a table in memory that counts what it is asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from worlds import together

from pulumi_smsagents.errors import AuthenticationError, NotFoundError, ServerError
from pulumi_smsagents.lifecycle import reading
from pulumi_smsagents.lifecycle.reading import FRESH, Reader
from pulumi_smsagents.vendors.base import Listing, Live

STATE = {"room": "a"}
FOREVER = 600.0
"""Company that is not waited for once another read has come."""


class Table:
    """Objects in rooms; the list of a room is its scope."""

    def __init__(self, count: int = 0) -> None:
        self.objects = {f"id-{number}": Live(f"id-{number}", frozenset({f"alias-{number}"}), {"x": number}) for number in range(count)}
        self.asked: Counter[str] = Counter()
        self.error: Exception | None = None
        self.on_list: Callable[[], Any] = lambda: None

    def scope(self, state: dict[str, Any], /) -> Hashable | None:
        return state.get("room")

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        self.asked["list"] += 1
        self.on_list()
        if self.error is not None:
            raise self.error
        yield from list(self.objects.values())

    def read(self, id: str, state: dict[str, Any], listing: Listing, /) -> Live:
        self.asked["read"] += 1
        if id not in self.objects:
            raise NotFoundError("GET", "not found", status=404)
        return self.objects[id]


class Clock:
    """Seconds, as they are set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def reader(table: Table, company: float = 0.0, clock: Callable[[], float] | None = None) -> Reader:
    return Reader(table, company, clock or Clock())  # type: ignore[arg-type]


NOTHING: frozenset[str] = frozenset()
X = frozenset({"x"})


def test_one_read_asks_for_the_one() -> None:
    """No list for a single object."""
    table = Table(1)
    assert reader(table).shared("id-0", STATE, X).fields == {"x": 0}
    assert table.asked == {"read": 1}


def test_the_second_read_asks_for_the_list_and_the_rest_share_it() -> None:
    """One after another, as an engine with one thread does."""
    table = Table(50)
    shared = reader(table)
    assert [shared.shared(f"id-{number}", STATE, X).fields["x"] for number in range(50)] == list(range(50))
    assert table.asked == {"read": 1, "list": 1}


def test_reads_in_parallel_share_one_list() -> None:
    """A hundred, on eight threads, none alone."""
    table = Table(100)
    shared = reader(table, FOREVER)
    seen = together([lambda number=number: shared.shared(f"id-{number}", STATE, X) for number in range(100)])
    assert [live.fields["x"] for live in seen] == list(range(100))
    assert table.asked == {"list": 1}


def test_a_reader_that_wakes_up_late_uses_the_list_that_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waited for company; the company asked for the list, was served and left before it woke up."""
    waiting, served = threading.Event(), threading.Event()

    class LateWaker(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            waiting.set()
            woken = super().wait(60)
            self.release()
            served.wait(60)
            self.acquire()
            return woken

        def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
            self.wait(timeout)
            return predicate()

    monkeypatch.setattr(reading, "threading", SimpleNamespace(Condition=LateWaker, Lock=threading.Lock))
    table = Table(2)
    shared = reader(table, FOREVER)
    first = threading.Thread(target=shared.shared, args=("id-0", STATE, X))
    first.start()
    waiting.wait(60)
    shared.shared("id-1", STATE, X)
    served.set()
    first.join(60)
    assert table.asked == {"list": 1}


def test_objects_are_found_under_every_id_they_have() -> None:
    """The vendor's list may show another one than its create did."""
    table = Table(3)
    shared = reader(table)
    shared.shared("id-0", STATE, X)
    assert shared.shared("alias-2", STATE, X).id == "id-2"
    assert table.asked == {"read": 1, "list": 1}


def test_absence_from_the_list_asks_for_the_one() -> None:
    """A list proves nothing by itself: the adapter decides, with the list at hand."""
    table = Table(2)
    shared = reader(table)
    shared.shared("id-0", STATE, X)
    with pytest.raises(NotFoundError):
        shared.shared("id-9", STATE, X)
    assert table.asked == {"read": 2, "list": 1}


def test_a_field_that_the_list_does_not_show_asks_for_the_one() -> None:
    """What was verified before stays verified."""
    table = Table(2)
    shared = reader(table)
    shared.shared("id-0", STATE, X)
    shared.shared("id-1", STATE, frozenset({"x", "only in get"}))
    assert table.asked == {"read": 2, "list": 1}


def test_a_scope_that_cannot_be_told_asks_for_the_one() -> None:
    """Without an organisation there is no list to ask for."""
    table = Table(3)
    shared = reader(table)
    for number in range(3):
        shared.shared(f"id-{number}", {}, X)
    assert table.asked == {"read": 3}


def test_each_scope_has_its_own_list() -> None:
    """One organisation's list says nothing about another's."""
    table = Table(4)
    shared = reader(table)
    for room in ("a", "b"):
        for number in range(4):
            shared.shared(f"id-{number}", {"room": room}, X)
    assert table.asked == {"read": 2, "list": 2}


def test_a_list_that_fails_falls_back_and_is_not_asked_for_by_everyone() -> None:
    """An outage of the list costs one call, not one for each object."""
    table = Table(20)
    table.error = ServerError("GET", "no", status=500)
    shared = reader(table)
    assert [shared.shared(f"id-{number}", STATE, X).fields["x"] for number in range(20)] == list(range(20))
    assert table.asked == {"read": 20, "list": 1}


def test_a_list_that_fails_falls_back_for_all_threads() -> None:
    """Those who waited for it too."""
    table = Table(40)
    table.error = ServerError("GET", "no", status=500)
    shared = reader(table, FOREVER)
    seen = together([lambda number=number: shared.shared(f"id-{number}", STATE, X) for number in range(40)])
    assert [live.fields["x"] for live in seen] == list(range(40))
    assert table.asked == {"read": 40, "list": 1}


def test_a_refused_key_is_an_error_at_once_and_for_all() -> None:
    """There is no use in asking for each object with it."""
    table = Table(5)
    table.error = AuthenticationError("GET", "no", status=401)
    shared = reader(table)
    shared.shared("id-0", STATE, X)
    for number in range(1, 5):
        with pytest.raises(AuthenticationError):
            shared.shared(f"id-{number}", STATE, X)
    assert table.asked == {"read": 1, "list": 1}


def test_a_refused_key_is_an_error_for_all_threads() -> None:
    table = Table(16)
    table.error = AuthenticationError("GET", "no", status=401)
    shared = reader(table, FOREVER)

    def ask(number: int) -> int | None:
        with pytest.raises(AuthenticationError) as caught:
            shared.shared(f"id-{number}", STATE, X)
        return caught.value.status

    assert together([lambda number=number: ask(number) for number in range(16)]) == [401] * 16
    assert table.asked == {"list": 1}


def test_a_key_that_may_not_list_may_read() -> None:
    table = Table(3)
    table.error = AuthenticationError("GET", "no", status=403)
    shared = reader(table)
    assert [shared.shared(f"id-{number}", STATE, X).id for number in range(3)] == ["id-0", "id-1", "id-2"]
    assert table.asked == {"read": 3, "list": 1}


def test_an_adapter_that_breaks_leaves_nobody_waiting() -> None:
    """Not even a mistake of ours may block a run."""
    table = Table(16)
    table.error = ZeroDivisionError()
    shared = reader(table, FOREVER)

    def ask(number: int) -> str:
        try:
            return shared.shared(f"id-{number}", STATE, X).id
        except ZeroDivisionError:
            return "broken"

    found = together([lambda number=number: ask(number) for number in range(16)])
    assert found.count("broken") >= 1
    assert set(found) <= {"broken", *table.objects}


def test_nothing_listed_before_a_write_is_shown_after_it() -> None:
    """`forget` ends the life of every list."""
    table = Table(3)
    shared = reader(table)
    for number in range(3):
        shared.shared(f"id-{number}", STATE, X)
    table.objects["id-2"] = Live("id-2", fields={"x": "new"})
    shared.forget()
    assert shared.shared("id-2", STATE, X).fields == {"x": "new"}


def test_a_list_under_way_when_a_write_happens_serves_no_later_read() -> None:
    """Its answer may be from before."""
    table = Table(3)
    shared = reader(table)
    shared.shared("id-0", STATE, X)

    def write_meanwhile() -> None:
        table.on_list = lambda: None
        shared.forget()

    table.on_list = write_meanwhile
    shared.shared("id-1", STATE, X)
    table.objects["id-2"] = Live("id-2", fields={"x": "new"})
    assert shared.shared("id-2", STATE, X).fields == {"x": "new"}


def test_a_list_grows_old() -> None:
    """A long run does not live on its first list."""
    table, clock = Table(3), Clock()
    shared = reader(table, 0.0, clock)
    for number in range(2):
        shared.shared(f"id-{number}", STATE, X)
    clock.now += FRESH - 1
    shared.shared("id-1", STATE, X)
    assert table.asked == {"read": 1, "list": 1}
    table.objects["id-1"] = Live("id-1", fields={"x": "new"})
    clock.now += 2
    assert shared.shared("id-1", STATE, X).fields == {"x": "new"}
    assert table.asked == {"read": 1, "list": 2}
