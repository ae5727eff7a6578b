"""Journals as other processes find them."""

from __future__ import annotations

from hashlib import sha256

from pulumi_smsagents.journal import Journals, alone


def anew(journals: Journals) -> Journals:
    """As the next process finds them."""
    return Journals(journals.folder, journals.clock)


def sharing() -> tuple[str, str]:
    """Two names of one file."""
    names: dict[int, str] = {}
    for name in (f"name {number}" for number in range(1000)):
        file = int(sha256(name.encode()).hexdigest(), 16) % alone._FILES
        if file in names:
            return names[file], name
        names[file] = name
    raise AssertionError("there are more names than files")
