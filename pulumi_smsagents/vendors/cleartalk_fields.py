"""What a program may write about a number's SMS configuration at ClearTalk, and what is wrong with it.

Page (checked 2026-11-20): https://docs.cleartalk.ai/api-reference/cleartalk-sms/update-sms-configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Strict

from ..values import Plain, is_known
from .base import Change, Model, Options, Problem, Wording
from .checks import Number, PhoneNumberText, Text, WebUrl, invalid, is_twilio_service_sid, json_types, number_warnings, url_warnings

OFF: Plain = {"enable_follow_ups": False, "follow_up_schedule": []}
"""The follow_up_config that follows up with nobody."""

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
"""The units that are counted. The page shows minutes only."""

# ---- models: what a program may write ----


def _not_negative(value: float) -> float:
    if value < 0:
        raise invalid("must not be negative")
    return value


def _above_zero(value: float) -> float:
    if value <= 0:
        raise invalid("must be above 0")
    return value


def _service_sid(value: str) -> str:
    if value and not is_twilio_service_sid(value):
        raise invalid("is not a Twilio Messaging Service SID: MG and 32 hexadecimal digits; an empty text means none")
    return value


def _version(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise invalid("must be text, e.g. 'v1.0.0'")
    return value


def _items(value: Any) -> Any:
    # Typed as a list of text, shown as a list of objects: the example is trusted, and both are taken.
    if is_known(value) and not _are_items(value):
        raise invalid("must be a list of objects, or of texts")
    return value


def _are_items(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(item, str | Mapping) for item in value):
        return False
    return json_types(value)


def _request_data(value: Any) -> Any:
    return value if isinstance(value, Mapping) and json_types(value) else _items(value)


NotNegative = Annotated[Number, AfterValidator(_not_negative)]
AnyText = Annotated[str, Strict()]


class FollowUp(Model):
    """One entry of the schedule, known from the page's example only."""

    time: Annotated[Number, AfterValidator(_above_zero)]
    unit: Text
    repeat_forever: bool | None = None


class FollowUpConfig(Model):
    """Automatic follow-ups; the members are known from the page's example only."""

    enable_follow_ups: bool
    enable_smart_follow_ups: bool | None = None
    repeat_final_follow_up: bool | None = None
    follow_up_schedule: list[FollowUp] | None = None
    extra_follow_up_prompt: AnyText | None = None


class Body(Model):
    """All that the page lists beside the number. The page prints twelve fields as required; those that it describes as
    "if set" or "if any" are optional here."""

    webhook: WebUrl
    agent_name: Text
    objective: Text
    time_out: NotNegative
    temperature: NotNegative
    request_data: Annotated[Any, AfterValidator(_request_data)] = None
    tools: Annotated[Any, AfterValidator(_items)] = None
    messaging_service_sid: Annotated[AnyText, AfterValidator(_service_sid)] | None = None
    pathway_id: AnyText | None = None
    pathway_version: Annotated[Any, AfterValidator(_version)] = None
    start_node_id: AnyText | None = None
    webhook_trigger_on: Literal["each_message", "final_disposition"] | None = None
    follow_up_config: FollowUpConfig | None = None


class ConfigurationArgs(Body):
    """The inputs of a configuration."""

    phone_number: PhoneNumberText
    reapply: Text | None = None
    parked: Body | None = None


_ELSEWHERE = "is a field of Bland, another vendor; ClearTalk has none of this name, so remove it"
_BLAND = (
    "channel",
    "citation_schema_ids",
    "disposition_ids",
    "response_data",
    "restart_after_end_call",
    "summary_prompt",
    "timeout_action",
    "timeout_message",
    "timezone",
    "use_candidate_model",
    "warning_message",
    "warning_time",
)
FOREIGN = {f"{prefix}{name}": _ELSEWHERE for prefix in ("", "parked.") for name in _BLAND}

# ---- the form in which valid values go on ----


def as_list(value: Any) -> Any:
    """An object alone is a list of one."""
    return [value] if isinstance(value, Mapping) else value


NORMAL: Mapping[str, Callable[[Any], Any]] = {"request_data": as_list, "pathway_version": str}


def normal_body(body: Plain) -> Plain:
    """A whole body, each field as it goes on."""
    return {name: NORMAL[name](value) if name in NORMAL else value for name, value in body.items()}


# ---- checks over several values; each field is well-formed by now, or absent ----


