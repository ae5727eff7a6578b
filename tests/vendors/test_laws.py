"""The laws: one test each, over every offer of every vendor, on the emulator.

They judge by outside effects: what the vendor's store holds, which calls arrived, what a person reads. Where a vendor cannot
be read, a law about reading turns over: `assert_nothing_is_compared`.
"""

from __future__ import annotations

import base64
import copy
import logging
from email.utils import formatdate
from time import time
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from samples import SAMPLES
from samples.base import Plain
from worlds import KEY, OFFERS, World, outcome, together, told

from pulumi_smsagents.client import Client, Limits
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import (
    AuthenticationError,
    NotFoundError,
    RateLimitError,
    SmsAgentsError,
    UncertainError,
    UnexpectedBodyError,
    UnsupportedError,
    VendorError,
)
from pulumi_smsagents.lifecycle import Lifecycle, Result

HTML_404 = b"<html><body><h1>404 Not Found</h1><hr>nginx</body></html>"


def rewritten(body: Any, status: int = 200) -> dict[str, Any]:
    """A fault that answers with this body."""
    return {"kind": "rewrite", "rewrite": lambda reply: Reply(status, body)}


OUTAGES: dict[str, dict[str, Any]] = {
    "500": {"kind": "status", "status": 500},
    "502 after the work": {"kind": "status", "status": 502, "when": "after"},
    "503": {"kind": "status", "status": 503, "body": "Service Unavailable"},
    "504": {"kind": "status", "status": 504, "body": {}},
    "401": {"kind": "status", "status": 401, "body": {"error": "Invalid API key"}},
    "403": {"kind": "status", "status": 403, "body": {"error": "Forbidden"}},
    "404 of a server without these routes": {"kind": "status", "status": 404, "body": {"message": "Cannot GET /v1"}},
    "404 page of a proxy": {"kind": "rewrite", "when": "before", "rewrite": lambda reply: Reply(404, HTML_404, {}, "text/html")},
    "405": {"kind": "status", "status": 405, "body": {"error": "Method Not Allowed"}},
    "400": {"kind": "status", "status": 400},
    "429 that does not end": {"kind": "status", "status": 429},
    "redirect": {"kind": "redirect"},
    "HTML page": {"kind": "html"},
    "cut JSON": {"kind": "malformed"},
    "empty body": {"kind": "empty"},
    "a list": rewritten([]),
    "a number": rewritten(5),
    "null": rewritten(None),
    "success false": rewritten({"success": False, "error": "The request could not be completed"}),
    "status error": rewritten({"status": "error", "message": "no"}),
    "errors with 200": rewritten({"data": None, "errors": [{"error": "Unknown", "message": "no"}]}),
    "line cut in the body": {"kind": "truncated"},
    "refused": {"kind": "refuse"},
    "reset": {"kind": "reset"},
    "closed": {"kind": "close"},
    "reset after the work": {"kind": "reset", "when": "after"},
    "timeout": {"kind": "hang"},
    "timeout after the work": {"kind": "hang", "when": "after"},
    "endless body": {"kind": "endless", "megabytes": 6},
    "gzip bomb": {"kind": "gzip_bomb", "megabytes": 8},
}

LOST_CREATES = {
    "reset after": {"kind": "reset", "when": "after"},
    "reset before": {"kind": "reset"},
    "closed after": {"kind": "close", "when": "after"},
    "timeout after": {"kind": "hang", "when": "after"},
    "timeout before": {"kind": "hang"},
    "500 after": {"kind": "status", "status": 500, "when": "after"},
    "502 after": {"kind": "status", "status": 502, "when": "after"},
    "504 before": {"kind": "status", "status": 504},
    "cut JSON": {"kind": "malformed"},
    "line cut in the body": {"kind": "truncated"},
    "HTML after": {"kind": "html", "when": "after"},
    "empty body": {"kind": "empty"},
    "a list": rewritten([]),
    "an object without an id": rewritten({"success": True}),
    "null": rewritten(None),
}


def each_field(*, replace: bool) -> list[tuple[str, str]]:
    """The fields of every offer that can be changed, or those whose change replaces."""
    return [(tag, name) for tag, (_, offer) in OFFERS.items() for name in SAMPLES[tag].inputs if offer.fields[name].replace == replace]


def assert_nothing_is_read_back(world: World) -> None:
    """The law of a vendor whose answers to writes show the whole object: they are what is verified."""
    since = world.mark()
    made = world.create()
    world.update(made, world.sample.inputs | {name: world.sample.others[name] for name in world.fields()})
    first = {world.sample.list} if world.looks_first else set()
    assert world.counts(since).keys() <= {*world.sample.writes_of_create, world.sample.update} | first
    assert set(made.outputs["unverified"]) == world.sample.unreadable


def assert_nothing_is_bought_twice(world: World) -> None:
    """The law of a create that costs money: no answer has it sent again, not even a 429."""
    world.fault("status", world.sample.create, status=429, headers={"retry-after": "1"}, times=1)
    with pytest.raises(RateLimitError):
        world.create()
    assert world.counts()[world.sample.create] == 1


