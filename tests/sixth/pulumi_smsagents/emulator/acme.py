"""Acme's API for SMS agents, as its page https://docs.acme.example/agents would describe it, were there an Acme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .store import Item
from .wire import Reply, Request
from .world import Route, Vendor, World

PAGE = "https://docs.acme.example/agents"
AGENT = "agent"
REQUIRED = ("team", "title", "prompt")
CHANGEABLE = ("title", "prompt", "tone", "labels")


def create(world: World, request: Request) -> Reply:
    """POST /v1/agents."""
    missing = [name for name in REQUIRED if not isinstance(request.fields.get(name), str)]
    if missing:
        return error(world, 400, f"{missing[0]} is required")
    return Reply(201, {"agent": _shown(_store(world, request.fields))})


def list_agents(world: World, _request: Request) -> Reply:
    """GET /v1/agents."""
    return Reply(200, {"agents": [_shown(item) for item in world.store.all(AGENT)]})


def get(world: World, request: Request) -> Reply:
    """GET /v1/agents/{agent_id}."""
    item = world.store.get(AGENT, request.params["agent_id"])
    return Reply(200, {"agent": _shown(item)}) if item else error(world, 404, "No such agent")


def update(world: World, request: Request) -> Reply:
    """PATCH /v1/agents/{agent_id}."""
    item = world.store.get(AGENT, request.params["agent_id"])
    if item is None:
        return error(world, 404, "No such agent")
    world.store.change(item, {name: value for name, value in request.fields.items() if name in CHANGEABLE})
    item.notes["version"] += 1
    return Reply(200, {"agent": _shown(item)})


def delete(world: World, request: Request) -> Reply:
    """DELETE /v1/agents/{agent_id}."""
    item = world.store.get(AGENT, request.params["agent_id"])
    if item is None:
        return error(world, 404, "No such agent")
    world.store.remove(item)
    return Reply(204, b"")


def _store(world: World, fields: Mapping[str, Any]) -> Item:
    data = {name: value for name, value in fields.items() if name in ("team", *CHANGEABLE)}
    item = world.store.add(AGENT, f"ag_{world.store.next(AGENT)}", data)
    item.notes["version"] = 1
    return item


def _shown(item: Item) -> dict[str, Any]:
    return {"agent_id": item.id, "version": item.notes["version"], "created_at": item.created, **item.data}


def error(_world: World, status: int, text: str) -> Reply:
    """An error."""
    return Reply(status, {"error": text})


def refuse(world: World, _present: bool) -> Reply:
    """A key that is missing or wrong."""
    return error(world, 401, "Wrong API key")


def dashboard_edit(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    """An edit by a person: any field."""
    world.store.change(item, fields)


VENDOR = Vendor(
    name="acme",
    title="Acme",
    routes=(
        Route("create", "POST", "/v1/agents", create, PAGE),
        Route("list", "GET", "/v1/agents", list_agents, PAGE),
        Route("get", "GET", "/v1/agents/{agent_id}", get, PAGE),
        Route("update", "PATCH", "/v1/agents/{agent_id}", update, PAGE),
        Route("delete", "DELETE", "/v1/agents/{agent_id}", delete, PAGE),
    ),
    modes={},
    credential=lambda headers: headers.get("x-api-key") or None,
    refuse=refuse,
    error=error,
    kind=AGENT,
    add=_store,
    edit=dashboard_edit,
    label=lambda item: str(item.data.get("title", item.id)),
)
