"""How long is waited between attempts, how long all may take, and how many retries an outage costs. Nothing here waits."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from answering import BUY, CREATE, DELETE, READ, UPDATE, Clock, Stream, Vendor, client_of, failure
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents import errors
from pulumi_smsagents.client import Limits

MANY = Limits(attempts=12, operation=10_000)


@pytest.fixture
def longest_draw(monkeypatch):
    """Of all pauses that may be drawn, the longest."""
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)


def date(ahead: float) -> str:
    return format_datetime(datetime.fromtimestamp(datetime.now(UTC).timestamp() + ahead, UTC), usegmt=True)


# ---- the back-off ----


@pytest.mark.usefixtures("longest_draw")
@pytest.mark.parametrize(
    ("answer", "bounds"),
    [
        ((503, {}), [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20, 20, 20]),
        (httpx.ConnectError("refused"), [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20, 20, 20]),
        ((429, {}), [1, 2, 4, 8, 16, 20, 20, 20, 20, 20, 20]),
    ],
    ids=["503", "refused", "429"],
)
def test_pauses_double_up_to_a_longest(connect, clock, answer, bounds):
    """From 0.2 s where something broke, from 1 s where the vendor says that it is too much."""
    client, _ = connect(answer, limits=MANY)
    failure(client, READ)
    assert clock.pauses == pytest.approx(bounds)


@pytest.mark.parametrize("answer", [(503, {}), (429, {})], ids=["503", "429"])
def test_a_pause_is_drawn_between_nothing_and_its_bound(connect, monkeypatch, answer):
    """Full jitter: two runs that failed together do not come back together."""
    drawn = []
    monkeypatch.setattr(random, "uniform", lambda low, high: drawn.append((low, high)) or high)
    client, _ = connect(answer)
    failure(client, READ)
    assert drawn == [(0.0, 1)] * 3


@pytest.mark.parametrize("status", [503, 429])
@given(seed=st.integers(0, 10_000))
def test_jitter_stays_in_its_bounds(status, seed):
    random.seed(seed)
    clock = Clock()
    failure(client_of(Vendor((status, {})), clock, MANY), READ)
    base = 1 if status == 429 else 0.2
    assert all(0 <= pause <= min(20, base * 2**n) + 1e-6 for n, pause in enumerate(clock.pauses))
    assert len(clock.pauses) == 11


@pytest.mark.usefixtures("longest_draw")
def test_the_back_off_is_a_setting(connect, clock):
    limits = Limits(base_wait=1, throttled_wait=3, longest_wait=5)
    for answer in ((503, {}), (429, {})):
        client, _ = connect(answer, limits=limits)
        failure(client, READ)
    assert clock.pauses == [1, 2, 4, 3, 5, 5]


# ---- what the vendor asks for ----


@pytest.mark.parametrize(("header", "pause"), [("7", 7), ("59", 59), ("60", 60), (" 3 ", 3)])
@pytest.mark.parametrize("call", [READ, CREATE], ids=["GET", "POST"])
def test_retry_after_is_waited_for_up_to_a_minute(connect, clock, header, pause, call):
    client, _ = connect((429, {}, {"retry-after": header}), (200, {}))
    client.send(call)
    assert clock.pauses == [pause]


def test_retry_after_counts_on_a_503_too(connect, clock):
    client, _ = connect((503, {}, {"retry-after": "9"}), (200, {}))
    client.send(READ)
    assert clock.pauses == [9]


@pytest.mark.parametrize("header", ["61", "3600", "86400"])
@pytest.mark.parametrize("call", [READ, CREATE, UPDATE], ids=["GET", "POST", "PATCH"])
def test_a_longer_wait_is_an_error_at_once_that_names_it(connect, clock, header, call):
    client, vendor = connect((429, {"error": "slow down"}, {"retry-after": header}))
    error = failure(client, call)
    assert str(error) == (
        f"teli: {call.method} {call.path} -> 429: slow down. "
        f"The vendor asks to wait {header} s, and no longer than 60 s is waited here; run it again later"
    )
    assert isinstance(error, errors.RateLimitError)
    assert not error.may_have_arrived
    assert len(vendor.requests) == 1
    assert clock.pauses == []


@pytest.mark.parametrize("header", ["99999999999999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_wait_is_told_without_its_digits(connect, header):
    client, vendor = connect((429, {}, {"retry-after": header}))
    assert "The vendor asks to wait more than a year, and no longer" in str(failure(client, READ))
    assert len(vendor.requests) == 1


def test_the_longest_wait_is_a_setting(connect, clock):
    client, _ = connect((429, {}, {"retry-after": "100"}), (200, {}), limits=Limits(longest_retry_after=100))
    client.send(READ)
    assert clock.pauses == [100]


def test_retry_after_may_be_a_date(connect, clock):
    client, _ = connect((429, {}, {"retry-after": date(30)}), (200, {}))
    client.send(READ)
    assert 28 <= clock.pauses[0] <= 30
    client, vendor = connect((429, {}, {"retry-after": date(86_400)}))
    assert "The vendor asks to wait 86" in str(failure(client, READ))
    assert len(vendor.requests) == 1


NONSENSE = ["0", "-5", "soon", "", "1e3", "NaN", "inf", "7;", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 2026", "٣", "-" * 99]


@pytest.mark.parametrize("header", NONSENSE)
@pytest.mark.parametrize("name", ["retry-after", "x-ratelimit-reset"])
def test_a_wait_that_says_nothing_falls_back_to_the_back_off(connect, clock, name, header):
    client, _ = connect(lambda _: httpx.Response(429, headers=[(name, header.encode())]), (200, {}))
    client.send(READ)
    assert 0 <= clock.pauses[0] <= 1


@pytest.mark.parametrize("name", ["x-ratelimit-reset", "ratelimit-reset", "X-RateLimit-Reset"])
@pytest.mark.parametrize(("text", "pause"), [("12", 12), ("0.5", 0.5), ("60", 60)])
def test_the_reset_of_a_rate_limit_is_waited_for(connect, clock, name, text, pause):
    client, _ = connect((429, {}, {name: text}), (200, {}))
    client.send(CREATE)
    assert clock.pauses == [pause]


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_a_reset_may_be_a_time(connect, clock, unit):
    """As GitHub and others say it."""
    client, _ = connect((429, {}, {"x-ratelimit-reset": str(int((time.time() + 30) * unit))}), (200, {}))
    client.send(READ)
    assert 28 <= clock.pauses[0] <= 30


def test_a_reset_that_is_far_away_is_an_error_with_the_figure(connect):
    client, vendor = connect((429, {}, {"x-ratelimit-reset": "3600"}))
    assert "The vendor asks to wait 3600 s" in str(failure(client, READ))
    assert len(vendor.requests) == 1


def test_a_reset_that_is_past_is_none(connect, clock):
    client, _ = connect((429, {}, {"x-ratelimit-reset": str(int(time.time()) - 100)}), (200, {}))
    client.send(READ)
    assert 0 <= clock.pauses[0] <= 1


@pytest.mark.usefixtures("longest_draw")
@pytest.mark.parametrize("past", [0, 5])
def test_a_reset_that_is_past_by_a_little_keeps_nobody(connect, clock, past):
    client, _ = connect((429, {}, {"x-ratelimit-reset": str(int(time.time()) - past)}), (200, {}), limits=Limits(throttled_wait=0.25))
    client.send(READ)
    assert clock.pauses == [0.25]


def test_retry_after_outranks_the_reset_and_calls_left_make_it_void(connect, clock):
    client, _ = connect((429, {}, {"retry-after": "3", "x-ratelimit-reset": "50"}), (200, {}))
    client.send(READ)
    client, _ = connect((429, {}, {"x-ratelimit-remaining": "5", "x-ratelimit-reset": "50"}), (200, {}))
    client.send(READ)
    assert clock.pauses[0] == 3
    assert clock.pauses[1] <= 1


@given(
    st.text(),
    st.sampled_from(["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "x-ratelimit-limit"]),
    st.sampled_from([200, 429]),
)
def test_no_header_however_odd_breaks_a_call(text, name, status):
    clock = Clock()
    header = (name.encode(), text.replace("\r", "").replace("\n", "").encode("utf-8", "replace"))
    client = client_of(Vendor(lambda _: httpx.Response(status, headers=[header]), (200, {})), clock)
    try:
        assert client.send(READ).status == 200
    except errors.RateLimitError as error:
        assert "asks to wait" in str(error)  # noqa: PT017 - a figure above a minute is a right answer too
    assert sum(clock.pauses) <= 60


# ---- the whole operation ----


def test_the_whole_operation_has_a_deadline_over_attempts_and_pauses(connect, clock):
    """Each attempt takes 30 s here, and the vendor asks for 50 s between them: after the second there is no time for more."""

    def slow(_request):
        clock.now += 30
        return httpx.Response(429, headers={"retry-after": "50"}, json={"error": "slow down"})

    client, vendor = connect(slow)
    error = failure(client, READ)
    assert clock.now <= 1000 + 120
    assert len(vendor.requests) == 2
    assert str(error) == (
        "teli: GET /v1/agents -> 429: slow down. "
        "The whole call may take 120 s, which leaves no time for another attempt; run it again later"
    )


def test_no_attempt_begins_after_the_deadline(connect, clock):
    def slow(_request):
        clock.now += 121
        raise httpx.ReadTimeout("slow")

    client, vendor = connect(slow)
    failure(client, READ)
    assert len(vendor.requests) == 1


def test_an_attempt_gets_no_more_time_than_is_left(connect, clock, monkeypatch):
    monkeypatch.setattr(random, "uniform", lambda _low, _high: 0.0)
    given = []

    def slow(request):
        given.append(request.extensions["timeout"])
        clock.now += 50
        raise httpx.ReadTimeout("slow")

    client, _ = connect(slow, limits=Limits(connect=5, read=60, operation=120))
    failure(client, READ)
    assert [each["read"] for each in given] == [60, 60, 20]
    assert [each["connect"] for each in given] == [5, 5, 5]


def test_a_body_that_never_ends_stops_at_the_deadline(connect, clock):
    def dripping():
        while True:
            clock.now += 10
            yield b" "

    bodies = []

    def answer(_request):
        bodies.append(Stream(dripping()))
        return httpx.Response(200, stream=bodies[-1])

    client, vendor = connect(answer)
    error = failure(client, CREATE)
    assert error.may_have_arrived
    assert len(vendor.requests) == 1
    assert clock.now <= 1000 + 132
    assert bodies[0].closed


def test_time_up_before_a_create_was_ever_sent_is_no_lost_reply(connect, clock):
    """The rate limit gives it no turn before the deadline."""
    client, vendor = connect((200, {}), limits=Limits(requests_per_second=0.001))
    client.send(READ)
    error = failure(client, CREATE)
    assert isinstance(error, errors.UnreachableError)
    assert not error.may_have_arrived
    assert "not sent: the rate limit gave it no turn" in str(error)
    assert len(vendor.requests) == 1


def test_time_up_after_an_update_that_may_have_arrived_is_a_lost_reply(connect, clock):
    def slow(_request):
        clock.now += 119.9
        raise httpx.ReadTimeout("slow")

    client, _ = connect(slow, httpx.ConnectError("refused"))
    assert failure(client, UPDATE).may_have_arrived


# ---- the quota of retries ----

SPENT = "Not tried again: too many calls of this run have failed. Run it again when the vendor answers"
OUTAGES = {"refused": httpx.ConnectError("refused"), "503": (503, {}), "hanging": httpx.ReadTimeout("slow")}


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_total_outage_costs_35_requests_more_than_there_are_calls(connect, outage):
    client, vendor = connect(OUTAGES[outage])
    found = [failure(client, READ) for _ in range(300)]
    assert len(vendor.requests) == 300 + 35
    assert str(found[-1]).endswith(SPENT)
    assert SPENT not in str(found[0])


def test_an_outage_costs_as_little_where_threads_share_it(connect):
    """One quota an account, whoever spends it; a create that was surely not done says so to the end."""
    client, vendor = connect(httpx.ConnectError("refused"))
    found = [failure(client, call) for _ in range(60) for call in (CREATE, DELETE, UPDATE, READ, BUY)]
    assert len(vendor.requests) == 300 + 35
    assert not any(error.may_have_arrived for error in found)


def test_one_that_is_refused_for_now_costs_less(connect, clock):
    """The vendor is there, and many threads may hear it at once. A refusal that never ends ends all the same."""
    client, vendor = connect((429, {}))
    for _ in range(300):
        failure(client, READ)
    assert len(vendor.requests) == 300 + 100
    # Four refusals in a row double the rest of all, up to 16 s; then each of 34 calls has its own pauses of 1, 2 and 4 s at most.
    assert clock.now - 1000 <= 2 + 4 + 8 + 16 + 34 * 7


def test_a_call_that_works_gives_back_what_its_retries_took(connect):
    """Faults that pass never use it up."""
    answers = [httpx.ConnectError("refused"), (200, {})] * 200
    client, vendor = connect(*answers, (503, {}))
    for _ in range(200):
        client.send(READ)
    assert len(vendor.requests) == 400
    for _ in range(100):
        failure(client, READ)
    assert len(vendor.requests) == 400 + 100 + 35


def test_each_call_that_works_gives_one_back(connect):
    outage = [httpx.ConnectError("refused")] * (100 + 35)
    client, vendor = connect(*outage, *[(200, {})] * 28, (503, {}))
    for _ in range(100):
        failure(client, READ)
    for _ in range(28):
        client.send(READ)
    before = len(vendor.requests)
    for _ in range(10):
        failure(client, READ)
    # 500 - 35 * 14 = 10 were left; 28 more make two retries.
    assert len(vendor.requests) - before == 10 + 2


def test_an_answer_that_is_no_success_gives_nothing_back(connect):
    client, vendor = connect(*[httpx.ConnectError("refused")] * 135, *[(404, {})] * 100, (503, {}))
    for _ in range(100 + 100 + 10):
        failure(client, READ)
    assert len(vendor.requests) == 135 + 100 + 10


@pytest.mark.parametrize(("tokens", "retries"), [(0, 0), (13, 0), (14, 1), (28, 2), (1400, 100)])
def test_the_quota_is_a_setting(connect, tokens, retries):
    client, vendor = connect((503, {}), limits=Limits(quota=tokens))
    for _ in range(200):
        failure(client, READ)
    assert len(vendor.requests) == 200 + retries


def test_what_a_lost_update_may_have_done_is_told_when_the_quota_is_spent(connect):
    client, _ = connect(httpx.ReadTimeout("slow"), limits=Limits(quota=0))
    error = failure(client, UPDATE)
    assert error.may_have_arrived
    assert str(error) == f"teli: PATCH /v1/agents/1 -> no answer from vendor.example within 30 s; it may have been carried out. {SPENT}"
