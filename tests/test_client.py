"""The one HTTP client: what it sends how often, how long it waits, and what it makes of answers. Nothing here waits."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from types import SimpleNamespace
from urllib.parse import quote, quote_plus

import httpx
import pyrate_limiter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents import client as module
from pulumi_smsagents import errors
from pulumi_smsagents.client import MAX_BODY, Account, Call, Client, Limits, policy, refused, transport, words

KEY = "canary+key/A9xk2'Zq81LmN0p=="
BASE = "https://vendor.example"

READ = Call("GET", "/v1/agents", repeatable=True)
CREATE = Call("POST", "/v1/agents", body={"name": "n"})
UPDATE = Call("PATCH", "/v1/agents/1", body={"name": "n"}, repeatable=True)
UPDATE_ONCE = Call("PATCH", "/v1/agents/1", body={"drip_schedule": []})
DELETE = Call("DELETE", "/v1/agents/1", repeatable=True)


class Vendor(httpx.BaseTransport):
    """Answers from a list; the last one again and again. An exception is raised, a function is called."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        status, body, *headers = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(status, headers=headers[0] if headers else {"content-type": "application/json"}, content=content)


class Stream(httpx.SyncByteStream):
    """A body in pieces; an exception among them is raised."""

    def __init__(self, pieces) -> None:
        self.pieces = pieces
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        self.closed = True


class Clock:
    """A clock for the client, and the pauses it made."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    monkeypatch.setattr(transport, "time", made)
    return made


@pytest.fixture
def connect(clock):
    """A client over given answers: `send, vendor = connect((200, {}))`."""
    made = []

    def build(*answers, limits: Limits | None = None, **account):
        vendor = Vendor(*answers)
        settings = {"base_url": BASE, "headers": {"x-api-key": KEY}, "secrets": (KEY,), "key_advice": "Set another key"} | account
        client = Client(Account("teli", **settings), limits, vendor, clock.sleep)
        made.append(client)
        return client, vendor

    yield build
    for client in made:
        client.close()


def failure(client: Client, call: Call) -> errors.VendorError:
    with pytest.raises(errors.VendorError) as caught:
        client.send(call)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


# ---- what is sent again ----

FAULTS = {
    "refused": (httpx.ConnectError("refused"), "never sent"),
    "connect timeout": (httpx.ConnectTimeout("slow"), "never sent"),
    "pool timeout": (httpx.PoolTimeout("busy"), "never sent"),
    "read timeout": (httpx.ReadTimeout("slow"), "unknown"),
    "write timeout": (httpx.WriteTimeout("slow"), "unknown"),
    "reset": (httpx.ReadError("reset"), "unknown"),
    "broken pipe": (httpx.WriteError("pipe"), "unknown"),
    "closed": (httpx.RemoteProtocolError("closed"), "unknown"),
    "429": ((429, {"error": "slow down"}), "refused for now"),
    "500": ((500, {"error": "no"}), "500"),
    "502": ((502, b"<html>"), "gateway"),
    "503": ((503, {}), "gateway"),
    "504": ((504, {}), "gateway"),
    "cut body": (lambda _: httpx.Response(200, stream=Stream([b'{"a', httpx.RemoteProtocolError("incomplete")])), "unknown"),
    "reset in body": (lambda _: httpx.Response(200, stream=Stream([b'{"a', httpx.ReadError("reset")])), "unknown"),
    "slow body": (lambda _: httpx.Response(200, stream=Stream([b'{"a', httpx.ReadTimeout("slow")])), "unknown"),
    "400": ((400, {}), "answer"),
    "401": ((401, {}), "answer"),
    "403": ((403, {}), "answer"),
    "404": ((404, {}), "answer"),
    "408": ((408, {}), "answer"),
    "409": ((409, {}), "answer"),
    "422": ((422, {}), "answer"),
    "501": ((501, {}), "answer"),
    "307": ((307, b"", {"location": "https://elsewhere.example/"}), "answer"),
    "not JSON": ((200, b"hello"), "answer"),
    "cut JSON": ((200, b'{"a": tr'), "answer"),
    "says it failed": ((200, {"success": False}), "answer"),
    "too long": ((200, b"x" * (MAX_BODY + 1)), "answer"),
    "unreadable gzip": ((200, b"not gzip", {"content-encoding": "gzip"}), "answer"),
    "TLS record": (httpx.LocalProtocolError("bad"), "answer"),
    "proxy": (httpx.ProxyError("407"), "answer"),
}
AGAIN = {
    # what happened: (a read, a repeatable write, a write that is not repeatable)
    "never sent": (4, 4, 4),
    "refused for now": (4, 4, 4),
    "unknown": (4, 4, 1),
    "gateway": (4, 4, 1),
    "500": (4, 1, 1),
    "answer": (1, 1, 1),
}
CALLS = {"GET": (READ, 0), "PATCH": (UPDATE, 1), "DELETE": (DELETE, 1), "PATCH once": (UPDATE_ONCE, 2), "POST": (CREATE, 2)}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_sent_how_often(connect, fault, call):
    """By the vendor's own count. A second layer of retries would show here."""
    answer, happened = FAULTS[fault]
    request, column = CALLS[call]
    client, vendor = connect(answer)
    failure(client, request)
    assert len(vendor.requests) == AGAIN[happened][column]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_create_that_may_have_arrived_says_so_and_no_other_does(connect, fault):
    answer, happened = FAULTS[fault]
    client, _ = connect(answer)
    error = failure(client, CREATE)
    certain = {"proxy", "400", "401", "403", "404", "408", "409", "422", "307", "says it failed"}
    assert error.may_have_arrived == (happened not in ("never sent", "refused for now") and fault not in certain)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["refused", "429"])
