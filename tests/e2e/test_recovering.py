"""docs/recovering.md, step by step, after a run that was killed between the vendor's work and its answer."""

from __future__ import annotations

from pathlib import Path

from e2e.engine import Stack
from e2e.programs.contactswing import CASE as CONTACTSWING
from e2e.programs.teli import CASE
from e2e.withheld import answer_withheld

PAGE = Path(__file__).parents[2] / "docs" / "recovering.md"


def test_after_a_killed_run_the_steps_of_the_page_lead_to_one_agent(stack: Stack) -> None:
    stack.program({"sales": (CASE.type, CASE.fields)})
    with answer_withheld(stack.emulator, "create") as carried_out:
        run = stack.start("up", "--yes", "--skip-preview")
        carried_out()
        run.kill()
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

    listed = stack.smsagents("resolve")
    assert listed.returncode == 2, listed.stderr
    assert {key for key in listed.stdout.split() if key.startswith("e2e/")} == {"e2e/dev/made", "e2e/dev/unmade"}
    assert stack.smsagents("resolve", "e2e/dev/made", "--adopt", made).returncode == 0
    assert stack.smsagents("resolve", "e2e/dev/unmade", "--not-created").returncode == 0
    assert stack.up().ok().asked["create"] == 1
    assert stack.id("made") == made
    assert {item.id for item in stack.emulator.objects("contactswing")} == {made, stack.id("unmade")}
    assert stack.smsagents("resolve").returncode == 0
