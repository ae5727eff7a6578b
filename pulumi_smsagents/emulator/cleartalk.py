"""ClearTalk's API for the SMS configuration of a number, as its pages describe it, checked 2026-11-20.

Pages, all under https://docs.cleartalk.ai/api-reference/cleartalk-sms/: update-sms-configuration, send-sms. Two writes, and no call that
reads, lists or removes anything: there is no such route here either. No page shows an error; the pages look like NestJS, whose shapes are
used. Where the pages leave two readings open, `MODES` can play either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .scripts import Later, Script, mappings, number_of, variables_of
from .store import Item
from .wire import Reply, Request
from .world import Mode, Route, Vendor, World

PAGES = "https://docs.cleartalk.ai/api-reference/cleartalk-sms/"
CONFIGURATION = "configuration"

TEXTS = (
    "phone_number",
    "webhook",
    "agent_name",
    "messaging_service_sid",
    "objective",
    "pathway_id",
    "pathway_version",
    "start_node_id",
)
NUMBERS = ("time_out", "temperature")
LISTS = ("request_data", "tools")
REQUIRED = (*TEXTS, *NUMBERS, *LISTS)
"""Printed as required, though several are described as "if set" or "if any". update-sms-configuration, checked 2026-11-20."""

TRIGGERS = ("each_message", "final_disposition")
FOLLOW_UPS = (
    "enable_follow_ups",
    "enable_smart_follow_ups",
    "repeat_final_follow_up",
    "follow_up_schedule",
    "extra_follow_up_prompt",
)
"""The members of follow_up_config, known from the page's example only. update-sms-configuration, checked 2026-11-20."""

KNOWN = frozenset({*REQUIRED, "webhook_trigger_on", "follow_up_config"})
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}

MODES = {
    "answer": Mode(("empty", "text", "json", "says_failed"), "the body of the 201, which the page prints as undefined"),
    "unknown_fields": Mode(("refused", "ignored"), "fields that the page does not list"),
    "empty_texts": Mode(("accepted", "refused"), "an empty text in a required field"),
    "nulls": Mode(("refused", "accepted"), "null in a required field"),
    "left_out": Mode(("refused", "accepted"), "a required field that is not sent"),
    "writes": Mode(("overwrite", "merge"), "what happens to fields that are not sent"),
    "equal_follow_up": Mode(("accepted", "refused"), "a follow-up time equal to time_out: refused by the text, sent by the page's example"),
    "numbers": Mode(("any", "known"), "known: a number that the account does not hold is a 404"),
    "errors": Mode(("list", "text", "plain"), "the shape of a 400, which no page shows"),
}


def update(world: World, request: Request) -> Reply:
    """POST /cleartalk-sms/update-sms-configuration. update-sms-configuration, checked 2026-11-20."""
    fields = request.fields
    problems = [*_wrong_fields(world, fields), *_wrong_times(world, fields)]
    if problems:
        return _bad_request(world, problems)
    number = fields["phone_number"]
    item = world.store.get(CONFIGURATION, number)
    if item is None and world.modes["numbers"] == "known":
        return error(world, 404, "Phone number not found")
    if item is None:
        item = _store(world, number)
    _write(world, item, {name: value for name, value in fields.items() if name in KNOWN})
    item.notes["bodies"] = [*item.notes["bodies"], dict(fields)][-200:]
    return _done(world)


