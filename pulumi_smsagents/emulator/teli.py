"""Teli's partner API for SMS agents, as its pages describe it, checked 2026-11-20.

Pages, all under https://docs.teli.ai/partner-api/: authentication, errors, agents/create-sms, agents/create (older), agents/list,
agents/update-sms, agents/update, agents/delete, organizations/list. The page agents/extraction-fields is under /partner-api1/.

Where the pages leave two readings open, `MODES` can play either. What no page states is marked `no page` at its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .scripts import DAY, HOUR, Later, Script, mappings, number_of, text_of
from .store import Item
from .teli_views import TEXTS, extraction_echo, listed, organization
from .wire import Reply, Request
from .world import Mode, Route, Vendor, World

PAGES = "https://docs.teli.ai/partner-api/"
AGENT = "agent"
ORGANIZATION = "organization"

UPDATABLE = ("agent_name", "starting_message", "prompt", "extraction_fields", "drip_schedule")
"""The fields a PATCH accepts; agent_type, organization_id and user_id are not among them. agents/update-sms, checked 2026-11-20."""

MODES = {
    "create_status": Mode(("201", "200"), "status of a create: the error page calls 201 'created', the create page gives none"),
    "create_answer": Mode(("newer", "older"), "older: without has_extraction_fields and extraction_fields"),
    "create_needs": Mode(("three", "six"), "the fields whose absence is a 400: the error text names three, the create page six"),
    "get_one": Mode(
        ("wrapped", "bare", "unknown", "500", "405"),
        "body of get-one, which no page shows; unknown: a shape without our id; 500: the ambiguous one, always; 405: no such route",
    ),
    "get_one_missing": Mode(("404", "500"), "answer of get-one for an agent that is not there; the error page has both"),
    "drip_reads": Mode(("as_written", "old", "new"), "drip items in reads; old: {day, message} as the list page shows"),
    "drip_hours": Mode(("as_written", "float"), "float: delay_hours comes back as 24.0"),
    "organization_form": Mode(("unique_id", "uuid"), "organization_id in reads; the users page shows the UUID"),
    "user_form": Mode(("unique_id", "uuid"), "created_by_user_id in reads"),
    "text_names": Mode(("storage", "written"), "storage: greeting_prompt and general_prompt in reads, as the list page shows"),
    "extraction_in_list": Mode(("absent", "present"), "extraction_fields in the list"),
    "extraction_in_get": Mode(("absent", "present"), "extraction_fields in get-one"),
    "extraction_names": Mode(("as_written", "expanded"), "expanded: a plain name comes back as an object with a description"),
    "list_id": Mode(("agent_id", "unique_id", "id"), "the key of the list's object that holds the agent_id of create"),
    "list_without_user": Mode(("empty", "400"), "a list without user_id that is not is_admin"),
    "list_lag": Mode(int, "a new agent is missing from so many list calls"),
    "read_lag": Mode(int, "a new agent is a 404 for so many get-one calls"),
    "refuse_with_200": Mode(
        ("none", "create", "get", "list", "update", "delete"), "this call answers 200 with success false and does nothing"
    ),
    "auth_error": Mode(("full", "without_success"), "body of a 401; the authentication page shows one without success"),
    "powered_by": Mode(("present", "absent"), "whether answers say powered_by"),
}


def create(world: World, request: Request) -> Reply:
    """POST /v1/agents. agents/create-sms, checked 2026-11-20."""
    if refused := _refused(world, "create"):
        return refused
    fields = request.fields
    if problem := _missing(world, fields):
        return error(world, 400, problem)
    if fields["agent_type"] != "sms":
        return Reply(501, {"error": "emulator: only SMS agents are emulated", "success": False})
    if not _storable(fields, nulls=True):
        return error(world, 500, "Failed to store SMS agent")  # The voice text is on the errors page; for SMS no page gives it.
    item = _store(world, fields)
    return _done(world, int(world.modes["create_status"]), _created(world, item))


def _missing(world: World, fields: Mapping[str, Any]) -> str | None:
    """What the vendor says is missing. errors, checked 2026-11-20."""
    # Which of the two comes first when both apply: no page.
    if not all(fields.get(name) for name in ("agent_name", "organization_id", "user_id")):
        return "agent_name, organization_id, and user_id are required"
    if fields.get("agent_type") not in ("sms", "voice"):
        return "agent_type must be 'sms' or 'voice'"
    if world.modes["create_needs"] == "six" and not all(fields.get(name) for name in TEXTS):
        return "starting_message and prompt are required"  # no page gives this text
    return None


def _created(world: World, item: Item) -> dict[str, Any]:
    # Neither the texts nor the drips are echoed. agents/create-sms, checked 2026-11-20.
    data = item.data
    answer: dict[str, Any] = {
        "agent_id": item.id,
        "agent_type": "sms",
        "agent_name": data["agent_name"],
        "has_drip_schedule": bool(data.get("drip_schedule")),
        "organization_id": data["organization_id"],
        "created_by": data["user_id"],
        "message": "SMS agent created successfully",
    }
    if world.modes["create_answer"] == "newer":
        echo = extraction_echo(world, item)
        answer |= {"has_extraction_fields": bool(echo), "extraction_fields": echo}
    return answer


def list_agents(world: World, request: Request) -> Reply:
    """GET /v1/agents. agents/list, checked 2026-11-20."""
    if refused := _refused(world, "list"):
        return refused
    query = request.query
    if not query.get("organization_id"):
        return error(world, 400, "organization_id required")
    # is_admin=true gives all agents of the organisation, otherwise user_id is needed. What its absence does: no page.
    admin = query.get("is_admin", "false").lower() == "true"
    if not admin and not query.get("user_id") and world.modes["list_without_user"] == "400":
        return error(world, 400, "user_id required")
    found = [listed(world, item) for item in world.store.all(AGENT) if _wanted(item, query, admin=admin)]
    return _done(world, 200, {"count": len(found), "agents": found})


def _wanted(item: Item, query: Mapping[str, str], *, admin: bool) -> bool:
    data = item.data
    if data["organization_id"] != query["organization_id"]:
        return False
    if not admin and data["user_id"] != query.get("user_id"):
        return False
    if query.get("agent_type", data["agent_type"]) != data["agent_type"]:
        return False
    return not _lags(item, "unlisted")


def get(world: World, request: Request) -> Reply:
    """GET /v1/agents/{agent_id}: only its errors are documented (errors, checked 2026-11-20), so its body is a guess."""
    if refused := _refused(world, "get"):
        return refused
    shape = world.modes["get_one"]
    if shape == "405":
        return error(world, 405, "Method Not Allowed")  # no page: a server without this route
    if shape == "500":
        return error(world, 500, "Failed to get agent - agent may not exist")
    item = world.store.get(AGENT, request.params["agent_id"])
    if item is None or _lags(item, "unread"):
        return _no_agent(world)
    return _done(world, 200, _got(world, item)) if shape != "bare" else Reply(200, _seen(world, item))


def _lags(item: Item, countdown: str) -> bool:
    """Whether a new agent is still out of sight; asking counts. No page says so; any such API may do it."""
    left = int(item.notes[countdown])
    item.notes[countdown] = max(0, left - 1)
    return left > 0


def _got(world: World, item: Item) -> dict[str, Any]:
    if world.modes["get_one"] == "unknown":
        return {"data": {"name": item.data["agent_name"]}}
    # Sibling calls wrap (knowledge_base, organization, user), so `agent` is a guess; no page shows this body.
    return {"agent": _seen(world, item)}


def _seen(world: World, item: Item) -> dict[str, Any]:
    return listed(world, item, extraction=world.modes["extraction_in_get"] == "present", id_key="agent_id")


def _no_agent(world: World) -> Reply:
    # The errors page lists both for a missing agent, checked 2026-11-20.
    if world.modes["get_one_missing"] == "500":
        return error(world, 500, "Failed to get agent - agent may not exist")
    return error(world, 404, "Agent not found")


def update(world: World, request: Request) -> Reply:
    """PATCH /v1/agents/{agent_id}: partial, omitted fields are untouched. agents/update-sms, checked 2026-11-20."""
    if refused := _refused(world, "update"):
        return refused
    item = world.store.get(AGENT, request.params["agent_id"])
    if item is None:
        return error(world, 404, "Agent not found")
    fields = request.body
    _record(item, fields)
    # Bad data is a 500, not a 400. errors, checked 2026-11-20. What a null does: no page; here it is bad data.
    if not isinstance(fields, dict) or not _storable(fields, nulls=False):
        return error(world, 500, "Failed to update agent - please check your data")
    world.store.change(item, {name: fields[name] for name in UPDATABLE if name in fields})
    # Any PATCH that carries drip_schedule restarts the timers of all active leads; nothing says that an equal one does not.
    # agents/update-sms, checked 2026-11-20.
    item.notes["drip_resets"] += "drip_schedule" in fields
    # The content is not echoed.
    return _done(world, 200, {"agent_id": item.id, "message": "Agent updated successfully"})


def _record(item: Item, fields: Any) -> None:
    """Note exactly which keys arrived, also those that a PATCH does not accept."""
    keys = list(fields) if isinstance(fields, dict) else []
    item.notes["patches"] = [*item.notes["patches"], keys][-200:]
    ignored = {*item.notes["ignored_keys"], *keys} - set(UPDATABLE)
    item.notes["ignored_keys"] = sorted(ignored)


def delete(world: World, request: Request) -> Reply:
    """DELETE /v1/agents/{id}, where `id` is the agent_id. agents/delete, checked 2026-11-20."""
    if refused := _refused(world, "delete"):
        return refused
    item = world.store.get(AGENT, request.params["id"])
    if item is None:
        return error(world, 404, "Agent not found")
    world.store.remove(item)
    return _done(world, 200, {"message": "Agent deleted successfully", "agent_id": item.id})


def organizations(world: World, _request: Request) -> Reply:
    """GET /v1/organizations. organizations/list, checked 2026-11-20."""
    found = [organization(item) for item in world.store.all(ORGANIZATION)]
    return _done(world, 200, {"count": len(found), "organizations": found})


def _storable(fields: Mapping[str, Any], *, nulls: bool) -> bool:
    """Whether the values have the documented types. agents/create-sms, agents/extraction-fields, checked 2026-11-20."""
    given = {name: fields[name] for name in UPDATABLE if name in fields and not (nulls and fields[name] is None)}
    lists = {name: given.pop(name) for name in ("extraction_fields", "drip_schedule") if name in given}
    if not all(isinstance(value, str) for value in given.values()):
        return False
    if not all(isinstance(value, list) for value in lists.values()):
        return False
    return all(map(_extraction, lists.get("extraction_fields", []))) and all(map(_drip, lists.get("drip_schedule", [])))


def _extraction(each: Any) -> bool:
    if isinstance(each, str):
        return bool(each)
    return isinstance(each, dict) and bool(each.get("name")) and each.get("type", "string") in ("string", "number", "boolean")


def _drip(each: Any) -> bool:
    if not isinstance(each, dict):
        return False
    if "day" in each:  # the old shape; agents/create, checked 2026-11-20
        return _number(each["day"]) and isinstance(each.get("message"), str)
    if not _number(each.get("delay_hours")) or each.get("type") not in ("ai", "custom"):
        return False
    # custom needs a message. agents/update-sms, checked 2026-11-20.
    return each["type"] == "ai" or bool(each.get("message"))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _store(world: World, fields: Mapping[str, Any]) -> Item:
    store = world.store
    kept = (*UPDATABLE, "organization_id", "user_id", "agent_type")
    data = {name: fields[name] for name in kept if fields.get(name) is not None}
    number = store.next(AGENT)
    # Two styles of id appear on the pages; this is {13-digit ms}x{18 digits}, counted.
    item = store.add(AGENT, f"{1763070568417 + number}x{100000000000000000 + number}", data)
    item.notes |= {
        # A voice create returns an agent_id and a different unique_id, so the three ids are three values.
        "unique_id": f"{1763070568417 + number}x{200000000000000000 + number}",
        "uuid": f"a0000000-0000-4000-8000-{number:012d}",
        "unlisted": world.modes.number("list_lag"),
        "unread": world.modes.number("read_lag"),
        "drip_resets": 0,
        "patches": [],
        "ignored_keys": [],
    }
    _organization_of(world, data["organization_id"])
    return item


def _organization_of(world: World, unique_id: str) -> None:
    """An organisation appears with its first agent."""
    store = world.store
    if store.get(ORGANIZATION, unique_id) is None:
        number = store.next(ORGANIZATION)
        item = store.add(ORGANIZATION, unique_id, {"name": f"Organization {number}", "status": "active"})
        item.notes["uuid"] = f"b0000000-0000-4000-8000-{number:012d}"


def _refused(world: World, operation: str) -> Reply | None:
    # A 2xx with success false is a failure.
    if world.modes["refuse_with_200"] != operation:
        return None
    return Reply(200, _signed(world, {"error": "The request could not be completed", "success": False}))


def _done(world: World, status: int, content: dict[str, Any]) -> Reply:
    return Reply(status, _signed(world, {"success": True, **content}))


def error(world: World, status: int, text: str) -> Reply:
    """The error body. errors, checked 2026-11-20."""
    return Reply(status, _signed(world, {"error": text, "success": False}))


def _signed(world: World, body: dict[str, Any]) -> dict[str, Any]:
    # powered_by is missing from some examples. errors, checked 2026-11-20.
    return body if world.modes["powered_by"] == "absent" else {**body, "powered_by": "Teli"}


def refuse(world: World, present: bool) -> Reply:
    """No key, or one that is not accepted. errors and authentication, checked 2026-11-20."""
    reply = error(world, 401, "Invalid API key" if present else "API key is required")
    if world.modes["auth_error"] == "without_success":
        reply.body = {"error": reply.body["error"]}
    return reply


def credential(headers: Mapping[str, str]) -> str | None:
    """X-API-Key, without a scheme word. authentication, checked 2026-11-20."""
    return headers.get("x-api-key") or None


STORAGE_NAMES = {"greeting_prompt": "starting_message", "general_prompt": "prompt", "created_by_user_id": "user_id"}


def dashboard_add(world: World, fields: Mapping[str, Any]) -> Item:
    """An agent made by a person in the dashboard."""
    defaults = {
        "agent_type": "sms",
        "agent_name": "Made in the dashboard",
        "organization_id": "1763070568417x631086913669115287",
        "user_id": "1763070568417x100000000000000001",
    }
    return _store(world, {**defaults, **_written(fields)})


def dashboard_edit(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    """An edit by a person: any field, also those that no call of the API sets."""
    world.store.change(item, _written(fields))


def _written(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {STORAGE_NAMES.get(name, name): value for name, value in fields.items()}


def script(item: Item) -> Script:
    """The first message, and the drips. Whether an answer of the lead holds them back: no page."""
    drips = mappings(item.data.get("drip_schedule"))
    later = tuple(each for drip in drips if (each := _later(drip)))
    note = "Delays are counted from the first message; whether they are, and whether an answer holds drips back, no page says."
    return Script(text_of(item.data.get("starting_message")), later, (note,) if later else ())


def _later(drip: Mapping[str, Any]) -> Later | None:
    hours, days = number_of(drip.get("delay_hours")), number_of(drip.get("day"))
    if hours is None and days is None:
        return None
    kind = str(drip.get("type", "custom"))
    return Later(days * DAY if hours is None and days is not None else (hours or 0) * HOUR, kind, text_of(drip.get("message")))


VENDOR = Vendor(
    name="teli",
    title="Teli",
    routes=(
        Route("create", "POST", "/v1/agents", create, PAGES + "agents/create-sms"),
        Route("list", "GET", "/v1/agents", list_agents, PAGES + "agents/list"),
        Route("get", "GET", "/v1/agents/{agent_id}", get, PAGES + "errors"),
        Route("update", "PATCH", "/v1/agents/{agent_id}", update, PAGES + "agents/update-sms"),
        Route("delete", "DELETE", "/v1/agents/{id}", delete, PAGES + "agents/delete"),
        Route("organizations", "GET", "/v1/organizations", organizations, PAGES + "organizations/list"),
    ),
    modes=MODES,
    credential=credential,
    refuse=refuse,
    error=error,
    kind=AGENT,
    add=dashboard_add,
    edit=dashboard_edit,
    label=lambda item: str(item.data.get("agent_name", item.data.get("name", item.id))),
    script=script,
)
