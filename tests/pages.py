"""What stands in a page of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt


def fences(page: Path, language: str) -> list[str]:
    """The texts of its blocks in a language."""
    return [token.content for token in MarkdownIt().parse(page.read_text("utf-8")) if token.type == "fence" and token.info == language]


def put_down(page: Path, folder: Path) -> None:
    """The prompt files that it shows, each below its name: "`prompts/sales.md`:"."""
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    for name, fence in zip(tokens[1:], tokens[3:], strict=False):
        if fence.type == "fence" and fence.info == "markdown" and re.fullmatch(r"`[\w./-]+`:", name.content):
            file = folder / name.content.strip("`:")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(fence.content, "utf-8")
