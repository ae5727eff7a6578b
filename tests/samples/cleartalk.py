"""ClearTalk's SMS configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from .base import NotOurs, Plain, Sample, Wiring

INPUTS: Plain = {
    "phone_number": "+13465507166",
    "webhook": "https://hooks.example.com/sms",
    "agent_name": "Alex",
    "objective": "Answer billing questions.\nBe brief.",
    "time_out": 600,
    "temperature": 0.7,
    "request_data": [{"customer_id": "12345", "tags": ["a", "b"]}, "plain"],
    "tools": [{"name": "search", "description": "Search for information"}],
    "messaging_service_sid": "MG1234567890abcdef1234567890abcdef",
    "pathway_id": "path_1234567890abcdef",
    "pathway_version": "v1.0.0",
    "start_node_id": "node_1234567890abcdef",
    "webhook_trigger_on": "final_disposition",
    "follow_up_config": {
        "enable_follow_ups": True,
        "enable_smart_follow_ups": True,
        "repeat_final_follow_up": False,
        "follow_up_schedule": [{"time": 5, "unit": "minutes", "repeat_forever": False}],
        "extra_follow_up_prompt": "Please respond",
    },
}

OTHERS: Plain = {
    "phone_number": "+13465507167",
    "webhook": "https://hooks.example.com/other",
    "agent_name": "Robin",
    "objective": "Be kind.",
    "time_out": 900.5,
    "temperature": 1,
    "request_data": [],
    "tools": ["search"],
    "messaging_service_sid": "MG1234567890abcdef1234567890abcdee",
    "pathway_id": "path_2",
    "pathway_version": "v2.0.0",
    "start_node_id": "node_2",
    "webhook_trigger_on": "each_message",
    "follow_up_config": {
        "enable_follow_ups": True,
        "enable_smart_follow_ups": False,
        "repeat_final_follow_up": True,
        "follow_up_schedule": [{"time": 2.5, "unit": "minutes"}, {"time": 4, "unit": "minutes", "repeat_forever": True}],
        "extra_follow_up_prompt": "",
    },
}

_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)
_json = st.recursive(st.booleans() | st.integers(-1000, 1000) | _text, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
_items = st.lists(_text | st.dictionaries(_text, _json, max_size=2), max_size=3)


def _drive(adapter: Any, wire: Mapping[str, Any]) -> Any:
    request = wire["request"]
    if wire["operation"] != "update":
        return NotOurs("texts a person")
    if not request["headers"]:
        return NotOurs("no call is made without a key")
    if wire["name"] == "error_unknown_field":
        return NotOurs("unknown fields are refused before any call")
    inputs = {name: value for name, value in request["body"].items() if value not in ("", [])}
    if wire["name"] == "update_follow_ups_off":
        before = {"follow_up_config": INPUTS["follow_up_config"]}
        return adapter.update(inputs["phone_number"], before, {k: v for k, v in inputs.items() if k not in before}, {}, None)
    return adapter.create(inputs, None)


SMS_CONFIGURATION = Sample(
    inputs=INPUTS,
    others=OTHERS,
    generated=st.fixed_dictionaries(
        {
            "phone_number": st.integers(2_000_000, 9_999_999).map(lambda number: f"+1346{number}"),
            "webhook": st.just("https://hooks.example.com/sms"),
            "agent_name": _text,
            "objective": _text,
            "time_out": st.integers(1, 10_000),
            "temperature": st.floats(0, 2, allow_nan=False),
            "request_data": _items,
            "tools": _items,
            "messaging_service_sid": st.sampled_from(("", "MG1234567890abcdef1234567890abcdef")),
            "pathway_id": _text,
            "pathway_version": _text,
            "start_node_id": _text,
        },
        optional={"webhook_trigger_on": st.sampled_from(("each_message", "final_disposition"))},
    ),
    stored=dict,
    drive=_drive,
    body_of_update=lambda name: list(INPUTS),
    removes="",
    upserts=True,
    get="-",
    list="-",
    create="update",
)

WIRING = Wiring(
    unverified=15,
    wrong_key=frozenset({"error_key_invalid"}),
    never_made={
        "error_key_missing": "no call is made without a key",
        "error_unknown_field": "unknown fields are refused before any call",
        "send": "texts a person",
    },
)
