"""The number calls of Fluents, and those of Vocode, the older dialect of the same API (mode `dialect`). Checked 2026-11-20.

Pages: https://docs.fluents.ai/api-reference/numbers/{buy,update,cancel}-number and agents/list-agents;
https://docs.vocode.dev/api-reference/numbers/{get,buy,update}-number, and Vocode's OpenAPI document of 2024-08-27 (list, link,
cancel, usage). That Fluents has get, list and link is known from a third party's catalogue only. Its calls `available` and
`detach` are left out: nothing here needs them, and the selector of `detach` is on no page.

Where the pages leave two readings open, `MODES` can play either. What no page states is marked `no page` at its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fluents_input import BUY, LINK, NULLABLE, NULLABLE_WHEN_BOUGHT, UPDATE, error, not_found, refusal, without
from .fluents_views import AGENT, OWNER, agent, is_vocode, number, page, spelled
from .store import Item
from .wire import Reply, Request
from .world import Mode, Route, Vendor, World

FLUENTS = "https://docs.fluents.ai/api-reference/"
VOCODE = "https://docs.vocode.dev/api-reference/"
SPEC = "https://api.vocode.dev/openapi.json"
NUMBER = "number"

MODES = {
    "dialect": Mode(("fluents", "vocode"), "whose API is played; they share their paths"),
    "post_status": Mode(("documented", "200", "201"), "status of a POST: 201 on Fluents' pages, 200 at Vocode"),
    "number_form": Mode(("documented", "plus", "digits"), "numbers in answers: with a plus at Fluents, digits only at Vocode"),
    "selector": Mode(("exact", "lenient"), "exact: a number is found only as its dialect spells it; no page says that other forms work"),
    "references": Mode(("documented", "ids", "objects"), "inbound_agent and account connections in answers"),
    "credentials": Mode(("present", "masked", "absent"), "credentials of an expanded account connection"),
    "catalogue_keys": Mode(("absent", "present"), "sms_enabled, is_routing_number, tags, config: known from a third party only"),
    "empty_context_reads": Mode(("object", "null", "absent"), "an empty example_context in answers"),
    "empty_context": Mode(("ignored", "clears"), "{} for example_context in an update: also the marker for leaving it alone"),
    "null_agent": Mode(("clears", "ignored", "refused"), "null for inbound_agent in an update at Fluents; Vocode clears"),
    "default_agent": Mode(("none", "attached"), "whether a number bought without an agent gets one"),
    "agent_on_buy": Mode(("kept", "ignored"), "whether inbound_agent of a purchase is honoured; it was added late"),
    "sells": Mode(("asked", "another"), "another: a number other than the one asked for"),
    "buy_needs": Mode(("nothing", "provider"), "provider: a purchase without telephony_provider is a 400"),
    "link_held": Mode(("400", "again"), "linking a number that is held; again: it takes the new connection"),
    "cancel": Mode(("gone", "inactive"), "what cancel does: the number is not there any more, or is there with active false"),
    "cancel_twice": Mode(("404", "400"), "cancelling a number that is not there, or is inactive"),
    "missing": Mode(("404", "400", "422"), "answer of get for a number that nobody holds"),
    "paging": Mode(("right", "stuck", "estimated"), "stuck: every page is the first and says there is more; estimated: so is total"),
    "largest_page": Mode(int, "the most items of a page, whatever size was asked for; 0: no limit"),
    "list_lag": Mode(int, "a new number is missing from so many list calls"),
    "read_lag": Mode(int, "a new number is not found by so many get calls"),
}


def buy(world: World, request: Request) -> Reply:
    """POST /v1/numbers/buy. numbers/buy-number at both vendors; at Vocode the body itself is optional."""
    fields = _fields(request, BUY)
    if refused := refusal(world, fields, BUY, NULLABLE_WHEN_BOUGHT):
        return refused
    chosen = fields.get("phone_number") if not is_vocode(world) else None  # Vocode has no such field, and ignores unknown ones
    if "telephony_provider" not in fields and world.modes["buy_needs"] == "provider":
        return error(world, 400, ["telephony_provider should not be empty"])
    if str(fields.get("area_code") or "415").startswith("9"):
        # A 404 is documented for buy; when it comes: no page.
        return error(world, 404, "No number is available in this area")
    if chosen and world.store.get(NUMBER, _plus(chosen)):
        return error(world, 400, "This number is not available")  # no page
    id = _plus(chosen) if chosen and world.modes["sells"] == "asked" else _next(world, fields.get("area_code") or "415")
    kept = {name: fields[name] for name in ("area_code", "telephony_account_connection") if fields.get(name)}
    # The default of Vocode is vonage. What Fluents takes where none is named: no page.
    provider = fields.get("telephony_provider") or ("vonage" if is_vocode(world) else "twilio")
    item = _store(world, id, {"acquired": "bought", **kept, "telephony_provider": provider})
    _attach_at_birth(world, item, fields.get("inbound_agent"))
    return _posted(world, item)


def _attach_at_birth(world: World, item: Item, named: Any) -> None:
    if world.modes["agent_on_buy"] == "ignored":
        named = None
    if named in (None, "default") and world.modes["default_agent"] == "attached":
        named = _new_agent(world, {"name": "Default agent"})
    if isinstance(named, dict):
        named = _new_agent(world, named)
    if named:
        _know_agent(world, named)
        world.store.change(item, {"inbound_agent": named})


def link(world: World, request: Request) -> Reply:
    """POST /v1/numbers/link. Vocode's OpenAPI document; Fluents' body is on no page."""
    fields = _fields(request, LINK)
    for name in ("phone_number", "telephony_account_connection"):
        if not fields.get(name):
            return without(world, name, "body")
    if refused := refusal(world, fields, LINK, frozenset({"inbound_agent"})):
        return refused
    id = _plus(fields["phone_number"])
    held = world.store.get(NUMBER, id)
    if held and world.modes["link_held"] == "400" and held.data.get("active", True):
        return error(world, 400, "This number is already linked")  # no page
    data = {
        "acquired": "linked",
        "telephony_account_connection": fields["telephony_account_connection"],
        "telephony_provider": "twilio",
        "outbound_only": fields.get("outbound_only", False),
        "active": True,
    }
    if held:
        world.store.change(held, data)
    item = held or _store(world, id, data)
    _attach_at_birth(world, item, fields.get("inbound_agent"))
    return _posted(world, item)


def get(world: World, request: Request) -> Reply:
    """GET /v1/numbers?phone_number=… . numbers/get-number at Vocode."""
    if not request.query.get("phone_number"):
        return without(world, "phone_number", "query")
    item = _selected(world, request)
    if item is None or _lags(item, "unread"):
        return not_found(world) if world.modes["missing"] == "404" else error(world, int(world.modes["missing"]), "Number not found")
    return Reply(200, number(world, item, single=True))


def list_numbers(world: World, request: Request) -> Reply:
    """GET /v1/numbers/list. Vocode's OpenAPI document."""
    found = [number(world, item, single=False) for item in world.store.all(NUMBER) if not _lags(item, "unlisted")]
    return Reply(200, page(world, found, request.query))


