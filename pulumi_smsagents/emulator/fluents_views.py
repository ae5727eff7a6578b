"""Numbers and agents as the answers of Fluents and of its older dialect, Vocode, show them. Checked 2026-11-20.

Pages: see `fluents`. What no page states is marked `no page` at its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .store import Item
from .world import World

OWNER = str(uuid5(NAMESPACE_URL, "owner"))
AGENT = "agent"
CREDENTIALS = {"twilio_account_sid": "AC00000000000000000000000000000000", "twilio_auth_token": "emulated-auth-token"}


def is_vocode(world: World) -> bool:
    """Whether the older dialect is played."""
    return world.modes["dialect"] == "vocode"


def number(world: World, item: Item, *, single: bool) -> dict[str, Any]:
    """The number object. numbers/update-number at both vendors."""
    data, vocode = item.data, is_vocode(world)
    seen = {
        "id": item.notes["uuid"],
        "user_id": data.get("user_id", OWNER),
        "number": spelled(world, item.id),
        "active": data.get("active", True),
        "label": data.get("label", ""),
        "outbound_only": data.get("outbound_only", False),
        "telephony_provider": data["telephony_provider"],
    }
    seen |= _context(world, data)
    seen |= _references(world, data, expand=_expands(world, single=single))
    if not vocode:
        agent = _agent_of(world, data)
        seen |= {"description": data.get("description", ""), "inbound_agent_name": agent["name"] if agent else None}
        if world.modes["catalogue_keys"] == "present":
            # A third party's catalogue has these, no page; config is said to be an object of unknown content.
            seen |= {"sms_enabled": True, "is_routing_number": False, "tags": ["emulated"], "config": {}}
    # Answers may hold more than a page shows.
    return seen | {name: value for name, value in data.items() if name not in _KNOWN and name not in seen}


_KNOWN = frozenset({"acquired", "description", "inbound_agent", "telephony_account_connection", "example_context", "area_code"})


def spelled(world: World, id: str) -> str:
    """A number as answers spell it: with a plus at Fluents, digits only at Vocode."""
    form = world.modes["number_form"]
    bare = is_vocode(world) if form == "documented" else form == "digits"
    return id.removeprefix("+") if bare else id


def _context(world: World, data: Mapping[str, Any]) -> dict[str, Any]:
    context = data.get("example_context")
    if context or world.modes["empty_context_reads"] == "null":
        return {"example_context": context or None}
    # Required in the answers of Fluents, where the sample is {}; nullable at Vocode.
    return {"example_context": {}} if world.modes["empty_context_reads"] == "object" else {}


def _expands(world: World, *, single: bool) -> bool:
    """Whether references come as objects: Vocode expands single reads and gives ids in lists, Fluents shows the reverse."""
    wanted = world.modes["references"]
    if wanted != "documented":
        return wanted == "objects"
    return is_vocode(world) if single else not is_vocode(world)


def _references(world: World, data: Mapping[str, Any], *, expand: bool) -> dict[str, Any]:
    agent, connection = data.get("inbound_agent"), data.get("telephony_account_connection")
    return {
        "inbound_agent": _agent_of(world, data) if expand else agent,
        "telephony_account_connection": _connection(world, connection) if expand and connection else connection,
    }


def _agent_of(world: World, data: Mapping[str, Any]) -> dict[str, Any] | None:
    item = world.store.get(AGENT, data["inbound_agent"]) if data.get("inbound_agent") else None
    return agent(item) if item else None


def agent(item: Item) -> dict[str, Any]:
    """An agent, with the fields that need no other object. agents/list-agents, and Vocode's OpenAPI document."""
    stub = {"id": str(uuid5(NAMESPACE_URL, item.id)), "user_id": OWNER}
    defaults: dict[str, Any] = {
        "name": None,
        "language": "en",
        "prompt": {**stub, "content": ""},
        "voice": {**stub, "type": "voice_azure", "voice_name": "en-US-SteffanNeural"},
        "actions": [],
        "interrupt_sensitivity": "low",
        # An agent may carry the key of its owner's model account.
        "openai_account_connection": {**stub, "type": "account_connection_openai", "credentials": {"openai_api_key": "emulated-model-key"}},
    }
    return {**defaults, **item.data, "id": item.id, "user_id": OWNER}


def _connection(world: World, id: str) -> dict[str, Any]:
    """An account connection. Vocode's answers require its credentials; whether real servers mask them: no page."""
    shown = {"id": id, "user_id": OWNER, "type": "account_connection_twilio", "steering_pool": [], "account_supports_any_caller_id": False}
    match world.modes["credentials"]:
        case "present":
            return {**shown, "credentials": CREDENTIALS}
        case "masked":
            return {**shown, "credentials": dict.fromkeys(CREDENTIALS, "********")}
    return shown


def page(world: World, found: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """One page of any list: all six keys are required. Vocode's OpenAPI document."""
    asked = _whole(query.get("size"), 10)
    size = min(asked, world.modes.number("largest_page") or asked)
    number = 1 if world.modes["paging"] == "stuck" else _whole(query.get("page"), 1)
    shown = found[(number - 1) * size : number * size]
    more = number * size < len(found) or world.modes["paging"] == "stuck"
    return {
        "items": shown,
        "page": _whole(query.get("page"), 1),
        "size": size,
        "has_more": more,
        "total": len(found),
        "total_is_estimated": world.modes["paging"] == "estimated",
    }


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and int(text) > 0 else default
