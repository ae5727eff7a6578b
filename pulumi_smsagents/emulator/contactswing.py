"""ContactSwing's API for SMS assistants, as its pages describe it, checked 2026-11-20.

Pages, all under https://docs.contactswing.ai/api-reference/endpoint/: sms-ai (create), assistants-put.md (update, without a visible
path), get (the actions of the account). No page shows an error body; the host name says FastAPI, whose shapes are used.

`/v2/path-not-shown/{assistant_id}` is no address of the vendor: it stands where the pages show none, so that the settings for these paths
can be tried. Reading and deleting, which no page documents at all, answer there only if switched on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from .scripts import Script, number_of
from .store import Item
from .wire import Reply, Request
from .world import Mode, Route, Vendor, World

PAGES = "https://docs.contactswing.ai/api-reference/endpoint/"
ASSISTANT = "assistant"
UNSHOWN = "/v2/path-not-shown/{assistant_id}"

Wrong: TypeAlias = tuple[str, str, str]
"""A place in the body, and FastAPI's words and kind for what is wrong there."""

TEXTS = ("name", "type", "model", "instructions", "sms_type")
"""The required texts of a create. sms-ai, checked 2026-11-20."""

OPTIONAL_TEXTS = ("phone_number", "kb_id")
UPDATABLE = {"name": "name", "description": "description", "actions": "action_ids", "model": "model"}
"""The fields of an update, and what create calls them. assistants-put.md, checked 2026-11-20."""

MODES = {
    "ids": Mode(("text", "integer"), "assistant_id in answers: text on the create page, an integer in the bodies of campaigns"),
    "update_leaves": Mode(("kept", "blanked"), "what an update does to fields of its page that the body leaves out; no page says"),
    "same_name": Mode(("allowed", "400"), "a create without force under a name that is taken; no page says"),
    "force": Mode(("same_id", "new_id"), "a create with force under a name that is taken: the old id survives, or not; no page says"),
    "read_call": Mode(("absent", "data", "data.data"), "whether an assistant can be read, and where it stands; no page documents a read"),
    "delete_call": Mode(("absent", "204", "200"), "whether an assistant can be deleted, and the answer; no page documents a deletion"),
    "errors": Mode(("detail", "message", "text"), "the shape of errors, which no page shows"),
    "error_ctx_id": Mode(("absent", "present"), "ctx_id in errors"),
}


def create(world: World, request: Request) -> Reply:
    """POST /v2/_new_assistants. sms-ai, checked 2026-11-20."""
    fields = request.fields
    if not fields.get("api_keys"):
        return error(world, 400, "Invalid SMS configuration or missing API keys")
    if wrong := list(_wrong(fields)):
        return _invalid(wrong)
    settings = fields.get("additional_settings", {})
    # The page prints dotted names inside additional_settings; they are taken for an artefact, so that a client that sends them is found.
    if fields["type"] != "SMS" or any("." in name for name in settings):
        return error(world, 400, "Invalid SMS configuration or missing API keys")
    return _made(world, request, fields)


def _made(world: World, request: Request, fields: Mapping[str, Any]) -> Reply:
    taken = next((item for item in world.store.all(ASSISTANT) if item.data["name"] == fields["name"]), None)
    force = request.query.get("force", "").lower() == "true"
    if taken and not force and world.modes["same_name"] == "400":
        return error(world, 400, "An assistant with this name exists")
    item = _overwritten(world, taken, fields) if taken and force else _store(world, fields)
    item.notes["bodies"] = [*item.notes["bodies"], dict(fields)]
    item.notes["queries"] = [*item.notes["queries"], dict(request.query)]
    return _done(world, 201, {"assistant_id": _shown_id(world, item), "name": item.data["name"]})


def _overwritten(world: World, taken: Item, fields: Mapping[str, Any]) -> Item:
    """What the page calls force recreate (overwrite existing). sms-ai, checked 2026-11-20."""
    if world.modes["force"] == "new_id":
        world.store.remove(taken)
        return _store(world, fields)
    world.store.change(taken, _kept(fields))
    return taken


def _wrong(fields: Mapping[str, Any]) -> Iterator[Wrong]:
    """Each field that is missing or of another type than the page says."""
    yield from ((name, "Field required", "missing") for name in TEXTS if name not in fields)
    yield from _wrong_texts(fields, (*TEXTS, *OPTIONAL_TEXTS))
    if not _are(fields["api_keys"], _api_key):
        yield "api_keys", "Input should be a valid list", "list_type"
    yield from _wrong_ids(fields, "action_ids")
    yield from _wrong_objects(fields)


