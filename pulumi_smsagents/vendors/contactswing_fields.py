"""What a program may write about an SMS agent at ContactSwing, and what is wrong with it.

Pages (checked 2026-11-20), under https://docs.contactswing.ai/api-reference/endpoint/: sms-ai, what-ai, assistants-put.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Strict

from ..values import Plain, is_known
from .base import Change, Model, Option, Problem
from .checks import PhoneNumberText, Text, invalid, looks_like_uuid, number_warnings, repeated

MODEL = "cw-llm-1"
"""The only model on any create page (sms-ai)."""

# ---- models: what a program may write ----


def _key_id(value: Any) -> Any:
    number = int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value) else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise invalid("must be the number of a key that ContactSwing's dashboard shows, e.g. 134")
    return value


def _some(value: list[Any]) -> list[Any]:
    if not value:
        raise invalid("is empty, and ContactSwing refuses that; name at least one key, e.g. {'api_key_id': 134}")
    return value


def _from_one(value: int) -> int:
    if value < 1:
        raise invalid("must be 1 or more")
    return value


Count = Annotated[int, Strict(), AfterValidator(_from_one)]


class ApiKey(Model):
    """A messaging credential kept in ContactSwing's dashboard, by its number (sms-ai)."""

    api_key_id: Annotated[Any, AfterValidator(_key_id)]
    type: Literal["SMS"] | None = None


class Prompts(Model):
    """Both parts are optional (sms-ai)."""

    agent: Text | None = None
    goal: Text | None = None


class AdditionalSettings(Model):
    """`idle_time`: seconds for an SMS assistant; `max_messages`: per conversation (sms-ai)."""

    idle_time: Count | None = None
    max_messages: Count | None = None


class AssistantArgs(Model):
    """The inputs of an SMS assistant. ``type`` is not one: it is always ``"SMS"``."""

    name: Text
    instructions: Text
    api_keys: Annotated[list[ApiKey], AfterValidator(_some)]
    sms_type: Text
    model: Text | None = None
    prompts: Prompts | None = None
    phone_number: PhoneNumberText | None = None
    kb_id: Text | None = None
    action_ids: list[Text] | None = None
    additional_settings: AdditionalSettings | None = None
    force: bool | None = None


_DOTTED = {
    f"additional_settings.{name}": f"is the page's way to print it, not a name; write {name} inside additional_settings"
    for name in AdditionalSettings.model_fields
}

FOREIGN = {
    "type": "is always 'SMS' for this resource; remove it",
    "description": "can be set by the update only, not on creation; remove it",
    "actions": "is what the update calls it; write action_ids",
    **_DOTTED,
    **{f"additional_settings.{path}": text for path, text in _DOTTED.items()},
}

# ---- checks over several values; each field is well-formed by now, or absent ----


def problems(new: Plain) -> Iterator[Problem]:
    """Lists that name the same thing twice."""
    if repeated(key["api_key_id"] for key in new.get("api_keys", [])):
        yield Problem("api_keys", "names the same api_key_id twice; keep one of them")
    if repeated(new.get("action_ids", [])):
        yield Problem("action_ids", "names the same action twice; keep one of them")


def warnings(new: Plain) -> Iterator[Problem]:
    """Values that no page names, and numbers that look like another unit."""
    if new.get("model", MODEL) != MODEL:
        yield Problem("model", f"is not the one that the create page names ({MODEL}); ContactSwing's dashboard shows which there are")
    if new.get("sms_type", "OUTBOUND") != "OUTBOUND":
        yield Problem("sms_type", "is not a documented value; the only one is OUTBOUND")
    if "phone_number" in new:
        yield from number_warnings("phone_number", new["phone_number"])
    for index, id in enumerate(new.get("action_ids", [])):
        if not looks_like_uuid(id):
            yield Problem(f"action_ids[{index}]", "is not shaped like the ids on ContactSwing's pages (UUIDs); check it")
    if new.get("additional_settings", {}).get("idle_time", 300) < 300:
        yield Problem("additional_settings.idle_time", "is in seconds for an SMS assistant (hours are WhatsApp's); a day is 86400")
    if new.get("force") and "adopt" in new:
        yield Problem("force", "has no effect together with adopt, which creates nothing; remove it")


def on_create(new: Plain) -> Iterator[Problem]:
    """What a creation may do to other assistants of the account."""
    if "adopt" in new:
        return
    if "phone_number" in new:
        yield Problem("phone_number", "is bound to the new assistant; what becomes of one that uses it already is not documented")
    if new.get("force"):
        yield Problem(
            "force",
            "may overwrite an existing assistant of this account, also one that this program does not manage; "
            "no page says which one, or whether its id survives",
        )


# ---- settings: paths that no page shows ----

PLACE = "{assistant_id}"
"""Where the id stands in a path."""


def _path_problem(value: str) -> str:
    bare = value.replace(PLACE, "x", 1)
    sound = re.fullmatch(r"(/[A-Za-z0-9_~.:=,+-]+)+/?", bare) and not re.search(r"/\.{1,2}(/|$)", bare)
    return "" if sound else f"is not a path on ContactSwing's host; write it as /v2/…, with {PLACE} where the id stands"


def _template_problem(value: str) -> str:
    if value and value.count(PLACE) != 1:
        return f"must hold {PLACE} exactly once, where the id stands"
    return _path_problem(value) if value else ""


def _create_path_problem(value: str) -> str:
    return "names an assistant, but a create has none yet; remove the placeholder" if PLACE in value else _path_problem(value)


OPTIONS = {
    "CreatePath": Option("/v2/_new_assistants", _create_path_problem),
    "UpdatePath": Option("", _template_problem),
    "ReadPath": Option("", _template_problem),
    "DeletePath": Option("", _template_problem),
}

# ---- what is refused in the preview ----


def refuse(change: Change) -> str:
    """Updates without a path, and replacements that could not delete the old assistant or would delete the new one. What
    is not known yet may turn out to be no change; it is looked at again when it is known."""
    certain = [name for name in change.changed if is_known(change.changed[name])]
    replacing = [name for name in certain if name in change.replaces]
    if replacing:
        return _refuse_replacement(change, replacing)
    if change.replaces or not certain or change.options.get("UpdatePath"):
        return ""
    return (
        f"{' and '.join(certain)} of {change.id} can only be changed by a PUT whose path ContactSwing's documentation did not show us. "
        "Look at the header of https://docs.contactswing.ai/api-reference/endpoint/assistants-put, then run: "
        f"pulumi config set smsagents:contactswingUpdatePath '<path with {PLACE}>'"
    )


def _refuse_replacement(change: Change, replacing: list[str]) -> str:
    """The old one would be deleted as its own recorded `on_delete` says, after the new one exists."""
    if change.state.get("on_delete", "delete") != "delete":
        return ""
    what = f"changing {' and '.join(replacing)} makes a new assistant in place of {change.id}"
    if not change.options.get("DeletePath"):
        return (
            f"{what}, which would go on texting beside it: ContactSwing documents no deletion. To accept that, set on_delete='retain' "
            "and run pulumi up before the change; or set smsagents:contactswingDeletePath"
        )
    if change.new.get("force"):
        return (
            f"{what}, and force may give the new one the id {change.id}, which would then be deleted as the old one; "
            "remove force, or set on_delete='retain' and run pulumi up first"
        )
    return ""
