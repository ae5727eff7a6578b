"""What the number calls of Fluents and Vocode accept, and how they refuse the rest. Checked 2026-11-20.

Fluents answers 400 and 404 in the manner of NestJS (no page shows the bodies), Vocode 422 in the manner of FastAPI.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from .fluents_views import is_vocode
from .wire import Reply
from .world import World

BUY = {"area_code": str, "phone_number": str, "telephony_provider": str, "telephony_account_connection": str, "inbound_agent": object}
LINK = {"phone_number": str, "telephony_account_connection": str, "outbound_only": bool, "inbound_agent": object}
UPDATE = {"label": str, "description": str, "outbound_only": bool, "example_context": dict, "inbound_agent": object}
NOT_AT_VOCODE = frozenset({"description"})
"""Fields of these that Vocode does not have; it also lets no one choose the number to buy."""

NULLABLE = frozenset({"example_context", "inbound_agent"})
"""May be null in an update. Vocode's OpenAPI document; at Fluents: no page."""

NULLABLE_WHEN_BOUGHT = frozenset({"area_code", "telephony_account_connection", "inbound_agent"})
PROVIDERS = ("vonage", "twilio")


def refusal(world: World, fields: Mapping[str, Any], types: Mapping[str, Any], nullable: frozenset[str]) -> Reply | None:
    """The answer to a body with wrong values; None where there is nothing wrong."""
    wrong = [name for name in types if name in fields and not _fits(fields[name], types[name], nullable, name)]
    if is_vocode(world):
        return _at_vocode(fields, [name for name in wrong if name not in NOT_AT_VOCODE])
    if wrong:
        return error(world, 400, [f"{name} must be a {_NAMES[types[name]]}" for name in wrong])
    if fields.get("inbound_agent", 0) is None and world.modes["null_agent"] == "refused":
        return error(world, 400, ["inbound_agent must be an object or a string"])
    return None


_NAMES = {str: "string", bool: "boolean value", dict: "object", object: "string or an object"}


def _fits(value: Any, wanted: type, nullable: frozenset[str], name: str) -> bool:
    if value is None:
        return name in nullable
    if name == "example_context":
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str | dict) if wanted is object else isinstance(value, wanted)


def _at_vocode(fields: Mapping[str, Any], wrong: list[str]) -> Reply | None:
    problems = [_problem(name, "Input should be of another type", "type_error") for name in wrong]
    if fields.get("telephony_provider", PROVIDERS[0]) not in PROVIDERS:
        problems.append(_problem("telephony_provider", "Input should be 'vonage' or 'twilio'", "enum"))
    for name in ("telephony_account_connection", "inbound_agent"):
        value = fields.get(name)
        # Buy and link also take the literal "default"; what it attaches: no page.
        if isinstance(value, str) and value != "default" and not _is_uuid(value):
            problems.append(_problem(name, "Input should be a valid UUID", "uuid_parsing"))
    return Reply(422, {"detail": problems}) if problems else None


def _problem(name: str, words: str, kind: str, where: str = "body") -> dict[str, Any]:
    return {"loc": [where, name], "msg": words, "type": kind}


def without(world: World, name: str, where: str) -> Reply:
    """The answer where something required is not there."""
    if is_vocode(world):
        return Reply(422, {"detail": [_problem(name, "Field required", "missing", where)]})
    return error(world, 400, [f"{name} should not be empty"])


def error(world: World, status: int, words: str | list[str]) -> Reply:
    """An error. Only the names of the schemas are on Fluents' pages, and only the 422 on Vocode's."""
    if is_vocode(world):
        return Reply(status, {"detail": "; ".join(words) if isinstance(words, list) else words})
    return Reply(status, {"statusCode": status, "message": words, "error": HTTPStatus(status).phrase})


def not_found(world: World) -> Reply:
    """No such number: a 404 on update at Fluents (its body: no page); on the others, and at Vocode: no page."""
    return error(world, 404, "Number not found")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
