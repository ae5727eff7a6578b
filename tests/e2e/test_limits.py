"""docs/limits.md: what a dynamic resource cannot do on the real engine, and what the page says to do instead."""

from __future__ import annotations

import pytest
from e2e.engine import Stack
from e2e.programs.teli import CASE

OPTIONS = """
import pulumi
from pulumi_smsagents import teli

options = pulumi.ResourceOptions({options})
sales = teli.SmsAgent("sales", {fields}, options)
"""
PROMPT = {**CASE.fields, "prompt": "Another prompt."}


def program(options: str = "", fields: object = CASE.fields) -> str:
    return OPTIONS.format(options=options, fields=fields)


def test_import_fails(stack: Stack) -> None:
    """Pulumi's own SDK answers a lookup by id alone with a KeyError and its traceback; no code of ours is asked. What does it
    instead, `adopt`, is tried with the example of that name."""
    found = stack.emulator.add("teli", CASE.fields).id
    stack.program(program(f"import_={found!r}"))
    with pytest.raises(AssertionError, match="KeyError: '__provider'"):
        stack.preview()
    assert len(stack.emulator.calls) == 0


def test_options_with_and_without_an_effect(stack: Stack) -> None:
    stack.program(program())
    stack.up().ok()
    agent = stack.id("sales")

    # Neither replaced, nor given up after a millisecond.
    stack.program(program("replace_on_changes=['prompt'], custom_timeouts=pulumi.CustomTimeouts(update='1ms')", PROMPT))
    assert stack.up().ok().ops == {"sales": "update"}
    assert stack.id("sales") == agent

    # An ignored field keeps what somebody made of it at the vendor.
    stack.program(program("ignore_changes=['prompt'], retain_on_delete=True", PROMPT))
    stack.emulator.edit("teli", agent, prompt="Edited by hand")
    assert stack.up("--refresh").ok().ops == {}
    assert stack.emulator.object("teli", agent).data["prompt"] == "Edited by hand"

    # Forgotten without a call.
    assert stack.destroy().ok().calls == []
    assert stack.emulator.object("teli", agent)
