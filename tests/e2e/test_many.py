"""Hundreds of agents in one program."""

from __future__ import annotations

from e2e.engine import Stack
from e2e.programs.teli import CASE

COUNT = 300
PROGRAM = f"""
from pulumi_smsagents import teli

for number in range({COUNT}):
    teli.SmsAgent(f"agent-{{number}}", {dict(CASE.fields)!r} | {{"agent_name": f"Agent {{number}}"}})
"""


def test_three_hundred_agents(stack: Stack) -> None:
    fast = {"PULUMI_SKIP_CHECKPOINTS": "true"}
    stack.program(PROGRAM)
    assert stack.up(**fast).ok().asked == {"create": COUNT, "get": COUNT}
    assert len({each["id"] for each in stack.resources().values()}) == COUNT
    names = {item.data["agent_name"] for item in stack.emulator.objects("teli")}
    assert len(names) == COUNT

    assert stack.preview("--expect-no-changes").ok().calls == []

    seen = stack.refresh("--expect-no-changes", **fast).ok().asked
    # The first read waits a moment for others; where they come later than that it is answered by itself.
    assert seen["list"] == 1
    assert seen["get"] <= 1
    assert set(seen) <= {"list", "get"}

    assert stack.destroy(**fast).ok().asked == {"delete": COUNT}
    assert stack.emulator.objects("teli") == []
