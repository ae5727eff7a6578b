"""Prompt files on the real engine: a changed line is shown as one, and a mistake is one line."""

from __future__ import annotations

import re

from e2e.engine import Stack
from e2e.programs.teli import CASE

PROGRAM = f"""
from pulumi_smsagents import prompt_file, teli

fields = {dict(CASE.fields)!r}
teli.SmsAgent("sales", fields | {{"prompt": prompt_file("prompts/sales.md", offer="spring")}})
"""
TEXT = """---
title: Sales
variables:
  offer:
---

You follow up with people who asked about the << offer >> offer.
{tone}

Ask {{{{first_name}}}} for the timeline.
"""


def write(stack: Stack, text: str) -> None:
    (stack.folder / "prompts").mkdir(exist_ok=True)
    (stack.folder / "prompts" / "sales.md").write_text(text, "utf-8")


def test_a_changed_line_of_a_prompt_file_is_shown_as_a_line(stack: Stack) -> None:
    stack.program(PROGRAM)
    write(stack, TEXT.format(tone="Be brief."))
    stack.up().ok()
    held = stack.emulator.object("teli", stack.id("sales")).data["prompt"]
    assert held == "You follow up with people who asked about the spring offer.\nBe brief.\n\nAsk {{first_name}} for the timeline."

    write(stack, TEXT.format(tone="Be kind.").replace("\n", "\r\n"))
    shown = stack.preview("--diff").ok()
    marked = [line.strip() for line in shown.stdout.splitlines() if re.match(r"\s*[+-] +\S", line)]
    assert marked == ["- Be brief.", "+ Be kind."]
    assert shown.calls == []

    write(stack, TEXT.format(tone="Be << tone >>."))
    failed = stack.preview().failed()
    said, *_ = failed.errors  # the engine adds that the program ended
    assert said.startswith("prompts/sales.md:8: tone has no value; pass tone=... to prompt_file")
    assert 'File "' not in failed.stdout + failed.stderr
