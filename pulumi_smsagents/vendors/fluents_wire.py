"""Numbers and pages of numbers, as the answers of Fluents and Vocode show them. Pages: see `fluents`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..client import Reply
from ..values import ABSENT, plain
from .base import Live
from .fluents_fields import REFERENCES, digits, plus


def add_page(reply: Reply, seen: dict[str, Live]) -> bool:
    """Add a page of the list to `seen`, and say whether there is more. Whatever leaves a doubt whether all numbers were
    shown is an error: who looks for a number here may conclude that it is gone."""
    items, more, total = (reply.object().get(key) for key in ("items", "has_more", "total"))
    if not isinstance(items, list) or not isinstance(more, bool):
        raise reply.unexpected("the answer is no page of a list of numbers")
    for live in map(live_of, items):
        if live is None:
            raise reply.unexpected("the list holds something that is no number")
        if live.id in seen:
            raise reply.unexpected("the list shows a number twice, so it was not read to its end")
        seen[live.id] = live
    if more and not items:
        raise reply.unexpected("a page of the list is empty, but says that there is more")
    if not more and _is_short(total, len(seen)) and reply.object().get("total_is_estimated") is False:
        raise reply.unexpected(f"the list ends after {len(seen)} of {total} numbers")
    return more


def _is_short(total: Any, shown: int) -> bool:
    return isinstance(total, int) and total > shown


_FLAGS = ("active", "sms_enabled", "is_routing_number")
_INACTIVE = "is not active (active: false), and no call makes it active again; look at it in the vendor's dashboard"
COMPUTED = ("number", "number_id", "user_id", "inbound_agent_name", "tags", *_FLAGS)


def of_create(reply: Reply, otherwise: str) -> Live:
    """The number that a create answers with; `otherwise` is said of an answer without one."""
    live = live_of(reply.body)
    if live is None:
        raise reply.unexpected(otherwise)
    return live


def live_of(number: Any) -> Live | None:
    """A number object. Only what is named here is ever taken from it: expanded account connections carry credentials."""
    text = number.get("number") if isinstance(number, Mapping) else None
    if not isinstance(text, str) or not 7 <= len(digits(text)) <= 15:
        return None
    id = plus(text)
    computed = {**dict(_computed(number)), "number": id}
    fields = {"phone_number": id, **{name: plain(value) for name, value in _fields(number)}}
    return Live(id, frozenset({digits(text)}), fields, computed, warning=_INACTIVE if computed.get("active") is False else "")


def _computed(number: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    # The vendor calls it `id`, which Pulumi has taken for the id of the resource.
    for name, key in (("number_id", "id"), ("user_id", "user_id")):
        if isinstance(number.get(key), str):
            yield name, number[key]
    for name in _FLAGS:
        if isinstance(number.get(name), bool):
            yield name, number[name]
    name = number.get("inbound_agent_name", ABSENT)
    if name is None or isinstance(name, str):
        yield "inbound_agent_name", name  # None when nobody answers any more
    tags = number.get("tags")
    if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
        yield "tags", tags


def _fields(number: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("label", "description", "telephony_provider"):
        if isinstance(number.get(name), str):
            yield name, number[name]
    if isinstance(number.get("outbound_only"), bool):
        yield "outbound_only", number["outbound_only"]
    for name in REFERENCES:
        reference = number.get(name, ABSENT)
        id = reference.get("id") if isinstance(reference, Mapping) else reference
        # An object without an id is a shape that says nothing; null says that there is none.
        if reference is None or (isinstance(id, str) and id):
            yield name, id
    context = number.get("example_context", ABSENT)
    if context is None or context == {}:
        yield "example_context", None
    elif isinstance(context, Mapping) and all(isinstance(value, str) for value in context.values()):
        yield "example_context", dict(context)
