"""Teli's SMS agents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from .base import NotOurs, Plain, Sample, Stranger, Wiring

ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"

INPUTS: Plain = {
    "organization_id": ORGANIZATION,
    "user_id": USER,
    "agent_name": "Sales follow-up",
    "starting_message": "Hi {{first_name}}, still interested in {{company}}? Reply STOP to opt out.",
    "prompt": "Be friendly.\nNever promise a price.",
    "extraction_fields": ["credit_score", {"name": "timeline", "description": "When the lead wants to start", "type": "string"}],
    "drip_schedule": [
        {"delay_hours": 4, "type": "ai"},
        {"delay_hours": 24.5, "type": "custom", "message": "Just checking in, {{first_name}}!"},
    ],
}

OTHERS: Plain = {
    "organization_id": "1763070568417x631086913669115288",
    "user_id": "1763070568417x100000000000000002",
    "agent_name": "Sales, second try",
    "starting_message": "Hello {{first_name}}! Reply STOP to opt out.",
    "prompt": "Be brief.",
    "extraction_fields": ["credit_score", "email"],
    "drip_schedule": [{"delay_hours": 72, "type": "ai"}],
}


def _stored(data: Mapping[str, Any]) -> Plain:
    return {name: value for name, value in data.items() if name != "agent_type"}


_text = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="{}"), min_size=1, max_size=40).filter(str.strip)
_lines = st.lists(_text, min_size=1, max_size=3).map("\n".join)
_hours = st.one_of(st.integers(1, 1000), st.floats(0.01, 1000, allow_nan=False))
_drip = st.one_of(
    st.fixed_dictionaries({"delay_hours": _hours, "type": st.just("ai")}),
    st.fixed_dictionaries({"delay_hours": _hours, "type": st.just("custom"), "message": _lines}),
)
_extraction = st.one_of(
    _text,
    st.fixed_dictionaries({"name": _text}, optional={"description": _text, "type": st.sampled_from(("string", "number", "boolean"))}),
)
_unique_id = st.integers(0, 10**18 - 1).map(lambda number: f"1763070568417x{number:018d}")


def _name(item: Any) -> str:
    return str(item if isinstance(item, str) else item["name"])


# ---- documented calls ----


def _create(adapter: Any, id: str, request: Plain) -> Any:
    if request["body"]["agent_type"] != "sms":
        return NotOurs("agent_type is always 'sms'")
    return adapter.create({name: value for name, value in request["body"].items() if name != "agent_type"}, None)


def _list(adapter: Any, id: str, request: Plain) -> Any:
    query = request["query"]
    if "organization_id" not in query:
        return NotOurs("there is no list without an organisation")
    if query.get("is_admin") != "true" or "agent_type" in query:
        return NotOurs("a list of one user's agents would not be complete")
    return list(adapter.list(adapter.scope(query)))


_DRIVERS: dict[str, Callable[[Any, str, Plain], Any]] = {
    "create": _create,
    "update": lambda adapter, id, request: adapter.update(id, {}, {}, request["body"], None),
    "delete": lambda adapter, id, request: adapter.delete(id, {}, "delete"),
    "get": lambda adapter, id, request: adapter.read(id, {}, list),
    "list": _list,
    "organizations": lambda adapter, id, request: adapter.probe(),
}


def _drive(adapter: Any, wire: Mapping[str, Any]) -> Any:
    request = wire["request"]
    return _DRIVERS[wire["operation"]](adapter, unquote(request["path"].rpartition("/")[2]), request)


SMS_AGENT = Sample(
    inputs=INPUTS,
    others=OTHERS,
    generated=st.fixed_dictionaries(
        {
            "organization_id": _unique_id,
            "user_id": _unique_id,
            "agent_name": _text,
            "starting_message": _lines,
            "prompt": _lines,
        },
        optional={
            "extraction_fields": st.lists(_extraction, max_size=4, unique_by=_name),
            "drip_schedule": st.lists(_drip, max_size=4),
        },
    ),
    stored=_stored,
    drive=_drive,
    unreadable=frozenset({"extraction_fields"}),
    readable={"extraction_in_get": "present"},
    strangers={
        "of another organisation": Stranger(
            {"organization_id": OTHERS["organization_id"]},
            "has another organization_id, which Teli cannot change; set organization_id to the one it has, "
            "or remove adopt to create a new one",
        ),
        "a voice agent": Stranger({"agent_type": "voice"}, "is a voice agent, not an SMS agent"),
    },
)

WIRING = Wiring(
    unverified=39,
    modes={
        "create_older_answer": {"create_answer": "older"},
        "create_old_drips": {"create_answer": "older"},
        "list": {"drip_reads": "old"},
        "list_of_one_user": {"drip_reads": "old"},
        "update_without_powered_by": {"powered_by": "absent"},
        "error_key_without_success": {"auth_error": "without_success", "powered_by": "absent"},
        "error_get_ambiguous": {"get_one_missing": "500"},
    },
    breakdowns=frozenset({"error_create_storage", "error_list_failed", "error_delete_failed"}),
    missing=frozenset({"error_get_missing", "error_get_ambiguous", "error_update_missing", "error_delete_missing"}),
    wrong_key=frozenset({"error_key_invalid", "error_key_without_success"}),
    never_made={
        "error_create_storage": "agent_type is always 'sms'",
        "error_create_wrong_type": "agent_type is always 'sms'",
        "error_list_without_organization": "there is no list without an organisation",
        "list_of_one_user": "a list of one user's agents would not be complete",
    },
    success=frozenset({"error_delete_missing"}),
)
