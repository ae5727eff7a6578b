"""Values on their way: unknown, absent, plain."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents.values import ABSENT, UNKNOWN, is_known, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (24.0, 24),
        (-0.0, 0),
        (0.5, 0.5),
        (1e15, 10**15),
        (7, 7),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("24.0", "24.0"),
        ({"a": None, "b": {"c": None}}, {"b": {}}),
        ([None, 1.0], [None, 1]),
        ((1.0, (2.0,)), [1, [2]]),
        ({1: 2.0}, {"1": 2}),
        ("", ""),
        ([], []),
        ({}, {}),
    ],
)
def test_the_plain_form(given, kept):
    assert plain(given) == kept
    assert type(plain(given)) is type(kept)


@pytest.mark.parametrize("value", [True, False])
def test_a_boolean_is_no_number(value):
    assert plain(value) is value
    assert plain([value]) == [value]


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_finite_number_stays_for_the_check_to_refuse(value):
    assert isinstance(plain(value), float)
    assert not math.isfinite(plain(value))


@pytest.mark.parametrize("marker", [UNKNOWN, ABSENT])
def test_markers_pass_at_every_depth(marker):
    assert plain({"a": [{"b": marker}], "c": marker}) == {"a": [{"b": marker}], "c": marker}


def test_markers_are_themselves_only():
    assert UNKNOWN is not ABSENT
    assert UNKNOWN != ABSENT
    assert "unknown" in repr(UNKNOWN)
    assert "not set" in repr(ABSENT)
    assert str(UNKNOWN) != UNKNOWN


@pytest.mark.parametrize("hide", [lambda x: x, lambda x: [1, x], lambda x: {"a": {"b": [x]}}, lambda x: (x,), lambda x: [[[{"a": (x,)}]]]])
def test_a_value_is_known_only_as_a_whole(hide):
    assert not is_known(hide(UNKNOWN))
    assert is_known(hide("text"))
    assert is_known(hide(None))
    assert is_known(hide(ABSENT))


@given(JSON)
def test_plain_twice_is_plain_once(value):
    assert plain(plain(value)) == plain(value)


@given(JSON)
def test_what_pulumi_does_to_numbers_and_nulls_is_undone(value):
    """Every number becomes a float on the way, nulls in objects vanish."""
    through = json.loads(json.dumps(value), parse_int=float)
    assert plain(through) == plain(value)


def test_the_value_given_is_left_as_it_is():
    given = {"a": [1.0, {"b": None, "c": "x\r\n"}]}
    plain(given)
    assert given == {"a": [1.0, {"b": None, "c": "x\r\n"}]}
