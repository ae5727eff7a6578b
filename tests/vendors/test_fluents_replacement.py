"""A held number is replaced only where the program says what becomes of it, and the preview says what that is."""

from __future__ import annotations

from typing import Any

import pytest
from samples.fluents import CONNECTION, OTHERS
from worlds import World

from pulumi_smsagents.errors import UnsupportedError
from pulumi_smsagents.lifecycle import Result
from pulumi_smsagents.values import UNKNOWN

Plain = dict[str, Any]
NUMBER = "+14155550123"
LINKED: Plain = {"link": True, "phone_number": NUMBER, "telephony_account_connection": CONNECTION}


def replaced(world: World, made: Result, fields: Plain) -> Any:
    """The diff of a program that says no more than `fields`, or the refusal."""
    state = world.state(made)
    found = world.process().check(state, {"key": "p/s/n", **fields})
    assert found.problems == []
    return world.process().diff(made.id, state, found.inputs)


BOUGHT: Plain = {"area_code": "415", "telephony_provider": "twilio", "telephony_account_connection": CONNECTION}


def held(world: World, **fields: Any) -> Result:
    return world.process().create(world.process().check({}, {"key": "p/s/n", **BOUGHT, **fields}).inputs)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("area_code", {"area_code": "212"}),
        ("telephony_provider", {"telephony_provider": "vonage"}),
        ("telephony_account_connection", {"telephony_account_connection": OTHERS["telephony_account_connection"]}),
        ("telephony_account_connection", {"telephony_account_connection": None}),
    ],
    ids=["area_code", "provider", "connection", "no connection"],
)
def test_a_held_number_is_not_replaced_unless_the_program_says_what_becomes_of_it(either: World, name: str, change: Plain) -> None:
    made = held(either)
    with pytest.raises(UnsupportedError) as caught:
        replaced(either, made, {**BOUGHT, **change})
    assert str(caught.value) == (
        f"fluents.PhoneNumber: changing {name} puts another number in place of {made.id}, and the program does not say what becomes of "
        f"{made.id}. Undo the change; or set on_delete='retain' to confirm that {made.id} stays held and goes on costing money; or set "
        "on_delete='cancel' so that it is cancelled and lost, run pulumi up, and make this change afterwards"
    )
    diff = replaced(either, made, {**BOUGHT, **change, "on_delete": "retain"})
    assert diff.replaces == (name,)
    assert either.process().announcements(made.id, either.state(made), diff) == [
        (
            f"changing {name} makes a new one; number {made.id} stays held at Fluents and goes on costing money; "
            f"the new one has another number, unless the program asks for {made.id} again"
        )
    ]


def test_the_preview_of_a_replacement_says_that_a_number_is_bought(either: World) -> None:
    """The engine checks the new one as it does for any create: without old inputs."""
    found = either.process().check({}, {"key": "p/s/n", **BOUGHT, "on_delete": "retain"})
    assert [str(warning) for warning in found.warnings] == [
        "phone_number: is bought, which costs money; destroying the stack does not undo that"
    ]


def test_a_recorded_cancel_is_no_surprise(either: World) -> None:
    made = held(either, on_delete="cancel")
    diff = replaced(either, made, {**BOUGHT, "area_code": "212", "on_delete": "cancel"})
    assert diff.replaces == ("area_code",)
    (said,) = either.process().announcements(made.id, either.state(made), diff)
    assert f"number {made.id} is cancelled at Fluents, and is then lost" in said


@pytest.mark.parametrize(("recorded", "said", "fate"), [("retain", "cancel", "stays held"), ("cancel", "retain", "is cancelled and lost")])
def test_on_delete_is_not_changed_together_with_a_replacement(either: World, recorded: str, said: str, fate: str) -> None:
    """The recorded one decides, which is not the one that stands in the program."""
    made = held(either, on_delete=recorded)
    with pytest.raises(UnsupportedError, match=f"until that is recorded '{recorded}' holds: .{made.id} {fate}"):
        replaced(either, made, {**BOUGHT, "area_code": "212", "on_delete": said})


