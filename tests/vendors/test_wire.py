"""The adapters against the documented requests and replies of tests/wire. The emulator has no part in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import SAMPLES, WIRINGS, NotOurs
from worlds import KEY, OFFERS

from pulumi_smsagents.client import Account, Client, Limits
from pulumi_smsagents.errors import (
    AuthenticationError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ResponseError,
    ServerError,
    VendorError,
)
from pulumi_smsagents.vendors import VENDORS
from pulumi_smsagents.vendors.base import Adapter, Live, Made

FILES = Path(__file__).parents[1] / "wire"
WIRE = {f"{vendor.name}/{path.stem}": path for vendor in VENDORS for path in sorted((FILES / vendor.name).glob("*.json"))}
OUR_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}


def wire(name: str) -> dict[str, Any]:
    """One documented call."""
    found: dict[str, Any] = json.loads(WIRE[name].read_text(encoding="utf-8"))
    return found


class Recorder(httpx.MockTransport):
    """Plays the documented reply and keeps what was sent. Where the page gives no status, it plays 200 or 201."""

    def __init__(self, documented: dict[str, Any], success: int) -> None:
        super().__init__(self._play)
        self.sent: list[httpx.Request] = []
        reply = documented["reply"]
        self._status = success if reply["status"] == "2xx" else int(reply["status"])
        self._body = reply.get("body")

    def _play(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return httpx.Response(self._status) if self._body is None else httpx.Response(self._status, json=self._body)


def drive(name: str, success: int = 200) -> tuple[Any, Recorder]:
    """What the adapter makes of the documented reply (a value or an error), and what it sent."""
    documented = wire(name)
    tag = next(tag for tag in OFFERS if tag.partition(":")[0] == name.partition("/")[0])
    vendor, offer = OFFERS[tag]
    recorder = Recorder(documented, success)
    sample = SAMPLES[tag]
    defaults = {name: option.default for name, option in vendor.options.items()}
    options = {**defaults, **sample.options, **sample.wire_options, **sample.wire_options_of(documented["name"])}
    account = Account(vendor.name, f"https://{vendor.name}.example/base", vendor.sign(KEY), (KEY,), options=options)
    client = Client(account, Limits(attempts=1), recorder, sleep=lambda seconds: None)
    adapter: Adapter = offer.adapter(client)
    try:
        return SAMPLES[tag].drive(adapter, documented), recorder
    except VendorError as error:
        return error, recorder


OURS = [name for name in WIRE if not isinstance(drive(name)[0], NotOurs)]
UNDERSTOOD = [name for name in OURS if wire(name)["reply"]["status"] in ("2xx", 200, 201, 204)]
REFUSED = [name for name in OURS if name not in UNDERSTOOD]
GONE_IS_FINE = [f"{vendor}/{file}" for vendor, wiring in WIRINGS.items() for file in sorted(wiring.success)]


def test_every_vendor_has_documented_calls() -> None:
    """A new vendor without files would pass everything below."""
    names = {vendor.name for vendor in VENDORS}
    assert {name.partition("/")[0] for name in WIRE} == names
    assert {name.partition("/")[0] for name in UNDERSTOOD} == {name.partition("/")[0] for name in REFUSED} == names


def test_the_calls_we_never_make_are_these() -> None:
    """Documented all the same, for the emulator; a file that lands here by mistake would not be tested."""
    never = {name: drive(name)[0].reason for name in WIRE if name not in OURS}
    assert never == {f"{vendor}/{file}": why for vendor, wiring in WIRINGS.items() for file, why in wiring.never_made.items()}


@pytest.mark.parametrize("name", OURS)
def test_a_documented_request_is_produced_exactly(name: str) -> None:
    """Method, path, query, body, and the names of the headers: nothing missing, nothing added."""
    documented = wire(name)["request"]
    sent = drive(name)[1].sent[0]
    assert sent.method == documented["method"]
    assert sent.url.raw_path.partition(b"?")[0].decode() == "/base" + documented["path"]
    assert dict(sent.url.params) == documented.get("query", {})
    assert (json.loads(sent.content) if sent.content else None) == documented.get("body")
    expected = {header.lower() for header in documented.get("headers", {})}
    if name == "teli/error_key_required":  # documents a call without a key, which we refuse before sending
        expected.add("x-api-key")
    assert {header for header in sent.headers if header not in OUR_HEADERS} == expected - {"content-type"}
    if "content-type" in expected:
        assert sent.headers["content-type"] == "application/json"
    assert (len(sent.content) > 0) == ("body" in documented)


@pytest.mark.parametrize("name", OURS)
def test_the_key_is_sent_in_the_documented_header_and_nowhere_else(name: str) -> None:
    """As `<key>` stands there."""
    headers = wire(name)["request"].get("headers", {})
    sent = drive(name)[1].sent[0]
    for header, value in headers.items():
        if "<key>" in value:
            assert sent.headers[header] == value.replace("<key>", KEY)
    assert [header for header, value in sent.headers.items() if KEY in value] == [
        h for h in ("x-api-key", "authorization") if h in sent.headers
    ]
    assert KEY not in str(sent.url)
    assert KEY.encode() not in sent.content


@pytest.mark.parametrize("success", [200, 201])
@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_documented_reply_is_understood(name: str, success: int) -> None:
    """By one call, without an error, whichever 2xx it is where the page gives none."""
    found, recorder = drive(name, success)
    assert not isinstance(found, Exception), found
    assert len(recorder.sent) == 1


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in GONE_IS_FINE])
def test_a_documented_error_is_understood(name: str) -> None:
    """Its class is what a caller would act on, and its text the vendor's own words."""
    documented = wire(name)
    found, _ = drive(name)
    classes = {
        400: InvalidError,
        422: InvalidError,
        401: AuthenticationError,
        403: AuthenticationError,
        404: NotFoundError,
        429: RateLimitError,
        500: ServerError,
    }
    assert isinstance(found, ResponseError)
    assert type(found) is classes[documented["reply"]["status"]]
    assert found.status == documented["reply"]["status"]
    said = list(_said(documented["reply"]["body"]))
    assert said
    assert all(words in str(found) for words in said)