def _write(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    if world.modes["writes"] == "overwrite":
        gone = {name: None for name in item.data if name not in fields}
        world.store.change(item, {**gone, **fields})
        item.data = {name: value for name, value in item.data.items() if name not in gone}
        return
    merged = dict(fields)
    if isinstance(item.data.get("follow_up_config"), dict) and "follow_up_config" in fields:
        merged["follow_up_config"] = {**item.data["follow_up_config"], **fields["follow_up_config"]}
    world.store.change(item, merged)


def _wrong_fields(world: World, fields: Mapping[str, Any]) -> Iterable[str]:
    modes = world.modes
    for name in REQUIRED:
        if name not in fields and (modes["left_out"] == "refused" or name == "phone_number"):
            yield f"{name} must be {_kind(name)}"
        if name in fields and not (fields[name] is None and modes["nulls"] == "accepted") and not _fits(name, fields[name]):
            yield f"{name} must be {_kind(name)}"
        if fields.get(name) == "" and modes["empty_texts"] == "refused":
            yield f"{name} should not be empty"
    if fields.get("webhook_trigger_on", TRIGGERS[0]) not in TRIGGERS:
        yield f"webhook_trigger_on must be one of the following values: {', '.join(TRIGGERS)}"
    yield from _wrong_follow_ups(world, fields.get("follow_up_config", {}))
    if modes["unknown_fields"] == "refused":
        yield from (f"property {name} should not exist" for name in fields if name not in KNOWN)


def _wrong_follow_ups(world: World, config: Any) -> Iterable[str]:
    if not isinstance(config, dict):
        yield "follow_up_config must be an object"
        return
    if world.modes["unknown_fields"] == "refused":
        yield from (f"follow_up_config.property {name} should not exist" for name in config if name not in FOLLOW_UPS)
    if not isinstance(config.get("follow_up_schedule", []), list):
        yield "follow_up_config.follow_up_schedule must be an array"


def _wrong_times(world: World, fields: Mapping[str, Any]) -> Iterable[str]:
    """Follow-up times must be less than time_out; the page's own example is equal. update-sms-configuration, checked 2026-11-20."""
    config, limit = fields.get("follow_up_config"), fields.get("time_out")
    schedule = config.get("follow_up_schedule") if isinstance(config, dict) else None
    if not isinstance(schedule, list) or not _number(limit):
        return
    for each in schedule:
        if isinstance(each, dict) and _number(each.get("time")) and each.get("unit") in SECONDS:
            seconds = each["time"] * SECONDS[each["unit"]]
            if seconds > limit or (seconds == limit and world.modes["equal_follow_up"] == "refused"):
                yield "follow-up time must be less than time_out"


def _fits(name: str, value: Any) -> bool:
    if name in NUMBERS:
        return _number(value)
    # Typed as lists of text, shown as lists of objects: both pass. update-sms-configuration, checked 2026-11-20.
    return isinstance(value, list if name in LISTS else str)


def _kind(name: str) -> str:
    return "a number" if name in NUMBERS else "an array" if name in LISTS else "a string"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def send(world: World, request: Request) -> Reply:
    """POST /cleartalk-sms/send-sms: texts a person. send-sms, checked 2026-11-20."""
    fields = request.fields
    wrong = [
        f"{name} must be a string" for name in ("user_number", "agent_number", "agent_message") if not isinstance(fields.get(name), str)
    ]
    if not isinstance(fields.get("request_data"), dict):  # an object here, a list in the configuration
        wrong.append("request_data must be an object")
    return _bad_request(world, wrong) if wrong else _done(world)


def _store(world: World, number: str) -> Item:
    item = world.store.add(CONFIGURATION, number, {"phone_number": number})
    item.notes["bodies"] = []
    return item


def _done(world: World) -> Reply:
    """The page prints 201 - undefined. update-sms-configuration, checked 2026-11-20."""
    answer = world.modes["answer"]
    if answer == "empty":
        return Reply(201, b"")
    if answer == "text":
        return Reply(201, b"SMS configuration updated", media_type="text/plain")
    # That a 2xx may hold a failure: the page of the messaging service (Twilio) shows `failed` and `errors` in one.
    return Reply(201, {"success": True} if answer == "json" else {"success": False, "message": "SMS configuration was not updated"})


def _bad_request(world: World, problems: list[str]) -> Reply:
    shape = world.modes["errors"]
    if shape == "plain":
        return Reply(400, "; ".join(problems).encode(), media_type="text/plain")
    return Reply(400, {"statusCode": 400, "message": problems if shape == "list" else "; ".join(problems), "error": "Bad Request"})


def error(_world: World, status: int, text: str) -> Reply:
    """An error as NestJS writes it. No page shows one."""
    return Reply(status, {"statusCode": status, "message": text})


def refuse(world: World, _present: bool) -> Reply:
    """A key that is missing or wrong. No page."""
    return error(world, 401, "Unauthorized")


def credential(headers: Mapping[str, str]) -> str | None:
    """x-api-key, without a scheme word. update-sms-configuration, checked 2026-11-20."""
    return headers.get("x-api-key") or None


def dashboard_add(world: World, fields: Mapping[str, Any]) -> Item:
    """A number that the account holds, with whatever was set for it."""
    item = _store(world, str(fields.get("phone_number", f"+1555020{world.store.next(CONFIGURATION):04d}")))
    world.store.change(item, fields)
    return item


def dashboard_edit(world: World, item: Item, fields: Mapping[str, Any]) -> None:
    """An edit by a person: any field."""
    world.store.change(item, fields)


def script(item: Item) -> Script:
    """Its model answers who writes first; follow-ups are known from the page's example only."""
    given = item.data.get("follow_up_config")
    config = given if isinstance(given, dict) and given.get("enable_follow_ups") else {}
    later = []
    for each in mappings(config.get("follow_up_schedule")):
        amount, unit = number_of(each.get("time")), SECONDS.get(str(each.get("unit")))
        if amount is not None and unit is not None:
            later.append(Later(amount * unit, "follow-up, repeated" if each.get("repeat_forever") else "follow-up"))
    notes = ("ClearTalk’s model answers who writes first, and writes the follow-ups.",)
    return Script(None, tuple(later), notes, variables_of(item.data.get("request_data")), anew=True)


VENDOR = Vendor(
    name="cleartalk",
    title="ClearTalk",
    routes=(
        Route("update", "POST", "/cleartalk-sms/update-sms-configuration", update, PAGES + "update-sms-configuration"),
        Route("send", "POST", "/cleartalk-sms/send-sms", send, PAGES + "send-sms"),
    ),
    modes=MODES,
    credential=credential,
    refuse=refuse,
    error=error,
    kind=CONFIGURATION,
    add=dashboard_add,
    edit=dashboard_edit,
    label=lambda item: str(item.id),
    script=script,
)
