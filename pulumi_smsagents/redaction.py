"""Text that is safe to show: without secrets, without control characters, and short."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
# Also what changes the direction of text, what has no width, and halves of surrogate pairs, which no terminal can be sent.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
# Who signs in with a URL does it before its host or after its path.
_URL = re.compile(r"(https?://)(?:[^\s/?#\"'<>]*@)?([^\s?#\"'<>]*)([?#][^\s\"'<>]*)?", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_SHOWN = 200
_LOOKED_AT = 10_000
_PART = 8
"""Characters of a secret in a row that give it away."""
_WHOLE = 16
"""Characters of a secret that no text holds by chance."""
_PLACEHOLDER = "[secret]"

# A filter on a parent logger does not see the lines of its children: each that speaks is named.
_NOISY_LOGGERS = (
    "httpx",
    *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
    "httpx_retries.retry",
    "httpx_retries.transport",
)


class Redactor:
    """Removes given secrets, also encoded and in part, from any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        # Longest first: a short form must not break up a longer one.
        parts = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, parts))) if parts else None
        self._pieces = frozenset(form[i : i + _PART] for form in parts for i in range(len(form) - _PART + 1))
        whole = [form for form in parts if len(form) >= _WHOLE]
        self._whole = re.compile("|".join(map(re.escape, whole))) if whole else None
        # What JSON never spells otherwise, to look for in an answer that is not decoded.
        self._words = frozenset(max(_WORD.findall(form), key=len, default="").encode() for form in whole)

    def __repr__(self) -> str:
        return "Redactor(…)"

    def hide(self, text: str) -> str:
        """`text` with every secret replaced, and every run of 8 or more of its characters."""
        if not self._pattern:
            return text
        text = self._pattern.sub(_PLACEHOLDER, text)
        kept: list[str] = []
        end = 0
        for start in range(len(text) - _PART + 1):
            if text[start : start + _PART] in self._pieces:
                if start > end or not kept:
                    kept += [text[end:start], _PLACEHOLDER]
                end = start + _PART
        return "".join([*kept, text[end:]])

    def clear(self, body: Any, content: bytes) -> Any:
        """The decoded `body` of an answer without a secret that the vendor repeats: what is taken from it goes into a state. Only
        whole ones, because people's texts must not be changed: a part may be there by chance."""
        if self._whole is None or not any(word in content for word in self._words):
            return body
        return _replaced(body, self._whole)

    def show(self, text: str, limit: int = _SHOWN) -> str:
        """`text` fit for a terminal and a log: one line, no secrets, at most `limit` characters."""
        # Secrets first: cutting or cleaning could leave a recognisable half. And once more: cleaning may join the two.
        line = " ".join(_CONTROL.sub(" ", _ESCAPES.sub("", self._hidden(text[:_LOOKED_AT]))).split())
        line = self._hidden(line)
        return line if len(line) <= limit else line[: limit - 1] + "…"

    def _hidden(self, text: str) -> str:
        """Without our secrets, and without what URLs carry: a vendor may repeat a webhook, whose token only its owner knows."""
        return _URL.sub(_bare, self.hide(text))


class RedactingFilter(logging.Filter):
    """Keeps secrets out of the log lines of the HTTP libraries below us."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; never drop it."""
        record.msg, record.args = self._redactor.hide(record.getMessage()), ()
        return True


def quiet_loggers(redactor: Redactor) -> None:
    """Put a filter on every logger that could print a header or a URL."""
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).addFilter(RedactingFilter(redactor))


def _bare(url: re.Match[str]) -> str:
    return f"{url[1]}{url[2]}{url[3][0] + _PLACEHOLDER if url[3] else ''}"


def _replaced(value: Any, secret: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return secret.sub(_PLACEHOLDER, value)
    if isinstance(value, dict):
        return {_replaced(name, secret): _replaced(each, secret) for name, each in value.items()}
    return [_replaced(each, secret) for each in value] if isinstance(value, list) else value


def _forms(secret: str) -> Iterable[str]:
    yield secret
    derived = [json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""), quote_plus(secret)]
    derived += [re.sub("%..", lambda match: match[0].lower(), form) for form in derived]
    derived += [form for skipped in range(3) for form in _base64(secret.encode(), skipped)]
    yield from (form for form in derived if len(form) >= _PART)


def _base64(raw: bytes, skipped: int) -> Iterable[str]:
    """As it stands in the base64 of a longer text, `skipped` bytes after a multiple of three."""
    first, last = -(-skipped * 8 // 6), (skipped + len(raw)) * 8 // 6
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(bytes(skipped) + raw).decode()[first:last]
