"""What no sequence of commands may do: delete an agent that the program still has, or make one twice."""

from __future__ import annotations

from e2e.engine import Stack
from e2e.programs.teli import CASE


def test_an_adopted_agent_outlives_a_forced_replacement(stack: Stack) -> None:
    found = stack.emulator.add("teli", CASE.fields).id
    stack.program({"sales": (CASE.type, {**CASE.fields, "adopt": found})})
    stack.up().ok()
    forced = stack.up("--replace", stack.resources()["sales"]["urn"]).ok()
    assert set(forced.asked) == {"get"}
    assert [line for line in forced.warnings if f"{found} was adopted again in this run, so it is kept" in line]
    assert stack.id("sales") == found
    assert [item.id for item in stack.emulator.objects("teli")] == [found]


def test_two_resources_that_adopt_one_agent_are_refused_before_any_call(stack: Stack) -> None:
    found = stack.emulator.add("teli", CASE.fields).id
    one = {"sales": (CASE.type, {**CASE.fields, "adopt": found})}
    stack.program(one | {"again": one["sales"]})
    for refused in (stack.preview().failed(), stack.up().failed()):
        (said,) = refused.errors
        assert f"adopt: {found} is set by the resource e2e/dev/" in said
        assert "of this program already; remove one of the two" in said
        assert set(refused.asked) <= {"get"}
    assert [change.by for change in stack.emulator.object("teli", found).history] == ["dashboard"]


def test_a_create_whose_answer_was_lost_is_not_made_again(stack: Stack) -> None:
    """The vendor does not tell in the same run what became of it, so the next one looks."""
    stack.program({"sales": (CASE.type, CASE.fields)})
    stack.emulator.faults.add("reset", operation="create", when="after")
    stack.emulator.faults.add("status", operation="list", status=503)
    lost = stack.up(SMSAGENTS_ATTEMPTS="1").failed()
    (said,) = lost.errors
    assert "Whether e2e/dev/sales exists is not known: run pulumi up again, which looks for it before it makes another" in said
    assert lost.asked == {"create": 1, "list": 1}
    again = stack.up().ok()
    assert "create" not in again.asked
    assert [line for line in again.warnings if f"{stack.id('sales')} was made at" in line and "it is taken over" in line]
    assert [item.id for item in stack.emulator.objects("teli")] == [stack.id("sales")]
