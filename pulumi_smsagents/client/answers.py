"""What an answer says: decoded, and in a vendor's own words, whatever shape the vendor gives them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id")
_REQUEST_ID_MEMBERS = ("ctx_id",)
"""Where a vendor documents the request id in the body."""


def decoded(response: httpx.Response) -> tuple[Any, str]:
    """The decoded body and an empty string, or None and what stands there instead."""
    text = _text(response)
    if not text.strip():
        return None, ""
    try:
        return json.loads(text, parse_constant=_no_constant), ""
    except (ValueError, RecursionError):
        if text.lstrip()[:1] == "<":
            return None, WEB_PAGE
        return None, _NOT_JSON if text.lstrip()[:1] not in "{[" else "JSON that is cut off or damaged"


def request_id(response: httpx.Response, body: Any) -> str:
    """What the vendor calls the request, for its support; empty where it does not say."""
    held = body if isinstance(body, Mapping) else {}
    found = [response.headers.get(name) for name in _REQUEST_ID_HEADERS] + [held.get(name) for name in _REQUEST_ID_MEMBERS]
    return next((id for id in found if isinstance(id, str) and id), "")


def _text(response: httpx.Response) -> str:
    # JSON is UTF-8 (RFC 8259); what the answer says of its own encoding may be wrong, or a codec that raises.
    return response.content.decode("utf-8-sig", errors="replace")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def plain_text(response: httpx.Response, broken: str) -> str:
    """The words of an answer that is plain text; damaged JSON and pages are not shown."""
    return _text(response)[:_PLAIN_TEXT] if broken == _NOT_JSON else ""


WEB_PAGE = "an HTML page"
_NOT_JSON = "something that is not JSON"
_PLAIN_TEXT = 2000


def words(body: Any, depth: int = 0) -> str:
    """What a vendor's error body says, in any of the shapes the five vendors document; "" where it says nothing.

    Only the members that vendors document for messages are taken: an unknown body may hold anything, secrets included.
    """
    if isinstance(body, str) or depth > _DEEPEST_WORDS:
        return body if isinstance(body, str) else ""
    if isinstance(body, list):
        return "; ".join(filter(None, (words(item, depth + 1) for item in body[:_SHOWN_ERRORS])))
    if not isinstance(body, Mapping):
        return ""
    if isinstance(body.get("msg"), str):  # FastAPI's {"loc": [...], "msg": "...", "type": "..."}
        where = body.get("loc")
        place = [str(part) for part in where if isinstance(part, str | int)] if isinstance(where, list) else []
        return ".".join(place) + ": " + body["msg"] if place else str(body["msg"])
    for name in ("errors", "error", "Error", "detail", "message"):
        said = words(body.get(name), depth + 1)
        if said:
            # A short code or class of error, explained by its neighbour: {"error": "Bad Request", "message": ["…"]}.
            first, second = (body.get("code"), said) if name == "message" else (said, words(body.get("message"), depth + 1))
            parts = [first, second] if name in ("error", "message") else [said]
            return ": ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))
    return ""


_SHOWN_ERRORS = 10
_DEEPEST_WORDS = 8


def refused(body: Any) -> bool:
    """Whether a 2xx body says that it failed: `success: false`, `status: "error"`, or a list of errors."""
    if not isinstance(body, Mapping):
        return False
    return body.get("success") is False or body.get("status") == "error" or bool(body.get("errors"))


def half_done(body: Any) -> bool:
    """Whether a body that says that it failed holds something that was made all the same: ``data`` beside ``errors``."""
    return isinstance(body, Mapping) and bool(body.get("errors")) and bool(body.get("data"))
