"""How fast an account's threads go together: by a setting, by what headers say, and by what is refused. Time is the test's own."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from types import SimpleNamespace

import httpx
import pytest
from answering import CREATE, READ, SharedClock, client_of
from emulated import InProcess
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents import errors
from pulumi_smsagents.client import Call, Limits
from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.rates import Rate

# ---- the rate that was set ----


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 1.5, 2, 2.5, 9.99, 10, 333, 5000])
def test_the_rate_is_never_above_the_one_that_was_set(connect, clock, rate):
    """And not below it."""
    client, vendor = connect((200, {}), limits=Limits(requests_per_second=rate))
    for _ in range(50):
        client.send(READ)
    assert len(vendor.requests) == 50
    assert clock.now - 1000 == pytest.approx(49 / rate)


def test_there_is_no_limit_unless_one_is_set(connect, clock):
    client, _ = connect((200, {}))
    for _ in range(50):
        client.send(READ)
    assert clock.pauses == []


def test_every_attempt_counts(connect, clock, monkeypatch):
    monkeypatch.setattr(random, "uniform", lambda _low, _high: 0.0)
    times = []

    def answer(_request):
        times.append(clock.now - 1000)
        return httpx.Response(200 if len(times) % 2 == 0 else 503, json={})

    client, _ = connect(answer, limits=Limits(requests_per_second=2))
    for _ in range(2):
        client.send(READ)
    assert times == pytest.approx([0, 0.5, 1, 1.5])


def test_idle_time_is_not_saved_up(connect, clock):
    client, _ = connect((200, {}), limits=Limits(requests_per_second=2))
    client.send(READ)
    clock.now += 100
    for _ in range(3):
        client.send(READ)
    assert clock.now == pytest.approx(1101)


def test_a_pause_of_one_does_not_hold_up_the_others(connect, clock):
    """Who waits for its own sake takes its place in the queue, and no more."""
    answers = [(503, {}, {"retry-after": "0"}), (200, {})]
    client, _ = connect(*answers, limits=Limits(requests_per_second=10, base_wait=50, longest_wait=50))
    client.send(READ)
    paused = clock.now
    client.send(READ)
    assert clock.now - paused <= 0.1 + 1e-6


# ---- what is learned ----


def run(
    vendor: Callable[[], httpx.Response],
    *,
    threads: int = 4,
    calls: int = 200,
    seed: int = 0,
    limits: Limits | None = None,
    creates: bool = True,
):
    """`calls` creates on so many threads, over a line of 50 ms; `vendor` answers with the clock standing at its time."""
    random.seed(seed)
    clock = SharedClock(threads)
    clock.now += 0.13 * seed
    began, lock, work = clock.now, threading.Lock(), list(range(calls))
    found = SimpleNamespace(answers=[], failed=[], seconds=0.0)

    class Line(httpx.BaseTransport):
        def handle_request(self, request):
            clock.sleep(random.uniform(0.02, 0.03))
            with lock:
                answer = vendor(clock, request)
                found.answers.append((clock.now, answer.status_code))
            clock.sleep(random.uniform(0.02, 0.03))
            return answer

    client = client_of(Line(), clock, limits)

    def worker() -> None:
        while True:
            with lock:
                if not work:
                    found.seconds = max(found.seconds, clock.now - began)
                    return
                number = work.pop()
            try:
                client.send(Call("POST", f"/{number}", body={}, repeatable=not creates))
            except errors.VendorError as error:
                found.failed.append(str(error))

    clock.run(worker, threads)
    client.close()
    found.refused = [status for _, status in found.answers].count(429)
    return found


def at_the_emulator(form: str, calls: int = 20, seconds: float = 1.0):
    """The emulator's own limit, in fixed windows."""
    held = SimpleNamespace(emulator=None)

    def answer(clock, _request):
        if held.emulator is None:
            held.emulator = Emulator(clock=clock)
            held.emulator.auth.accept("teli", ["key"])
            held.emulator.limiters["teli"].rate = Rate(calls, seconds, form)
            held.line = InProcess(held.emulator)
        asked = httpx.Request("GET", "http://emulator/teli/v1/organizations", headers={"x-api-key": "key"})
        told = held.line.handle_request(asked)
        return httpx.Response(told.status_code, headers=told.headers, content=told.read())

    return answer


def bucket(rate: float, burst: float, headers: dict[str, str] | None = None):
    """A limit that fills up again, as many servers have it."""
    held = SimpleNamespace(tokens=burst, since=None)

    def answer(clock, _request):
        held.tokens = min(burst, held.tokens + (clock.now - (clock.now if held.since is None else held.since)) * rate)
        held.since = clock.now
        if held.tokens < 1:
            return httpx.Response(429, headers=headers or {}, json={})
        held.tokens -= 1
        return httpx.Response(200, json={})

    return answer


@pytest.mark.parametrize("threads", [4, 8, 32])
@pytest.mark.parametrize("form", ["seconds", "date", "reset", "reset_at", "absurd", "nonsense"])
def test_a_vendor_that_takes_20_a_second_is_used_to_the_full_and_refuses_nothing(form, threads):
    """Its headers say so in time: the bar is 1.15 of the least time, and 2 % refused."""
    found = run(at_the_emulator(form), threads=threads, seed=threads)
    assert found.failed == []
    assert found.refused <= 0.005 * len(found.answers)
    assert found.seconds <= 1.06 * 200 / 20