def _said(body: Any) -> Iterator[str]:
    """The words of an error in any of the documented shapes."""
    for words in body if isinstance(body, list) else [body]:
        if isinstance(words, str):
            yield words
        elif isinstance(words, dict):
            yield from (each for name in ("errors", "error", "detail", "message", "msg") for each in _said(words.get(name)))


@pytest.mark.parametrize("name", GONE_IS_FINE)
def test_deleting_what_is_not_there_is_success(name: str) -> None:
    """By the vendor's documented words for it."""
    found, recorder = drive(name)
    assert found is None
    assert len(recorder.sent) == 1


# ---- what the documented replies say ----

AGENT = "agent_abc123"
ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"


@pytest.mark.parametrize("name", [name for name in UNDERSTOOD if name.startswith("teli/create")])
def test_teli_create_gives_the_agent_id(name: str) -> None:
    """In the newer and in the older answer."""
    assert drive(name)[0] == Made(AGENT)


def test_teli_list_and_get_give_the_storage_names_as_inputs() -> None:
    """Also the old drip shape, and nothing for what is not shown."""
    texts = {
        "agent_name": "Sales Follow-up Agent",
        "starting_message": "Hi {{first_name}}, thanks for your interest!",
        "prompt": "You are a friendly sales assistant.",
        "organization_id": ORGANIZATION,
        "user_id": USER,
    }
    (listed,) = drive("teli/list")[0]
    assert isinstance(listed, Live)
    assert listed.id == AGENT
    assert AGENT in listed.aliases
    assert listed.mismatch == ""
    assert listed.fields == {**texts, "drip_schedule": [{"delay_hours": 24, "type": "custom", "message": "Just checking in."}]}
    got = drive("teli/get")[0]
    assert (got.id, got.fields) == (
        AGENT,
        {
            **texts,
            "drip_schedule": [
                {"delay_hours": 4, "type": "ai"},
                {"delay_hours": 24, "type": "custom", "message": "Hi {{first_name}}, just checking in."},
                {"delay_hours": 72, "type": "ai"},
            ],
        },
    )
    assert drive("teli/list_of_nothing")[0] == []


def test_teli_probe_names_the_call() -> None:
    """For a person who asks whether key and address are right."""
    assert drive("teli/organizations")[0] == "teli: GET /v1/organizations"
