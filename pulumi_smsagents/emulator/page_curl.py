"""A logged call as a line for a shell. The key is a variable of that shell: the emulator has none to show."""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import quote, urlencode

from .calls import Call
from .page_text import HIDDEN
from .world import Vendor

SIGNATURES = (("X-API-Key", ""), ("Authorization", ""), ("Authorization", "Bearer "))
"""The ways in which vendors take a key."""

PATH_SAFE = "/:@!$&'()*+,;=~-._"


def curl(vendor: Vendor, call: Call, base: str) -> str:
    """The same call again."""
    query = f"?{urlencode(call.query)}" if call.query else ""
    words = ["curl", "-X", call.method, shlex.quote(f"{base}/{vendor.name}{quote(call.path, PATH_SAFE)}{query}")]
    if signature := _signature(vendor):
        words += ["-H", signature]
    if call.body is not None:
        body = call.body if isinstance(call.body, str) else _json(call.body)
        words += [
            "-H",
            shlex.quote(f"content-type: {call.headers.get('content-type', 'application/json')}"),
            "--data-raw",
            shlex.quote(body),
        ]
    return " ".join(words)


def _json(value: Any) -> str:
    """JSON to be read; what nobody would see is spelled out, which means the same."""
    return HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))


def _signature(vendor: Vendor) -> str:
    """Where the vendor looks for its key: asked of the vendor itself. In double quotes, so that the shell puts the key in."""
    for name, scheme in SIGNATURES:
        if vendor.credential({name.lower(): f"{scheme}key"}) == "key":
            return f'"{name}: {scheme}$SMSAGENTS_{vendor.name.upper()}_API_KEY"'
    return ""
