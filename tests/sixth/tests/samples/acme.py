"""Acme's SMS agents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from .base import NotOurs, Plain, Sample, Wiring

_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)

_DRIVERS: dict[str, Callable[[Any, str, Plain], Any]] = {
    "create": lambda adapter, id, request: adapter.create(request["body"], None),
    "update": lambda adapter, id, request: adapter.update(id, {}, {}, request["body"], None),
    "delete": lambda adapter, id, request: adapter.delete(id, {}, "delete"),
    "get": lambda adapter, id, request: adapter.read(id, {}, list),
    "list": lambda adapter, id, request: list(adapter.list("all")),
}


def _drive(adapter: Any, wire: Mapping[str, Any]) -> Any:
    request = wire["request"]
    if not request["headers"]:
        return NotOurs("no call is made without a key")
    return _DRIVERS[wire["operation"]](adapter, unquote(request["path"].rpartition("/")[2]), request)


SMS_AGENT = Sample(
    inputs={"team": "sales", "title": "Follow-up", "prompt": "Be brief.\nBe kind.", "tone": "warm", "labels": ["new", "eu"]},
    others={"team": "care", "title": "Second", "prompt": "Be kind.", "tone": "plain", "labels": ["old"]},
    generated=st.fixed_dictionaries(
        {"team": _text, "title": _text, "prompt": _text},
        optional={"tone": st.sampled_from(("plain", "warm")), "labels": st.lists(_text, max_size=3)},
    ),
    stored=dict,
    drive=_drive,
)

WIRING = Wiring(
    unverified=1,
    missing=frozenset({"error_get_missing", "error_delete_missing"}),
    wrong_key=frozenset({"error_key"}),
    never_made={"error_key_missing": "no call is made without a key"},
    success=frozenset({"error_delete_missing"}),
)