def assert_nothing_is_compared(world: World) -> None:
    """The law of a vendor that cannot be read: a refresh keeps the state, makes no call, and says what it did not see."""
    made = world.create()
    since = world.mark()
    seen = world.refreshed(made)
    assert world.counts(since) == {}
    assert set(seen.outputs["unverified"]) == set(world.sample.inputs)
    assert {**seen.outputs, "unverified": []} == {**made.outputs, "unverified": []}


def managed(world: World, made: Result) -> Plain:
    """The sample's fields among the outputs."""
    return {name: made.outputs[name] for name in world.offer.fields if name in made.outputs}


# ---- the table ----


def test_every_offer_has_a_sample_with_two_valid_values_for_every_field() -> None:
    """A new vendor whose sample was forgotten is named here."""
    assert set(SAMPLES) == set(OFFERS)
    for tag, (_, offer) in OFFERS.items():
        sample = SAMPLES[tag]
        assert set(offer.fields) == set(offer.args.model_fields)
        sent = {name for name, rule in offer.fields.items() if rule.role == "sent"}
        assert set(sample.inputs) == set(sample.others) == sent - sample.apart
        assert all(sample.inputs[name] != sample.others[name] for name in sample.inputs)


# ---- create, read, diff ----


def test_a_create_makes_exactly_what_the_program_says(world: World) -> None:
    """One object, with the program's fields and no others, by one call."""
    made = world.create()
    assert world.records() == {made.id: world.sample.inputs}
    assert [call.operation.partition(".")[2] for call in world.writes()] == list(world.sample.writes_of_create or [world.sample.create])


def test_read_returns_what_create_made(world: World) -> None:
    """And the state says of each field whether it was seen."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    world.readable()
    made = world.create()
    seen = world.refreshed(made)
    assert managed(world, seen) == world.sample.inputs
    assert seen.outputs["unverified"] == []
    assert seen.outputs == made.outputs
    assert seen.inputs == made.inputs
    assert seen.warnings == []


def test_what_the_vendor_does_not_show_is_named_as_unverified(world: World) -> None:
    """Never silently taken for equal."""
    made = world.create()
    assert set(made.outputs["unverified"]) == (world.sample.unreadable if world.reads else set(world.sample.inputs))
    assert set(world.refreshed(made).outputs["unverified"]) == set(made.outputs["unverified"])


def test_a_second_diff_is_empty(world: World) -> None:
    """After a create, an update and a refresh, with all numbers as floats."""
    made = world.create()
    fields = {**world.sample.inputs, **{name: world.sample.others[name] for name in world.fields()}}
    updated = world.update(made, fields)
    refreshed = world.refreshed(updated)
    for result, wanted in ((made, world.sample.inputs), (updated, fields), (refreshed, fields)):
        state = world.state(result)
        assert not world.process().diff(result.id, state, world.checked(wanted, state))


def test_check_and_diff_make_no_call_and_need_no_key(world: World) -> None:
    """A preview of a program without credentials works."""

    def no_client() -> Client:
        raise AssertionError("a client was asked for")

    state = world.state(world.create())
    since = world.mark()
    process = world.process(no_client)
    found = process.check(state, world.given(world.sample.others))
    assert process.diff("id", state, found.inputs)
    assert process.announcements("id", state, process.diff("id", state, found.inputs))
    assert world.counts(since) == {}


def test_list_contains_what_was_created(world: World) -> None:
    """Under its id, among others."""
    made = [world.create() for _ in range(3)]
    adapter = world.offer.adapter(world.client())
    if not world.reads:
        with pytest.raises(UnsupportedError):
            list(adapter.list(adapter.scope(world.sample.inputs)))
        return
    listed = {live.id: live.fields for live in adapter.list(adapter.scope(world.sample.inputs))}
    assert listed.keys() == {result.id for result in made}
    for fields in listed.values():
        given = {name: value for name, value in fields.items() if name in world.sample.inputs}
        assert all(world.offer.fields[name].same(world.sample.inputs[name], value) for name, value in given.items())


# ---- update ----


@pytest.mark.parametrize(("tag", "name"), each_field(replace=False))
def test_an_update_changes_what_it_says_and_no_more(tag: str, name: str, world_of: Any) -> None:
    """One call, whose body holds the changed field, and others only where the vendor needs them."""
    world = world_of(tag)
    made = world.create()
    since = world.mark()
    updated = world.update(made, world.changed(name))
    sent = [(call.operation.partition(".")[2], sorted(call.body)) for call in world.writes(since)]
    assert sent == [(world.sample.update, sorted(world.sample.body_of_update(name)))]
    assert world.records() == {made.id: world.changed(name)}
    assert managed(world, updated) == world.changed(name)
    assert updated.id == made.id


@pytest.mark.parametrize(("tag", "name"), each_field(replace=True))
def test_a_create_only_field_replaces_and_the_preview_names_the_object(tag: str, name: str, world_of: Any) -> None:
    """And says what becomes of it."""
    world = world_of(tag)
    made = world.create()
    state = world.state(made)
    process = world.process()
    diff = process.diff(made.id, state, world.checked(world.changed(name), state))
    assert diff.replaces == (name,)
    said = process.announcements(made.id, state, diff)
    assert len(said) == 1
    assert said[0].startswith((f"changing {name} makes a new one; ", f"changing {name} sets up another configuration; "))
    assert made.id in said[0]
    assert world.offer.on_delete[made.outputs["on_delete"]].format(id=made.id) in said[0]


def test_a_change_of_what_only_the_state_holds_calls_nobody(world: World) -> None:
    """on_delete and adopt are recorded and sent to nobody."""
    made = world.create()
    since = world.mark()
    updated = world.update(made, {**world.sample.inputs, "on_delete": "retain", "adopt": made.id})
    assert world.counts(since) == {}
    assert updated.outputs == {**made.outputs, "on_delete": "retain", "adopt": made.id}


def test_a_field_that_the_vendor_drops_is_named_and_tried_again(world: World) -> None:
    """The state holds what the vendor shows, so the next preview is not empty."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    world.readable()
    made = world.create()
    for name in world.fields():
        world.fault("empty", world.sample.update, when="before", times=1)
        state = world.state(made)
        if world.reads_first:  # Its answers always show the object: an empty one is a failure.
            with pytest.raises(UnexpectedBodyError):
                world.update(made, world.changed(name))
            assert world.records() == {made.id: world.sample.inputs}
            continue
        updated = world.process().update(made.id, state, world.checked(world.changed(name), state))
        assert updated.outputs[name] == world.sample.inputs[name]
        assert updated.warnings == [f"{world.vendor.title} accepted {name} but shows another value; the state holds what it shows"]
        assert set(world.process().diff(made.id, world.state(updated), world.checked(world.changed(name), state)).changed) == {name}


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_update_is_never_reported_done_unless_the_vendor_has_it(world: World, outage: str) -> None:
    """Whatever goes wrong with it, before or after the vendor acted: an error, or the truth."""
    world.readable()
    made = world.create()
    since = world.mark()
    fields = {**world.sample.inputs, **{name: world.sample.others[name] for name in world.fields()}}
    world.fault(**OUTAGES[outage], operation=world.sample.update)
    found = outcome(lambda: world.update(made, fields))
    (record,) = world.records().values()
    assert record in (world.sample.inputs, fields)
    if isinstance(found, Result):
        assert all(found.outputs[name] == record[name] for name in record if name not in found.outputs["unverified"])
    assert len(world.writes(since)) <= 4