def test_a_cancel_that_is_dropped_from_the_program_does_not_replace_silently(either: World) -> None:
    made = held(either, on_delete="cancel")
    with pytest.raises(UnsupportedError, match=f"does not say what becomes of .{made.id}"):
        replaced(either, made, {**BOUGHT, "area_code": "212"})


def test_a_kept_number_cannot_be_taken_a_second_time(either: World) -> None:
    made = either.create({**LINKED, "on_delete": "retain"})
    other = {**LINKED, "telephony_account_connection": OTHERS["telephony_account_connection"], "on_delete": "retain"}
    with pytest.raises(UnsupportedError) as caught:
        replaced(either, made, other)
    assert str(caught.value) == (
        f"fluents.PhoneNumber: changing telephony_account_connection of {NUMBER} means to give it up and to take it again, but with "
        "on_delete='retain' it stays held and cannot be taken a second time. Undo the change; or set on_delete='cancel', run pulumi up, "
        "and make this change afterwards, at the risk of not getting the number back"
    )


def test_the_old_one_goes_first_only_where_the_number_is_the_same(either: World) -> None:
    """Cancelled first, a number that is to be another one could be lost for nothing."""
    bought, linked = held(either, on_delete="cancel"), either.create({**LINKED, "on_delete": "cancel"})
    other = {"telephony_account_connection": OTHERS["telephony_account_connection"], "on_delete": "cancel"}
    for made, fields, first in ((bought, {**BOUGHT, **other}, False), (linked, {**LINKED, **other}, True)):
        state = either.state(made)
        new = either.process().check(state, {"key": "p/s/n", **fields}).inputs
        diff = either.process().diff(made.id, state, new)
        assert diff.replaces == ("telephony_account_connection",)
        assert either.process().replace_first(made.id, state, new, diff) is first
    either.process().delete(linked.id, either.state(linked))
    assert either.create({**LINKED, **other}).id == NUMBER


def test_buying_and_linking_are_not_the_same(fluents: World) -> None:
    made = fluents.create({**LINKED, "on_delete": "cancel"})
    assert replaced(fluents, made, {**LINKED, "link": False, "on_delete": "cancel"}).replaces == ("link",)


@pytest.mark.parametrize(
    "fields", [{"area_code": "415"}, {"area_code": "415", "link": False}, {}, {"telephony_provider": "twilio"}], ids=str
)
def test_what_is_unchanged_or_let_go_never_replaces(either: World, fields: Plain) -> None:
    """Above all what cannot be read back."""
    made = either.create({"area_code": "415", "telephony_provider": "twilio"})
    seen = either.refreshed(made)
    diff = replaced(either, seen, fields)
    assert (diff.replaces, diff.sends) == ((), False)
    assert not replaced(either, seen, {"area_code": "415", "telephony_provider": "twilio", "on_delete": "cancel"})


def test_naming_the_number_that_was_assigned_changes_nothing(fluents: World) -> None:
    made = fluents.create({"area_code": "415"})
    diff = replaced(fluents, made, {"phone_number": made.id, "on_delete": "cancel"})
    assert (diff.replaces, diff.sends, diff.recorded) == ((), False, ("phone_number", "area_code"))
    state = fluents.state(made)
    pinned = fluents.process().update(made.id, state, fluents.checked({"phone_number": made.id}, state))
    assert pinned.outputs["phone_number"] == made.id
    assert replaced(fluents, pinned, {"phone_number": "+14155559999", "on_delete": "cancel"}).replaces == ("phone_number",)


def test_a_value_that_is_not_known_yet_is_not_refused_in_the_preview(either: World) -> None:
    """It is looked at again when it is known."""
    made = held(either)
    assert replaced(either, made, {**BOUGHT, "telephony_account_connection": UNKNOWN}).replaces == ("telephony_account_connection",)
