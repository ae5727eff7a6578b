"""What a program may write into an SMS configuration at Bland, how each field behaves, and what is checked before any call.

https://docs.bland.ai/api-v1/post/sms-update, checked 2026-11-20. The page was revised several times without a version
header: `channel`, `response_data` and `use_candidate_model` came last, the timeout and warning fields before them.
"""

from __future__ import annotations

import json
import math
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Strict, StrictBool

from ..values import Plain, is_known, plain
from .base import Field, Model, Options, Problem, Wording
from .checks import (
    Number,
    PhoneNumberText,
    Text,
    WebUrl,
    e164,
    invalid,
    is_twilio_service_sid,
    json_types,
    looks_like_uuid,
    number_warnings,
    url_warnings,
)

SMS = "sms"
CHANNELS = (SMS, "whatsapp", "imessage")
IDENTITY = ("phone_number", "channel")
FLOOR = 30
"""Seconds: a smaller ``time_out`` is raised to this on save."""

OBJECTIVE = "Chat with the user"
"""The objective of a number that nobody configured."""

LONGEST_OBJECTIVE = 20_000
"""Characters, by Bland's call that sends a text; the update page states no limit."""

# ---- models: what a program may write ----


def _json_value(value: Any) -> Any:
    if is_known(value) and not (isinstance(value, Mapping | list) and json_types(value) and _finite(value)):
        raise invalid("must be a JSON object or array")
    return value


def _finite(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_finite, value.values()))
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def _tool(value: Any) -> Any:
    named = isinstance(value, str) and value.strip()
    if is_known(value) and not named and not (isinstance(value, Mapping) and json_types(value) and _finite(value)):
        raise invalid("must be a tool's name or id as text, or an object")
    return value


def _version(value: Any) -> Any:
    # The page has had both a string and a number here, and reads have shown 'latest'.
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if is_known(value) and not whole and not (isinstance(value, str) and (value == "latest" or _digits(value))):
        raise invalid("must be a whole number from 0 up, or 'latest'")
    return value


def _digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _zone(value: str) -> str:
    if value not in _zones():
        raise invalid("is not a time zone of the IANA database; write it as in America/New_York")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _above_zero(value: float) -> float:
    if value <= 0:
        raise invalid("must be above 0; remove it to send no warning")
    return value


def _timeout(value: float) -> float:
    if value < 0 or 0 < value < FLOOR:
        # 1 to 29 would come back as 30 and look like a change by someone else for ever.
        raise invalid(f"must be {FLOOR} or more, because Bland raises what is less to {FLOOR}; write 0 or remove it for no timeout")
    return value


def _not_negative(value: float) -> float:
    if value < 0:
        raise invalid("must be 0 or more")
    return value


JsonValue = Annotated[Any, AfterValidator(_json_value)]


class ConfigurationArgs(Model):
    """The inputs of an SMS configuration."""

    phone_number: PhoneNumberText
    channel: Literal["sms", "whatsapp", "imessage"] | None = None
    webhook: WebUrl | None = None
    request_data: JsonValue = None
    response_data: JsonValue = None
    time_out: Annotated[Number, AfterValidator(_timeout)] | None = None
    timeout_action: Text | None = None
    timeout_message: Text | None = None
    warning_time: Annotated[Number, AfterValidator(_above_zero)] | None = None
    warning_message: Text | None = None
    messaging_service_sid: Text | None = None
    objective: Text | None = None
    tools: list[Annotated[Any, AfterValidator(_tool)]] | None = None
    temperature: Annotated[Number, AfterValidator(_not_negative)] | None = None
    use_candidate_model: StrictBool | None = None
    pathway_id: Text | None = None
    pathway_version: Annotated[Any, AfterValidator(_version)] = None
    start_node_id: Text | None = None
    restart_after_end_call: StrictBool | None = None
    timezone: Annotated[str, Strict(), AfterValidator(_zone)] | None = None
    summary_prompt: Text | None = None
    disposition_ids: list[Text] | None = None
    citation_schema_ids: list[Text] | None = None


