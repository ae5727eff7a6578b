"""docs/recovering.md, step by step, after a run that was killed between the vendor's work and its answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from e2e.engine import STACK, Stack, cli
from e2e.programs.contactswing import CASE as CONTACTSWING
from e2e.programs.teli import CASE
from e2e.withheld import answer_withheld

PAGE = Path(__file__).parents[2] / "docs" / "recovering.md"


def test_after_a_killed_run_the_steps_of_the_page_lead_to_one_agent(stack: Stack) -> None:
    stack.program({"sales": (CASE.type, CASE.fields)})
    with answer_withheld(stack.emulator, "create") as carried_out:
        run = killable(stack, "up", "--yes", "--skip-preview")
        carried_out()
        kill(run)
    (agent,) = stack.emulator.objects("teli")

    steps = iter(commands())
    assert next(steps) == "pulumi up"
    locked = stack.up().failed()
    assert "pulumi cancel" in locked.stderr
    assert "create" not in locked.asked

    assert next(steps) == "pulumi refresh --clear-pending-creates"
    assert next(steps) == "pulumi cancel --yes"
    stack.run("cancel", "--yes").ok()
    again = stack.up().ok()
    assert "create" not in again.asked
    assert stack.id("sales") == agent.id
    assert [line for line in again.warnings if "pending operations" in line]

    stack.refresh("--clear-pending-creates").ok()
    clean = stack.up("--expect-no-changes").ok()
    assert [line for line in clean.warnings if "pending operations" in line] == []
    assert [item.id for item in stack.emulator.objects("teli")] == [agent.id]


def killable(stack: Stack, *command: str) -> subprocess.Popen[bytes]:
    """In a session of its own, so that all of it can be killed."""
    words = [cli() / "pulumi", *command, "--stack", STACK, "--non-interactive"]
    out = subprocess.DEVNULL
    return subprocess.Popen(words, cwd=stack.folder, env=dict(stack.env), stdin=out, stdout=out, stderr=out, start_new_session=True)


def kill(run: subprocess.Popen[bytes]) -> None:
    """As when the computer goes away: the engine, the program, and the provider, which is in a group of its own."""
    groups = {run.pid}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, group, session, *_ = stat.read_text().rpartition(")")[2].split()
            groups |= {int(group)} if int(session) == run.pid else set()
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    run.wait()


def commands() -> list[str]:
    return [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("pulumi ")]


def test_where_nobody_can_look_a_person_settles_it(stack: Stack) -> None:
    """Two answers were lost, and one of the two assistants exists."""
    for name, when in (("made", "after"), ("unmade", "before")):
        stack.emulator.faults.add("reset", operation="create", when=when, where={"name": name})
    stack.program({name: (CONTACTSWING.type, {**CONTACTSWING.fields, "name": name}) for name in ("made", "unmade")})
    said = stack.up("--continue-on-error").failed().errors_by_name
    assert set(said) == {"made", "unmade"}
    assert all(f"smsagents resolve e2e/dev/{name} --not-created" in text for name, (text,) in said.items())
    assert stack.up("--continue-on-error").failed().calls == []
    (made,) = [item.id for item in stack.emulator.objects("contactswing")]

    listed = smsagents(stack, "resolve")
    assert listed.returncode == 2, listed.stderr
    assert {key for key in listed.stdout.split() if key.startswith("e2e/")} == {"e2e/dev/made", "e2e/dev/unmade"}
    assert smsagents(stack, "resolve", "e2e/dev/made", "--adopt", made).returncode == 0
    assert smsagents(stack, "resolve", "e2e/dev/unmade", "--not-created").returncode == 0
    assert stack.up().ok().asked["create"] == 1
    assert stack.id("made") == made
    assert {item.id for item in stack.emulator.objects("contactswing")} == {made, stack.id("unmade")}
    assert smsagents(stack, "resolve").returncode == 0


def smsagents(stack: Stack, *command: str) -> subprocess.CompletedProcess[str]:
    words = [Path(sys.executable).with_name("smsagents"), *command, "--stack", STACK]
    return subprocess.run(words, cwd=stack.folder, env=dict(stack.env), capture_output=True, text=True, check=False)