@pytest.mark.parametrize("threads", [4, 8, 32])
@pytest.mark.parametrize("seed", range(3))
def test_a_vendor_that_tells_nothing_of_its_limit_is_found_out(seed, threads):
    """At the price of what was on its way when it first refused, and of one more try at times."""
    found = run(at_the_emulator("none"), seed=seed, calls=400, threads=threads)
    assert found.failed == []
    assert found.refused <= 0.02 * len(found.answers)
    assert found.seconds <= 1.15 * 400 / 20


@pytest.mark.parametrize("size", [(20, 20), (20, 20, {"retry-after": "1"}), (20, 5)], ids=["bare", "seconds", "small"])
@pytest.mark.parametrize("threads", [4, 32])
def test_no_call_fails_below_the_limit_of_a_bucket(size, threads):
    assert run(bucket(*size), threads=threads).failed == []


@pytest.mark.parametrize("form", ["seconds", "none", "reset"])
def test_no_call_fails_however_many_threads_come_at_once(form):
    """Those that wait learn that others were refused meanwhile, and use up no attempt."""
    found = run(at_the_emulator(form), threads=48, calls=200)
    assert found.failed == []
    found = run(at_the_emulator(form, calls=30, seconds=5), threads=48, calls=100)
    assert found.failed == []


def test_a_long_window_is_spent_as_calls_come_and_then_waited_for():
    """No call waits while some are left; when none is, nobody sends till the window ends."""
    found = run(at_the_emulator("seconds", calls=100, seconds=30), calls=150, threads=8)
    assert found.failed == []
    assert found.refused == 0
    first = [at for at, _ in found.answers][:90]
    assert first[-1] - first[0] < 2


def test_a_limit_that_is_larger_than_the_run_costs_nothing():
    free = run(lambda _clock, _request: httpx.Response(200, json={}))
    assert run(at_the_emulator("seconds", calls=5000, seconds=3600)).seconds == pytest.approx(free.seconds, rel=0.01)


@pytest.mark.parametrize(("status", "headers", "pause"), [(429, {"retry-after": "30"}, 30), (503, {"retry-after": "30"}, 30), (429, {}, 1)])
def test_a_wait_of_one_that_was_refused_is_kept_by_all(monkeypatch, status, headers, pause):
    """Threads that were asleep already included."""
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    refusals = []

    def answer(clock, _request):
        if not refusals or clock.now == refusals[0]:
            refusals.append(clock.now)
            return httpx.Response(status, headers=headers)
        return httpx.Response(200, json={})

    found = run(answer, threads=8, calls=40, creates=False, limits=Limits(requests_per_second=20))
    on_its_way = [at for at, _ in found.answers if refusals[0] < at < refusals[0] + pause - 0.1]
    # What was sent before the refusal had come back, at the rate that was set.
    assert len(on_its_way) <= 2
    assert found.failed == []


def test_a_window_that_is_spent_is_told_to_all(connect, clock):
    client, vendor = connect((200, {}, {"x-ratelimit-limit": "9", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "40"}), (200, {}))
    client.send(READ)
    client.send(CREATE)
    assert clock.pauses == [40]
    assert len(vendor.requests) == 2


def test_a_window_that_ends_too_late_is_not_waited_for(connect, clock):
    """The vendor's own answer decides."""
    client, vendor = connect((200, {}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "7200"}), (429, {}, {"retry-after": "7200"}))
    client.send(READ)
    with pytest.raises(errors.RateLimitError, match="asks to wait 7200 s"):
        client.send(READ)
    assert clock.pauses == []
    assert len(vendor.requests) == 2


def test_what_was_learned_is_forgotten_in_quiet_times(connect, clock):
    """The limit was another run's, perhaps: more is tried again, and soon there is none."""
    client, _ = connect(*[(200, {})] * 20, (429, {}, {"retry-after": "1"}), (200, {}))
    for _ in range(21):
        client.send(READ)
    slowed = clock.now
    for _ in range(20):
        client.send(READ)
    assert clock.now - slowed > 0.9
    for _ in range(12):
        clock.now += 60
        client.send(READ)
    quiet = clock.now
    for _ in range(100):
        client.send(READ)
    assert clock.now == quiet


@given(
    st.lists(
        st.tuples(
            st.sampled_from([200, 200, 200, 404, 429, 503]),
            st.dictionaries(
                st.sampled_from(["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"]),
                st.sampled_from(["0", "1", "2", "20", "60", "61", "5000", "99999999999", "1e9", "soon", "-1"]),
            ),
        ),
        max_size=40,
    )
)
def test_no_vendor_can_make_a_call_wait_beyond_its_deadline(script):
    """Whatever its headers say, in whatever order."""
    clock = SharedClock(1)
    answers = iter(script)

    class Line(httpx.BaseTransport):
        def handle_request(self, request):
            status, headers = next(answers, (200, {}))
            return httpx.Response(status, headers=headers, json={})

    client = client_of(Line(), clock)
    for _ in range(len(script) // 2 + 1):
        began = clock.now
        try:
            client.send(READ)
        except errors.VendorError as error:
            assert str(error).startswith("teli: GET /v1/agents -> ")  # noqa: PT017 - a refusal is a right answer too
        assert clock.now - began <= 120
