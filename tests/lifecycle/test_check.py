"""Check: all problems at once, nothing that is not known yet, and never a value in a message."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import SAMPLES
from worlds import OFFERS, World, as_pulumi

from pulumi_smsagents.lifecycle.check import Checked, check
from pulumi_smsagents.values import UNKNOWN, is_known, plain

Plain = dict[str, Any]


def checked(tag: str, new: Plain, old: Plain | None = None) -> Checked:
    vendor, offer = OFFERS[tag]
    return check(offer, f"{vendor.name}.{offer.kind}", old or {}, new)


each_offer = pytest.mark.parametrize("tag", OFFERS)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value, the value itself included."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def with_at(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value in one place."""
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = with_at(value[path[0]], path[1:], new)
    return changed


@each_offer
def test_all_problems_are_reported_at_once(tag: str) -> None:
    """A person mends a program once, not once for each mistake."""
    sample = SAMPLES[tag].inputs
    wrong = dict.fromkeys(sample, object())
    found = checked(tag, {**wrong, "no_such_field": 1, "on_delete": "perhaps", "adopt": 5})
    assert {problem.path for problem in found.problems} == {"on_delete", "adopt", *sample, "no_such_field"}


@each_offer
def test_a_problem_is_reported_once(tag: str) -> None:
    """However many rules it breaks."""
    found = checked(tag, {**SAMPLES[tag].inputs, "no_such_field": 1, "on_delete": "perhaps"})
    assert len(set(found.problems)) == len(found.problems) == 2


@each_offer
def test_a_value_that_is_not_known_yet_is_skipped_at_every_depth(tag: str) -> None:
    """A preview of a program whose inputs come from other resources."""
    sample = SAMPLES[tag].inputs
    for path in places(sample):
        if not path:
            continue
        found = checked(tag, with_at(sample, path, UNKNOWN))
        assert found.problems == [], path
        assert not is_known(found.inputs[path[0]])


@each_offer
def test_what_is_known_beside_the_unknown_is_judged_all_the_same(tag: str) -> None:
    """One unknown does not hide the mistakes of others."""
    sample = SAMPLES[tag].inputs
    for name in sample:
        found = checked(tag, {**dict.fromkeys(sample, UNKNOWN), name: object()})
        assert [problem.path for problem in found.problems] == [name]


@each_offer
def test_every_field_can_be_unknown_at_once(tag: str) -> None:
    """With adopt and on_delete."""
    found = checked(tag, dict.fromkeys([*SAMPLES[tag].inputs, "adopt", "on_delete"], UNKNOWN))
    assert found.problems == []


@each_offer
def test_a_misspelt_field_is_told_its_name(tag: str) -> None:
    """Two letters turned round, for every field."""
    sample = SAMPLES[tag].inputs
    for name in sample:
        at = next(at for at in range(1, len(name) - 1) if name[at] != name[at + 1])
        wrong = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        found = checked(tag, {**sample, wrong: sample[name]})
        assert [(problem.path, problem.text) for problem in found.problems] == [
            (wrong, f"is not a field of {tag.replace(':', '.')}; did you mean {name}?")
        ]


@each_offer
@pytest.mark.parametrize("name", ["<foo>", "a.b", "agent_name.x", "a[0]", "", " ", "é", "__proto__", "__provider"])
def test_a_field_with_an_odd_name_is_a_problem_like_any_other(tag: str, name: str) -> None:
    """Named as it was written."""
    found = checked(tag, {**SAMPLES[tag].inputs, name: "x"})
    assert [problem.path for problem in found.problems] == [name]
    assert found.problems[0].text.startswith(f"is not a field of {tag.replace(':', '.')}; ")


class Loud:
    """A value that shows up wherever it is printed."""

    def __repr__(self) -> str:
        return "CANARY-VALUE"

    __str__ = __repr__


LOUD: list[Any] = [
    Loud(),
    "CANARY-VALUE",
    ["CANARY-VALUE"],
    {"CANARY-VALUE": "CANARY-VALUE"},
    {"name": Loud()},
    31415926535,
    -31415926535.5,
]


@each_offer
@pytest.mark.parametrize("loud", LOUD, ids=repr)
def test_no_problem_repeats_a_value(tag: str, loud: Any) -> None:
    """It may be a secret. Names of fields are not values."""
    sample = SAMPLES[tag].inputs
    seen = 0
    for path in places(sample):
        if not path:
            continue
        found = checked(tag, with_at(sample, path, loud))
        for problem in found.problems:
            assert "CANARY-VALUE" not in problem.text
            assert "31415926535" not in problem.text
            seen += 1
    assert seen


@each_offer
def test_inputs_are_not_changed_in_place(tag: str) -> None:
    """The caller's dict stays its own."""
    given_inputs = as_pulumi(SAMPLES[tag].inputs)
    before = copy.deepcopy(given_inputs)
    checked(tag, given_inputs)
    assert given_inputs == before


@each_offer
def test_the_key_of_a_renamed_resource_stays(tag: str) -> None:
    """An alias keeps the object; a new resource takes its own key."""
    sample = SAMPLES[tag].inputs
    assert checked(tag, {**sample, "key": "p/s/new"}, {"key": "p/s/old"}).inputs["key"] == "p/s/old"
    assert checked(tag, {**sample, "key": "p/s/new"}).inputs["key"] == "p/s/new"


@each_offer
@given(data=st.data())
def test_valid_inputs_pass_and_checking_twice_is_checking_once(tag: str, data: st.DataObject) -> None:
    """The second check has nothing left to normalise."""
    new = data.draw(SAMPLES[tag].generated)
    once = checked(tag, as_pulumi(new))
    assert once.problems == []
    twice = checked(tag, once.inputs)
    assert twice.inputs == once.inputs
    assert twice.problems == []
    assert twice.warnings == once.warnings
    through_the_state = checked(tag, plain(as_pulumi(once.inputs)), once.inputs)
    assert through_the_state.inputs == once.inputs


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@each_offer
@given(data=st.data())
def test_no_input_breaks_a_check(tag: str, data: st.DataObject) -> None:
    """Whatever a program passes, a person gets sentences."""
    sample = SAMPLES[tag].inputs
    path = data.draw(st.sampled_from(sorted((path for path in places(sample) if path), key=str)))
    found = checked(tag, with_at(sample, path, data.draw(JSON)))
    for problem in [*found.problems, *found.warnings]:
        assert problem.path.partition("[")[0].partition(".")[0] in {*OFFERS[tag][1].fields, "adopt", "on_delete"}
        assert problem.text


@given(value=JSON)
def test_the_plain_form_of_a_plain_value_is_itself(value: Any) -> None:
    """Whole numbers as int, no nulls in objects, one line end."""
    once = plain(value)
    assert repr(plain(once)) == repr(once)


def test_numbers_line_ends_and_nulls_are_normalised() -> None:
    """As Pulumi and editors deliver them."""
    value = {"a": 24.0, "b": 24.5, "c": "x\r\ny\rz", "d": None, "e": [1.0, None, {"f": None, "g": True}], "h": float("inf")}
    found = plain(value)
    assert found == {"a": 24, "b": 24.5, "c": "x\ny\nz", "e": [1, None, {"g": True}], "h": float("inf")}
    assert type(found["a"]) is int
    assert found["e"][2]["g"] is True


def test_a_check_of_a_world_is_the_same_check(world: World) -> None:
    """The life cycle adds the vendor's name."""
    (problem,) = world.process().check({}, {**world.sample.inputs, "no_such_field": 1}).problems
    assert problem.text.startswith(f"is not a field of {world.vendor.name}.{world.offer.kind}; ")