def test_an_update_that_the_vendor_refused_is_an_error_at_once(world: World) -> None:
    """Without looking whether it arrived: it did not."""
    made = world.create()
    since = world.mark()
    world.fault("status", world.sample.update, status=400, body={"error": "not like this"})
    with pytest.raises(VendorError, match="400: not like this"):
        world.update(made, {**world.sample.inputs, **{name: world.sample.others[name] for name in world.fields()}})
    assert len(world.writes(since)) == 1
    assert world.reads_first or world.counts(since) == {world.sample.update: 1}


def test_new_values_that_show_a_moment_late_are_waited_for(world: World) -> None:
    """The first read after the write still shows the old object: no warning, no false state."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    if world.sample.shows_writes:
        assert_nothing_is_read_back(world)
        return
    world.readable()
    made = world.create()
    old = [call.reply for call in world.calls(world.sample.get)][-1]
    fields = {**world.sample.inputs, **{name: world.sample.others[name] for name in world.fields()}}
    world.fault("rewrite", world.sample.get, times=2, rewrite=lambda reply: Reply(200, old))
    updated = world.update(made, fields)
    assert managed(world, updated) == fields
    assert updated.warnings == []
    assert len(world.pauses) == 2
    assert len(world.calls(world.sample.update)) == 1


def test_an_update_of_an_object_that_is_gone_says_so(world: World) -> None:
    """And creates nothing behind the program's back."""
    made = world.create()
    fields = world.sample.inputs | {name: world.sample.others[name] for name in world.fields()}
    world.emulator.remove(world.vendor.name, made.id)
    if world.sample.upserts and not world.reads:
        world.update(made, fields)
        assert world.records() == {made.id: fields}
        return
    # Where a refresh sees nothing, it is no advice.
    with pytest.raises(VendorError, match="It may have been deleted outside Pulumi" if world.reads else "pulumi state delete"):
        world.update(made, fields)
    assert world.records() == {}


# ---- delete ----


def assert_nothing_is_removed(world: World) -> None:
    """The law of a vendor that documents no removal: no call by default, and a line that says what stays behind."""
    made = world.create()
    since = world.mark()
    said = world.process().delete(made.id, world.state(made))
    assert world.counts(since) == {}
    assert list(world.records()) == [made.id]
    assert said == [world.offer.on_delete["retain"].format(id=made.id)]


def test_delete_twice_is_fine(world: World) -> None:
    """The second time there is nothing left to do."""
    if not world.sample.removes:
        assert_nothing_is_removed(world)
        return
    made = world.create()
    for _ in range(2):
        assert world.process().delete(made.id, world.state(made)) == []
        assert world.records() == world.left(made)


