"""ContactSwing, with the paths configured that no page shows. Without them: test_write_only."""

from __future__ import annotations

from samples.contactswing import PATH

from . import Case

CASE = Case(
    type="contactswing.SmsAgent",
    fields={
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
    },
    changed={
        "name": "Orders, second try",
        "model": "gpt-4o",
        "action_ids": ["6f1d2c3b-4a5e-4f60-8b7c-9d0e1f2a3b4d"],
    },
    cleared={"action_ids": []},
    replaced={
        "instructions": "Be brief.",
        "api_keys": [{"api_key_id": 135, "type": "SMS"}],
        "sms_type": "INBOUND",
        "prompts": {"goal": "Collect feedback."},
        "phone_number": "+13465507167",
        "kb_id": "kb_124",
        "additional_settings": {"idle_time": 3600},
    },
    dropped=("prompts", "phone_number", "kb_id", "additional_settings"),
    by_hand={"name": "Renamed by hand", "model": "cw-llm-2", "action_ids": []},
    create=lambda fields: {"create": 1, "read": 1},
    update={"update": 1, "read": 1},
    delete={"delete": {"delete": 1}, "retain": {}},
    adopt={"read": 1},
    sees=frozenset({"read"}),
    about=lambda call: call.path.rpartition("/")[2],
    settings=dict.fromkeys(("contactswingReadPath", "contactswingUpdatePath", "contactswingDeletePath"), PATH),
    modes={"read_call": "data", "delete_call": "204"},
    body=lambda found, new, changed: {
        theirs: {**new, **changed}[ours] for ours, theirs in (("name", "name"), ("model", "model"), ("action_ids", "actions"))
    },
    said_of_create=lambda fields: ["phone_number: is bound to the new assistant"] if "phone_number" in fields else [],
    doubted={"model": "model: is not the one that the create page names", "sms_type": "sms_type: is not a documented value"},
    said_of_replacement=("campaigns refer to assistants by id",),
    fates={"delete": "is deleted through the configured path", "retain": "stays alive at ContactSwing"},
    # Nothing that this API says is documented to mean "gone".
    delete_by_hand=False,
)