def problems(new: Plain) -> Iterator[Problem]:
    """Times that exceed the time-out, and an adoption of another number."""
    for prefix, body in _bodies(new):
        for path, seconds in _times(prefix, body):
            if "time_out" in body and seconds > body["time_out"]:
                yield Problem(path, "is later than time_out, and ClearTalk wants each follow-up before it; raise time_out or shorten this")
    if "adopt" in new and "phone_number" in new and new["adopt"] != new["phone_number"]:
        yield Problem("adopt", "must be the same number as phone_number, which is the id of a configuration")


def missing(_options: Options, given: Plain) -> Iterator[Problem]:
    """A park without a body."""
    if given.get("on_delete") == "park" and "parked" not in given:
        yield Problem("parked", "is required with on_delete='park': the whole configuration that is sent in place of a deletion")


def warnings(new: Plain) -> Iterator[Problem]:
    """What ClearTalk may refuse, or take otherwise than meant."""
    if "phone_number" in new:
        yield from number_warnings("phone_number", new["phone_number"])
    for prefix, body in _bodies(new):
        yield from _body_warnings(prefix, body)
        yield from _follow_up_warnings(prefix, body)


def _body_warnings(prefix: str, body: Plain) -> Iterator[Problem]:
    yield from url_warnings(f"{prefix}webhook", body.get("webhook", ""))
    if body.get("time_out") == 0:
        yield Problem(f"{prefix}time_out", "is 0, whose meaning no page states; write the seconds to wait for a reply")
    if body.get("temperature", 0) > 1:
        yield Problem(f"{prefix}temperature", "is above 1; no page gives a range, and 0.7 is the page's example")
    if not body.get("pathway_id"):
        for name in ("pathway_version", "start_node_id"):
            if body.get(name):
                yield Problem(f"{prefix}{name}", "has no effect without pathway_id; set that too")
    for index, tool in enumerate(body.get("tools", [])):
        if isinstance(tool, Mapping) and not tool.get("name"):
            yield Problem(f"{prefix}tools[{index}]", "has no name; the page's example has one")


def _follow_up_warnings(prefix: str, body: Plain) -> Iterator[Problem]:
    config = body.get("follow_up_config", {})
    if config.get("enable_follow_ups") and not config.get("follow_up_schedule"):
        yield Problem(f"{prefix}follow_up_config", "is enabled with an empty schedule, so nothing is sent; add a follow-up")
    for index, each in enumerate(config.get("follow_up_schedule", [])):
        if each["unit"] != "minutes":
            yield Problem(f"{prefix}follow_up_config.follow_up_schedule[{index}].unit", "is not one that the page shows (minutes)")
    for path, seconds in _times(prefix, body):
        if seconds == body.get("time_out"):
            yield Problem(path, "equals time_out; the page says less, though its own example is equal")


def wordings(new: Plain) -> Iterator[Wording]:
    """What the agent goes by; ClearTalk sends no message word for word."""
    for prefix, body in _bodies(new):
        if body.get("objective"):
            yield Wording(f"{prefix}objective", body["objective"])
        extra = body.get("follow_up_config", {}).get("extra_follow_up_prompt")
        if extra:
            yield Wording(f"{prefix}follow_up_config.extra_follow_up_prompt", extra)


def _bodies(new: Plain) -> Iterator[tuple[str, Plain]]:
    yield "", new
    if "parked" in new:
        yield "parked.", new["parked"]


def _times(prefix: str, body: Plain) -> Iterator[tuple[str, float]]:
    """Each follow-up whose unit is known, in seconds."""
    for index, each in enumerate(body.get("follow_up_config", {}).get("follow_up_schedule", [])):
        if each["unit"] in _SECONDS:
            yield f"{prefix}follow_up_config.follow_up_schedule[{index}].time", each["time"] * _SECONDS[each["unit"]]


def on_create(new: Plain) -> Iterator[Problem]:
    """What is lost: nothing can show what it was."""
    if "adopt" not in new:
        yield Problem("phone_number", "whatever ClearTalk holds for this number is overwritten, and nothing can show what it was")


def refuse(change: Change) -> str:
    """The one field that cannot be taken back: it has two values, and no page says which one holds without it."""
    if "webhook_trigger_on" in change.changed and "webhook_trigger_on" not in change.new and not change.replaces:
        return (
            f"webhook_trigger_on of {change.id} cannot be unset: ClearTalk documents no default, and without it the old value may stay; "
            "set it to 'each_message' or 'final_disposition'"
        )
    return ""