def test_a_retained_object_is_left_alone_and_named(world: World) -> None:
    """No call, and a line that says what stays behind."""
    made = world.create(on_delete="retain")
    since = world.mark()
    said = world.process().delete(made.id, world.state(made))
    assert world.counts(since) == {}
    assert list(world.records()) == [made.id]
    assert said == [world.offer.on_delete["retain"].format(id=made.id)]
    assert made.id in said[0]


def test_delete_follows_the_recorded_choice(world: World) -> None:
    """Not the default: a resource that leaves the program has only its state."""
    if not world.sample.removes:
        assert_nothing_is_removed(world)
        return
    kept, gone = world.create(on_delete="retain"), world.create()
    for result in (kept, gone):
        world.process().delete(result.id, world.state(result))
    assert list(world.records()) == [kept.id]


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_delete_is_never_reported_done_while_the_object_lives(world: World, outage: str) -> None:
    """An error keeps it in the state; success means that it is gone."""
    if not world.sample.removes:
        assert_nothing_is_removed(world)
        return
    made = world.create()
    world.fault(**OUTAGES[outage])
    found = outcome(lambda: world.process().delete(made.id, world.state(made)))
    world.emulator.faults.clear()
    if not isinstance(found, VendorError):
        assert world.records() == world.left(made)
    assert outcome(lambda: world.process().delete(made.id, world.state(made))) == []
    assert world.records() == world.left(made)


# ---- gone, and what is not ----


def test_deleted_behind_our_back_is_gone(world: World) -> None:
    """Proven by the vendor's own words, or by a complete list without it."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    made, other = world.create(), world.create({**world.sample.inputs, **world.sample.another})
    world.emulator.remove(world.vendor.name, made.id)
    assert world.refresh(made) is None
    assert world.refresh(other) is not None


@pytest.mark.parametrize("struck", ["get", "list", "*"])
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_not_gone(world: World, outage: str, struck: str) -> None:
    """An error, or the object: never nothing, and the recorded state stays as it is."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    made = world.create()
    state = world.state(made)
    before = copy.deepcopy(state)
    world.fault(**OUTAGES[outage], operation={"get": world.sample.get, "list": world.sample.list}.get(struck, "*"))
    found = outcome(lambda: world.process().read(made.id, state))
    assert found is not None
    assert isinstance(found, VendorError) or managed(world, found) == world.sample.inputs
    if struck == "*":
        assert isinstance(found, VendorError)
        assert not isinstance(found, NotFoundError)
    assert state == before
    world.emulator.faults.clear()
    assert world.refreshed(made).outputs == made.outputs


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_in_a_refresh_of_many_drops_none(world: World, outage: str) -> None:
    """The shared list proves nothing by failing."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    made = [world.create() for _ in range(4)]
    world.fault(**OUTAGES[outage])
    process = world.process()
    for result in made:
        found = outcome(lambda result=result: process.read(result.id, world.state(result)))
        assert isinstance(found, VendorError)
        assert not isinstance(found, NotFoundError)


def assert_a_write_is_seen_at_once(world: World, process: Lifecycle) -> None:
    """The law where nothing is ever gone."""
    made = process.create(world.checked())
    assert process.read(made.id, world.state(made)) is not None
    fields = {**world.sample.inputs, **{name: world.sample.others[name] for name in world.fields()}}
    updated = process.update(made.id, world.state(made), world.checked(fields))
    seen = process.read(made.id, world.state(updated))
    assert seen is not None
    assert managed(world, seen) == fields


def test_what_was_listed_before_a_write_of_ours_is_not_believed_after_it(world: World) -> None:
    """In one process: a delete and an update between refreshes."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    process = world.process()
    if world.sample.left:
        assert_a_write_is_seen_at_once(world, process)
        return
    first, second, third = made = [process.create(world.checked()) for _ in range(3)]
    assert all(process.read(result.id, world.state(result)) for result in made)
    process.delete(first.id, world.state(first))
    assert process.read(first.id, world.state(first)) is None
    assert all(process.read(result.id, world.state(result)) for result in (second, third))
    fields = {**world.sample.inputs, **{name: world.sample.others[name] for name in world.fields()}}
    updated = process.update(second.id, world.state(second), world.checked(fields))
    seen = process.read(second.id, world.state(updated))
    assert seen is not None
    assert managed(world, seen) == fields


def test_a_refused_key_is_not_gone_and_says_which_key(world: World) -> None:
    """A rotated key must not empty a state."""
    made = world.create()
    world.emulator.auth.accept(world.vendor.name, ["another-key"])
    with pytest.raises(AuthenticationError, match="Set another key"):
        world.update(made, world.sample.inputs | {name: world.sample.others[name] for name in world.fields()})
    if world.reads:
        with pytest.raises(AuthenticationError, match="Set another key"):
            world.refresh(made)
    if world.sample.removes:
        with pytest.raises(AuthenticationError, match="Set another key"):
            world.process().delete(made.id, world.state(made))
    assert list(world.records()) == [made.id]