def test_an_attempt_that_works_ends_it(connect, fault, call):
    client, vendor = connect(FAULTS[fault][0], FAULTS[fault][0], (200, {"ok": 1}))
    assert client.send(CALLS[call][0]).body == {"ok": 1}
    assert len(vendor.requests) == 3


def test_every_attempt_sends_the_same(connect):
    client, vendor = connect((429, {}), (429, {}), (200, {}))
    client.send(CREATE)
    assert {(r.method, str(r.url), r.content, r.headers["x-api-key"]) for r in vendor.requests} == {
        ("POST", BASE + "/v1/agents", b'{"name":"n"}', KEY)
    }


def test_a_status_that_is_an_answer_here_is_not_sent_again(connect):
    client, vendor = connect((500, {"error": "agent may not exist"}))
    failure(client, Call("GET", "/v1/agents/1", repeatable=True, final=frozenset({500})))
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("attempts", [1, 2, 7])
def test_the_number_of_attempts_is_a_setting(connect, attempts):
    client, vendor = connect((503, {}), limits=Limits(attempts=attempts))
    failure(client, READ)
    assert len(vendor.requests) == attempts


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("repeatable", [True, False])
def test_the_policy_is_a_pure_function(method, repeatable):
    """Of the call and the limits; the numbers are the documented defaults."""
    made = policy(Call(method, "/x", repeatable=repeatable), Limits())
    again = {status for status in range(100, 600) if made.is_retryable_status_code(status)}
    assert again == {429} | ({502, 503, 504} if repeatable else set()) | ({500} if repeatable and method == "GET" else set())
    assert made.is_retryable_method(method)
    assert made.total == 3
    for fault in (httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.PoolTimeout("")):
        assert made.is_retryable_exception(fault)
    for fault in (httpx.ReadTimeout(""), httpx.WriteTimeout(""), httpx.ReadError(""), httpx.WriteError(""), httpx.RemoteProtocolError("")):
        assert made.is_retryable_exception(fault) == repeatable
    for fault in (httpx.LocalProtocolError(""), httpx.DecodingError(""), httpx.UnsupportedProtocol(""), ValueError(), OSError()):
        assert not made.is_retryable_exception(fault)


def test_statuses_that_are_answers_may_leave_nothing_to_repeat():
    """An empty list would mean the library's default."""
    made = policy(Call("POST", "/x", final=frozenset({429})), Limits())
    assert not [status for status in range(100, 600) if made.is_retryable_status_code(status)]


# ---- how long is waited ----


def test_pauses_grow_and_are_drawn_between_nothing_and_a_bound(connect, clock, monkeypatch):
    drawn = []
    monkeypatch.setattr(random, "uniform", lambda low, high: drawn.append((low, high)) or high)
    client, _ = connect((503, {}))
    failure(client, READ)
    assert clock.pauses == pytest.approx([0.4, 0.8, 1.6])
    assert drawn == [(0.0, 1)] * 3


def test_pauses_have_a_longest(connect, clock, monkeypatch):
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    client, _ = connect((503, {}), limits=Limits(attempts=12, operation=10_000))
    failure(client, READ)
    assert max(clock.pauses) == 20
    assert clock.pauses == sorted(clock.pauses)


@given(st.integers(2, 10))
def test_jitter_stays_in_its_bounds(attempts):
    pauses = []
    made = policy(READ, Limits(attempts=attempts), pauses.append)
    for attempt in range(1, attempts):
        made = made.increment()
        made.sleep(httpx.ReadError(""))
        assert 0 <= pauses[-1] <= min(20, 0.2 * 2**attempt)


@pytest.mark.parametrize(
    ("header", "pause"), [("7", 7), ("59", 59), ("60", 60), ("61", 60), ("86400", 60), ("99999999999999999999", 60), (" 3 ", 3)]
)
@pytest.mark.parametrize("call", [READ, CREATE], ids=["GET", "POST"])
def test_retry_after_is_waited_for_up_to_a_minute(connect, clock, header, pause, call):
    client, _ = connect((429, {}, {"retry-after": header}), (200, {}))
    client.send(call)
    assert clock.pauses == [pause]


