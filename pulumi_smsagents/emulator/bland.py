"""Bland's SMS configurations of numbers, as its pages describe them, checked 2026-11-20.

Pages, all under https://docs.bland.ai/api-v1/: post/sms-update, get/sms-numbers, get/me, post/calls (errors in general),
post/sms-send and post/inbound-number-update (sister calls that say what these leave open).

A number has up to three configurations, one a channel. The objects here are configurations; their ids are ours, since the vendor
has none: the number, and `/whatsapp` or `/imessage` behind it. The numbers themselves are objects of the kind `number`.
Where the pages leave two readings open, `MODES` can play either. What no page states is marked `no page` at its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .scripts import Later, Script, number_of, text_of, variables_of
from .store import Item
from .wire import Reply, Request
from .world import Mode, Route, Vendor, World

PAGES = "https://docs.bland.ai/api-v1/"
CONFIGURATION = "configuration"
NUMBER = "number"
CHANNELS = {"sms": "SMS", "whatsapp": "WhatsApp", "imessage": "iMessage"}
FLOOR = 30

DEFAULTS: dict[str, Any] = {
    "webhook": None,
    "request_data": [],
    "response_data": None,
    "time_out": None,
    "timeout_action": None,
    "timeout_message": None,
    "warning_time": None,
    "warning_message": None,
    "messaging_service_sid": None,
    "objective": "Chat with the user",
    "tools": [],
    "temperature": 0,
    "use_candidate_model": False,  # in no sample
    "pathway_id": None,
    "pathway_version": None,
    "start_node_id": None,
    "restart_after_end_call": True,
    "timezone": None,
    "summary_prompt": None,
    "disposition_ids": None,
    "citation_schema_ids": None,
}
"""A configuration that nobody set, by the default response of post/sms-update, checked 2026-11-20."""

UNLISTED = ("timeout_action", "timeout_message", "warning_time", "warning_message", "response_data", "use_candidate_model")
"""The fields that get/sms-numbers does not document, checked 2026-11-20."""

MODES = {
    "writes": Mode(("overwrite", "merge"), "what becomes of a field that is not sent: back to its default, or kept; no page says"),
    "nulls": Mode(
        ("accepted", "ignored", "400", "500"), "an explicit null: saved, without effect, or refused with this status; no page says"
    ),
    "empties": Mode(("accepted", "ignored"), 'an explicit "" or []: saved, or without effect; no page says'),
    "read_keys": Mode(("documented", "all"), "whether the list shows the six fields that its page does not name"),
    "floor": Mode(("on", "off"), "whether a time_out from 1 to 29 is raised to 30 on save; newer revisions of the page say so"),
    "version_echo": Mode(("as_written", "number", "string"), "pathway_version in answers; the pages have had both types"),
    "timing_error": Mode(("500", "400", "none"), "answer where warning_time is not less than time_out; 400 is that of post/sms-send"),
    "extra_keys": Mode(("absent", "present"), "whether configurations hold keys that no page names"),
    "pathway_resets": Mode(
        ("no", "yes"), "yes: setting pathway_id resets objective and tools, as post/inbound-number-update does for voice"
    ),
    "numbers": Mode(("any", "known"), "any: a number belongs to the organisation from its first use on; known: only those that were added"),
    "plan": Mode(("enterprise", "other"), "other: SMS is not in the plan, and an update is a 403"),
    "success_errors": Mode(("null", "empty"), "errors of a success: null, or [] as one SMS page shows"),
    "refuse_with_200": Mode(("none", "update", "numbers"), "this call answers 200 with errors and does nothing"),
    "channels": Mode(("known", "unknown"), "unknown: a server from before the channels, which ignores the field and the parameter"),
    "list_lag": Mode(int, "a new configuration is missing from so many list calls"),
}


def update(world: World, request: Request) -> Reply:
    """POST /v1/sms/number/update. post/sms-update, checked 2026-11-20."""
    fields = request.fields
    if problem := _refused(world, "update") or _problem(world, fields):
        return problem
    phone = fields["phone_number"]
    channel = _channel(world, phone, fields.get("channel"))
    item = world.store.get(CONFIGURATION, _id(phone, channel))
    settings = _settled(world, item.data if item else _blank(phone, channel), fields)
    if isinstance(settings, str):
        # The text is on no page.
        return error(world, int(settings), "Null is not allowed", "INVALID_BODY" if settings == "400" else _failed(channel))
    if world.modes["timing_error"] != "none" and _late_warning(settings):
        status = int(world.modes["timing_error"])
        text = "warning_time must be less than time_out"
        return error(world, status, text, "INVALID_TIMEOUT_CONFIG" if status == 400 else _failed(channel))
    if item is None:
        item = _keep(world, {**_blank(phone, channel), **settings})
    else:
        world.store.change(item, settings)
    _record(item, fields)
    return _done(world, {"message": f"{CHANNELS[channel]} config updated for number {phone}", f"{channel}_config": _shown(world, item)})


def _problem(world: World, fields: Mapping[str, Any]) -> Reply | None:
    """The documented refusals. The order among them, and all of their texts: no page."""
    if world.modes["plan"] == "other":
        return error(world, 403, "SMS requires an Enterprise plan", "ENTERPRISE_REQUIRED")
    if not isinstance(fields.get("phone_number"), str) or not fields["phone_number"]:
        return error(world, 400, "Phone number is required", "PHONE_NUMBER_REQUIRED")
    if fields.get("channel", "sms") not in CHANNELS and world.modes["channels"] == "known":
        return error(world, 400, "Invalid channel", "INVALID_CHANNEL")
    if not _ours(world, fields["phone_number"]):
        return error(world, 404, "Inbound number not found", "INBOUND_NUMBER_NOT_FOUND")
    return None


def _ours(world: World, phone: str) -> bool:
    """Whether the number belongs to the organisation."""
    if world.store.get(NUMBER, _number_id(phone)):
        return True
    released = any(item.id == _number_id(phone) for item in world.store.removed)
    if world.modes["numbers"] == "known" or released:
        return False
    _number(world, phone)
    return True


def _channel(world: World, phone: str, asked: Any) -> str:
    """A number provisioned for iMessage is written as iMessage unless whatsapp is passed. post/sms-update, checked 2026-11-20."""
    if world.modes["channels"] == "unknown":
        return "sms"
    number = world.store.get(NUMBER, _number_id(phone))
    if number and number.data["messaging_service"] == "linq" and asked != "whatsapp":
        return "imessage"
    return str(asked or "sms")


def _settled(world: World, old: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any] | str:
    """The configuration after the write; or the status with which the write is refused."""
    # Fields not on the list are ignored; prompt and task are other names of objective. post/sms-update, checked 2026-11-20.
    given = {"objective" if name in ("prompt", "task") else name: value for name, value in fields.items()}
    given = {name: value for name, value in given.items() if name in DEFAULTS}
    nulls, modes = str(world.modes["nulls"]), world.modes
    if nulls in ("400", "500") and None in given.values():
        return nulls
    if nulls == "ignored":
        given = {name: value for name, value in given.items() if value is not None}
    if modes["empties"] == "ignored":
        given = {name: value for name, value in given.items() if value not in ("", [])}
    kept = {name: old.get(name, DEFAULTS[name]) for name in DEFAULTS}
    return _consequences(world, kept, given)


def _consequences(world: World, old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    modes = world.modes
    # Where nulls have no effect, they do not make a field go away either.
    base = dict(old) if modes["writes"] == "merge" or modes["nulls"] == "ignored" else dict(DEFAULTS)
    settings = {**base, **given}
    wait = settings["time_out"]
    if modes["floor"] == "on" and isinstance(wait, int | float) and 0 < wait < FLOOR:
        settings["time_out"] = FLOOR
    if modes["pathway_resets"] == "yes" and given.get("pathway_id") and given["pathway_id"] != old["pathway_id"]:
        settings |= {name: DEFAULTS[name] for name in ("objective", "tools")}
    return settings


def _late_warning(settings: Mapping[str, Any]) -> bool:
    # What holds without a time_out: no page.
    return bool(settings["warning_time"] and settings["time_out"] and settings["warning_time"] >= settings["time_out"])


def _failed(channel: str) -> str:
    return f"ERROR_UPDATING_{channel.upper()}_CONFIG"


def numbers(world: World, request: Request) -> Reply:
    """GET /v1/sms/numbers. get/sms-numbers, checked 2026-11-20."""
    if refused := _refused(world, "numbers"):
        return refused
    channel = request.query.get("channel", "sms") if world.modes["channels"] == "known" else "sms"
    if channel not in CHANNELS:
        return error(world, 400, "Invalid channel", "INVALID_CHANNEL")
    # Only numbers that have a configuration for the channel; their order and paging: no page.
    found = [item for item in world.store.all(CONFIGURATION) if item.data["channel"] == channel and not _lags(item)]
    return _done(world, [_row(world, item) for item in found if world.store.get(NUMBER, _number_id(item.data["phone_number"]))])


def _lags(item: Item) -> bool:
    left = int(item.notes["unlisted"])
    item.notes["unlisted"] = max(0, left - 1)
    return left > 0


def _row(world: World, item: Item) -> dict[str, Any]:
    phone, channel = item.data["phone_number"], item.data["channel"]
    number = world.store.get(NUMBER, _number_id(phone))
    assert number is not None
    hidden = UNLISTED if world.modes["read_keys"] == "documented" else ()
    config = {name: value for name, value in _shown(world, item, candidate=True).items() if name not in hidden}
    # label and messaging_service came with the newest revision. get/sms-numbers, checked 2026-11-20.
    beside = {name: number.data[name] for name in ("label", "messaging_service")}
    return {"phone_number": phone, f"{channel}_config": config, "conversation_count": item.notes["conversations"], **beside}


def _shown(world: World, item: Item, *, candidate: bool = False) -> dict[str, Any]:
    """The configuration as answers show it; use_candidate_model is in no sample. post/sms-update, checked 2026-11-20."""
    config = {name: item.data[name] for name in DEFAULTS if candidate or name != "use_candidate_model"}
    version, echo = config["pathway_version"], world.modes["version_echo"]
    if echo == "string" and isinstance(version, int):
        config["pathway_version"] = str(version)
    if echo == "number" and isinstance(version, str) and version.isdigit():
        config["pathway_version"] = int(version)
    if world.modes["extra_keys"] == "present":
        config |= {"updated_at": "2026-11-20T00:00:00.000Z", "ignore_keywords": None, "model": "base"}
    return config


def me(_world: World, _request: Request) -> Reply:
    """GET /v1/me. get/me, checked 2026-11-20."""
    return Reply(200, {"status": "active", "billing": {"current_balance": 0}, "total_calls": 0})


def _refused(world: World, operation: str) -> Reply | None:
    # A non-empty errors is a failure whatever the status; the vendor's command line tool treats it so.
    if world.modes["refuse_with_200"] != operation:
        return None
    return Reply(200, _failure("ERROR", "The request could not be completed"))


def _done(world: World, data: Any) -> Reply:
    return Reply(200, {"data": data, "errors": None if world.modes["success_errors"] == "null" else []})


def _failure(code: str, text: str) -> dict[str, Any]:
    return {"data": None, "errors": [{"error": code, "message": text}]}


def error(_world: World, status: int, text: str, code: str = "ERROR") -> Reply:
    """The error body of the SMS calls; a 429 looks as on the calls page. post/sms-update, post/calls, checked 2026-11-20."""
    if status == 429:
        return Reply(429, {"status": "error", "message": "Rate limit exceeded"})
    return Reply(status, _failure(code, text))


def refuse(world: World, _present: bool) -> Reply:
    """No key, or one that is not accepted. post/calls, checked 2026-11-20."""
    return error(world, 401, "Unauthorized", "AUTH_FAILURE")


def credential(headers: Mapping[str, str]) -> str | None:
    """The raw key in `authorization`; `Bearer` before it is tolerated. post/sms-update, checked 2026-11-20."""
    return headers.get("authorization", "").removeprefix("Bearer ") or None


# ---- objects ----


def _id(phone: str, channel: str) -> str:
    return phone if channel == "sms" else f"{phone}/{channel}"


def _number_id(phone: str) -> str:
    return f"number:{phone}"


def _blank(phone: str, channel: str) -> dict[str, Any]:
    return {"phone_number": phone, "channel": channel, **DEFAULTS}


def _number(world: World, phone: str, **beside: Any) -> Item:
    """The number itself; made here by its first use, at the vendor by a purchase or an import."""
    item = world.store.get(NUMBER, _number_id(phone))
    if item is None:
        return world.store.add(NUMBER, _number_id(phone), {"phone_number": phone, "label": None, "messaging_service": None, **beside})
    if beside:
        world.store.change(item, beside)
    return item


def _record(item: Item, fields: Mapping[str, Any]) -> None:
    """Note exactly which keys arrived, also those that the vendor ignores."""
    item.notes["writes"] = [*item.notes["writes"], list(fields)][-200:]
    known = {*DEFAULTS, "phone_number", "channel", "prompt", "task"}
    item.notes["ignored_keys"] = sorted({*item.notes["ignored_keys"], *fields} - known)


def _keep(world: World, data: Mapping[str, Any]) -> Item:
    item = world.store.add(CONFIGURATION, _id(data["phone_number"], data["channel"]), data)
    item.notes |= {"unlisted": world.modes.number("list_lag"), "conversations": 0, "writes": [], "ignored_keys": []}
    return item


def dashboard_add(world: World, fields: Mapping[str, Any]) -> Item:
    """A number with a configuration, made in the dashboard; with `configured` false the number alone."""
    phone = fields.get("phone_number") or f"+1555{world.store.next(NUMBER):07d}"
    beside = {name: fields[name] for name in ("label", "messaging_service") if name in fields}
    number = _number(world, phone, **beside)
    if not fields.get("configured", True):
        return number
    channel = fields.get("channel", "sms")
    rest = {name: value for name, value in fields.items() if name not in ("configured", *beside)}
    item = world.store.get(CONFIGURATION, _id(phone, channel))
    if item is None:
        return _keep(world, {**_blank(phone, channel), **rest})
    world.store.change(item, rest)
    return item


def dashboard_edit(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    """An edit by a person: any field of a configuration or of a number, also those that no call of the API sets."""
    world.store.change(item, fields)


def script(item: Item) -> Script:
    """It answers who writes first; what it sends unasked follows a silence. post/sms-update, checked 2026-11-20."""
    data = item.data
    given = (
        ("warning", number_of(data.get("warning_time")), text_of(data.get("warning_message"))),
        # send_sms is the only action that the page names.
        (
            "timeout",
            number_of(data.get("time_out")),
            text_of(data.get("timeout_message")) if data.get("timeout_action") == "send_sms" else None,
        ),
    )
    later = tuple(Later(seconds, kind, text) for kind, seconds, text in given if seconds and text)
    who = "pathway" if data.get("pathway_id") else "objective"
    notes = [f"Bland answers who writes first, by the {who}; it sends no first message of its own."]
    channel = str(data.get("channel") or "sms")
    if channel != "sms":
        notes.append(f"On {CHANNELS.get(channel, channel)} there are no segments, and no carrier hears STOP or HELP: the agent has to.")
    return Script(None, later, tuple(notes), variables_of(data.get("request_data")), anew=True, sms=channel == "sms")


VENDOR = Vendor(
    name="bland",
    title="Bland",
    routes=(
        Route("update", "POST", "/v1/sms/number/update", update, PAGES + "post/sms-update"),
        Route("numbers", "GET", "/v1/sms/numbers", numbers, PAGES + "get/sms-numbers"),
        Route("me", "GET", "/v1/me", me, PAGES + "get/me"),
    ),
    modes=MODES,
    credential=credential,
    refuse=refuse,
    error=error,
    kind=CONFIGURATION,
    add=dashboard_add,
    edit=dashboard_edit,
    label=lambda item: str(item.data.get("objective") or item.data.get("phone_number", item.id)),
    script=script,
)