def update(world: World, request: Request) -> Reply:
    """POST /v1/numbers/update?phone_number=…: what is left out stays. numbers/update-number at both vendors."""
    if not request.query.get("phone_number"):
        return without(world, "phone_number", "query")
    fields = _fields(request, UPDATE)
    if refused := refusal(world, fields, UPDATE, NULLABLE):
        return refused
    item = _selected(world, request)
    if item is None:
        return not_found(world)
    if is_vocode(world):
        fields.pop("description", None)  # it has none, and ignores what it does not know
    item.notes["updates"] = [*item.notes["updates"], sorted(request.fields)][-200:]
    _attach(world, item, fields)
    if fields.get("example_context") == {} and world.modes["empty_context"] == "ignored":
        del fields["example_context"]
    world.store.change(item, fields)
    return _posted(world, item)


def _attach(world: World, item: Item, fields: dict[str, Any]) -> None:
    """An id replaces the agent; an object changes the one that is attached, for all numbers that share it. Vocode's prose."""
    if "inbound_agent" not in fields:
        return
    named = fields.pop("inbound_agent")
    if isinstance(named, dict):
        attached = item.data.get("inbound_agent")
        if attached and named:
            world.store.change(_know_agent(world, attached), named)
        return
    if named is None and not is_vocode(world) and world.modes["null_agent"] == "ignored":
        return
    if named:
        _know_agent(world, named)
    world.store.change(item, {"inbound_agent": named})


def cancel(world: World, request: Request) -> Reply:
    """POST /v1/numbers/cancel?phone_number=…: answers with the number. What it does is on no page."""
    if not request.query.get("phone_number"):
        return without(world, "phone_number", "query")
    item = _selected(world, request)
    if item is None or not item.data.get("active", True):
        return not_found(world) if world.modes["cancel_twice"] == "404" else error(world, 400, "This number cannot be cancelled")
    if world.modes["cancel"] == "inactive":
        world.store.change(item, {"active": False})
        return _posted(world, item)
    shown = _posted(world, item)
    world.store.remove(item)
    return shown


def list_agents(world: World, request: Request) -> Reply:
    """GET /v1/agents/list. agents/list-agents."""
    return Reply(200, page(world, [agent(item) for item in world.store.all(AGENT)], request.query))


def usage(world: World, _request: Request) -> Reply:
    """GET /v1/usage, which only Vocode has. Its OpenAPI document."""
    if not is_vocode(world):
        return Reply(404, {"statusCode": 404, "message": "Cannot GET /v1/usage", "error": "Not Found"})
    return Reply(200, {"user_id": OWNER, "plan_type": "plan_developer", "monthly_usage_minutes": 0, "monthly_usage_limit_minutes": None})