@pytest.mark.parametrize(("ahead", "least", "most"), [(30, 28, 30), (86_400, 60, 60)])
def test_retry_after_may_be_a_date(connect, clock, ahead, least, most):
    date = format_datetime(datetime.fromtimestamp(datetime.now(UTC).timestamp() + ahead, UTC), usegmt=True)
    client, _ = connect((429, {}, {"retry-after": date}), (200, {}))
    client.send(READ)
    assert least <= clock.pauses[0] <= most


@pytest.mark.parametrize("header", ["0", "-5", "soon", "", "1e3", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 2026", "٣"])
def test_a_retry_after_that_says_nothing_falls_back_to_the_back_off(connect, clock, header):
    client, _ = connect(lambda _: httpx.Response(429, headers=[("retry-after", header.encode())]), (200, {}))
    client.send(READ)
    assert 0 <= clock.pauses[0] <= 0.4


def test_the_whole_operation_has_a_deadline_over_attempts_and_pauses(connect, clock):
    """Each attempt takes 30 s here, and the vendor asks for 50 s between them: after the second there is no time for more."""

    def slow(_request):
        clock.now += 30
        return httpx.Response(429, headers={"retry-after": "50"})

    client, vendor = connect(slow)
    error = failure(client, READ)
    assert clock.now <= 1000 + 120
    assert len(vendor.requests) == 2
    assert "120 s" in str(error)


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
    assert clock.now <= 1000 + 130
    assert bodies[0].closed


def test_time_up_before_a_create_was_ever_sent_is_no_lost_reply(connect, clock, monkeypatch):
    """The rate limit let nothing through before the deadline."""
    client, vendor = connect((200, {}), limits=Limits(requests_per_second=1))
    monkeypatch.setattr(pyrate_limiter.Limiter, "try_acquire", lambda *_args, timeout, **_more: clock.sleep(timeout) or False)
    error = failure(client, CREATE)
    assert isinstance(error, errors.UnreachableError)
    assert not error.may_have_arrived
    assert not vendor.requests


def test_time_up_after_an_update_that_may_have_arrived_is_a_lost_reply(connect, clock):
    def slow(_request):
        clock.now += 119.9
        raise httpx.ReadTimeout("slow")

    client, _ = connect(slow, FAULTS["refused"][0])
    clock_left = failure(client, UPDATE)
    assert clock_left.may_have_arrived


# ---- rate limit ----


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.4, 0.5, 1, 1.5, 2, 2.5, 3, 9.99, 10, 333, 1000, 5000])
def test_the_rate_is_never_above_the_one_that_was_set(rate):
    """And not much below it."""
    allowed = transport.limiter(Limits(requests_per_second=rate)).buckets()[0].rates
    assert len(allowed) == 1
    per_second = allowed[0].limit * 1000 / allowed[0].interval
    assert per_second <= rate + 1e-9
    assert per_second >= rate * 0.99


def test_there_is_no_limit_unless_one_is_set():
    assert transport.limiter(Limits()) is None


def test_every_attempt_waits_for_the_rate_limit(connect, clock, monkeypatch):
    """With the limiter's clock in our hands: 2 in the first second, 2 in the next."""
    monkeypatch.setattr(pyrate_limiter.limiter, "sleep", clock.sleep)
    monkeypatch.setattr(pyrate_limiter.limiter, "monotonic", clock.monotonic)
    monkeypatch.setattr(pyrate_limiter.abstracts.bucket.AbstractBucket, "now", lambda _self: round(clock.now * 1000))
    times = []

    def answer(_request):
        times.append(clock.now - 1000)
        return httpx.Response(200, json={}) if len(times) % 2 == 0 else httpx.Response(429, headers={"retry-after": "0"})

    monkeypatch.setattr(random, "uniform", lambda _low, _high: 0.0)
    client, _ = connect(answer, limits=Limits(requests_per_second=2))
    for _ in range(2):
        client.send(READ)
    assert times[1] < 0.1
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[2:], strict=False))
    assert times[3] < 1.2


# ---- what goes out ----


def test_a_request_is_signed_and_asks_for_plain_json(connect):
    client, vendor = connect((200, {}))
    client.send(Call("GET", "/v1/agents", query={"organization_id": "a b&c"}, repeatable=True))
    sent = vendor.requests[0]
    assert str(sent.url) == BASE + "/v1/agents?organization_id=a+b%26c"
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["accept-encoding"] == "identity"
    assert "content-type" not in sent.headers
    assert sent.content == b""


@pytest.mark.parametrize("base", [BASE + "/", BASE + "/prefix", BASE + "/prefix/"])
def test_a_base_url_may_have_a_path(connect, base):
    client, vendor = connect((200, {}), base_url=base)
    client.send(READ)
    assert str(vendor.requests[0].url) == base.rstrip("/") + "/v1/agents"


