"""Prompt files on the real engine, as docs/prompts.md shows them."""

from __future__ import annotations

from pathlib import Path

from e2e.engine import Run, Stack
from pages import fences, put_down

PAGE = Path(__file__).parents[2] / "docs" / "prompts.md"


def shows(run: Run, quoted: str) -> None:
    """Whether these lines stand there one after the other, and no other line is marked as a change."""
    said = [line.rstrip() for line in (run.stdout + run.stderr).splitlines()]
    lines = [line.rstrip() for line in quoted.splitlines()]
    assert any(said[at : at + len(lines)] == lines for at in range(len(said))), run.report()
    assert [line for line in said if line.strip().startswith(("- ", "+ "))] == [line for line in lines if line.strip()[0] in "-+"]


def test_a_page_about_prompt_files_is_right(stack: Stack, tmp_path: Path) -> None:
    """The text that the agent gets, a changed line that is shown as one, and a mistake that is one line."""
    (program,) = fences(PAGE, "python")
    text, change, mistake, _ = fences(PAGE, "text")
    put_down(PAGE, stack.folder)
    file = stack.folder / "prompts" / "sales.md"
    stack.program(program)
    stack.up().ok()
    assert stack.emulator.object("teli", stack.id("sales")).data["prompt"] == text.removesuffix("\n")

    # On Windows, too.
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").replace(b"friendly\r\n---", b"kind\r\n---"))
    shown = stack.preview("--diff").ok()
    shows(shown, change)
    assert shown.calls == []

    file.write_text(file.read_text("utf-8").replace("<% include", "Mention the << season >> sale.\n<% include"), "utf-8")
    failed = stack.preview().failed()
    assert failed.errors[0] == mistake.strip().removeprefix("error: ")
    assert 'File "' not in failed.stdout + failed.stderr
