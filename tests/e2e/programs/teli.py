"""Teli."""

from __future__ import annotations

from . import Case

CASE = Case(
    type="teli.SmsAgent",
    fields={
        "organization_id": "1763070568417x631086913669115287",
        "user_id": "1763070568417x100000000000000001",
        "agent_name": "Sales",
        "starting_message": "Hi {{first_name}}, still interested in {{company}}?",
        "prompt": "Be brief.\nAsk for the credit score.",
        "extraction_fields": ["credit_score", {"name": "budget", "description": "In dollars", "type": "number"}],
        "drip_schedule": [{"delay_hours": 4, "type": "ai"}, {"delay_hours": 24, "type": "custom", "message": "Just checking in!"}],
    },
    changed={
        "agent_name": "Sales, spring",
        "starting_message": "Hello {{first_name}}!",
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
        "drip_schedule": [],
    },
    create={"create": 1, "get": 1},
    update={"update": 1, "get": 1},
    read={"get": 1},
    delete={"delete": 1},
    adopt={"get": 1},
    readable={"extraction_in_get": "present", "extraction_in_list": "present"},
    update_call="update",
    announced={"drip_schedule": "restarts the follow-up timer of every active lead"},
    replacement_says=("deleted for good", "campaigns", "keep the old id"),
    retained_says="stays at Teli",
)