def test_cookies_and_the_environment_add_nothing(connect, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine vendor.example login u password p\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    client, vendor = connect((200, {}, {"set-cookie": "a=b; Path=/"}))
    client.send(READ)
    client.send(READ)
    assert not {"authorization", "cookie"} & vendor.requests[1].headers.keys()


@pytest.mark.parametrize("base", ["https://exa\x00mple.com", "https://a..b", "https://xn--a", "https://exa%mple.com"])
def test_a_base_url_that_cannot_be_called_is_told_and_not_raised(connect, base):
    client, vendor = connect((200, {}), base_url=base)
    try:
        client.send(READ)
    except errors.SmsAgentsError as error:
        assert "base URL" in str(error)  # noqa: PT017 - some of these can be called, and that is fine too
        assert not vendor.requests


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://elsewhere.example/", BASE + "/other", "//elsewhere.example", "http://[bad", "", "\x7f"])
def test_a_redirect_is_not_followed(connect, status, location):
    client, vendor = connect((status, b"", {"location": location}))
    for call in (READ, CREATE):
        error = failure(client, call)
        assert str(error).startswith(f"teli: {call.method} /v1/agents -> {status}: ")
        assert not error.may_have_arrived
    assert len(vendor.requests) == 2
    assert {request.url.host for request in vendor.requests} == {"vendor.example"}


# ---- what comes back ----


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"[1, 2]", [1, 2]),
        (b"null", None),
        (b"", None),
        (b" \r\n", None),
        (b"\xef\xbb\xbf{}", {}),
        ('{"a": "ü日"}'.encode(), {"a": "ü日"}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain; charset=hex", "x/y; charset=utf-16", "", "\xff"])
def test_json_is_read_whatever_the_answer_calls_itself(connect, content, body, kind):
    client, _ = connect(lambda _: httpx.Response(201, headers=[("content-type", kind.encode("latin-1"))], content=content))
    reply = client.send(CREATE)
    assert (reply.status, reply.body) == (201, body)


@pytest.mark.parametrize("content", [b"OK", b"", b"{}", b'{"cut', b"201 - undefined"])
def test_where_no_page_shows_an_answer_any_will_do_but_a_page(connect, content):
    call = Call("POST", "/sms", any_answer=True)
    client, _ = connect((201, content))
    assert client.send(call).status == 201
    client, _ = connect((201, b"<html>Sign in</html>"))
    assert "an HTML page" in str(failure(client, call))
    client, _ = connect((201, {"success": False, "message": "no"}))
    assert isinstance(failure(client, call), errors.ResponseError)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"<!doctype html><title>Sign in</title>", "an HTML page"),
        (b"  <html>", "an HTML page"),
        (b"hello", "something that is not JSON"),
        (b'{"a": [1, 2', "JSON that is cut off or damaged"),
        (b'{"a": tr', "JSON that is cut off or damaged"),
        (b"[" * 200_000, "JSON that is cut off or damaged"),
        (b'{"a": NaN}', "JSON that is cut off or damaged"),
        (b'{"a": ' + b"9" * 5000 + b"}", "JSON that is cut off or damaged"),
        (b"\x00\x01\x02", "something that is not JSON"),
        (b"\xff\xfe{\x00}\x00", "something that is not JSON"),
    ],
)
def test_a_2xx_that_is_not_json_is_an_error_that_says_what_it_is(connect, content, seen):
    client, vendor = connect((200, content, {"content-type": "application/json", "x-request-id": "r-1"}))
    error = failure(client, CREATE)
    assert isinstance(error, errors.UnexpectedBodyError)
    assert str(error) == f"teli: POST /v1/agents -> 200: expected JSON, got {seen} (request r-1). Check the base URL"
    assert error.may_have_arrived
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    ("body", "seen"), [([], "a JSON list"), (None, "an empty answer"), ("x", "a JSON str"), (7, "a JSON int"), (b"", "an empty answer")]
)
def test_an_object_is_asked_for_and_something_else_came(connect, body, seen):
    client, _ = connect((200, body, {"x-request-id": "r-1"}))
    with pytest.raises(errors.UnexpectedBodyError, match=f"expected a JSON object, got {seen}") as caught:
        client.send(READ).object()
    assert caught.value.request_id == "r-1"
    assert client.send(READ).unexpected("no id").may_have_arrived


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"success": False}, "the answer says that it failed"),
        ({"success": False, "error": "No such organisation"}, "No such organisation"),
        ({"status": "error", "message": "Rate limit exceeded"}, "Rate limit exceeded"),
        ({"data": None, "errors": [{"error": "BAD_NUMBER", "message": "Not yours"}]}, "BAD_NUMBER: Not yours"),
        ({"data": {"id": 1}, "errors": ["half of it failed"]}, "half of it failed"),
    ],
)
def test_a_2xx_that_says_it_failed_has_failed(connect, body, said):
    client, vendor = connect((200, body))
    error = failure(client, CREATE)
    assert isinstance(error, errors.ResponseError)
    assert str(error) == f"teli: POST /v1/agents -> 200: {said}"
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"success": True}, {"errors": None}, {"errors": []}, {"status": "active"}, {"error": ""}, [], "x", {"data": {"success": False}}],
)
def test_a_2xx_that_does_not_say_it_failed_has_not(connect, body):
    client, _ = connect((200, body))
    assert client.send(READ).body == body
    assert not refused(body)


