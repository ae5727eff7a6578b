"""Long texts as files of their own, where a file gives back exactly the text."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ... import prompts
from ...errors import SmsAgentsError
from ...values import Plain


def as_file(text: str, about: Plain) -> str | None:
    """The content of a file that `prompt_file` reads as `text`; None where that cannot be, as with a mark that editors put
    before a text and readers take away."""
    try:
        content = prompts.as_file(text, about)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "text.md"
            file.write_text(content, "utf-8", newline="")
            return content if prompts.render(file, Path(folder)) == text else None
    except (SmsAgentsError, UnicodeEncodeError):
        return None
