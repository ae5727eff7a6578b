"""What a verb tells and hands on, word for word where a person reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from worlds import OFFERS, World, as_pulumi

from pulumi_smsagents.lifecycle.diff import announcements, difference

WRITE_ONLY = ["cleartalk:SmsConfiguration", "contactswing:SmsAgent"]
READABLE = [tag for tag in OFFERS if tag not in WRITE_ONLY]


def announced(tag: str, field: str, old: Any, new: Any) -> str:
    offer = OFFERS[tag][1]
    (said,) = announcements(offer, "the-id", {field: old}, difference(offer, {field: old}, {field: new}))
    return said.partition(";")[0]


@pytest.mark.parametrize(
    ("tag", "field", "said"),
    [
        ("bland:SmsConfiguration", "phone_number", "sets up another configuration"),
        ("cleartalk:SmsConfiguration", "phone_number", "sets up another configuration"),
        ("teli:SmsAgent", "organization_id", "makes a new one"),
        ("fluents:PhoneNumber", "telephony_account_connection", "makes a new one"),
    ],
)
def test_a_replacement_makes_one_or_sets_one_up(tag: str, field: str, said: str) -> None:
    assert announced(tag, field, "old", "new") == f"changing {field} {said}"


@pytest.mark.parametrize("name", ["adopt", "on_delete"])
def test_a_common_field_that_is_misspelt_is_named(name: str, world_of: Callable[[str], World]) -> None:
    world = world_of("teli:SmsAgent")
    found = world.process().check({}, as_pulumi(world.given({**world.sample.inputs, f"{name}s": "x"})))
    assert [problem.text for problem in found.problems] == [f"is not a field of teli.SmsAgent; did you mean {name}?"]


def test_of_a_field_that_is_like_no_other_all_are_named(world_of: Callable[[str], World]) -> None:
    world = world_of("teli:SmsAgent")
    found = world.process().check({}, as_pulumi(world.given({**world.sample.inputs, "zzzzzz": "x"})))
    (problem,) = found.problems
    fields = [*world.offer.args.model_fields, "adopt", "on_delete"]
    assert problem.text == f"is not a field of teli.SmsAgent; its fields are {', '.join(fields)}"


@pytest.mark.parametrize("tag", WRITE_ONLY)
def test_where_nothing_can_be_read_nothing_is_read_back(tag: str, world_of: Callable[[str], World]) -> None:
    """Neither tried nor told of as a failure: that it is unverified says the state."""
    world = world_of(tag)
    inputs = world.checked()
    made = world.process().create(inputs)
    assert made.warnings == []
    assert made.outputs["unverified"] == sorted(name for name in world.sample.inputs if world.offer.fields[name].role == "sent")
    since = world.mark()
    read = world.process().read(made.id, world.state(made))
    assert world.calls(since=since) == []
    assert read.warnings == []
    (note,) = read.notes
    assert note.startswith("refresh checked nothing and kept the recorded state: ")


@pytest.mark.parametrize("tag", READABLE)
def test_a_state_without_a_key_is_read_like_any_other(tag: str, world_of: Callable[[str], World]) -> None:
    """Only the journal needs one."""
    world = world_of(tag)
    made = world.process().create(world.checked())
    state = world.state(made)
    without = {name: value for name, value in state.items() if name != "key"}
    read = world.process().read(made.id, without)
    assert read.id == made.id
    assert {name: read.outputs[name] for name in world.sample.inputs} == {name: state[name] for name in world.sample.inputs}


def test_an_adoption_that_changes_something_hands_on_what_the_program_says(world_of: Callable[[str], World]) -> None:
    world = world_of("teli:SmsAgent")
    theirs = world.by_hand({"agent_name": "Theirs"})
    inputs = world.checked({**world.sample.inputs, "adopt": theirs.id})
    made = world.process().create(inputs)
    assert made.id == theirs.id
    assert made.inputs == {name: value for name, value in inputs.items() if name in {*world.sample.inputs, "adopt", "on_delete", "key"}}
    assert all(isinstance(warning, str) for warning in made.warnings)
    assert world.records()[theirs.id]["agent_name"] == inputs["agent_name"]
