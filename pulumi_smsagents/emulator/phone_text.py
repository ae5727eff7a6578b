"""A message as a phone gets it: its variables filled in, and the segments it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import smsutil
from pystache import Renderer
from pystache.common import MissingTags
from pystache.context import KeyNotFoundError

VARIABLE = re.compile(r"(?<!\{)\{\{\s*[^\s{}#^/>=!&.][^{}]*\}\}(?!\})")
"""The only tag that vendors document: `{{name}}`. Sections, partials and the like are mustache too, but nothing says that they work."""

NAMES = 100
"""A text with more names than these is shown as it is."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in. `missing` are the names that had no value and stand there as written."""

    text: str
    missing: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """What a carrier charges for. `forcing` are the characters that forbid the cheaper alphabet."""

    segments: int
    encoding: str
    characters: int
    forcing: tuple[str, ...]


def fill(text: str, lead: Mapping[str, str]) -> Filled:
    """The text for this lead; a name without a value is left as it is and named."""
    beside = VARIABLE.sub("", text)
    if "{{" in beside or "}}" in beside:
        return Filled(text, problem="{{ and }} that are no {{name}}; shown as written")
    # Nothing is escaped: an SMS is no web page.
    renderer = Renderer(escape=str, missing_tags=MissingTags.strict, partials={})
    values = {name: value for name, value in lead.items() if value}
    missing: list[str] = []
    while len(missing) < NAMES:
        try:
            return Filled(renderer.render(text, _nested(values)), tuple(missing))
        except KeyNotFoundError as unknown:
            name = str(unknown.key)
            if name in missing:
                break
            missing.append(name)
            values[name] = "{{" + name + "}}"
    return Filled(text, tuple(missing), "not all names can be filled in; shown as written")


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    """`a.b` as mustache looks it up: b in a."""
    context: dict[str, Any] = {}
    for name, value in values.items():
        *path, last = name.split(".")
        inner = context
        for part in path:
            below = inner.setdefault(part, {})
            inner = below if isinstance(below, dict) else {}
        inner[last] = value
    return context


def size(text: str) -> Size:
    """Segments and alphabet of a text, and why it is not the cheaper one."""
    split = smsutil.split(text)
    forcing = tuple(dict.fromkeys(each for each in text if not smsutil.is_valid_gsm(each)))
    return Size(len(split.parts), "GSM-7" if split.encoding == "gsm0338" else "UCS-2", len(text), forcing)
