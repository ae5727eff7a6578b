"""Each fault, in process: what the caller sees, and what has happened at the vendor."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import CLASSES, KINDS, Emulator, Fault, Rate, SetClock
from pulumi_smsagents.emulator.fault_classes import classes_of
from pulumi_smsagents.emulator.rates import FORMS
from pulumi_smsagents.emulator.wire import Reply

Post = Callable[[], httpx.Response]


@pytest.fixture
def post(teli: httpx.Client, agent: dict[str, Any]) -> Post:
    return lambda: teli.post("/v1/agents", json=agent)


def made(emulator: Emulator) -> int:
    return len(emulator.objects("teli"))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refuse", httpx.ConnectError),
        ("reset", httpx.ReadError),
        ("close", httpx.RemoteProtocolError),
        ("hang", httpx.ReadTimeout),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_line_leaves_an_object_only_after_processing(
    post: Post, emulator: Emulator, kind: str, error: type[Exception], when: str
) -> None:
    emulator.faults.add(kind, when=when)
    with pytest.raises(error):
        post()
    assert made(emulator) == (when == "after" and kind != "refuse")
    call = next(iter(emulator.calls))
    assert (call.status, call.fault) == (None, f"{kind} {when}")
    assert call.processed == (201 if made(emulator) else None)
    assert post().status_code == 201


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_status_of_any_kind(post: Post, emulator: Emulator, when: str) -> None:
    emulator.faults.add("status", status=429, headers={"retry-after": "7"}, when=when)
    answer = post()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["success"] is False
    assert made(emulator) == (when == "after")


def test_a_status_with_a_body_of_its_own(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("status", status=502, body={"detail": "no"})
    emulator.faults.add("status", status=503, body="Service Unavailable")
    assert post().json() == {"detail": "no"}
    assert post().text == "Service Unavailable"


def test_retry_after_as_a_date_follows_the_clock(post: Post, emulator: Emulator, clock: SetClock) -> None:
    emulator.faults.add("status", status=429, retry_after_date=30)
    assert parsedate_to_datetime(post().headers["retry-after"]).timestamp() == clock() + 30


def test_an_html_page(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("html")
    answer = post()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert made(emulator) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_json(post: Post, emulator: Emulator, when: str) -> None:
    emulator.faults.add("malformed", when=when)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        post().json()
    assert made(emulator) == (when == "after")


def test_an_empty_body(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("empty")
    assert (post().content, made(emulator)) == (b"", 1)


def test_a_wrong_content_type(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("wrong_content_type")
    answer = post()
    assert answer.headers["content-type"] == "text/plain"
    assert answer.json()["success"]


def test_an_answer_without_its_id(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("drop_keys", keys=["agent_id"])
    answer = post()
    assert answer.is_success
    assert "agent_id" not in answer.json()
    assert made(emulator) == 1


def test_half_a_list(create: Callable[..., str], listed: Callable[..., list[dict[str, Any]]], emulator: Emulator) -> None:
    """A list that is not whole proves nothing about what it lacks."""
    ids = [create(), create(), create()]
    emulator.faults.add("half_list", operation="list")
    assert [len(listed()), len(listed())] == [1, len(ids)]


def test_an_answer_rewritten(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("rewrite", rewrite=lambda _reply: Reply(200, {"agents": []}))
    assert post().json() == {"agents": []}


def test_half_a_body(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        post()
    assert made(emulator) == 1


@pytest.mark.parametrize("kind", ["big", "endless", "gzip_bomb"])
def test_a_body_too_large(post: Post, emulator: Emulator, kind: str) -> None:
    emulator.faults.add(kind, megabytes=2)
    assert len(post().content) >= 2_000_000


def test_a_packed_body_is_small_on_the_line(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    emulator.faults.add("gzip_bomb", megabytes=2)
    with teli.stream("POST", "/v1/agents", json=agent) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 20_000 < len(gzip.decompress(raw))


def test_a_redirect_elsewhere(post: Post, emulator: Emulator) -> None:
    emulator.faults.add("redirect", location="https://elsewhere.example/x")
    answer = post()
    assert (answer.status_code, answer.headers["location"]) == (307, "https://elsewhere.example/x")
    assert made(emulator) == 0


@pytest.fixture
def patient(emulator: Emulator, clock: SetClock, key: str) -> Iterator[httpx.Client]:
    """A client that waits 10 seconds for an answer, on the emulator's own clock."""
    transport = InProcess(emulator, waited=clock.advance)
    with httpx.Client(transport=transport, base_url="http://emulator/teli", timeout=10, headers={"X-API-Key": key}) as client:
        yield client


