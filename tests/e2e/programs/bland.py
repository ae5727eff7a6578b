"""Bland, where every number has been somebody's before."""

from __future__ import annotations

from typing import Any

from pulumi_smsagents.emulator.bland import DEFAULTS, UNLISTED

from . import Case

FOUND = {"objective": "Theirs.", "webhook": "https://theirs.example.com/sms", "timezone": "Europe/Berlin"}
PATHWAY = {"objective": None, "pathway_id": "pathway_123", "pathway_version": 3, "start_node_id": "node_1"}
SERVICE = "messaging_service_sid"


def left(how: str, held: dict[str, Any], found: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Without its Messaging Service a number may not text, so that one stays."""
    if how == "retain":
        return held
    listed = {name: value for name, value in found.items() if name not in UNLISTED}
    return {**held, **DEFAULTS, **(listed if how == "restore" else {}), SERVICE: held[SERVICE]}


def body(found: dict[str, Any], new: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    """Everything that is known of the configuration; the channel is named off sms only."""
    seen = {name: value for name, value in {**DEFAULTS, **found}.items() if name not in UNLISTED and value is not None}
    return {name: value for name, value in {**seen, **new, **changed}.items() if name != "channel"}


CASE = Case(
    type="bland.SmsConfiguration",
    fields={
        "channel": "sms",
        "webhook": "https://hooks.example.com/sms",
        "request_data": {"ref": "campaign_123", "limits": [1, 2.5], "vip": True},
        "response_data": {"source": "crm"},
        "time_out": 300,
        "timeout_action": "send_sms",
        "timeout_message": "Are you still there?",
        "warning_time": 60,
        "warning_message": "We close this chat soon.",
        SERVICE: "MG0123456789abcdef0123456789abcdef",
        "objective": "Answer billing questions.\nNever promise a refund.",
        "tools": ["lookup", {"name": "escalate"}],
        "temperature": 0.7,
        "use_candidate_model": True,
        "restart_after_end_call": False,
        "timezone": "America/New_York",
        "summary_prompt": "Summarise in one sentence.",
        "disposition_ids": ["disp_orders_resolved"],
        "citation_schema_ids": ["5f0c2a4e-1b7d-4c3a-9e57-2d0f6b8a1c34"],
    },
    changed={
        "webhook": "https://hooks.example.com/sms/2",
        "request_data": [{"ref": "campaign_124"}],
        "response_data": ["crm"],
        "time_out": 600,
        "timeout_action": "close",
        "timeout_message": "Good bye.",
        "warning_time": 90.5,
        "warning_message": "Soon.",
        SERVICE: "MGfedcba9876543210fedcba9876543210",
        "objective": "Answer questions about orders.",
        "tools": ["lookup"],
        "temperature": 0.2,
        "use_candidate_model": False,
        "pathway_id": "pathway_124",
        "pathway_version": "latest",
        "start_node_id": "node_2",
        "restart_after_end_call": True,
        "timezone": "Asia/Kolkata",
        "summary_prompt": "Name the customer's mood.",
        "disposition_ids": ["disp_orders_resolved", "disp_other"],
        "citation_schema_ids": ["5f0c2a4e-1b7d-4c3a-9e57-2d0f6b8a1c35"],
    },
    cleared={
        "webhook": None,
        "request_data": [],
        "response_data": None,
        "time_out": None,
        "timeout_action": None,
        "timeout_message": None,
        "warning_time": None,
        "warning_message": None,
        "objective": "Chat with the user",
        "tools": [],
        "temperature": 0,
        "use_candidate_model": False,
        "pathway_id": None,
        "pathway_version": None,
        "start_node_id": None,
        "restart_after_end_call": True,
        "timezone": None,
        "summary_prompt": None,
        "disposition_ids": None,
        "citation_schema_ids": None,
    },
    replaced={"phone_number": "+14155552000", "channel": "whatsapp"},
    noted={SERVICE: None},
    own=lambda number: {"phone_number": f"+1415555{1000 + number}"},
    of_row={
        "changes-pathway_id": PATHWAY,
        "changes-pathway_version": PATHWAY,
        "changes-start_node_id": PATHWAY,
        "loses-pathway_id": {"objective": None, "pathway_id": "pathway_123"},
        "loses-pathway_version": PATHWAY,
        "loses-start_node_id": PATHWAY,
        # Each has no effect without the other, which a preview would say.
        "loses-time_out": dict.fromkeys(("warning_time", "warning_message", "timeout_action", "timeout_message")),
        "loses-timeout_message": {"timeout_action": None},
        "loses-warning_time": {"warning_message": None},
    },
    by_hand={
        "webhook": None,
        "request_data": {"by": "hand"},
        "time_out": 900,
        "warning_message": "By hand.",
        "objective": "By hand.",
        "tools": [],
        "temperature": 0.5,
        "pathway_id": "pathway_by_hand",
        "restart_after_end_call": False,
        "timezone": "UTC",
        "disposition_ids": ["by_hand"],
    },
    hidden=frozenset(UNLISTED),
    create=lambda fields: {"numbers": 1, "update": 1},
    looks={"numbers": 2},  # whether it is provisioned for iMessage, and what the answer to the write does not show
    update={"numbers": 1, "update": 1},
    delete={"restore": {"numbers": 1, "update": 1}, "reset": {"numbers": 1, "update": 1}, "retain": {}},
    adopt={"numbers": 1},
    sees=frozenset({"numbers"}),
    about=lambda call: call.body["phone_number"] + ("/" + call.body["channel"] if "channel" in call.body else ""),
    found=FOUND,
    body=body,
    left=left,
    said_of_create=lambda fields: ["phone_number: its SMS settings that this resource names are overwritten"],
    announced={"pathway_id": "changes who answers the number's texts"},
    doubted={"timeout_action": "timeout_action: is not 'send_sms'"},
    said_of_replacement=("sets up another configuration",),
    fates={
        "restore": "go back to what they were before it",
        "reset": "texts are answered with the objective 'Chat with the user'",
        "retain": "stay as they are at Bland",
    },
    leaves=frozenset({"reset", "retain"}),
    room=2500,
)
