"""Teli."""

from __future__ import annotations

from . import Case

CASE = Case(
    type="teli.SmsAgent",
    fields={
        "organization_id": "1763070568417x631086913669115287",
        "user_id": "1763070568417x100000000000000001",
        "agent_name": "Sales",
        "starting_message": "Hi {{first_name}}, still interested in {{company}}? Reply STOP to opt out.",
        "prompt": "Be brief.\nAsk for the credit score.",
        "extraction_fields": ["credit_score", {"name": "budget", "description": "In dollars", "type": "number"}],
        "drip_schedule": [{"delay_hours": 4, "type": "ai"}, {"delay_hours": 24, "type": "custom", "message": "Just checking in!"}],
    },
    changed={
        "agent_name": "Sales, spring",
        "starting_message": "Hello {{first_name}}! Reply STOP to opt out.",
        "prompt": "Be brief.\nAsk for the timeline.",
        "extraction_fields": ["credit_score", "timeline"],
        "drip_schedule": [{"delay_hours": 0.5, "type": "ai"}],
    },
    cleared={"extraction_fields": [], "drip_schedule": []},
    replaced={
        "organization_id": "1763070568417x631086913669115288",
        "user_id": "1763070568417x100000000000000002",
    },
    by_hand={
        "agent_name": "Renamed by hand",
        "starting_message": "Edited by hand",
        "prompt": "Edited by hand",
        "extraction_fields": ["edited"],
        "drip_schedule": [],
    },
    hidden=frozenset({"extraction_fields"}),
    create=lambda fields: {"create": 1, "get": 1},
    update={"update": 1, "get": 1},
    delete={"delete": {"delete": 1}, "retain": {}},
    adopt={"get": 1},
    sees=frozenset({"get", "list"}),
    about=lambda call: call.path.rpartition("/")[2],
    announced={"drip_schedule": "restarts the follow-up timer of every active lead"},
    said_of_replacement=("campaigns", "keep the old id"),
    fates={"delete": "deleted for good", "retain": "stays at Teli"},
)