def test_a_foreign_body_under_our_id_is_not_gone(world: World) -> None:
    """Odd answers that are 200s: the object exists, or nobody knows."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    made = world.create()
    for body in ODD_BODIES:
        world.emulator.faults.clear()
        world.fault(**rewritten(body))
        found = outcome(lambda: world.refresh(made))
        assert found is not None, body
        assert isinstance(found, Result | VendorError), body
        if isinstance(found, Result):
            assert managed(world, found) == world.sample.inputs, body


ODD_BODIES: list[Any] = [
    {},
    {"success": True},
    {"success": True, "agents": None, "data": None},
    {"success": True, "count": 0},
    {"success": True, "count": 3, "agents": [], "numbers": [], "data": []},
    {"success": True, "agents": [None, 5, "x", [], {}], "agent": []},
    {"agent": None, "agents": {"a": 1}},
    {"agent": "x", "agents": "x"},
    {"agent": {"agent_id": None, "unique_id": 5, "id": [1]}, "agents": [{"agent_id": {"a": 1}}]},
    {"agent": {"agent": {"agent": {}}}, "agents": [[[]]]},
    [[[[]]]],
    "text",
    True,
    1e308,
]


# ---- creating once ----


def assert_running_it_again_is_the_way_out(world: World) -> None:
    """The law where a create is a write to something that exists: it may be repeated, and says so when it gives up."""
    found = outcome(world.create)
    if isinstance(found, VendorError) and found.may_have_arrived:
        assert world.offer.lost_create in str(found)
    world.emulator.faults.clear()
    made = world.create()
    assert world.records() == {made.id: world.sample.inputs}


@pytest.mark.parametrize("outage", LOST_CREATES)
def test_a_create_that_may_have_arrived_ends_with_one_object(world: World, outage: str) -> None:
    """The run that lost the answer, or the one after it, finds what was made; where no list shows it a person decides first."""
    world.fault(**LOST_CREATES[outage], operation=world.sample.create)
    if world.sample.upserts:
        assert_running_it_again_is_the_way_out(world)
        return
    assert world.offer.once
    fields = world.checked()
    made = outcome(lambda: world.process().create(fields))
    if isinstance(made, SmsAgentsError):
        assert f"resolve {fields['key']}" in str(made)
        unclear = isinstance(made, UncertainError) or not world.offer.once.listed
        world.emulator.faults.clear()
        made = assert_a_person_decides(world, fields) if unclear else world.process().create(fields)
    assert world.counts()[world.sample.create] <= 2 + world.offer.once.again
    assert world.records() == {made.id: world.sample.inputs}
    assert process_changes(world, made.id, world.state(made)) == {}


def assert_a_person_decides(world: World, fields: Plain) -> Result:
    """The law where nothing can be listed, or not told apart: nothing is sent until somebody has said what came of it."""
    since = world.mark()
    with pytest.raises(UncertainError, match=f"resolve {fields['key']} --not-created"):
        world.process().create(fields)
    assert world.writes(since) == []
    there = list(world.records())
    assert len(there) <= 1
    if there:
        return world.process().create({**fields, "adopt": there[0]})
    (entry,) = world.journals.of(fields["key"]).unfinished()
    world.journals.of(fields["key"]).not_created(entry)
    return world.process().create(fields)


def test_a_create_that_was_surely_not_done_is_tried_again(world: World) -> None:
    """No connection, or 429: the vendor did nothing."""
    if world.sample.once:
        assert_nothing_is_bought_twice(world)
        return
    world.fault("refuse", world.sample.create, times=2)
    world.fault("status", world.sample.create, status=429, times=1)
    made = world.create()
    assert list(world.records()) == [made.id]
    assert len(world.waits) == 3


def test_a_create_that_was_refused_is_not_called_lost(world: World) -> None:
    """No hint at an object that cannot exist."""
    for status in (400, 401, 403, 404, 409, 422):
        world.emulator.faults.clear()
        world.fault("status", world.sample.create, status=status)
        with pytest.raises(VendorError) as caught:
            world.create()
        assert caught.value.status == status
        assert not world.offer.lost_create or world.offer.lost_create not in str(caught.value)
    assert world.records() == {}


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_failed_read_back_never_loses_what_was_created(world: World, outage: str) -> None:
    """The id is recorded, nothing is called verified, and the next refresh mends it."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    if world.sample.shows_writes:
        assert_nothing_is_read_back(world)
        return
    for operation in (world.sample.get, world.sample.list):
        world.fault(**OUTAGES[outage], operation=operation)
    made = world.create()
    assert list(world.records()) == [made.id]
    assert managed(world, made) == world.sample.inputs
    assert made.outputs["unverified"] == sorted(world.sample.inputs)
    assert "reading it back failed" in made.warnings[0]
    assert "run: pulumi refresh" in made.warnings[0]
    world.emulator.faults.clear()
    assert set(world.refreshed(made).outputs["unverified"]) == world.sample.unreadable


def test_odd_answers_after_a_create_never_lose_it(world: World) -> None:
    """No body, however odd, may turn a created object into an exception."""
    for body in ODD_BODIES:
        world.emulator.reset()
        world.emulator.auth.accept(world.vendor.name, [KEY])
        for operation in (world.sample.get, world.sample.list):
            world.fault(**rewritten(body), operation=operation)
        if world.looks_first:
            found = outcome(world.create)
            assert isinstance(found, VendorError) == (world.records() == {})
            continue
        made = world.create()
        assert list(world.records()) == [made.id]
        assert managed(world, made) == world.sample.inputs


