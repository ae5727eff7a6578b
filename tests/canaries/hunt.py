"""Strings that may turn up nowhere, and the search for them in every spelling, also in part."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from pulumi_smsagents.emulator import VENDORS, Emulator

PART = 8
"""So many characters of a secret in a row give it away."""

KEYS = {
    vendor.name: f"cnry+{mark}/9xk2?Zq81'Lm\\N0p==" for vendor, mark in zip(VENDORS, ("tQ4e", "wS7r", "fG2n", "bY6d", "cJ8u"), strict=True)
}
"""The API key of each vendor, with characters that base64, URLs, JSON and Python spell differently."""

TOKEN = "tkn-Pw5hVf3sKe9aRz"
"""In the query of a webhook that the program sets: the state and the vendor hold it, and no message does."""

FOUND = "fnd-Ux2mTd8gHb4yLq"
"""In the webhook that stood at a number before us: the journal holds it until the state does, where it is secret."""


def spellings(secret: str) -> Iterator[str]:
    """`secret` as it may stand in a text: itself, escaped, in a URL, and in base64 at each of the three places where it may begin."""
    yield secret
    escaped = [json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(secret.encode())[2:-1]]
    encoded = [quote(secret, safe=""), quote(secret), quote_plus(secret)]
    yield from [*escaped, *encoded, *(each.lower() if each == quote(each, safe="") else _lower(each) for each in encoded)]
    for start in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # What it shares with its neighbours is not told by it alone.
            yield encode(bytes(start) + secret.encode() + b"xx")[4 if start else 0 : -4].decode()


def _lower(url: str) -> str:
    """With small hexadecimal digits."""
    head, *rest = url.split("%")
    return head + "".join(f"%{each[:2].lower()}{each[2:]}" for each in rest)


class Hunt:
    """Looks for secrets: ``Hunt(KEYS["teli"], TOKEN).none_in("stderr", text)``."""

    def __init__(self, *secrets: str) -> None:
        forms = {form for secret in secrets for form in spellings(secret)}
        self.parts = frozenset(form[at : at + PART] for form in forms for at in range(len(form) - PART + 1))

    def found(self, text: str | bytes) -> list[str]:
        """The parts of a secret that stand in `text`."""
        shown = text.decode("latin-1") if isinstance(text, bytes) else text
        return [shown[at : at + PART] for at in range(len(shown) - PART + 1) if shown[at : at + PART] in self.parts]

    def none_in(self, where: str, *texts: str | bytes) -> None:
        """Fail where a part of a secret stands in one of the texts."""
        for text in texts:
            found = self.found(text)
            assert not found, f"{where}: {found[0]}"


# ---- all there is to look at ----


def logged(records: Iterable[logging.LogRecord]) -> str:
    """All that a handler might print of log records."""
    return "\n".join(f"{each.name} {each.getMessage()} {each.msg!r} {each.args!r} {each.exc_info!r} {each.exc_text}" for each in records)


def files(*folders: Path) -> dict[Path, bytes]:
    """What every file below the folders holds; a file's name belongs to it."""
    return {path: str(path).encode() + b"\n" + path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def views(emulator: Emulator) -> Iterator[str]:
    """The paths of every page of the emulator, and of all that its control interface shows."""
    yield from ("/", "/calls", "/faults", "/_emulator/calls", "/_emulator/objects", "/_emulator/faults", "/_emulator/modes")
    for vendor in emulator.vendors:
        for item in emulator.objects(vendor):
            yield f"/objects/{vendor}/{quote(item.id, safe='')}"


def spoken_of(value: Any) -> str:
    """A value as a log line would show it, and as JSON."""
    return f"{value!r}\n{json.dumps(value, default=repr, ensure_ascii=False)}"
