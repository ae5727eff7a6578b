"""A message as a phone gets it: its variables filled in, and the segments it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import smsutil
from pystache import Renderer
from pystache.common import MissingTags, TemplateNotFoundError
from pystache.context import KeyNotFoundError
from pystache.parser import ParsingError

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
    # Nothing is escaped: an SMS is no web page. Without partials nothing of this computer can be read in.
    renderer = Renderer(escape=str, missing_tags=MissingTags.strict, partials={})
    values = {name: value for name, value in lead.items() if value}
    missing: list[str] = []
    for _ in range(NAMES):
        try:
            return Filled(renderer.render(text, values), tuple(missing))
        except KeyNotFoundError as unknown:
            name = str(unknown.key)
            missing.append(name)
            values[name] = "{{" + name + "}}"
        except (ParsingError, TemplateNotFoundError) as problem:
            return Filled(text, tuple(missing), str(problem).splitlines()[0])
    return Filled(text, tuple(missing), "more names than can be filled")


def size(text: str) -> Size:
    """Segments and alphabet of a text, and why it is not the cheaper one."""
    split = smsutil.split(text)
    forcing = tuple(dict.fromkeys(each for each in text if not smsutil.is_valid_gsm(each)))
    return Size(len(split.parts), "GSM-7" if split.encoding == "gsm0338" else "UCS-2", len(text), forcing)
