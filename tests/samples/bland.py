"""Bland's SMS configurations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from pulumi_smsagents.emulator.bland import DEFAULTS

from .base import NotOurs, Plain, Sample, Stranger, Wiring

NUMBER = "+15550001111"

INPUTS: Plain = {
    "phone_number": NUMBER,
    "channel": "sms",
    "webhook": "https://hooks.example.com/sms",
    "request_data": {"ref": "campaign_123", "limits": [1, 2.5], "vip": True},
    "response_data": {"source": "crm"},
    "time_out": 300,
    "timeout_action": "send_sms",
    "timeout_message": "Are you still there?",
    "warning_time": 60,
    "warning_message": "We close this chat soon.",
    "messaging_service_sid": "MG0123456789abcdef0123456789abcdef",
    "objective": "Answer billing questions.\nNever promise a refund.",
    "tools": ["lookup", {"name": "escalate"}],
    "temperature": 0.7,
    "use_candidate_model": True,
    "pathway_id": "pathway_123",
    "pathway_version": 3,
    "start_node_id": "node_1",
    "restart_after_end_call": False,
    "timezone": "America/New_York",
    "summary_prompt": "Summarise in one sentence.",
    "disposition_ids": ["disp_orders_resolved"],
    "citation_schema_ids": ["5f0c2a4e-1b7d-4c3a-9e57-2d0f6b8a1c34"],
}

OTHERS: Plain = {
    "phone_number": "+15550002222",
    "channel": "whatsapp",
    "webhook": "https://hooks.example.com/sms/2",
    "request_data": [{"ref": "campaign_124"}],
    "response_data": ["crm"],
    "time_out": 600,
    "timeout_action": "close",
    "timeout_message": "Good bye.",
    "warning_time": 90.5,
    "warning_message": "Soon.",
    "messaging_service_sid": "MGfedcba9876543210fedcba9876543210",
    "objective": "Answer questions about orders.",
    "tools": ["lookup"],
    "temperature": 0,
    "use_candidate_model": False,
    "pathway_id": "pathway_124",
    "pathway_version": "latest",
    "start_node_id": "node_2",
    "restart_after_end_call": True,
    "timezone": "Europe/Berlin",
    "summary_prompt": "Name the customer's mood.",
    "disposition_ids": ["disp_orders_resolved", "disp_other"],
    "citation_schema_ids": ["5f0c2a4e-1b7d-4c3a-9e57-2d0f6b8a1c35"],
}

UNLISTED = frozenset({"response_data", "timeout_action", "timeout_message", "warning_time", "warning_message", "use_candidate_model"})


def _stored(data: Mapping[str, Any]) -> Plain:
    return {name: data[name] for name in INPUTS if name in data}


_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)
_json = st.dictionaries(_text, st.one_of(_text, st.integers(-9, 9), st.booleans()), max_size=3)
_data = st.one_of(_json, st.lists(st.one_of(_text, _json), max_size=3))
_ids = st.lists(_text, max_size=3)

GENERATED: st.SearchStrategy[Plain] = st.fixed_dictionaries(
    {"phone_number": st.integers(0, 9999).map(lambda number: f"+1415555{number:04d}")},
    optional={
        "channel": st.sampled_from(("sms", "whatsapp", "imessage")),
        "webhook": st.integers(0, 99).map(lambda number: f"https://hooks.example.com/{number}"),
        "request_data": _data,
        "response_data": _data,
        "time_out": st.one_of(st.just(0), st.integers(30, 9000), st.floats(30, 9000, allow_nan=False)),
        "timeout_action": _text,
        "timeout_message": _text,
        "warning_message": _text,
        "messaging_service_sid": _text,
        "objective": _text,
        "tools": st.lists(st.one_of(_text, _json), max_size=3),
        "temperature": st.floats(0, 2, allow_nan=False),
        "use_candidate_model": st.booleans(),
        "pathway_id": _text,
        "pathway_version": st.one_of(st.integers(0, 99), st.integers(0, 99).map(str), st.just("latest")),
        "start_node_id": _text,
        "restart_after_end_call": st.booleans(),
        "timezone": st.sampled_from(("America/New_York", "Europe/Berlin", "UTC")),
        "summary_prompt": _text,
        "disposition_ids": _ids,
        "citation_schema_ids": _ids,
    },
)


# ---- documented calls ----


def _update(adapter: Any, request: Plain) -> Any:
    from pulumi_smsagents.vendors.base import Live

    body = dict(request["body"])
    if "phone_number" not in body:
        return NotOurs("phone_number is required before any call")
    if body.get("channel") == "fax":
        return NotOurs("channel is checked before any call")
    number, channel = body.pop("phone_number"), body.pop("channel", "sms")
    id = number if channel == "sms" else f"{number}/{channel}"
    # Something is there to be emptied where the request holds a null.
    seen = {name: 60 for name, value in body.items() if value is None}
    return adapter.update(id, {}, {}, body, Live(id, fields=seen))


def _numbers(adapter: Any, request: Plain) -> Any:
    channel = request.get("query", {}).get("channel", "sms")
    return NotOurs("channel is checked before any call") if channel == "fax" else list(adapter.list(channel))


_DRIVERS: dict[str, Callable[[Any, Plain], Any]] = {
    "update": _update,
    "numbers": _numbers,
    "me": lambda adapter, request: adapter.probe(),
}


def _drive(adapter: Any, wire: Mapping[str, Any]) -> Any:
    if not wire["request"]["headers"]:
        return NotOurs("no call is made without a key")
    return _DRIVERS[wire["operation"]](adapter, wire["request"])


SMS_CONFIGURATION = Sample(
    inputs=INPUTS,
    others=OTHERS,
    generated=GENERATED,
    stored=_stored,
    drive=_drive,
    unreadable=UNLISTED,
    readable={"read_keys": "all"},
    strangers={
        "of iMessage": Stranger(
            {"messaging_service": "linq"},
            "is provisioned for iMessage, so that Bland would write its iMessage configuration instead; set channel='imessage'",
        ),
    },
    body_of_update=lambda name: sorted(set(INPUTS) - {"channel"}),
    upserts=True,
    removes="restore",
    # Without its Messaging Service a number may not text, so that one stays.
    left=lambda inputs: {
        **{name: DEFAULTS.get(name) for name in INPUTS},
        **{name: inputs[name] for name in ("phone_number", "channel", "messaging_service_sid")},
    },
    another={"phone_number": OTHERS["phone_number"]},
    nobody=NUMBER,
    writes_of_create=("update",),
    shows_writes=True,
    create="update",
    get="numbers",
    list="numbers",
    update="update",
    delete="update",
)

WIRING = Wiring(
    unverified=31,
    modes={
        "update_without_errors": {"success_errors": "empty"},
        "error_update_not_found": {"numbers": "known"},
        "error_update_plan": {"plan": "other"},
    },
    breakdowns=frozenset({"error_update_rate", "error_numbers_failed"}),
    wrong_key=frozenset({"error_key_invalid"}),
    stand_in="update_all_fields",
    there={
        "numbers_with_label": {"label": "Support"},
        "numbers_whatsapp": {"channel": "whatsapp"},
        "numbers_imessage": {"channel": "imessage", "messaging_service": "linq"},
        "numbers_of_none": {"configured": False},
    },
    never_made={
        "error_key_required": "no call is made without a key",
        "error_numbers_channel": "channel is checked before any call",
        "error_update_channel": "channel is checked before any call",
        "error_update_number_required": "phone_number is required before any call",
    },
)
