"""Runs that are killed in the middle of a create, at every point where it matters; the next one makes nothing twice and loses nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from random import Random

import pytest
from e2e.engine import Stack
from e2e.killing import POINTS, killed, killed_at
from e2e.programs import bland, contactswing, fluents, teli
from e2e.withheld import answer_withheld

NUMBER = "+14155550123"
LINKED = "+12125550144"
CREATES = {"sales": "teli.create", "orders": "contactswing.create", "desk": "bland.update", "bought": "fluents.buy"}
"""The creates that cannot simply be sent again, and the first write over what somebody else has set. Each with its call."""

PROGRAM = f"""
import pulumi
from pulumi_smsagents import bland, contactswing, fluents, teli

first = [
    teli.SmsAgent("sales", {teli.CASE.fields!r}),
    contactswing.SmsAgent("orders", {contactswing.CASE.fields!r}),
    bland.SmsConfiguration("desk", {{**{bland.CASE.fields!r}, "phone_number": "{NUMBER}"}}),
    fluents.PhoneNumber("bought", {fluents.CASE.fields!r}),
]
pulumi.export("found", first[2].found)
"""
LINK = f"""
linked = {{
    "link": True,
    "phone_number": "{LINKED}",
    "telephony_account_connection": "{fluents.CONNECTION}",
    "label": "Linked",
    "inbound_agent": "{fluents.AGENT}",
}}
fluents.PhoneNumber("linked", linked, pulumi.ResourceOptions(depends_on=first))
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_is_taken_up_where_it_broke_off(stack: Stack, point: str) -> None:
    theirs = stack.emulator.add("bland", {"phone_number": NUMBER, **bland.FOUND}).data
    found = {name: theirs[name] for name in bland.FOUND}
    stack.program(PROGRAM)
    killed(stack, point, CREATES)
    assert stack.resources() == {}
    stack.run("cancel", "--yes").ok()
    settled(stack, point)

    # The next run has the first four in the state, and begins a fifth, when it is killed too.
    stack.program(PROGRAM + LINK)
    again = killed(stack, point, {"linked": "fluents.link"})
    assert_taken_over(again.stdout, point, ["sales", "orders", "bought"])
    assert set(stack.resources()) == {*CREATES}
    stack.run("cancel", "--yes").ok()
    last = stack.up().ok()
    assert_taken_over(last.stdout, point, ["linked"])
    assert [line for line in last.warnings if "pending operations" in line]
    assert set(last.ops) == {"linked"}

    assert_one_of_each(stack)
    kept = json.loads(stack.run("stack", "output", "found", "--show-secrets").ok().stdout)
    assert {name: kept[name] for name in found} == found
    stack.preview("--refresh", "--expect-no-changes").ok()


def settled(stack: Stack, point: str) -> None:
    """ContactSwing has no list, so a person says whether the assistant is there."""
    if point == "recorded":
        return
    made = [item.id for item in stack.emulator.objects("contactswing")]
    done = stack.smsagents("resolve", "e2e/dev/orders", *(["--adopt", *made] if made else ["--not-created"]))
    assert done.returncode == 0, done.stderr


def assert_taken_over(said: str, point: str, names: list[str]) -> None:
    """What exists is taken over, which a person reads; what does not is made."""
    taken = [name for name in names if f" {name}: " in said and "and no state held it; it is taken over" in said]
    assert taken == ([] if point in ("begun", "sent") else names)


def assert_one_of_each(stack: Stack) -> None:
    held = {vendor: {item.id for item in stack.emulator.objects(vendor)} for vendor in ("teli", "contactswing", "fluents")}
    assert held == {
        "teli": {stack.id("sales")},
        "contactswing": {stack.id("orders")},
        "fluents": {stack.id("bought"), stack.id("linked")},
    }
    assert stack.id("linked") == LINKED


AGENTS = 200
KILLS = int(os.environ.get("SMSAGENTS_KILLS", "10"))
"""Each takes two seconds and more; twenty have been tried, too."""
MANY = f"""
from pulumi_smsagents import teli

for number in range({AGENTS}):
    teli.SmsAgent(f"agent-{{number}}", {teli.CASE.fields!r} | {{"agent_name": f"Agent {{number}}"}})
"""
FAST = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""Pulumi writes its state at the end only: a killed run leaves nothing in it."""


def test_two_hundred_agents_and_a_kill_in_each_run(stack: Stack) -> None:
    random = Random(7)
    stack.program(MANY)
    made = agents(stack)
    for _ in range(KILLS):
        # While it looks at what was made, or when it makes more: a few at a time, so that the last run still has some to make.
        operation, nth = random.choice([("*", 1), ("create", 1), ("create", 2), ("create", 3)])
        killed_at(stack, operation, nth, random.choice(["before", "after"]), **FAST)
        made = agents(stack)
        assert max(Counter(made.values()).values(), default=0) <= 1
        assert stack.resources() == {}
        shutil.rmtree(stack.folder / "state" / ".pulumi" / "locks")  # as pulumi cancel does

    assert stack.up(**FAST).ok().asked["create"] > 0
    made = agents(stack)
    assert sorted(made.values()) == sorted(f"Agent {number}" for number in range(AGENTS))
    assert {each["id"]: each["outputs"]["agent_name"] for each in stack.resources().values()} == made
    stack.preview("--expect-no-changes").ok()


def agents(stack: Stack) -> dict[str, str]:
    return {item.id: item.data["agent_name"] for item in stack.emulator.objects("teli")}


def test_after_one_ctrl_c_what_is_under_way_is_finished_and_recorded(stack: Stack) -> None:
    stack.program({"sales": (teli.CASE.type, teli.CASE.fields)})
    with answer_withheld(stack.emulator, "create") as carried_out:
        run = stack.start("up", "--yes", "--skip-preview")
        carried_out()
        run.interrupt()
    run.end().failed()
    (agent,) = stack.emulator.objects("teli")
    assert stack.id("sales") == agent.id
    again = stack.up("--expect-no-changes").ok()
    assert again.calls == []
    assert not [line for line in again.warnings if "pending operations" in line]


def test_two_runs_at_once_do_not_take_what_is_the_others(stack: Stack) -> None:
    """In two stacks of one account, with the same program; and one of the two has been killed before."""
    other = stack.another("staging")
    stack.program({"sales": (teli.CASE.type, teli.CASE.fields), "bought": (fluents.CASE.type, fluents.CASE.fields)})
    killed(stack, "carried-out", {"sales": "teli.create", "bought": "fluents.buy"})
    first = {vendor: [item.id for item in stack.emulator.objects(vendor)] for vendor in ("teli", "fluents")}
    stack.run("cancel", "--yes").ok()

    runs = [each.start("up", "--yes", "--skip-preview") for each in (stack, other)]
    for run in runs:
        run.end().ok()
    assert {"teli": [stack.id("sales")], "fluents": [stack.id("bought")]} == first
    for vendor, name in (("teli", "sales"), ("fluents", "bought")):
        assert {item.id for item in stack.emulator.objects(vendor)} == {stack.id(name), other.id(name)}
        assert stack.id(name) != other.id(name)