STATUSES = {
    400: errors.InvalidError,
    401: errors.AuthenticationError,
    402: errors.ResponseError,
    403: errors.AuthenticationError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    418: errors.ResponseError,
    422: errors.InvalidError,
    429: errors.RateLimitError,
    500: errors.ServerError,
    501: errors.ServerError,
    503: errors.ServerError,
    304: errors.ResponseError,
    308: errors.ResponseError,
}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_its_error(connect, status):
    client, _ = connect((status, {"error": "words"}, {"x-request-id": "r-1"}))
    error = failure(client, READ)
    assert type(error) is STATUSES[status]
    assert (error.status, error.request_id) == (status, "r-1")
    assert error.asked == "teli: GET /v1/agents"


def test_the_sentence_of_an_error(connect):
    client, _ = connect((401, {"error": "Invalid API key", "success": False, "powered_by": "Teli"}, {"x-request-id": "r-1"}))
    assert str(failure(client, CREATE)) == "teli: POST /v1/agents -> 401: Invalid API key (request r-1). Set another key"


def test_the_sentences_of_no_answer(connect):
    for fault, call, sentence in [
        (httpx.ConnectError("[Errno 111] Connection refused"), CREATE, "no connection to vendor.example: [Errno 111] Connection refused. "),
        (httpx.ReadTimeout("timed out"), CREATE, "no answer from vendor.example within 30 s; it may have been carried out"),
        (httpx.ReadTimeout("timed out"), READ, "no answer from vendor.example within 30 s. Nothing was changed; run it again"),
        (httpx.ReadError(""), UPDATE, "the connection to vendor.example broke: ReadError; it may have been carried out"),
        (httpx.RemoteProtocolError("closed"), READ, "the connection to vendor.example broke: closed. Nothing was changed; run it again"),
    ]:
        client, _ = connect(fault)
        assert str(failure(client, call)).startswith(f"teli: {call.method} {call.path} -> {sentence}")


@pytest.mark.parametrize("header", ["x-request-id", "X-Request-ID", "request-id", "x-correlation-id"])
def test_the_vendors_request_id_is_shown_and_cleaned(connect, header):
    client, _ = connect(lambda _: httpx.Response(400, headers=[(header, b"r-1\x1b[31m\xe2\x80\xae" + b"9" * 400)]))
    error = failure(client, READ)
    assert error.request_id.startswith("r-1")
    assert error.request_id.isprintable()
    assert len(error.request_id) <= 200


def test_a_request_id_may_stand_in_the_body(connect):
    client, _ = connect((400, {"ctx_id": "c-1\x1b[0m", "message": "no"}))
    assert failure(client, READ).request_id == "c-1"
    client, _ = connect((400, {"ctx_id": {"a": "b"}, "message": "no"}))
    assert failure(client, READ).request_id == ""


