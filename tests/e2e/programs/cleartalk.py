"""ClearTalk, where nothing can be read."""

from __future__ import annotations

from typing import Any

from samples.cleartalk import INPUTS

from . import Case

UNSET: dict[str, Any] = {
    "request_data": [],
    "tools": [],
    "messaging_service_sid": "",
    "pathway_id": "",
    "pathway_version": "",
    "start_node_id": "",
}
OFF = {"enable_follow_ups": False, "follow_up_schedule": []}
QUIET = {"enable_smart_follow_ups": False, "repeat_final_follow_up": False, "extra_follow_up_prompt": ""}
PARKED = {
    "webhook": "https://hooks.example.com/parked",
    "agent_name": "Nobody",
    "objective": "Say that this number is no longer in use.",
    "time_out": 60,
    "temperature": 0,
}


def left(how: str, held: dict[str, Any], _found: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """What no value is said for is sent as empty, so that nothing of before is kept."""
    if how == "retain":
        return held
    before = fields.get("follow_up_config", {})
    quiet = {name: empty for name, empty in QUIET.items() if name in before}
    return {"phone_number": fields["phone_number"], **UNSET, "follow_up_config": {**quiet, **OFF}, **fields["parked"]}


CASE = Case(
    type="cleartalk.SmsConfiguration",
    fields=INPUTS,
    changed={
        "webhook": "https://hooks.example.com/other",
        "agent_name": "Robin",
        "objective": "Be kind.",
        "time_out": 900.5,
        "temperature": 1,
        "request_data": [{"customer_id": "12346"}],
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
    },
    cleared={**UNSET, "follow_up_config": OFF},
    replaced={"phone_number": "+13465508000"},
    noted={"parked": {**PARKED, "objective": "Say good bye."}},
    again={"reapply": "2026-11-20"},
    own=lambda number: {"phone_number": f"+1346550{7000 + number}"},
    of_row={
        "loses-pathway_id": {"pathway_version": None, "start_node_id": None},
        "notes-parked": {"on_delete": "park", "parked": PARKED},
    },
    needs={"park": {"parked": PARKED}},
    by_hand={
        "webhook": "https://hooks.example.com/by-hand",
        "objective": "By hand.",
        "temperature": 0.1,
        "tools": [],
        "pathway_id": "path_by_hand",
        "follow_up_config": OFF,
    },
    create=lambda fields: {"update": 1},
    update={"update": 1},
    delete={"retain": {}, "park": {"update": 1}},
    adopt={},
    sees=frozenset(),
    about=lambda call: call.body["phone_number"],
    unsent=frozenset({"parked", "reapply"}),
    body=lambda found, new, changed: {**UNSET, **new, **changed},
    left=left,
    said_of_create=lambda fields: ["phone_number: whatever ClearTalk holds for this number is overwritten"],
    said_of_replacement=("sets up another configuration",),
    fates={"retain": "stays at ClearTalk, and its agent keeps answering", "park": "the number answers with the one declared in parked"},
    leaves=frozenset({"retain", "park"}),
)
