"""Fluents' phone numbers, bought anywhere. A chosen number, an area code and `link` are tried in tests/vendors/test_fluents.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from .base import NotOurs, Plain, Sample, Stranger, Wiring

CONNECTION = "550e8400-e29b-41d4-a716-446655440000"
AGENT = "550e8400-e29b-41d4-a716-446655440010"

INPUTS: Plain = {
    "telephony_provider": "twilio",
    "telephony_account_connection": CONNECTION,
    "label": "Support",
    "description": "Business line for customer service",
    "outbound_only": True,
    "example_context": {"customer": "Ada", "plan": "gold"},
    "inbound_agent": AGENT,
}

OTHERS: Plain = {
    "telephony_provider": "vonage",
    "telephony_account_connection": "550e8400-e29b-41d4-a716-446655440001",
    "label": "Sales",
    "description": "Second line",
    "outbound_only": False,
    "example_context": {"customer": "Grace"},
    "inbound_agent": "550e8400-e29b-41d4-a716-446655440011",
}


def _stored(data: Mapping[str, Any]) -> Plain:
    return {name: data[name] for name in INPUTS if data.get(name) is not None}


_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
_id = st.uuids().map(str)


# ---- documented calls ----


def _update(adapter: Any, id: str, request: Plain) -> Any:
    if isinstance(request["body"].get("inbound_agent"), dict):
        return NotOurs("an inline agent would change the agent that is attached")
    return adapter.update(id, {}, {}, request["body"], None)


def _list(adapter: Any, id: str, request: Plain) -> Any:
    if request["query"]["size"] != "100" or request["query"].keys() != {"page", "size"}:
        return NotOurs("pages are asked for at their largest")
    return list(adapter.list(adapter.scope({})))


def _get(adapter: Any, id: str, request: Plain) -> Any:
    return adapter.read(id, {}, list) if id else NotOurs("a number is always named")


def _buy(adapter: Any, id: str, request: Plain) -> Any:
    return adapter.create(request.get("body", {}), None) if "body" in request else NotOurs("a body is always sent")


_DRIVERS: dict[str, Callable[[Any, str, Plain], Any]] = {
    "buy": _buy,
    "link": lambda adapter, id, request: adapter.create({**request["body"], "link": True}, None),
    "update": _update,
    "cancel": lambda adapter, id, request: adapter.delete(id, {}, "cancel"),
    "get": _get,
    "list": _list,
    "agents": lambda adapter, id, request: adapter.probe(),
    "usage": lambda adapter, id, request: adapter.probe(),
}


def _drive(adapter: Any, wire: Mapping[str, Any]) -> Any:
    request = wire["request"]
    if "cancel_missing" in wire["name"]:
        return NotOurs("settled by further reads; see test_fluents.py")
    return _DRIVERS[wire["operation"]](adapter, request.get("query", {}).get("phone_number", ""), request)


PHONE_NUMBER = Sample(
    inputs=INPUTS,
    others=OTHERS,
    generated=st.fixed_dictionaries(
        {},
        optional={
            "telephony_provider": st.sampled_from(("twilio", "telnyx", "vonage")),
            "telephony_account_connection": _id,
            "label": _text,
            "description": _text,
            "outbound_only": st.booleans(),
            "example_context": st.dictionaries(_text, _text, min_size=1, max_size=3),
            "inbound_agent": _id,
        },
    ),
    stored=_stored,
    drive=_drive,
    wire_options_of=lambda name: {"Dialect": "vocode" if name.startswith("vocode") else "fluents"},
    apart=frozenset({"phone_number", "area_code"}),
    strangers={
        "of another connection": Stranger(
            {"telephony_account_connection": OTHERS["telephony_account_connection"]},
            "has another telephony_account_connection, which Fluents cannot change; set telephony_account_connection to the one it has, "
            "or remove adopt to create a new one",
        ),
    },
    removes="cancel",
    once=True,
    nobody="+14155559999",
    shows_writes=True,
    writes_of_create=("buy", "update"),
    create="buy",
    delete="cancel",
)

VOCODE = [path.stem for path in (Path(__file__).parents[1] / "wire" / "fluents").glob("vocode_*.json")]

WIRING = Wiring(
    unverified=49,
    modes={name: {"dialect": "vocode"} for name in VOCODE},
    missing=frozenset(
        {
            "buy_by_number",
            "link",
            "vocode_link",
            "error_get_missing",
            "error_update_missing",
            "error_cancel_missing",
            "vocode_error_get_missing",
            "vocode_error_update_missing",
            "vocode_error_cancel_missing",
        }
    ),
    wrong_key=frozenset({"error_key", "vocode_error_key"}),
    stand_in={
        "phone_number": "+14155550123",
        "inbound_agent": "agent_123",
        "telephony_account_connection": "550e8400-e29b-41d4-a716-446655440000",
    },
    never_made={
        "error_cancel_missing": "settled by further reads; see test_fluents.py",
        "update_inline_agent": "an inline agent would change the agent that is attached",
        "vocode_buy_anything": "a body is always sent",
        "vocode_error_cancel_missing": "settled by further reads; see test_fluents.py",
        "vocode_error_without_number": "a number is always named",
    },
)