def test_a_slow_answer_takes_its_time_without_waiting(
    patient: httpx.Client, agent: dict[str, Any], emulator: Emulator, clock: SetClock
) -> None:
    emulator.faults.add("slow", seconds=4)
    started = clock()
    assert patient.post("/v1/agents", json=agent).status_code == 201
    assert clock() - started == 4


def test_a_slow_answer_is_a_timeout_for_whom_it_is_too_slow(
    patient: httpx.Client, agent: dict[str, Any], emulator: Emulator, clock: SetClock
) -> None:
    emulator.faults.add("slow", seconds=60, when="after")
    started = clock()
    with pytest.raises(httpx.ReadTimeout):
        patient.post("/v1/agents", json=agent)
    assert (clock() - started, made(emulator)) == (10, 1)


def test_a_slow_body_may_exhaust_patience_half_way(patient: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    emulator.faults.add("slow_body", seconds=11)
    with pytest.raises(httpx.ReadTimeout):
        patient.post("/v1/agents", json=agent)


@pytest.mark.parametrize("kind", ["late", "slow"])
def test_a_late_commit_shows_up_only_after_further_calls(post: Post, teli: httpx.Client, emulator: Emulator, kind: str) -> None:
    """The list right after the timeout does not have it yet; the next one has."""
    emulator.faults.add(kind, calls=2)
    with pytest.raises(httpx.ReadTimeout):
        post()
    counts = [teli.get("/v1/organizations").json()["count"] for _ in range(3)]
    assert (counts, made(emulator)) == ([0, 0, 1], 1)
    assert [change.action for change in next(iter(emulator.calls)).changes] == ["created", "created"]


def test_latency_is_added_to_every_call(patient: httpx.Client, emulator: Emulator, clock: SetClock) -> None:
    started = clock()
    emulator.latency = 0.25
    for _ in range(4):
        patient.get("/v1/organizations")
    assert clock() - started == 1


def statuses(teli: httpx.Client, count: int = 6) -> list[int]:
    return [teli.get("/v1/organizations").status_code for _ in range(count)]


def test_the_nth_call_is_struck_so_many_times(teli: httpx.Client, emulator: Emulator) -> None:
    emulator.faults.add("status", nth=2, times=2)
    assert statuses(teli) == [200, 500, 500, 200, 200, 200]


def test_two_faults_strike_one_after_the_other(teli: httpx.Client, emulator: Emulator) -> None:
    emulator.faults.add("status", status=503)
    emulator.faults.add("status", status=502)
    assert statuses(teli) == [503, 502, 200, 200, 200, 200]


def test_faults_on_different_calls_do_not_shift_each_other(teli: httpx.Client, emulator: Emulator) -> None:
    emulator.faults.add("status", status=503, nth=1)
    emulator.faults.add("status", status=502, nth=3)
    assert statuses(teli) == [503, 200, 502, 200, 200, 200]


def test_probability_is_drawn_from_a_seed(teli: httpx.Client, emulator: Emulator) -> None:
    runs = []
    for _ in range(2):
        emulator.faults.clear()
        emulator.faults.add("status", times=None, probability=0.5, seed=7)
        runs.append(statuses(teli, 40))
    assert runs[0] == runs[1]
    assert {200, 500} == set(runs[0])


def test_a_fault_strikes_only_its_operation(teli: httpx.Client, post: Post, emulator: Emulator) -> None:
    emulator.faults.add("status", vendor="teli", operation="create")
    emulator.faults.add("status", operation="teli.update")
    emulator.faults.add("status", vendor="bland", times=None)
    assert statuses(teli, 2) == [200, 200]
    assert [post().status_code for _ in range(2)] == [500, 201]


def test_a_fault_strikes_only_calls_that_hold_its_values(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    emulator.faults.add("status", where={"agent_name": "B"}, times=None)
    given = [teli.post("/v1/agents", json={**agent, "agent_name": name}).status_code for name in "ABC"]
    assert given == [201, 500, 201]


def test_a_fault_can_strike_one_agent(create: Callable[..., str], teli: httpx.Client, emulator: Emulator) -> None:
    first, second = create(), create()
    emulator.faults.add("status", operation="get", where={"agent_id": second}, times=None)
    assert [teli.get(f"/v1/agents/{id}").status_code for id in (first, second)] == [200, 500]


def test_a_fault_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fault: explode"):
        Fault("explode")
    with pytest.raises(ValueError, match="before or after"):
        Fault("reset", when="during")


def test_every_kind_belongs_to_a_class_and_every_class_can_be_played() -> None:
    """By a kind, or in a way that is written down."""
    assert list(CLASSES) == [f"F{number}" for number in range(1, 17)]
    assert [name for name in KINDS if not classes_of(name)] == []
    assert {kind for each in CLASSES.values() for kind in each.kinds} <= set(KINDS)
    assert [name for name, each in CLASSES.items() if not each.kinds and not each.otherwise] == []


def test_a_late_commit_comes_at_its_time(post: Post, teli: httpx.Client, emulator: Emulator, clock: SetClock) -> None:
    emulator.faults.add("late", delay=3)
    with pytest.raises(httpx.ReadTimeout):
        post()
    for passed, there in ((2.5, 0), (0.4, 0), (0.2, 1)):
        clock.advance(passed)
        assert (teli.get("/v1/organizations").json()["count"], made(emulator)) == (there, there)


def test_a_line_that_is_given_up_by_the_vendor_is_closed(post: Post, emulator: Emulator, clock: SetClock) -> None:
    emulator.faults.add("late", delay=3, seconds=0)
    with pytest.raises(httpx.RemoteProtocolError):
        post()
    assert made(emulator) == 0
    clock.advance(3)
    assert made(emulator) == 1


def test_a_late_commit_is_there_for_whoever_looks_without_a_call(post: Post, emulator: Emulator, clock: SetClock) -> None:
    emulator.faults.add("late", delay=3)
    with pytest.raises(httpx.ReadTimeout):
        post()
    clock.advance(3)
    assert made(emulator) == 1


def test_reset_forgets_what_was_late(post: Post, emulator: Emulator, clock: SetClock) -> None:
    emulator.faults.add("late", delay=3)
    with pytest.raises(httpx.ReadTimeout):
        post()
    emulator.reset()
    clock.advance(60)
    assert made(emulator) == 0


FORMS_SHOWN = {
    "seconds": ("30", None),
    "date": ("Fri, 02 Jan 2026 00:00:30 GMT", None),
    "reset": (None, "30"),
    "reset_at": (None, "1767312030"),
    "absurd": ("31536000", None),
    "nonsense": ("soon", None),
    "none": (None, None),
}


def test_a_429_says_in_each_form_for_how_long_to_wait(post: Post, emulator: Emulator) -> None:
    assert FORMS_SHOWN.keys() == FORMS.keys()
    for form, shown in FORMS_SHOWN.items():
        emulator.faults.add("limited", form=form, wait=30)
        answer = post()
        assert answer.status_code == 429
        assert (answer.headers.get("retry-after"), answer.headers.get("x-ratelimit-reset")) == shown, form
    assert made(emulator) == 0
    with pytest.raises(ValueError, match="no such form of a 429: sideways"):
        Fault("limited", form="sideways")


def test_what_is_too_new_is_neither_read_nor_listed_and_can_still_be_written(
    create: Callable[..., str], listed: Callable[..., list[dict[str, Any]]], teli: httpx.Client, emulator: Emulator, clock: SetClock
) -> None:
    old = create()
    clock.advance(10)
    new = create()
    emulator.faults.add("unseen", times=None, seconds=5)
    assert [each["agent_id"] for each in listed()] == [old]
    assert [teli.get(f"/v1/agents/{id}").status_code for id in (old, new)] == [200, 404]
    assert teli.patch(f"/v1/agents/{new}", json={"prompt": "x"}).status_code == 200
    assert made(emulator) == 2
    clock.advance(5)
    assert [each["agent_id"] for each in listed()] == [old, new]


def pages(emulator: Emulator, key: str) -> list[list[str]]:
    """The list of numbers, read by pages of two until one says that there is no more, or five were read."""
    read = []
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/fluents", headers=headers) as client:
        for page in range(1, 6):
            answer = client.get("/v1/numbers/list", params={"page": page, "size": 2}).json()
            read.append([each["number"][-1] for each in answer["items"]])
            if not answer["has_more"]:
                break
    return read


@pytest.mark.parametrize(
    ("kind", "nth", "times", "read"),
    [
        ("page_lost", 2, 1, [["0", "1"], ["4"]]),
        ("page_again", 2, 1, [["0", "1"], ["0", "1"], ["4"]]),
        ("page_loop", 1, None, [["0", "1"]] * 5),
        ("half_list", 2, 1, [["0", "1"], ["2"], ["4"]]),
    ],
)
def test_pages_of_a_list_go_astray(emulator: Emulator, key: str, kind: str, nth: int, times: int | None, read: list[list[str]]) -> None:
    for number in range(5):
        emulator.add("fluents", phone_number=f"+1415555010{number}")
    emulator.faults.add(kind, vendor="fluents", operation="list", nth=nth, times=times)
    assert pages(emulator, key) == read


def test_a_list_fails_half_way(emulator: Emulator, key: str) -> None:
    for number in range(5):
        emulator.add("fluents", phone_number=f"+1415555010{number}")
    emulator.faults.add("status", operation="list", where={"page": "2"}, status=502)
    with pytest.raises(KeyError):
        pages(emulator, key)
    assert [call.status for call in emulator.calls] == [200, 502]


@pytest.mark.parametrize("kind", ["page_lost", "page_again", "page_loop"])
def test_a_list_without_pages_stays_as_it_is(
    create: Callable[..., str], listed: Callable[..., list[dict[str, Any]]], emulator: Emulator, kind: str
) -> None:
    ids = [create(), create()]
    emulator.faults.add(kind)
    assert [each["agent_id"] for each in listed()] == ids


def test_a_rate_limit_refuses_what_is_beyond_it_and_says_when_to_come_back(
    post: Post, teli: httpx.Client, emulator: Emulator, clock: SetClock
) -> None:
    emulator.limiters["teli"].rate = Rate(2, seconds=10)
    answers = [post() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"2"}
    assert (answers[0].headers.get("retry-after"), answers[2].headers["retry-after"]) == (None, "10")
    assert [call.fault for call in emulator.calls] == [None, None, "rate limit"]
    assert made(emulator) == 2
    clock.advance(4)
    assert post().headers["retry-after"] == "6"
    clock.advance(6)
    assert post().status_code == 201
    assert httpx.Client(transport=InProcess(emulator)).get("http://emulator/bland/v1/me").headers.get("x-ratelimit-limit") is None
    emulator.reset()
    assert [post().status_code for _ in range(5)] == [201] * 5


def test_a_rate_limit_may_keep_silent_about_itself(post: Post, emulator: Emulator) -> None:
    emulator.limiters["teli"].rate = Rate(1, form="none")
    answers = [post(), post()]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert not {"x-ratelimit-limit", "x-ratelimit-reset", "retry-after"} & {name for answer in answers for name in answer.headers}


def test_a_call_beyond_the_rate_uses_up_no_fault(post: Post, emulator: Emulator, clock: SetClock) -> None:
    emulator.limiters["teli"].rate = Rate(1)
    emulator.faults.add("status", status=503, nth=2)
    assert [post().status_code for _ in range(2)] == [201, 429]
    clock.advance(1)
    assert post().status_code == 503


@pytest.mark.parametrize("given", [(0,), (1.5,), (True,), (1, 0), (1, float("inf"))])
def test_a_rate_that_cannot_be_is_refused(given: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="a rate has calls"):
        Rate(*given)