def _wrong_texts(fields: Mapping[str, Any], names: Iterable[str]) -> Iterator[Wrong]:
    for name in names:
        if name in fields and not isinstance(fields[name], str):
            yield name, "Input should be a valid string", "string_type"


def _wrong_ids(fields: Mapping[str, Any], name: str) -> Iterator[Wrong]:
    if not _are(fields.get(name, []), lambda each: isinstance(each, str)):
        yield name, "Input should be a valid list", "list_type"


def _wrong_objects(fields: Mapping[str, Any]) -> Iterator[Wrong]:
    objects = {name: fields.get(name, {}) for name in ("prompts", "additional_settings")}
    yield from ((name, "Input should be a valid dictionary", "dict_type") for name, held in objects.items() if not isinstance(held, dict))
    for name, held in objects.items():
        for key, value in held.items() if isinstance(held, dict) else ():
            if not (isinstance(value, str) if name == "prompts" else _whole(value)):
                yield f"{name}.{key}", "Input should be of another type", "type"


def _are(items: Any, right: Any) -> bool:
    return isinstance(items, list) and all(map(right, items))


def _api_key(each: Any) -> bool:
    return isinstance(each, dict) and _whole(each.get("api_key_id")) and isinstance(each.get("type"), str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def update(world: World, request: Request) -> Reply:
    """PUT with four optional fields. assistants-put.md, checked 2026-11-20; its path is not visible there."""
    item = world.store.get(ASSISTANT, request.params["assistant_id"])
    if item is None:
        return error(world, 404, "Assistant not found")  # no page: none lists an error
    fields = request.fields
    if wrong := list(_wrong_update(fields)):
        return _invalid(wrong)
    item.notes["updates"] = [*item.notes["updates"], dict(fields)]
    given = {ours: fields[theirs] for theirs, ours in UPDATABLE.items() if theirs in fields}
    left_out = {ours: [] if ours == "action_ids" else "" for ours in UPDATABLE.values() if ours in item.data}
    world.store.change(item, {**(left_out if world.modes["update_leaves"] == "blanked" else {}), **given})
    return _done(world, 200, {"id": _shown_id(world, item), "name": item.data["name"]}, said=True)


def _wrong_update(fields: Mapping[str, Any]) -> Iterator[Wrong]:
    yield from _wrong_texts(fields, ("name", "description", "model"))
    yield from _wrong_ids(fields, "actions")


def actions(world: World, request: Request) -> Reply:
    """GET /v2/_actions: the actions that assistants refer to. get, checked 2026-11-20."""
    page, size = (request.query.get(name, default) for name, default in (("page", "1"), ("per_page", "10")))
    if not (page.isdecimal() and size.isdecimal() and int(page) >= 1 and 1 <= int(size) <= 100):
        return _invalid([("per_page", "Input should be between 1 and 100", "range")])
    ids = dict.fromkeys(id for item in world.store.all(ASSISTANT) for id in item.data.get("action_ids", []))
    rows = [{"id": id, "name": f"Action {number}", "type": "WEBHOOK", "is_active": True} for number, id in enumerate(ids, 1)]
    first, last = (int(page) - 1) * int(size), int(page) * int(size)
    pages = -(-len(rows) // int(size))
    counters = {"total_records": len(rows), "total_pages": pages, "has_next": last < len(rows)}
    pagination = {"current_page": int(page), "per_page": int(size), **counters}
    return _done(world, 200, {"data": rows[first:last], "pagination": pagination}, said=True)


def read(world: World, request: Request) -> Reply:
    """No page documents a read; the shape is that of the documented read of an action."""
    if world.modes["read_call"] == "absent":
        return _no_route()
    item = world.store.get(ASSISTANT, request.params["assistant_id"])
    if item is None:
        return error(world, 404, "Assistant not found")
    shown = {"id": _shown_id(world, item), **item.data}
    return _done(world, 200, {"data": shown} if world.modes["read_call"] == "data.data" else shown, said=True)


def delete(world: World, request: Request) -> Reply:
    """No page documents a deletion."""
    if world.modes["delete_call"] == "absent":
        return _no_route()
    item = world.store.get(ASSISTANT, request.params["assistant_id"])
    if item is None:
        return error(world, 404, "Assistant not found")
    world.store.remove(item)
    return Reply(204, b"") if world.modes["delete_call"] == "204" else _done(world, 200, {"id": _shown_id(world, item)}, said=True)


def _no_route() -> Reply:
    # What FastAPI answers for a path that it does not have.
    return Reply(404, {"detail": "Not Found"})


def _store(world: World, fields: Mapping[str, Any]) -> Item:
    number = world.store.next(ASSISTANT)
    # No page shows an id. These are larger than a float can count, so that a client that turns them into one is found.
    item = world.store.add(ASSISTANT, str(9_007_199_254_740_993 + number), _kept(fields))
    item.notes |= {"bodies": [], "queries": [], "updates": []}
    return item


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    known = (*TEXTS, *OPTIONAL_TEXTS, "api_keys", "prompts", "action_ids", "additional_settings")
    return {name: fields[name] for name in known if name in fields}


def _shown_id(world: World, item: Item) -> str | int:
    return int(item.id) if world.modes["ids"] == "integer" else item.id


def _done(world: World, status: int, data: dict[str, Any], *, said: bool = False) -> Reply:
    """The envelope: reads and updates add a message. sms-ai, assistants-put.md, get, checked 2026-11-20."""
    return Reply(status, {"ctx_id": _ctx_id(world), "data": data, **({"message": "Request processed successfully"} if said else {})})


def _ctx_id(world: World) -> str:
    return f"c0000000-0000-4000-8000-{world.store.next('ctx_id'):012d}"


def _invalid(wrong: Iterable[Wrong]) -> Reply:
    """FastAPI's 422. No page."""
    detail = [{"loc": ["body", *place.split(".")], "msg": words, "type": kind} for place, words, kind in wrong]
    return Reply(422, {"detail": detail})


def error(world: World, status: int, text: str) -> Reply:
    """An error. No page shows a body."""
    if world.modes["errors"] == "text":
        return Reply(status, text.encode(), media_type="text/plain")
    held = {"ctx_id": _ctx_id(world)} if world.modes["error_ctx_id"] == "present" else {}
    return Reply(status, {**held, str(world.modes["errors"]): text})


def refuse(world: World, _present: bool) -> Reply:
    """401: invalid token. sms-ai, checked 2026-11-20. What a missing one gets: no page."""
    return error(world, 401, "Invalid token")


def credential(headers: Mapping[str, str]) -> str | None:
    """Authorization: Bearer <token>. customers-get, checked 2026-11-20."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    # A second scheme word makes another token of it, which no account has.
    return token if scheme.lower() == "bearer" and token and " " not in token else None


def dashboard_add(world: World, fields: Mapping[str, Any]) -> Item:
    """An assistant made by a person in the dashboard."""
    defaults = {
        "name": "Made in the dashboard",
        "type": "SMS",
        "model": "cw-llm-1",
        "instructions": "",
        "sms_type": "OUTBOUND",
        "api_keys": [{"api_key_id": 134, "type": "SMS"}],
    }
    return _store(world, {**defaults, **fields})


def dashboard_edit(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    """An edit by a person: any field."""
    world.store.change(item, fields)


def script(item: Item) -> Script:
    """Its model writes every message. sms-ai, checked 2026-11-20."""
    given = item.data.get("additional_settings")
    settings = given if isinstance(given, dict) else {}
    notes = ["ContactSwing’s model writes every message, the first one too, from instructions and prompts."]
    for name, words in (("idle_time", "seconds of silence end the conversation"), ("max_messages", "messages end the conversation")):
        if (amount := number_of(settings.get(name))) is not None:
            notes.append(f"{amount:g} {words} ({name}).")
    return Script(notes=tuple(notes))


VENDOR = Vendor(
    name="contactswing",
    title="ContactSwing",
    routes=(
        Route("create", "POST", "/v2/_new_assistants", create, PAGES + "sms-ai"),
        Route("update", "PUT", UNSHOWN, update, PAGES + "assistants-put.md"),
        Route("actions", "GET", "/v2/_actions", actions, PAGES + "get"),
        Route("read", "GET", UNSHOWN, read, ""),
        Route("delete", "DELETE", UNSHOWN, delete, ""),
    ),
    modes=MODES,
    credential=credential,
    refuse=refuse,
    error=error,
    kind=ASSISTANT,
    add=dashboard_add,
    edit=dashboard_edit,
    label=lambda item: str(item.data.get("name", item.id)),
    script=script,
)