# ---- waiting ----


def test_a_429_waits_as_asked_and_succeeds(world: World) -> None:
    """Every verb, and the create is still sent to its end only once."""
    if world.sample.once:
        assert_nothing_is_bought_twice(world)
        return
    operations = {world.sample.create, world.sample.update} | ({world.sample.get} if world.reads else set())
    operations |= {world.sample.delete} if world.sample.removes else set()
    for operation in operations:
        world.fault("status", operation, status=429, headers={"retry-after": "7"}, times=2)
    made = world.create()
    assert world.waits[:2] == [7.0, 7.0]
    updated = world.update(made, world.sample.inputs | {name: world.sample.others[name] for name in world.fields()})
    world.process().delete(updated.id, world.state(updated))
    assert world.waits == [7.0] * 2 * len(operations)
    if world.sample.removes:
        assert world.records() == world.left(updated)
    else:
        assert list(world.records()) == [made.id]


def test_a_retry_after_date_is_kept(world: World) -> None:
    """The other spelling of the header."""
    if world.sample.once:
        assert_nothing_is_bought_twice(world)
        return
    world.fault("status", world.sample.create, status=429, headers={"retry-after": formatdate(time() + 30, usegmt=True)}, times=1)
    world.create()
    assert len(world.waits) == 1
    assert 0 < world.waits[0] <= 30


def test_a_429_that_does_not_end_is_an_error_after_the_last_attempt(world: World) -> None:
    """And nothing was created."""
    if world.sample.once:
        assert_nothing_is_bought_twice(world)
        return
    world.fault("status", world.sample.create, status=429, headers={"retry-after": "1"})
    with pytest.raises(RateLimitError):
        world.process(lambda: world.client(Limits(attempts=3))).create(world.checked())
    assert len(world.calls(world.sample.create)) == 3
    assert world.waits[:2] == [1.0, 1.0]  # and a look at what stands there may wait its turn
    assert world.records() == {}


def test_reads_and_deletes_outlast_a_short_outage(world: World) -> None:
    """What does no harm twice is tried again."""
    if not world.sample.removes:
        assert_nothing_is_removed(world)
        return
    made = world.create()
    world.fault("status", world.sample.delete, status=503, times=1)
    world.fault("reset", world.sample.delete, times=1)
    world.fault("hang", world.sample.delete, when="after", times=1)
    assert world.process().delete(made.id, world.state(made)) == []
    assert world.records() == world.left(made)


# ---- checks ----


def test_a_wrong_or_absent_field_fails_at_check_with_no_call(world: World) -> None:
    """Each field by its name, and what to do."""
    for name, value in {**dict.fromkeys(world.sample.inputs, object()), "no_such_field": 1, "on_delete": "perhaps", "adopt": ""}.items():
        found = world.process().check({}, {**world.sample.inputs, name: value})
        assert [problem.path for problem in found.problems] == [name]
        assert found.problems[0].text
    assert world.counts() == {}
    required = [name for name, info in world.offer.args.model_fields.items() if info.is_required()]
    found = world.process().check({}, {})
    assert [(problem.path, problem.text) for problem in found.problems] == [(name, "is required; set it") for name in required]


# ---- secrets and terminals ----

HOSTILE = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \r\n\t\x00\x08\x7f\x9b2J \u202eback\u2066 \u061c\u200b\ufeff \u2028 end"


def forms(key: str) -> list[str]:
    """The ways in which a key could show."""
    raw = key.encode()
    encoded = [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode(), quote(key, safe=""), quote_plus(key)]
    return [key, *encoded, key[:12], key[-12:]]


ECHOES: dict[str, dict[str, Any]] = {
    "in the error": {"kind": "status", "status": 401, "body": {"error": f"Invalid API key {KEY}"}},
    "in plain text": {"kind": "status", "status": 500, "body": f"cannot use {KEY}"},
    "encoded": {"kind": "status", "status": 400, "body": {"detail": " ".join(forms(KEY)[:5])}},
    "parted by colours": {"kind": "status", "status": 400, "body": {"message": f"{KEY[:9]}\x1b[1m{KEY[9:]}"}},
    "in headers": {
        "kind": "status",
        "status": 429,
        "headers": {"retry-after": f"key={KEY}", "x-request-id": KEY, "location": f"https://elsewhere.example/?{quote(KEY)}"},
    },
    "in a redirect": {"kind": "redirect", "location": f"https://elsewhere.example/?key={quote(KEY)}"},
    "at the end of what is shown": {"kind": "status", "status": 400, "body": {"error": "x" * 190 + KEY}},
    "in a 200": {"kind": "rewrite", "rewrite": lambda reply: Reply(200, {"success": False, "error": {"message": KEY}})},
    "in damaged JSON": {"kind": "rewrite", "rewrite": lambda reply: Reply(200, b'{"key": "' + KEY.encode())},
}


