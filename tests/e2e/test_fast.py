"""smsagents up and destroy on the real engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from e2e.engine import KEY, STACK, Stack
from e2e.programs.teli import CASE

AGENT = json.dumps(dict(CASE.fields))
PROGRAM = f"""
import json
import pulumi
from pulumi_smsagents import teli

fields = json.loads({AGENT!r})
desk = pulumi.ComponentResource("shop:index:Desk", "desk", None)
agents = [teli.SmsAgent(f"agent-{{n}}", fields | {{"agent_name": f"Agent {{n}}"}}, pulumi.ResourceOptions(parent=desk)) for n in range(3)]
"""
LATE = """
class Parrot(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        open("polly", "w").close()
        return pulumi.dynamic.CreateResult("polly", props)

class Parroted(pulumi.dynamic.Resource): ...

agents[0].agent_id.apply(lambda known: Parroted(Parrot(), "polly", {"of": known}))
"""


def smsagents(stack: Stack, *command: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("smsagents")
    options = ["--stack", STACK, "--non-interactive", "--color", "never"]
    ended = subprocess.run([program, *command, *options], cwd=stack.folder, env=stack.env, capture_output=True, text=True, check=False)
    assert KEY not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr, ended.stdout + ended.stderr
    return ended


def test_a_stack_of_ours_is_made_and_unmade_with_one_write_each(stack: Stack) -> None:
    stack.program(PROGRAM)
    ended = smsagents(stack, "up", "--yes")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr.startswith("Fast mode: ")
    assert len(stack.emulator.objects("teli")) == 3
    assert {each["id"] for name, each in stack.resources().items() if name != "desk"} == {x.id for x in stack.emulator.objects("teli")}

    recorded = []  # how much the state holds, after each call
    desk = stack.emulator._desk
    desk.called = lambda: recorded.append(len(stack.resources()))
    ended = smsagents(stack, "destroy", "--yes", "--skip-preview", "--parallel", "1")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr.startswith("Fast mode: ")
    assert stack.emulator.objects("teli") == []
    assert stack.resources() == {}
    assert len(recorded) >= 3
    assert set(recorded) == {4}


def test_what_no_preview_shows_is_refused_before_it_is_made(stack: Stack) -> None:
    stack.program(PROGRAM + LATE)
    ended = smsagents(stack, "up", "--yes")
    assert ended.returncode != 0
    assert ended.stderr.startswith("Fast mode: ")
    assert "smsagents up: the program also makes pulumi-python:dynamic:Resource polly" in ended.stdout + ended.stderr
    assert not (stack.folder / "polly").exists()
    # What was made until then is in the state.
    assert {each["id"] for name, each in stack.resources().items() if name != "desk"} == {x.id for x in stack.emulator.objects("teli")}