def _fields(request: Request, known: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the call has; others are ignored."""
    return {name: request.fields[name] for name in known if name in request.fields}


def _selected(world: World, request: Request) -> Item | None:
    asked = request.query["phone_number"]
    # A raw plus arrives as a space, and finds nothing.
    item = world.store.get(NUMBER, _plus(asked)) if asked.removeprefix("+").isdecimal() else None
    exact = world.modes["selector"] == "lenient" or (item is not None and asked == spelled(world, item.id))
    return item if exact else None


def _plus(text: str) -> str:
    return "+" + "".join(filter(str.isdecimal, text))


def _posted(world: World, item: Item) -> Reply:
    status = world.modes["post_status"]
    code = (200 if is_vocode(world) else 201) if status == "documented" else int(status)
    return Reply(code, number(world, item, single=True))


def _next(world: World, area_code: str) -> str:
    """A number that nobody holds yet; counted, so that runs repeat."""
    while True:
        count = world.store.next(f"number in {area_code}")
        id = f"+1{area_code}{5550099 + count:07d}"
        if world.store.get(NUMBER, id) is None:
            return id


def _store(world: World, id: str, data: Mapping[str, Any]) -> Item:
    item = world.store.add(NUMBER, id, data)
    item.notes |= {
        "uuid": f"550e8400-e29b-41d4-a716-{world.store.next(NUMBER):012d}",
        "unlisted": world.modes.number("list_lag"),
        "unread": world.modes.number("read_lag"),
        "updates": [],
    }
    return item


def _lags(item: Item, countdown: str) -> bool:
    """Whether a new number is still out of sight; asking counts. No page says so; any such API may do it."""
    left = int(item.notes[countdown])
    item.notes[countdown] = max(0, left - 1)
    return left > 0


def _know_agent(world: World, id: str) -> Item:
    """An agent appears with the first number that names it: whether an unknown id is refused is on no page."""
    return world.store.get(AGENT, id) or world.store.add(AGENT, id, {"name": "Agent Name"})


def _new_agent(world: World, fields: Mapping[str, Any]) -> str:
    return world.store.add(AGENT, f"550e8400-e29b-41d4-a717-{world.store.next(AGENT):012d}", fields).id


def refuse(world: World, _present: bool) -> Reply:
    """No key, or one that is not accepted: no page shows the answer of either vendor."""
    return Reply(401, {"detail": "Unauthorized"} if is_vocode(world) else {"statusCode": 401, "message": "Unauthorized"})


def credential(headers: Mapping[str, str]) -> str | None:
    """Authorization: Bearer <key>."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def dashboard_add(world: World, fields: Mapping[str, Any]) -> Item:
    """A number bought by a person in the dashboard: `phone_number`, or the next one of `area_code`."""
    given = {name: value for name, value in fields.items() if name not in ("phone_number", "link")}
    id = _plus(fields["phone_number"]) if fields.get("phone_number") else _next(world, fields.get("area_code", "415"))
    acquired = "linked" if fields.get("link") else "bought"
    item = _store(world, id, {"acquired": acquired, "telephony_provider": "twilio", **given})
    if given.get("inbound_agent"):
        _know_agent(world, given["inbound_agent"])
    return item


def dashboard_edit(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    """An edit by a person: any field, also those that no call of the API sets."""
    if fields.get("inbound_agent"):
        _know_agent(world, fields["inbound_agent"])
    world.store.change(item, fields)


VENDOR = Vendor(
    name="fluents",
    title="Fluents",
    routes=(
        Route("buy", "POST", "/v1/numbers/buy", buy, FLUENTS + "numbers/buy-number"),
        Route("link", "POST", "/v1/numbers/link", link, SPEC),
        Route("get", "GET", "/v1/numbers", get, VOCODE + "numbers/get-number"),
        Route("list", "GET", "/v1/numbers/list", list_numbers, SPEC),
        Route("update", "POST", "/v1/numbers/update", update, FLUENTS + "numbers/update-number"),
        Route("cancel", "POST", "/v1/numbers/cancel", cancel, FLUENTS + "numbers/cancel-number"),
        Route("agents", "GET", "/v1/agents/list", list_agents, FLUENTS + "agents/list-agents"),
        Route("usage", "GET", "/v1/usage", usage, SPEC),
    ),
    modes=MODES,
    credential=credential,
    refuse=refuse,
    error=error,
    kind=NUMBER,
    add=dashboard_add,
    edit=dashboard_edit,
    label=lambda item: str(item.data.get("label") or item.data.get("name") or item.id),
    secret_fields=frozenset({"credentials", "twilio_auth_token", "openai_api_key"}),
)