@pytest.mark.parametrize("echo", ECHOES)
def test_no_key_in_any_error_or_log(world: World, echo: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """A vendor that repeats our key in its answers does not get it past us, at DEBUG, in any spelling."""
    made = world.create()
    caplog.clear()
    world.fault(**ECHOES[echo])
    state, inputs = world.state(made), world.checked(world.sample.inputs | {name: world.sample.others[name] for name in world.fields()})
    seen = []
    with caplog.at_level(logging.DEBUG):
        for verb in (
            lambda: world.process().create(inputs),
            lambda: world.process().read(made.id, state),
            lambda: world.process().update(made.id, state, inputs),
            lambda: world.process().delete(made.id, state),
            lambda: world.process().create({**inputs, "adopt": made.id}),
        ):
            try:
                seen.append(repr(verb()))
            except SmsAgentsError as error:
                seen.append(told(error))
    logged = [f"{record.getMessage()} {record.args} {record.msg}" for record in caplog.records]
    assert logged, "nothing was logged, so nothing was looked at"
    everything = "\n".join([*seen, *logged, caplog.text, *capfd.readouterr()])
    assert [form for form in forms(KEY) if form in everything] == []


def test_no_key_in_the_repr_of_anything_we_keep(world: World) -> None:
    """A debugger, a log line or a crash report prints these."""
    client = world.client()
    process = world.process(lambda: client)
    made = process.create(world.checked())
    shown = "\n".join(map(repr, (client, client.account, client.limits, client.redactor, process, world.vendor, world.offer, made)))
    assert [form for form in forms(KEY) if form in shown] == []


def test_no_control_characters_of_the_vendor_reach_a_terminal(world: World) -> None:
    """One printable line, of a length that can be read."""
    made = world.create()
    for status in (400, 401, 404, 409, 429, 500):
        world.emulator.faults.clear()
        world.fault("status", status=status, body={"error": HOSTILE * 20}, headers={"x-request-id": "r-1\t\x1b[2J"})
        for verb in (world.create, *([lambda: world.process().delete(made.id, world.state(made))] if world.sample.removes else [])):
            with pytest.raises(VendorError) as caught:
                verb()
            text = str(caught.value)
            assert text.isprintable(), ascii(text)
            assert "[31m" not in text
            assert "title" not in text
            assert len(text) < 600
            text.encode()


def test_an_error_says_what_was_asked_what_was_said_and_under_which_request(world: World) -> None:
    """Vendor, method, path, status, words, request id."""
    world.fault("status", world.sample.create, status=422, body={"error": "No such thing"}, headers={"x-request-id": "r-1"})
    with pytest.raises(VendorError) as caught:
        world.create()
    call = world.calls(world.sample.create)[0]
    assert str(caught.value) == f"{world.vendor.name}: {call.method} {call.path} -> 422: No such thing (request r-1)"


def test_a_redirect_is_not_followed(world: World) -> None:
    """The key goes nowhere else, and the error says what to look at."""
    world.fault("redirect", location=f"http://emulator/{world.vendor.name}/elsewhere")
    with pytest.raises(VendorError, match=r"a redirect, which is not followed\. Check the base URL"):
        world.create()
    assert world.counts() == {world.sample.list if world.looks_first else world.sample.create: 1}


def test_an_answer_without_end_is_not_read(world: World) -> None:
    """Memory is bounded, and the error says so."""
    world.fault("endless", world.sample.create, megabytes=6, when="before")
    with pytest.raises(UnexpectedBodyError, match="longer than 5 MB"):
        world.create()


# ---- drift ----


@pytest.mark.parametrize(("tag", "name"), each_field(replace=False))
def test_an_edit_in_the_dashboard_is_seen_exactly(tag: str, name: str, world_of: Any) -> None:
    """The field that was edited, with its new value, and nothing else; the next preview puts it back."""
    world = world_of(tag)
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    world.readable()
    made = world.create()
    world.emulator.edit(world.vendor.name, made.id, {name: world.sample.others[name]})
    seen = world.refreshed(made)
    assert managed(world, seen) == world.changed(name)
    assert seen.inputs == {**made.inputs, name: world.sample.others[name]}
    state = world.state(seen)
    assert process_changes(world, made.id, state) == {name: world.sample.inputs[name]}
    mended = world.update(seen, world.sample.inputs)
    assert world.records() == {made.id: world.sample.inputs}
    assert managed(world, mended) == world.sample.inputs


def process_changes(world: World, id: str, state: Plain) -> Plain:
    """What the next update would send for the sample's inputs."""
    return world.process().diff(id, state, world.checked(world.sample.inputs, state)).changed


def test_an_absent_key_is_not_empty(world: World) -> None:
    """What an answer does not mention keeps its recorded value and is named as unverified."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    world.readable()
    made = world.create()
    # What names the object is no setting of it.
    identity = set(world.fields(replace=True)) if world.sample.upserts else set()
    keys = set(world.process().offer.fields) - identity
    spellings = {"greeting_prompt", "general_prompt", "created_by_user_id"}
    world.fault("drop_keys", keys=sorted(keys | spellings))
    seen = world.refreshed(made)
    assert managed(world, seen) == world.sample.inputs
    assert set(seen.outputs["unverified"]) == set(world.sample.inputs) - identity


def test_unmanaged_fields_are_not_drift(world: World) -> None:
    """What the program does not set is nobody's business here."""
    required = {name: world.sample.inputs[name] for name, info in world.offer.args.model_fields.items() if info.is_required()}
    world.readable()
    made = world.create(required)
    optional = {name: world.sample.others[name] for name in world.fields() if name not in required}
    world.emulator.edit(world.vendor.name, made.id, {**optional, "something_else": "new"})
    seen = world.refreshed(made)
    assert managed(world, seen) == world.defaults() | required
    unmanaged = dict.fromkeys(world.offer.computed)
    assert {**seen.outputs, **unmanaged} == {**made.outputs, **unmanaged}
    state = world.state(seen)
    assert not world.process().diff(made.id, state, world.checked(required, state))


# ---- many at once ----


def test_a_refresh_of_a_hundred_objects_is_one_list(world: World) -> None:
    """And no single reads, from eight threads."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    made = [world.create() for _ in range(100)]
    since = world.mark()
    world.company(60.0)
    process = world.process()
    seen = together([lambda result=result: process.read(result.id, world.state(result)) for result in made])
    assert [result.outputs for result in seen] == [result.outputs for result in made]
    assert world.counts(since) == {world.sample.list: 1}


def test_a_refresh_of_one_object_is_one_read(world: World) -> None:
    """The list is for company."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    made = world.create()
    since = world.mark()
    world.refreshed(made)
    assert world.counts(since) == {world.sample.get: 1}


def test_creates_in_parallel_make_one_object_each(world: World) -> None:
    """Eight threads, one life cycle, as the engine does it."""
    process = world.process()
    made = together([lambda: process.create(world.checked()) for _ in range(24)])
    ids = [result.id for result in made]
    assert sorted(set(ids) if world.sample.upserts else ids) == sorted(world.records())
    assert len(world.records()) == (1 if world.sample.upserts else 24)


# ---- adoption ----


def test_adopting_an_equal_object_writes_nothing(world: World) -> None:
    """And its next diff is empty."""
    if not world.reads:
        item = world.by_hand()
        made = world.create(adopt=item.id)
        assert world.writes() == []
        assert "adopted without being compared" in made.warnings[0]
        return
    world.readable()
    item = world.by_hand()
    made = world.create(adopt=item.id)
    assert made.id == item.id
    assert world.writes() == []
    assert managed(world, made) == world.sample.inputs
    assert made.outputs["unverified"] == []
    state = world.state(made)
    assert not world.process().diff(made.id, state, world.checked({**world.sample.inputs, "adopt": item.id}, state))


@pytest.mark.parametrize(("tag", "name"), each_field(replace=False))
def test_adopting_with_a_difference_writes_only_that(tag: str, name: str, world_of: Any) -> None:
    """Nobody's other settings are touched."""
    world = world_of(tag)
    if not world.reads:
        item = world.by_hand({name: world.sample.others[name]})
        made = world.create(adopt=item.id)
        assert world.writes() == []
        assert "adopted without being compared" in made.warnings[0]
        assert set(made.outputs["unverified"]) == set(world.sample.inputs)
        return
    world.readable()
    item = world.by_hand({name: world.sample.others[name]})
    world.emulator.edit(world.vendor.name, item.id, something_else="kept")
    made = world.create(adopt=item.id)
    body = sorted(world.sample.body_of_update(name)) if world.offer.whole_body else [name]
    assert [(call.operation.partition(".")[2], sorted(call.body)) for call in world.writes()] == [(world.sample.update, body)]
    assert world.items()[0].data[name] == world.sample.inputs[name]
    assert world.items()[0].data["something_else"] == "kept"
    assert managed(world, made) == world.sample.inputs


def test_adopting_an_id_that_does_not_exist_is_an_error_without_a_write(world: World) -> None:
    """It never becomes a create."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    with pytest.raises(NotFoundError, match="adopt must name an existing object; without adopt a new one is created"):
        world.create(adopt=world.sample.nobody)
    assert world.writes() == []
    assert world.records() == {}


@pytest.mark.parametrize(("tag", "stranger"), [(tag, name) for tag, sample in SAMPLES.items() for name in sample.strangers])
def test_a_stranger_is_never_adopted(tag: str, stranger: str, world_of: Any) -> None:
    """Another owner's object, or one of another kind: an error that says why, and no write."""
    world = world_of(tag)
    found = world.sample.strangers[stranger]
    item = world.by_hand(found.fields)
    with pytest.raises(UnsupportedError) as caught:
        world.create(adopt=item.id)
    assert str(caught.value) == f"{tag.replace(':', '.')}: adopt: {item.id} {found.says}"
    assert world.writes() == []


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_adoption_during_an_outage_never_creates(world: World, outage: str) -> None:
    """Not knowing is no reason to make a second one."""
    if not world.reads:
        assert_nothing_is_compared(world)
        return
    item = world.by_hand()
    world.fault(**OUTAGES[outage])
    with pytest.raises(SmsAgentsError):
        world.create(adopt=item.id)
    assert list(world.records()) == [item.id]
    assert world.writes() == []
