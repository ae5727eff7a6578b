"""ContactSwing's SMS assistants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from .base import NotOurs, Plain, Sample, Wiring

PATH = "/v2/path-not-shown/{assistant_id}"
"""Where the emulator answers the calls whose path no page shows."""

INPUTS: Plain = {
    "name": "Orders",
    "instructions": "Answer questions about the order.\nNever promise a date.",
    "api_keys": [{"api_key_id": 134, "type": "SMS"}],
    "sms_type": "OUTBOUND",
    "model": "cw-llm-1",
    "prompts": {"agent": "You are friendly.", "goal": "Find a time for a call."},
    "phone_number": "+13465507166",
    "kb_id": "kb_123",
    "action_ids": ["6f1d2c3b-4a5e-4f60-8b7c-9d0e1f2a3b4c", "0a1b2c3d-4a5e-4f60-8b7c-9d0e1f2a3b4c"],
    "additional_settings": {"idle_time": 86400, "max_messages": 10},
}

OTHERS: Plain = {
    "name": "Orders, second try",
    "instructions": "Be brief.",
    "api_keys": [{"api_key_id": 135, "type": "SMS"}],
    "sms_type": "INBOUND",
    "model": "gpt-4o",
    "prompts": {"goal": "Collect feedback."},
    "phone_number": "+13465507167",
    "kb_id": "kb_124",
    "action_ids": ["6f1d2c3b-4a5e-4f60-8b7c-9d0e1f2a3b4d"],
    "additional_settings": {"idle_time": 3600},
}


def _stored(data: Mapping[str, Any]) -> Plain:
    return {name: value for name, value in data.items() if name != "type"}


_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)
_key = st.fixed_dictionaries({"api_key_id": st.integers(1, 10**15), "type": st.just("SMS")})


# ---- documented calls ----


def _drive(adapter: Any, wire: Mapping[str, Any]) -> Any:
    request = wire["request"]
    id = unquote(request["path"].rpartition("/")[2])
    if not request["headers"]:
        return NotOurs("no call is made without a token")
    if wire["operation"] == "create":
        body = {name: value for name, value in request["body"].items() if name != "type"}
        return adapter.create(body | ({"force": True} if request.get("query") else {}), None)
    if wire["operation"] == "update":
        body = {"action_ids" if name == "actions" else name: value for name, value in request["body"].items()}
        return adapter.update(id, {}, body, {}, None)
    return {
        "read": lambda: adapter.read(id, {}, list),
        "delete": lambda: adapter.delete(id, {}, "delete"),
        "actions": adapter.probe,
    }[wire["operation"]]()


SMS_AGENT = Sample(
    inputs=INPUTS,
    others=OTHERS,
    generated=st.fixed_dictionaries(
        {
            "name": _text,
            "instructions": _text,
            "api_keys": st.lists(_key, min_size=1, max_size=3, unique_by=lambda key: key["api_key_id"]),
            "sms_type": _text,
            "model": _text,
        },
        optional={
            "prompts": st.fixed_dictionaries({}, optional={"agent": _text, "goal": _text}),
            "phone_number": st.integers(2_000_000, 9_999_999).map(lambda number: f"+1346{number}"),
            "kb_id": _text,
            "action_ids": st.lists(_text, max_size=4, unique=True),
            "additional_settings": st.fixed_dictionaries(
                {}, optional={"idle_time": st.integers(1, 10**6), "max_messages": st.integers(1, 99)}
            ),
        },
    ),
    stored=_stored,
    drive=_drive,
    options={"UpdatePath": PATH, "DeletePath": PATH},
    wire_options={"ReadPath": PATH},
    modes={"delete_call": "204"},
    body_of_update=lambda name: ["name", "model", "actions"],
)

WIRING = Wiring(
    unverified=18,
    modes={"read": {"read_call": "data"}, "delete": {"delete_call": "204"}},
    wrong_key=frozenset({"error_token_invalid"}),
    never_made={
        "error_token_missing": "no call is made without a token",
    },
)
