"""What a person reads when a call did not work out, word for word: what was asked, what was said, what to do next."""

from __future__ import annotations

import httpx
import pytest
from answering import BUY, CREATE, KEY, READ, UPDATE, Vendor, client_of, failure

from pulumi_smsagents import errors
from pulumi_smsagents.client import Call, Limits, Reply

ONCE = Limits(attempts=1)
GET, POST, PATCH = "teli: GET /v1/agents", "teli: POST /v1/agents", "teli: PATCH /v1/agents/1"
SLOWER = "Run it again later, or set smsagents:teliRequestsPerSecond to what the vendor allows"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((300, {"message": "here or there"}), "300: a redirect, which is not followed. Check the base URL"),
        ((399, {}), "399: a redirect, which is not followed. Check the base URL"),
        ((400, {"message": "No name"}), "400: No name"),
        ((400, {}), "400: Bad Request"),
        ((499, {}), "499: no explanation"),
        ((401, {"message": "Unauthorized"}), "401: Unauthorized. Set another key"),
        ((403, {"message": "Forbidden"}), "403: Forbidden. Set another key"),
        ((429, {"message": "Too many"}), f"429: Too many. {SLOWER}"),
        ((500, b"<html>"), "500: an HTML page"),
        ((500, b"out of order"), "500: out of order"),
        ((500, b'{"message": "cut'), "500: JSON that is cut off or damaged"),
        ((500, {"message": "Oh"}, {"x-request-id": "r-1"}), "500: Oh (request r-1)"),
        ((200, b"<html>"), "200: expected JSON, got an HTML page. Check the base URL"),
        ((200, b"OK", {"request-id": "r-2"}), "200: expected JSON, got something that is not JSON (request r-2). Check the base URL"),
        ((200, {"success": False}), "200: the answer says that it failed"),
        ((200, {"status": "error", "message": "No"}, {"x-correlation-id": "r-3"}), "200: No (request r-3)"),
        ((200, {"success": False, "ctx_id": "r-4"}), "200: the answer says that it failed (request r-4)"),
    ],
    ids=str,
)
def test_an_answer_that_is_a_failure(connect, answer, said):
    client, _ = connect(answer, limits=ONCE)
    assert str(failure(client, READ)) == f"{GET} -> {said}"


def test_a_429_that_is_an_answer_asks_for_nothing(connect):
    client, _ = connect((429, {"message": "No numbers left"}), limits=ONCE)
    assert str(failure(client, BUY)) == "teli: POST /v1/numbers/buy -> 429: No numbers left"


@pytest.mark.parametrize(
    ("fault", "of_a_read", "of_a_create"),
    [
        (
            httpx.ConnectError("no route"),
            "no connection to vendor.example: no route. Check the network and the base URL, then run it again",
            "no connection to vendor.example: no route. Check the network and the base URL, then run it again",
        ),
        (
            httpx.ProxyError(""),
            "no connection to vendor.example: ProxyError. Check the network and the base URL, then run it again",
            "no connection to vendor.example: ProxyError. Check the network and the base URL, then run it again",
        ),
        (
            httpx.ReadTimeout(""),
            "no answer from vendor.example within 30 s. Nothing was changed; run it again",
            "no answer from vendor.example within 30 s; it may have been carried out",
        ),
        (
            httpx.RemoteProtocolError("half a line"),
            "the connection to vendor.example broke: half a line. Nothing was changed; run it again",
            "the connection to vendor.example broke: half a line; it may have been carried out",
        ),
        (
            httpx.ReadError(f"at {KEY}"),
            "the connection to vendor.example broke: at [secret]. Nothing was changed; run it again",
            "the connection to vendor.example broke: at [secret]; it may have been carried out",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_no_answer(connect, fault, of_a_read, of_a_create):
    client, _ = connect(fault, limits=ONCE)
    assert str(failure(client, READ)) == f"{GET} -> {of_a_read}"
    assert str(failure(client, CREATE)) == f"{POST} -> {of_a_create}"


def test_the_deadline_of_the_whole_call(clock):
    def late(_request: httpx.Request) -> httpx.Response:
        clock.now += 7
        raise httpx.ReadTimeout("")

    client = client_of(Vendor(late), clock, Limits(operation=7))
    assert str(failure(client, CREATE)) == (
        f"{POST} -> no whole answer from vendor.example in the 7 s that a call may take; it may have been carried out"
    )


def test_a_deadline_that_leaves_no_time_for_another_attempt(connect):
    client, _ = connect((503, {}, {"retry-after": "30"}), limits=Limits(operation=20))
    assert str(failure(client, READ)) == (
        f"{GET} -> 503: Service Unavailable. The whole call may take 20 s, which leaves no time for another attempt; run it again later"
    )


def test_a_rate_that_gives_a_call_no_turn(connect):
    client, vendor = connect((200, {}), limits=Limits(requests_per_second=0.1, operation=5))
    client.send(READ)
    assert str(failure(client, CREATE)) == (
        f"{POST} -> not sent: the rate limit gave it no turn. The whole call may take 5 s, which leaves no time for another attempt; "
        "run it again later"
    )
    assert len(vendor.requests) == 1


def test_a_quota_that_is_spent(connect):
    client, _ = connect((503, {}), limits=Limits(quota=0))
    assert str(failure(client, READ)) == (
        f"{GET} -> 503: Service Unavailable. Not tried again: too many calls of this run have failed. Run it again when the vendor answers"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [("61", "61 s"), (str(366 * 86400 - 1), "31622399 s"), (str(366 * 86400), "more than a year")],
)
def test_a_wait_that_is_too_long(connect, asked, said):
    client, _ = connect((429, {"message": "Slow"}, {"retry-after": asked}))
    assert str(failure(client, READ)) == (
        f"{GET} -> 429: Slow. The vendor asks to wait {said}, and no longer than 60 s is waited here; run it again later"
    )


def test_doubt_that_an_earlier_attempt_left(connect):
    client, _ = connect(httpx.ReadTimeout(""), (400, {"message": "No"}))
    error = failure(client, UPDATE)
    assert str(error) == f"{PATCH} -> 400: No; an attempt before this one may have been carried out"
    assert error.args == (str(error),)


def test_a_path_never_shows_the_key(connect):
    client, _ = connect((400, {}))
    assert str(failure(client, Call("GET", f"/v1/{KEY}"))) == "teli: GET /v1/[secret] -> 400: Bad Request"


def test_a_client_shows_no_key(connect):
    client, _ = connect((200, {}))
    assert repr(client) == "Client(teli, https://vendor.example)"


@pytest.mark.parametrize(
    ("body", "seen"), [(None, "an empty answer"), ([], "a JSON list"), ("text", "a JSON str"), (3, "a JSON int"), (True, "a JSON bool")]
)
def test_a_reply_that_is_no_object(body, seen):
    with pytest.raises(errors.UnexpectedBodyError) as caught:
        Reply(GET, 201, body, "r-9").object()
    assert str(caught.value) == f"{GET} -> 201: expected a JSON object, got {seen} (request r-9)"
    assert caught.value.may_have_arrived