# ---- when two values are the same ----


def _text(value: Any) -> Any:
    """Null and "" both mean that nothing is set."""
    return plain(value) or None if isinstance(value, str) else value


def _data(value: Any) -> Any:
    """Null, [] and {} all mean that nothing is set. As text, so that true and 1 stay two values."""
    return None if value in (None, [], {}) else json.dumps(plain(value), sort_keys=True)


def _seconds(value: Any) -> Any:
    return value or None


def _timeout_seconds(value: Any) -> Any:
    small = isinstance(value, int | float) and 0 < value < FLOOR
    return FLOOR if small else value or None


def _version_text(value: Any) -> Any:
    """3 and "3" are one version."""
    return None if value is None else str(plain(value))


def _or(default: bool) -> Callable[[Any], Any]:
    return lambda value: default if value is None else value


def _number_if_digits(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _digits(value) else value


def _field(canonical: Callable[[Any], Any], **more: Any) -> Field:
    return Field(canonical=canonical, same=lambda wanted, found: bool(canonical(wanted) == canonical(found)), **more)


FIELDS: Mapping[str, Field] = {
    "phone_number": Field(replace=True, number=True, normal=e164),
    "channel": Field(replace=True, default=SMS),
    "webhook": _field(_text, clear=None, delicate=True),
    "request_data": _field(_data, clear=[], delicate=True),
    "response_data": _field(_data, clear=None, write_only=True, delicate=True),
    "time_out": _field(_timeout_seconds, clear=None),
    "timeout_action": _field(_text, clear=None, write_only=True),
    "timeout_message": _field(_text, clear=None, write_only=True),
    "warning_time": _field(_seconds, clear=None, write_only=True),
    "warning_message": _field(_text, clear=None, write_only=True),
    # Nothing to send where it is removed: in the US a number without it may not text at all.
    "messaging_service_sid": _field(_text),
    "objective": _field(_text, clear=OBJECTIVE, prose=True),
    "tools": _field(_data, clear=[]),
    "temperature": Field(clear=0),
    "use_candidate_model": _field(_or(default=False), clear=False, write_only=True),
    "pathway_id": _field(
        _text,
        clear=None,
        announce="changes who answers the number's texts; pathway_version and start_node_id go with the old one unless they are set",
    ),
    "pathway_version": _field(_version_text, clear=None, normal=_number_if_digits),
    "start_node_id": _field(_text, clear=None),
    "restart_after_end_call": _field(_or(default=True), clear=True),
    "timezone": _field(_text, clear=None),
    "summary_prompt": _field(_text, clear=None, prose=True),
    # Whether the order of the ids matters is not documented, so it is compared as given.
    "disposition_ids": _field(_data, clear=None),
    "citation_schema_ids": _field(_data, clear=None),
}

SETTINGS = tuple(name for name in FIELDS if name not in IDENTITY)
"""The fields that make up a configuration."""

FOREIGN = {
    "prompt": "is another name that Bland takes for objective; write objective",
    "task": "is another name that Bland takes for objective; write objective",
    "ignore_keywords": "was a field of a call that Bland has withdrawn, and has no successor; remove it",
    "persona_id": "is attached to a number by a call of its own, not by its SMS configuration; attach it at Bland",
    "encrypted_key": "is a credential, which never belongs in a resource; the update page does not list it",
}

# ---- checks over several values ----


def judge(_options: Options, given: Plain) -> Iterator[Problem]:
    """What must stand together. A value may not be known yet, so only its presence is looked at."""
    if "warning_time" in given and "time_out" not in given:
        yield Problem("warning_time", "needs time_out, which it must be less than; set time_out too")


def problems(new: Plain) -> Iterator[Problem]:
    """What is surely wrong with well-formed values together."""
    if "time_out" in new and new.get("warning_time", 0) >= (new["time_out"] or math.inf):
        # Bland answers 500 to this, which reads like an outage.
        yield Problem("warning_time", "must be less than time_out; lower it or raise time_out")
    if new.get("time_out") == 0 and "warning_time" in new:
        yield Problem("warning_time", "needs a timeout, but time_out is 0, which is off; remove it or set time_out")
    if {"adopt", *IDENTITY} <= new.keys() and new["adopt"] != place_id(new):
        yield Problem("adopt", "must be the resource's own id: its phone_number, followed by /<channel> where that is not sms")


def place_id(values: Plain) -> str | None:
    """The id of the configuration that these values mean, or None where they do not say."""
    number, channel = values.get("phone_number"), values.get("channel", SMS)
    if not isinstance(number, str) or not isinstance(channel, str):
        return None
    return number if channel == SMS else f"{number}/{channel}"


def warnings(new: Plain) -> Iterator[Problem]:
    """What may be wrong."""
    yield from number_warnings("phone_number", new.get("phone_number", "+14155550123"))
    yield from url_warnings("webhook", new.get("webhook", ""))
    yield from _service_warnings(new)
    yield from _timing_warnings(new)
    yield from _pathway_warnings(new)
    if len(new.get("objective", "")) > LONGEST_OBJECTIVE:
        yield Problem(
            "objective", f"is longer than {LONGEST_OBJECTIVE} characters, Bland's limit for the call that sends a text; shorten it"
        )
    if new.get("temperature", 0) > 1:
        yield Problem("temperature", "is above 1; Bland documents no range, and its examples are 0 and 0.7")
    if not all(map(looks_like_uuid, new.get("citation_schema_ids", []))):
        yield Problem("citation_schema_ids", "holds an id that is not a UUID, which the ids of citation schemas are; copy it again")


def _service_warnings(new: Plain) -> Iterator[Problem]:
    sid = new.get("messaging_service_sid")
    if sid and not is_twilio_service_sid(sid):
        yield Problem(
            "messaging_service_sid", "is not what Twilio calls a Messaging Service SID, MG and 32 hexadecimal digits; copy it again"
        )
    if sid and new.get("channel") == "imessage":
        yield Problem("messaging_service_sid", "is ignored for the channel imessage; remove it")


def _timing_warnings(new: Plain) -> Iterator[Problem]:
    action = new.get("timeout_action")
    for name in ("timeout_action", "timeout_message"):
        if name in new and not new.get("time_out"):
            yield Problem(name, "has no effect without time_out; set it too")
    if "warning_message" in new and "warning_time" not in new:
        yield Problem("warning_message", "has no effect without warning_time; set it too")
    if action is not None and action != "send_sms":
        yield Problem("timeout_action", "is not 'send_sms', the only action that Bland names; make sure that your account knows it")
    if action == "send_sms" and "timeout_message" not in new:
        yield Problem("timeout_action", "'send_sms' sends timeout_message, which is not set; set it too")


def _pathway_warnings(new: Plain) -> Iterator[Problem]:
    for name in ("pathway_version", "start_node_id"):
        if name in new and "pathway_id" not in new:
            yield Problem(name, "belongs to a pathway, but pathway_id is not set; set it too")
    if "pathway_id" in new and "objective" in new:
        yield Problem("objective", "is not used while a pathway answers the number's texts; keep one of the two")


def wordings(new: Plain) -> Iterator[Wording]:
    """What the agent goes by, and the two messages that Bland sends word for word."""
    for name in ("objective", "summary_prompt"):
        if new.get(name):
            yield Wording(name, new[name])
    for name in ("warning_message", "timeout_message"):
        if new.get(name):
            yield Wording(name, new[name], sent=True)


def on_create(_new: Plain) -> Iterator[Problem]:
    """No call makes a number, so a create always takes over what is there."""
    yield Problem(
        "phone_number", "its SMS settings that this resource names are overwritten; what they were is kept in the secret output found"
    )
