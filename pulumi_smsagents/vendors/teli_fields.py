"""What a program may write of a Teli agent, and what is wrong or doubtful about it.

Pages as in `teli`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, model_validator

from ..values import Plain
from .base import Model, Problem, Wording
from .checks import Number, Text, invalid, looks_like_uuid, repeated

VARIABLES = ("first_name", "last_name", "phone_number", "email", "company")
"""The documented template variables (…/agents/update-sms). Custom lead fields resolve too (…/campaigns/list)."""

# ---- models: what a program may write ----


class ExtractionField(Model):
    """A value Teli extracts from a conversation (…/partner-api1/agents/extraction-fields)."""

    name: Text
    description: Text | None = None
    type: Literal["string", "number", "boolean"] | None = None


class Drip(Model):
    """A follow-up message (…/agents/update-sms). `delay_hours`: hours, above 0."""

    delay_hours: Number
    type: Literal["ai", "custom"]
    message: Text | None = None

    @model_validator(mode="after")
    def _message_goes_with_type(self) -> Drip:
        if self.delay_hours <= 0:
            raise invalid("delay_hours must be above 0; write the hours to wait, e.g. 24")
        if self.type == "custom" and self.message is None:
            raise invalid("message is required when type is 'custom'; write it, or use type 'ai'")
        if self.type == "ai" and self.message is not None:
            raise invalid("message has no documented effect when type is 'ai'; remove it, or use type 'custom'")
        return self


def _kind_of_extraction_field(value: Any) -> str:
    return "<object>" if isinstance(value, Mapping) else "<name>"


AnyExtractionField = Annotated[
    Annotated[Text, Tag("<name>")] | Annotated[ExtractionField, Tag("<object>")],
    Discriminator(_kind_of_extraction_field),
]


class AgentArgs(Model):
    """The inputs of an SMS agent. ``agent_type`` is not one: it is always ``"sms"``."""

    organization_id: Text
    user_id: Text
    agent_name: Text
    starting_message: Text
    prompt: Text
    extraction_fields: list[AnyExtractionField] | None = None
    drip_schedule: list[Drip] | None = None


# ---- checks over several values; each field is well-formed by now, or absent ----


def problems(new: Plain) -> Iterator[Problem]:
    """What is wrong beyond the form of each field."""
    for index in repeated(map(name_of, new.get("extraction_fields", []))):
        yield Problem(f"extraction_fields[{index}]", "has the name of an earlier one; keep one of them")


def warnings(new: Plain) -> Iterator[Problem]:
    """What may be wrong, or goes against Teli's advice."""
    for path in ("organization_id", "user_id"):
        if "@" in new.get(path, "") or looks_like_uuid(new.get(path, "")):
            yield Problem(path, "looks like an e-mail address or a UUID; Teli wants the unique_id, e.g. 1763070568417x631086913669115287")
    delays = [drip["delay_hours"] for drip in new.get("drip_schedule", [])]
    if any(later <= earlier for earlier, later in pairwise(delays)):
        yield Problem("drip_schedule", "the delays do not increase; Teli's examples count each from the first message (4, 24, 72 hours)")
    if len(delays) > 4:
        yield Problem("drip_schedule", "has more than 4 messages; Teli advises 2 to 4")


def wordings(new: Plain) -> Iterator[Wording]:
    """The texts of an agent."""
    if "starting_message" in new:
        yield Wording("starting_message", new["starting_message"], sent=True, first=True)
    if "prompt" in new:
        yield Wording("prompt", new["prompt"])
    for index, drip in enumerate(new.get("drip_schedule", [])):
        if "message" in drip:
            yield Wording(f"drip_schedule[{index}].message", drip["message"], sent=True)


def name_of(item: Any) -> Any:
    """The name of an extraction field in either form."""
    return item if isinstance(item, str) else item.get("name")
