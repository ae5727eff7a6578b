"""What is sent again and what is not, by the vendor's own count; and what an error says about what may have been carried out."""

from __future__ import annotations

import httpx
import pytest
from answering import BASE, BUY, CREATE, DELETE, KEY, READ, UPDATE, UPDATE_ONCE, Stream, failure

from pulumi_smsagents import errors
from pulumi_smsagents.client import MAX_BODY, Call, Limits

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
    "520": ((520, {}), "gateway"),
    "524": ((524, b"<html>"), "gateway"),
    "cut body": (lambda _: httpx.Response(200, stream=Stream([b'{"a', httpx.RemoteProtocolError("incomplete")])), "unknown"),
    "reset in body": (lambda _: httpx.Response(200, stream=Stream([b'{"a', httpx.ReadError("reset")])), "unknown"),
    "slow body": (lambda _: httpx.Response(200, stream=Stream([b'{"a', httpx.ReadTimeout("slow")])), "unknown"),
    "400": ((400, {}), "answer"),
    "401": ((401, {}), "answer"),
    "403": ((403, {}), "answer"),
    "404": ((404, {}), "answer"),
    "408": ((408, {}), "gateway"),
    "425": ((425, {}), "refused for now"),
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
    certain = {"proxy", "400", "401", "403", "404", "409", "422", "307", "says it failed"}
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


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_one_attempt_switches_retries_off(connect, clock, fault, call):
    client, vendor = connect(FAULTS[fault][0], limits=Limits(attempts=1))
    failure(client, CALLS[call][0])
    assert len(vendor.requests) == 1
    assert clock.pauses == []


def test_a_429_to_a_purchase_is_no_proof_that_nothing_was_bought(connect):
    """It is sent once, and what came of it is unknown; elsewhere a 429 was not processed."""
    client, vendor = connect((429, {"error": "slow down"}, {"retry-after": "1"}))
    error = failure(client, BUY)
    assert isinstance(error, errors.RateLimitError)
    assert error.may_have_arrived
    assert str(error) == "teli: POST /v1/numbers/buy -> 429: slow down"
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("body", [{"data": {"id": 1}, "errors": ["half of it failed"]}, {"data": [{"id": 1}], "errors": [{"error": "X"}]}])
def test_a_2xx_that_failed_by_half_may_have_been_carried_out(connect, body):
    assert failure(connect((200, body))[0], CREATE).may_have_arrived


# ---- all attempts count, not the last alone ----

LOST = ["read timeout", "reset", "closed", "502", "504", "408", "cut body"]
SURE = ["refused", "429", "400", "401", "409", "307"]


@pytest.mark.parametrize("then", SURE)
@pytest.mark.parametrize("first", LOST)
@pytest.mark.parametrize("call", [UPDATE, DELETE], ids=["PATCH", "DELETE"])
def test_what_a_lost_attempt_may_have_done_is_not_forgotten(connect, first, then, call):
    """A refusal of the second attempt says nothing about the first."""
    client, _ = connect(FAULTS[first][0], FAULTS[then][0])
    error = failure(client, call)
    assert error.may_have_arrived
    assert "; an attempt before this one may have been carried out" in str(error)


@pytest.mark.parametrize("then", SURE)
def test_an_attempt_that_was_surely_not_done_leaves_no_doubt(connect, then):
    for first in ("refused", "429", "425"):
        client, _ = connect(FAULTS[first][0], FAULTS[then][0])
        error = failure(client, UPDATE)
        assert not error.may_have_arrived
        assert "an attempt before" not in str(error)


def test_a_read_changes_nothing_however_often_it_is_lost(connect):
    client, _ = connect(FAULTS["reset"][0], FAULTS["400"][0])
    error = failure(client, READ)
    assert not error.may_have_arrived
    assert "may have been carried out" not in str(error)


def test_gone_after_a_lost_delete_is_still_gone(connect):
    """The first attempt did it."""
    client, _ = connect(FAULTS["reset"][0], FAULTS["404"][0])
    assert isinstance(failure(client, DELETE), errors.NotFoundError)
