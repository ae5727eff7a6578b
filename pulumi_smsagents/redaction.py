"""Text that is safe to show: without secrets, without control characters, and short."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
# Also what changes the direction of text, what has no width, and halves of surrogate pairs, which no terminal can be sent.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+")
_SHOWN = 200
_PLACEHOLDER = "[secret]"

# A filter on a parent logger does not see the lines of its children: each that speaks is named.
_NOISY_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpx_retries.retry", "httpx_retries.transport")


class Redactor:
    """Removes given secrets, also base64 and URL encoded, from any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        # Longest first: a short form must not break up a longer one.
        parts = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, parts))) if parts else None

    def __repr__(self) -> str:
        return "Redactor(…)"

    def hide(self, text: str) -> str:
        """`text` with every secret replaced."""
        return self._pattern.sub(_PLACEHOLDER, text) if self._pattern else text

    def show(self, text: str, limit: int = _SHOWN) -> str:
        """`text` fit for a terminal and a log: one line, no secrets, at most `limit` characters."""
        # Secrets first: cutting or cleaning could leave a recognisable half. And once more: cleaning may join the two.
        line = self.hide(" ".join(_CONTROL.sub(" ", _ESCAPES.sub("", self.hide(text))).split()))
        return line if len(line) <= limit else line[: limit - 1] + "…"


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


def _forms(secret: str) -> Iterable[str]:
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
