"""Readable names from whatever people call things: logical names, variables of the program, names of files."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterable, Iterator

from anyascii import anyascii

from ...vendors.base import SMS_AGENT
from .judge import Entry

LONGEST = 40

_WINDOWS = frozenset({"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10))})
"""Files that cannot be on Windows, with whatever ending."""


def slug(text: str) -> str:
    """`text` in small ASCII letters, digits and single dashes; in any script, also of emoji. Empty where nothing is left."""
    words = re.findall("[a-z0-9]+", anyascii(text[: 10 * LONGEST]).lower())
    found = "-".join(words)
    if len(found) <= LONGEST:
        return found
    whole, _, _ = found[: LONGEST + 1].rpartition("-")
    return whole or found[:LONGEST]


def logical_names(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    """Each with a name of its own. The same objects have the same names again, in whatever order a vendor lists them."""
    taken: set[str] = set()
    ordered = sorted(entries, key=lambda entry: (_base(entry), entry.vendor, entry.kind, entry.id))
    # Numbered after all the plain ones: an object that is really called "Sales 2" keeps its name.
    plain = {_base(entry) for entry in ordered}
    for entry in ordered:
        name = _base(entry)
        if name in taken:
            name = _numbered(name, taken | plain)
        taken.add(name)
        yield name, entry


def _base(entry: Entry) -> str:
    noun = "agent" if entry.kind == SMS_AGENT else "number"
    name = slug(entry.called)
    if not name:
        return f"{noun}-{slug(entry.id)}".rstrip("-")
    return f"{name}-{noun}" if name in _WINDOWS else name


def _numbered(name: str, taken: Collection[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def variables(names: Iterable[str], imported: Collection[str]) -> dict[str, str]:
    """A variable for each logical name: an identifier that hides nothing of Python's and nothing `imported`."""
    reserved = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *imported}
    return {name: _variable(name, reserved) for name in names}


def _variable(name: str, reserved: Collection[str]) -> str:
    found = name.replace("-", "_")
    if found[0].isdigit():
        found = f"_{found}"
    return f"{found}_" if found in reserved else found