SHAPES = {
    "Teli": ({"error": "Agent not found", "success": False, "powered_by": "Teli"}, "Agent not found"),
    "Teli, bare": ({"error": "API key is required"}, "API key is required"),
    "Teli, with detail": ({"error": "Failed", "detail": "campaign gone", "success": False}, "Failed"),
    "Teli, detail only": ({"detail": "campaign gone", "success": False}, "campaign gone"),
    "Bland SMS": ({"data": None, "errors": [{"error": "AUTH_FAILURE", "message": "Unauthorized"}]}, "AUTH_FAILURE: Unauthorized"),
    "Bland SMS, two": ({"data": None, "errors": [{"error": "A", "message": "a"}, {"error": "B", "message": "b"}]}, "A: a; B: b"),
    "Bland calls": ({"status": "error", "message": "Rate limit exceeded"}, "Rate limit exceeded"),
    "Bland calls, list": ({"status": "error", "message": "Invalid", "errors": ["no number", "no task"]}, "no number; no task"),
    "Bland label": ({"error": "Number not found"}, "Number not found"),
    "Bland numbers": ({"Error": "query failed"}, "query failed"),
    "Bland tools": ({"data": None, "errors": [{"code": "BAD_TOOL", "message": "no name"}]}, "BAD_TOOL: no name"),
    "FastAPI": (
        {"detail": [{"loc": ["body", "agents", 0, "id"], "msg": "field required", "type": "value_error.missing"}]},
        "body.agents.0.id: field required",
    ),
    "FastAPI, text": ({"detail": "Not authenticated"}, "Not authenticated"),
    "NestJS": ({"statusCode": 400, "message": "bad area_code", "error": "Bad Request"}, "Bad Request: bad area_code"),
    "NestJS, list": ({"statusCode": 400, "message": ["a must be text", "b is required"], "error": "Bad Request"},
                     "Bad Request: a must be text; b is required"),
    "NestJS, no class": ({"statusCode": 401, "message": "Unauthorized"}, "Unauthorized"),
    "ContactSwing": ({"ctx_id": "c-1", "message": "Missing API keys"}, "Missing API keys"),
    "the same twice": ({"error": "no", "message": "no"}, "no"),
    "nested": ({"error": {"code": "E1", "message": "inner"}}, "E1: inner"),
    "text": ("plain", "plain"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_vendors_words_are_found_in_every_documented_shape(connect, shape):
    body, said = SHAPES[shape]
    assert words(body) == said
    client, _ = connect((400, body))
    assert str(failure(client, READ)).removesuffix(" (request c-1)") == f"teli: GET /v1/agents -> 400: {said}"


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"Bad gateway, try later", "text/plain", "Bad gateway, try later"),
        (b"<html><h1>502</h1></html>", "text/html", "an HTML page"),
        (b'{"error": "cut o', "application/json", "JSON that is cut off or damaged"),
        (b"", "text/plain", "Bad Gateway"),
        (b"{}", "application/json", "Bad Gateway"),
        (b'{"unknown": "member", "token": "tok_123"}', "application/json", "Bad Gateway"),
        (b"[" * 100_000, "application/json", "JSON that is cut off or damaged"),
        (b"7", "application/json", "Bad Gateway"),
        (b"\x1b[31mred\x1b[0m\nalert", "text/plain", "red alert"),
    ],
)
def test_an_error_without_documented_words_is_told_all_the_same(connect, content, kind, said):
    client, _ = connect((502, content, {"content-type": kind}))
    assert str(failure(client, CREATE)) == f"teli: POST /v1/agents -> 502: {said}"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"token": "tok_canary_1", "api_key": "tok_canary_1"}},
        {"msg": {"token": "tok_canary_1"}},
        {"detail": [{"loc": [{"token": "tok_canary_1"}], "msg": "bad", "input": "tok_canary_1"}]},
        {"config": {"error": "tok_canary_1"}},
        {"message": 7, "webhook": "tok_canary_1"},
    ],
)
def test_members_that_no_vendor_documents_for_messages_are_not_shown(body):
    assert "tok_canary" not in words(body)


def test_words_nested_without_end_are_left(connect):
    body: object = "deep"
    for _ in range(300):
        body = {"error": [body]}
    client, _ = connect((400, body))
    assert str(failure(client, READ)) == "teli: GET /v1/agents -> 400: Bad Request"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["error", "errors", "message", "detail", "msg", "loc", "code", "Error", "x"]), inner), max_leaves=20))  # fmt: skip
def test_words_are_text_for_any_body(body):
    assert isinstance(words(body), str)
    assert isinstance(refused(body), bool)


@pytest.mark.parametrize(
    "text", ["\x1b[2Jgone\x1b[0m", "two\nlines\r\n", "\u202etxet\u2066", "x" * 100_000, "\x00\x07", f"key {KEY}", KEY[:12] + "…", "\ud83d"]
)
def test_a_vendors_words_are_cleaned_and_cut(connect, text):
    client, _ = connect((400, {"error": text}), (400, {"detail": [{"loc": [text], "msg": text}]}), (400, {"message": [text] * 1000}))
    for _ in range(3):
        error = failure(client, READ)
        assert str(error).isprintable()
        assert len(error.said) <= 200
        assert KEY[:12] not in str(error)
        str(error).encode()


@pytest.mark.parametrize("form", [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), quote_plus(KEY), KEY[3:15]])
def test_no_error_holds_the_key_whoever_says_it(connect, form):
    """The vendor, its request id, the network below us, or an id in the path."""
    for answer in (
        (401, {"error": f"Invalid API key {form}"}, {"x-request-id": form}),
        (401, f"no {form}".encode(), {"content-type": "text/plain"}),
        httpx.ConnectError(f"cannot send {form}"),
        httpx.ReadError(f"header x-api-key: {form}"),
    ):
        client, _ = connect(answer)
        error = failure(client, Call("POST", f"/v1/agents/{form}"))
        for text in (str(error), repr(error), *map(str, error.args), repr(vars(error)), repr(client), repr(client.account)):
            assert form not in text


# ---- size ----


def test_a_body_up_to_the_cap_is_read_and_one_above_it_is_not(connect):
    padding = MAX_BODY - len(b'{"a": ""}')
    client, _ = connect((200, b'{"a": "' + b"x" * padding + b'"}'))
    assert len(client.send(READ).body["a"]) == padding
    client, vendor = connect((200, b'{"a": "' + b"x" * (padding + 1) + b'"}'))
    error = failure(client, READ)
    assert str(error) == "teli: GET /v1/agents -> the answer is longer than 5 MB and was not read"
    assert isinstance(error, errors.UnexpectedBodyError)
    assert len(vendor.requests) == 1


