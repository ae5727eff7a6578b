"""Diff: what differs is said, and nothing else, however the values travelled."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from samples import SAMPLES
from worlds import OFFERS, as_pulumi

from pulumi_smsagents.lifecycle.check import check
from pulumi_smsagents.lifecycle.diff import Difference, difference
from pulumi_smsagents.values import UNKNOWN, plain

Plain = dict[str, Any]
each_offer = pytest.mark.parametrize("tag", OFFERS)


def inputs(tag: str, fields: Plain) -> Plain:
    """As a check hands them on."""
    found = check(OFFERS[tag][1], tag, {}, as_pulumi(fields))
    assert found.problems == []
    return found.inputs


def diff(tag: str, state: Plain, new: Plain) -> Difference:
    return difference(OFFERS[tag][1], state, new)


def shuffled(value: Any, seed: int) -> Any:
    """The same JSON with the keys of every object in another order."""
    if isinstance(value, dict):
        items = list(value.items())
        random.Random(seed).shuffle(items)
        return {key: shuffled(item, seed) for key, item in items}
    return [shuffled(item, seed) for item in value] if isinstance(value, list) else value


@each_offer
@given(data=st.data())
def test_nothing_differs_from_itself_however_it_travelled(tag: str, data: st.DataObject) -> None:
    """Through JSON, with floats, with keys in another order, with outputs beside the inputs."""
    new = inputs(tag, data.draw(SAMPLES[tag].generated))
    assert not diff(tag, new, new)
    travelled = plain(as_pulumi(json.loads(json.dumps(shuffled(new, data.draw(st.integers()))))))
    assert not diff(tag, travelled, new)
    assert not diff(tag, {**travelled, "unverified": ["x"], "some_output": "y", "key": "other"}, {**new, "key": "mine"})


@each_offer
@given(data=st.data())
def test_exactly_what_differs_is_changed(tag: str, data: st.DataObject) -> None:
    """And applying the change leaves nothing to change."""
    offer = OFFERS[tag][1]
    old, new = (inputs(tag, data.draw(SAMPLES[tag].generated)) for _ in range(2))
    found = diff(tag, old, new)
    for name, rule in offer.fields.items():
        same = (name in old) == (name in new) and (name not in old or rule.canonical(old[name]) == rule.canonical(new[name]))
        assert (name in {*found.changed, *found.recorded, *found.triggered}) == (not same)
        if name in found.changed:
            assert found.changed[name] == new.get(name, rule.clear)
    assert set(found.replaces) == {name for name in found.changed if offer.fields[name].replace}
    assert not diff(tag, new, new)


@each_offer
@given(data=st.data())
def test_both_directions_see_the_same_fields(tag: str, data: st.DataObject) -> None:
    """Nothing can be changed there and found unchanged on the way back."""
    old, new = (inputs(tag, data.draw(SAMPLES[tag].generated)) for _ in range(2))
    there, back = diff(tag, old, new), diff(tag, new, old)
    assert bool(there) == bool(back)
    assert {*there.changed, *there.recorded} == {*back.changed, *back.recorded}


@each_offer
def test_each_field_is_seen_alone(tag: str) -> None:
    """One field, one change; those that the vendor cannot change replace."""
    sample = SAMPLES[tag]
    state = inputs(tag, sample.inputs)
    for name, other in sample.others.items():
        found = diff(tag, state, inputs(tag, {**sample.inputs, name: other}))
        assert {*found.changed, *found.recorded, *found.triggered} == {name}
        assert found.replaces == ((name,) if OFFERS[tag][1].fields[name].replace else ())


@each_offer
def test_what_is_not_known_yet_counts_as_changed(tag: str) -> None:
    """At any depth: a preview that hid it would show nothing and then change something."""
    sample = SAMPLES[tag].inputs
    state = inputs(tag, sample)
    for name, value in sample.items():
        hidden = [UNKNOWN] if isinstance(value, list) else UNKNOWN
        found = diff(tag, state, {**state, name: hidden})
        assert {*found.changed, *found.recorded, *found.triggered} == {name}


@each_offer
def test_the_key_never_counts(tag: str) -> None:
    """It is how messages name the resource."""
    state = inputs(tag, SAMPLES[tag].inputs)
    assert not diff(tag, {**state, "key": "p/s/a"}, {**state, "key": "p/s/b"})
    assert not diff(tag, {**state, "key": "p/s/a"}, state)


@each_offer
def test_state_only_inputs_are_recorded_and_nothing_is_sent(tag: str) -> None:
    """on_delete and adopt."""
    state = inputs(tag, SAMPLES[tag].inputs)
    default = next(iter(OFFERS[tag][1].on_delete))
    found = diff(tag, state, {**state, "on_delete": "x" if state.get("on_delete", default) == "retain" else "retain", "adopt": "an-id"})
    assert set(found.recorded) == {"adopt", "on_delete"}
    assert not found.sends
    assert found


@pytest.mark.parametrize("tag", [tag for tag in SAMPLES if json.dumps(SAMPLES[tag].inputs) != json.dumps(as_pulumi(SAMPLES[tag].inputs))])
@given(data=st.data())
def test_a_whole_number_is_the_same_number_as_a_float(tag: str, data: st.DataObject) -> None:
    """Also where the state was written with floats, by whatever version."""
    new = inputs(tag, data.draw(SAMPLES[tag].generated))
    assume(json.dumps(new) != json.dumps(as_pulumi(new)))
    assert not diff(tag, as_pulumi(new), new)
