"""Two values as lines that a person can compare."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

from ..console import clean
from .compare import Drift

_SHORT = 60


def one_line(drift: Drift) -> str:
    """Both values side by side, where they are short enough; else nothing."""
    if drift.hidden:
        return f"differs; {drift.hidden}"
    was, now = _short(drift.recorded), _short(drift.live)
    return f"{was} -> {now}" if was and now else ""


def unified(drift: Drift, title: str) -> Iterator[str]:
    """The lines of a unified diff from the recorded value to the vendor's."""
    yield from difflib.unified_diff(_lines(drift.recorded), _lines(drift.live), "recorded", f"at {title}", lineterm="")


def _short(value: Any) -> str:
    text = clean(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHORT and "\\n" not in text else ""


def _lines(value: Any) -> list[str]:
    """A text by its lines, so that a final line end shows; anything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
    # Spaces at the end of a line are spelt out: nobody would see them.
    return [re.sub(r" +$", lambda spaces: "\\x20" * len(spaces[0]), clean(line)) for line in text.split("\n")]
