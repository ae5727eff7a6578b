"""Teli's objects as its read calls show them: other names, shapes and ids than the write calls take. Checked 2026-11-20."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .store import Item
from .world import World

TEXTS = {"starting_message": "greeting_prompt", "prompt": "general_prompt"}
"""Write names, and the storage names that the list page shows in their place. agents/list, checked 2026-11-20."""

LISTED: dict[str, Any] = {
    "ai_agent_name": "",
    "agent_status": "active",
    "is_sms_agent": True,
    "is_sms_transfer_agent": False,
    "is_chat_bot": False,
    "follow_up_prompt": "",
    "first_sentence": "",
    "tenant_id": "tenant_1",
    "visibility": "private",
    "accessible_users": [],
    "drip_start_datetime": None,
    "first_message_delay": 0,
    "voice_agent_id": None,
    "voice_llm_id": None,
    "voice_id": None,
    "voice_speed": None,
    "voice_emotion": None,
    "agent_accent": None,
    "agent_gender": None,
    "detect_voicemail": False,
    "voicemail_content": None,
    "backchannel": False,
    "interruption_sensitivity": None,
    "ambient_sound": None,
    "instant_transfer_number": None,
    "conversation_flow_id": None,
}
"""The list object's other keys are documented, their values are not. agents/list, checked 2026-11-20."""

WRITTEN_ONLY = frozenset({"starting_message", "prompt", "extraction_fields", "user_id", "drip_schedule"})


def listed(world: World, item: Item, *, extraction: bool | None = None, id_key: str | None = None) -> dict[str, Any]:
    """The agent object of the list."""
    data, modes = item.data, world.modes
    seen = {**LISTED, **{name: value for name, value in data.items() if name not in WRITTEN_ONLY}}
    seen |= _ids(item, id_key or str(modes["list_id"]))
    for written, stored in TEXTS.items():
        seen[stored if modes["text_names"] == "storage" else written] = data.get(written, "")
    seen["organization_id"] = form(str(modes["organization_form"]), data["organization_id"])
    seen["created_by_user_id"] = form(str(modes["user_form"]), data["user_id"])
    seen["drip_schedule"] = [_drip(world, each) for each in data.get("drip_schedule", [])]
    # extraction_fields is no key of the documented object. agents/list, checked 2026-11-20.
    if modes["extraction_in_list"] == "present" if extraction is None else extraction:
        seen["extraction_fields"] = extraction_echo(world, item)
    return seen | _times(item)


def _ids(item: Item, holder: str) -> dict[str, str]:
    """Three identifiers; `holder` is the key with the agent_id of create. For another one, the list has no agent_id."""
    ids = {"agent_id": item.id, "unique_id": item.notes["unique_id"], "id": item.notes["uuid"]}
    if holder != "agent_id":
        del ids["agent_id"]
        ids[holder] = item.id
    return ids


def _times(item: Item) -> dict[str, Any]:
    # The keys are documented, their forms are not.
    return {
        "created_at": iso_time(item.created),
        "modified_at": iso_time(item.changed),
        "last_modification_timestamp": int(item.changed * 1000),
    }


def iso_time(seconds: float) -> str:
    """A time as text."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def form(mode: str, unique_id: str) -> str:
    """The id of an organisation or user: its unique_id, or the UUID that some reads show instead. users/list, checked 2026-11-20."""
    return str(uuid5(NAMESPACE_URL, unique_id)) if mode == "uuid" else unique_id


def _drip(world: World, each: dict[str, Any]) -> dict[str, Any]:
    shape = world.modes["drip_reads"]
    if shape == "old" and "day" not in each:
        # {day, message} is what the list page shows, checked 2026-11-20.
        return {"day": _whole(each["delay_hours"] / 24), "message": each.get("message", "")}
    if shape == "new" and "day" in each:
        each = {"delay_hours": _whole(each["day"] * 24), "type": "custom", "message": each["message"]}
    if world.modes["drip_hours"] == "float" and "delay_hours" in each:
        return {**each, "delay_hours": float(each["delay_hours"])}
    return each


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def extraction_echo(world: World, item: Item) -> list[Any]:
    """The extraction fields as written, or with plain names expanded to objects. extraction-fields, checked 2026-11-20."""
    fields = list(item.data.get("extraction_fields", []))
    if world.modes["extraction_names"] == "as_written":
        return fields
    return [_expanded(each) if isinstance(each, str) else each for each in fields]


def _expanded(name: str) -> dict[str, str]:
    # Some names have built-in descriptions, others get a generic one; the texts are on no page we know. type defaults to string.
    return {"name": name, "description": f"The {name.replace('_', ' ')} mentioned in the conversation", "type": "string"}


def organization(item: Item) -> dict[str, Any]:
    """An organisation of the list. organizations/list, checked 2026-11-20."""
    return {
        "unique_id": item.id,
        "id": form("uuid", item.id),
        "name": item.data["name"],
        "status": item.data["status"],
        "sms_active": True,
        "teli_sms_number": None,
        "sms_registration_status": "approved",
    }