def test_an_endless_body_is_left_at_the_cap(connect):
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 65_536
            yield b"a" * 65_536

    bodies = []

    def answer(_request):
        bodies.append(Stream(endless()))
        return httpx.Response(200, stream=bodies[-1])

    client, vendor = connect(answer)
    assert "5 MB" in str(failure(client, CREATE))
    assert read <= MAX_BODY + 2 * 65_536
    assert len(vendor.requests) == 1
    assert bodies[0].closed


def test_a_gzip_bomb_is_left_at_the_cap(connect):
    """From a server that packs although `accept-encoding: identity` was sent."""
    packed = gzip.compress(b'{"a": "' + b"a" * 50_000_000 + b'"}', 1)
    pieces = [packed[i : i + 1024] for i in range(0, len(packed), 1024)]
    client, _ = connect(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Stream(pieces)))
    assert "5 MB" in str(failure(client, READ))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,gzip,gzip", "br", "zstd", "x-evil"])
def test_packings_that_could_unpack_without_end_are_not_read(connect, encoding):
    packed = gzip.compress(gzip.compress(b"{}"))
    client, _ = connect(lambda _: httpx.Response(200, headers={"content-encoding": encoding}, stream=Stream([packed])))
    error = failure(client, READ)
    assert "was not asked for" in str(error)
    assert isinstance(error, errors.UnexpectedBodyError)


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("GZIP", gzip.compress), ("identity", bytes), ("", bytes)])
def test_one_ordinary_packing_is_read(connect, encoding, pack):
    client, _ = connect(lambda _: httpx.Response(200, headers={"content-encoding": encoding}, stream=Stream([pack(b'{"a": 1}')])))
    assert client.send(READ).body == {"a": 1}


# ---- over sockets ----


class Wire:
    """A server that says scripted bytes: a list of answers by connection, the last for all that follow."""

    def __init__(self, *scripts: Callable[[socket.socket], None]) -> None:
        self.scripts = list(scripts)
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
            with line:
                self.heard.append(_request(line))
                script(line)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


