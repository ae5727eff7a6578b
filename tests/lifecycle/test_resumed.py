"""What an earlier run left: whose it is, and what a person reads where it cannot become what the program wants now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from worlds import World

from pulumi_smsagents.errors import UncertainError
from pulumi_smsagents.journal import CREATED, OPEN, Journal

Plain = dict[str, Any]
LINKED: Plain = {"link": True, "phone_number": "+14155550123", "telephony_account_connection": "550e8400-e29b-41d4-a716-446655440000"}


class Cut(BaseException):
    """The run ends here."""


def cut_off(world: World, inputs: Plain) -> None:
    """A create that ends between the vendor's answer and its record."""

    def ends(*_args: Any) -> None:
        raise Cut

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "created", ends)
        with pytest.raises(Cut):
            world.process().create(inputs)


def states(world: World, inputs: Plain) -> dict[str, str]:
    return {entry.target.key: entry.state for entry in world.journals.of(inputs["key"]).unfinished()}


@pytest.mark.parametrize("recorded", [False, True])
def test_what_another_resource_left_is_left_to_it(recorded: bool, world_of: Callable[[str], World]) -> None:
    """Even where it asked for the same: the next create of its own name takes it."""
    world = world_of("teli:SmsAgent")
    one, two = world.checked(), world.checked()
    if recorded:
        first = world.process().create(one).id
    else:
        cut_off(world, one)
        (first,) = world.records()
    before = states(world, one)
    assert before == {one["key"]: CREATED if recorded else OPEN}
    changed = world.checked({**world.changed("agent_name"), "key": two["key"]})
    second = world.process().create(changed).id
    assert second != first
    assert states(world, one) == {**before, two["key"]: CREATED}
    assert world.process().create(one).id == first
    assert sorted(world.records()) == sorted([first, second])


def test_what_our_own_create_carried_is_unverified_and_no_news(world_of: Callable[[str], World]) -> None:
    """A thousand agents of a broken run would be a thousand warnings about fields that stand as they were asked for."""
    world = world_of("teli:SmsAgent")
    inputs = world.checked()
    world.process().create(inputs)
    world.fault("drop_keys", keys=["extraction_fields"])
    again = world.process().create(inputs)
    assert [warning.partition(" was made at ")[2].partition(" and ")[2] for warning in again.warnings] == [
        "no state held it; it is taken over, and nothing was made"
    ]
    assert again.outputs["unverified"] == ["extraction_fields"]


def test_a_link_is_a_way_and_taken_over_like_a_purchase(world_of: Callable[[str], World]) -> None:
    world = world_of("fluents:PhoneNumber")
    inputs = world.checked(LINKED)
    first, since = world.process().create(inputs), world.mark()
    again = world.process().create(inputs)
    assert again.id == first.id
    assert world.writes(since) == []


@pytest.mark.parametrize("recorded", [False, True])
def test_the_sentence_where_two_fields_make_it_another_thing(recorded: bool, world_of: Callable[[str], World]) -> None:
    world = world_of("teli:SmsAgent")
    inputs = world.checked()
    if recorded:
        world.process().create(inputs)
    else:
        cut_off(world, inputs)
    (entry,) = world.journals.of(inputs["key"]).unfinished()
    what = f"{entry.id} was made" if recorded else "an object may have been made"
    others = {name: world.sample.others[name] for name in ("organization_id", "user_id")}
    with pytest.raises(UncertainError) as caught:
        world.process().create(world.checked({**world.sample.inputs, **others, "key": inputs["key"]}))
    said = str(caught.value)
    assert said.startswith(f"teli.SmsAgent: the create of {inputs['key']} at 20")
    assert said.partition("was cut off: ")[2] == (
        f"{what}, with another organization_id and user_id. Set organization_id and user_id back for one run, which takes it over; "
        f"or look at it at Teli and run: smsagents resolve {inputs['key']} --not-created"
    )


@pytest.mark.parametrize(("later", "waited"), [(0, 8), (100_000, 0)])
def test_a_create_of_long_ago_is_looked_for_once(later: float, waited: float, world_of: Callable[[str], World]) -> None:
    """What was made then is listed by now, or was never made; right after it, the list may be late."""
    world = world_of("teli:SmsAgent")
    inputs = world.checked()
    cut_off(world, inputs)
    (gone,) = world.records()
    world.emulator.remove("teli", gone)
    world.clock.advance(later)
    began = len(world.pauses)
    assert world.process().create(inputs).id != gone
    assert sum(world.pauses[began:]) == waited