def _request(line: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += line.recv(65_536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body


def says(content: bytes) -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(content)


def resets(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def closes(_line: socket.socket) -> None:
    pass


def silent(line: socket.socket) -> None:
    line.recv(1)  # until the other side leaves


def streams(line: socket.socket) -> None:
    try:
        line.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            line.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
    except OSError:
        return


OK = b'HTTP/1.1 200 OK\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{"a": 1}'


@contextmanager
def over_sockets(*scripts, limits=None):
    wire = Wire(*scripts)
    pauses: list[float] = []
    client = Client(Account("teli", wire.url, {"x-api-key": KEY}, (KEY,)), limits, sleep=pauses.append)
    try:
        yield SimpleNamespace(client=client, wire=wire, pauses=pauses)
    finally:
        client.close()
        wire.close()


LINES = {
    "reset": (resets, (4, 1)),
    "closed": (closes, (4, 1)),
    "cut headers": (says(b"HTTP/1.1 200 OK\r\ncontent-le"), (4, 1)),
    "cut body": (says(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a'), (4, 1)),
    "cut chunk": (says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}"), (4, 1)),
    "silent": (silent, (4, 1)),
    "not HTTP": (says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), (4, 1)),
    "endless": (streams, (1, 1)),
    "500": (says(b"HTTP/1.1 500 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "502": (says(b"HTTP/1.1 502 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "503": (says(b"HTTP/1.1 503 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "504": (says(b"HTTP/1.1 504 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "429": (says(b"HTTP/1.1 429 no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"), (4, 4)),
    "redirect": (says(b"HTTP/1.1 307 no\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"), (1, 1)),
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("call", [READ, CREATE], ids=["GET", "POST"])
def test_a_create_goes_over_the_line_once_when_it_may_have_arrived(line, call):
    script, times = LINES[line]
    with over_sockets(script, limits=Limits(read=0.1)) as here:
        failure(here.client, call)
        assert len(here.wire.heard) == times[call is CREATE]
        assert all(heard.startswith(f"{call.method} /v1/agents HTTP/1.1\r\n".encode()) for heard in here.wire.heard)


def test_a_refused_connection_is_tried_again_and_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pauses: list[float] = []
    client = Client(Account("teli", f"http://127.0.0.1:{port}", {}), sleep=pauses.append)
    error = failure(client, CREATE)
    client.close()
    assert len(pauses) == 3
    assert f"no connection to 127.0.0.1:{port}" in str(error)
    assert not error.may_have_arrived


def test_a_fault_on_the_line_is_got_over():
    with over_sockets(resets, closes, says(OK)) as here:
        assert here.client.send(READ).body == {"a": 1}
        assert len(here.wire.heard) == 3


# ---- threads ----


def test_many_threads_share_one_client():
    """Each gets its own answer, and the faults of one are not another's."""
    line = threading.Barrier(32)

    class Echo(httpx.BaseTransport):
        def __init__(self) -> None:
            self.seen: dict[str, int] = {}
            self.lock = threading.Lock()

        def handle_request(self, request):
            name = request.url.path.rpartition("/")[2]
            with self.lock:
                self.seen[name] = self.seen.get(name, 0) + 1
                first = self.seen[name] == 1
            if first:
                raise httpx.ConnectError("refused")
            return httpx.Response(200, json={"name": name})

    echo = Echo()
    client = Client(Account("teli", BASE, {"x-api-key": KEY}, (KEY,)), transport=echo, sleep=lambda _seconds: None)
    answers: dict[int, list[object]] = {}

    def work(number: int) -> None:
        line.wait()
        answers[number] = [client.send(Call("POST", f"/{number}-{i}")).object()["name"] for i in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert answers == {number: [f"{number}-{i}" for i in range(20)] for number in range(32)}
    assert set(echo.seen.values()) == {2}


# ---- logs ----


def test_no_log_line_holds_the_key_in_any_form(caplog):
    """At DEBUG, over a real connection, with a vendor that repeats the key in headers and body."""
    encoded = base64.b64encode(KEY.encode()).decode()
    echo = (
        f"HTTP/1.1 429 Slow\r\nx-echo: {KEY}\r\nx-b64: {encoded}\r\nx-url: {quote(KEY, safe='')}\r\nretry-after: {KEY}\r\n"
        f"set-cookie: k={quote_plus(KEY)}\r\nconnection: close\r\ncontent-length: {len(KEY)}\r\n\r\n{KEY}"
    ).encode()
    names = ("", "httpx", "httpcore", "httpx_retries", "pyrate_limiter")
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.DEBUG)
        with over_sockets(says(echo), limits=Limits(requests_per_second=1000)) as here:
            failure(here.client, Call("POST", f"/v1/agents/{quote(KEY, safe='')}", query={"key": KEY}, body={"key": KEY}))
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    spoke = {record.name.split(".")[0] for record in caplog.records}
    assert {"httpx", "httpcore", "httpx_retries"} <= spoke
    text = "\n".join(record.getMessage() for record in caplog.records) + caplog.text
    for form in (KEY, encoded, encoded.rstrip("="), quote(KEY, safe=""), quote_plus(KEY), KEY[:10], KEY[-10:]):
        assert form not in text


# ---- proxies ----


@pytest.mark.parametrize(
    ("environ", "base", "through"),
    [
        ({}, BASE, None),
        ({"https_proxy": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"all_proxy": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"https_proxy": "http://a.example", "all_proxy": "http://b.example"}, BASE, "http://a.example"),
        ({"https_proxy": "http://proxy.example", "no_proxy": "vendor.example"}, BASE, None),
        ({"https_proxy": "http://proxy.example", "no_proxy": ".example"}, BASE, None),
        ({"https_proxy": "http://proxy.example", "no_proxy": "*"}, BASE, None),
        ({"https_proxy": "http://proxy.example", "no_proxy": "other.example"}, BASE, "http://proxy.example"),
        ({"http_proxy": "http://proxy.example"}, BASE, None),
        ({"http_proxy": "http://proxy.example", "all_proxy": "http://proxy.example"}, "http://127.0.0.1:8790/teli", None),
        ({"http_proxy": "http://proxy.example"}, "http://localhost", None),
    ],
    ids=str,
)
def test_the_proxy_of_the_environment_is_used_and_never_reads_a_key(monkeypatch, environ, base, through):
    """Through a proxy, https stays closed; http, which is for loopback, would not."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    made = []
    monkeypatch.setattr(httpx, "HTTPTransport", lambda **options: made.append(options["proxy"]) or Vendor((200, {})))
    client = Client(Account("teli", base, {}))
    client.close()
    assert made == [through]


def test_a_proxy_is_asked_for_a_tunnel_and_sees_no_key(monkeypatch):
    """Runners often reach the internet through one only."""
    with over_sockets(says(b"HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")) as here:
        address = here.client.account.base_url.replace("http://", "http://user:canary-password@")
        for name, value in (("https_proxy", address), ("no_proxy", "")):
            monkeypatch.setenv(name, value)
            monkeypatch.setenv(name.upper(), value)
        client = Client(Account("teli", "https://vendor.invalid", {"x-api-key": KEY}, (KEY,)))
        error = failure(client, READ)
        client.close()
        assert [heard.splitlines()[0] for heard in here.wire.heard] == [b"CONNECT vendor.invalid:443 HTTP/1.1"]
        assert KEY.encode() not in here.wire.heard[0]
        assert "407" in str(error)
        assert "canary-password" not in str(error)
