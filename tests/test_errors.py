"""Every exception: its place in the tree, and its one line."""

from __future__ import annotations

import inspect
import pickle

import pytest

from pulumi_smsagents import errors

TREE = {
    "SmsAgentsError": "Exception",
    "ConfigurationError": "SmsAgentsError",
    "PromptError": "SmsAgentsError",
    "UnsupportedError": "SmsAgentsError",
    "JournalError": "SmsAgentsError",
    "UncertainError": "SmsAgentsError",
    "VendorError": "SmsAgentsError",
    "UnreachableError": "VendorError",
    "LostReplyError": "UnreachableError",
    "UnexpectedBodyError": "VendorError",
    "ResponseError": "VendorError",
    "AuthenticationError": "ResponseError",
    "NotFoundError": "ResponseError",
    "ConflictError": "ResponseError",
    "InvalidError": "ResponseError",
    "RateLimitError": "ResponseError",
    "ServerError": "ResponseError",
}
VENDOR_ERRORS = [made for made in vars(errors).values() if inspect.isclass(made) and issubclass(made, errors.VendorError)]


def test_the_tree_is_the_one_that_is_drawn():
    found = {name: made.__base__.__name__ for name, made in vars(errors).items() if inspect.isclass(made) and issubclass(made, Exception)}
    assert found == TREE
    drawn = [name for name in TREE if f" {name} " in f" {errors.__doc__} ".replace("\n", " ")]
    assert sorted(drawn) == sorted(TREE)


def test_what_may_have_arrived():
    """A create is repeated or reported by this; a wrong answer makes a second object or loses one."""
    assert {made.__name__ for made in VENDOR_ERRORS if made.may_have_arrived} == {"LostReplyError", "UnexpectedBodyError", "ServerError"}


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "teli: POST /v1/agents -> no"),
        ({"status": 400}, "teli: POST /v1/agents -> 400: no"),
        ({"status": 400, "request_id": "r-1"}, "teli: POST /v1/agents -> 400: no (request r-1)"),
        ({"request_id": "r-1", "advice": "Try"}, "teli: POST /v1/agents -> no (request r-1). Try"),
        ({"status": 400, "advice": "Try"}, "teli: POST /v1/agents -> 400: no. Try"),
    ],
)
@pytest.mark.parametrize("made", VENDOR_ERRORS)
def test_the_line_says_what_was_asked_what_was_said_and_what_to_do(made, more, line):
    error = made("teli: POST /v1/agents", "no", **more)
    assert str(error) == line
    assert error.args == (line,)
    assert line in repr(error)


@pytest.mark.parametrize("made", VENDOR_ERRORS)
def test_another_advice_is_the_same_error(made):
    error = made("asked", "said", status=404, request_id="r", advice="old")
    assert error.advise("new") is error
    assert str(error) == "asked -> 404: said (request r). new"
    assert error.args == (str(error),)


@pytest.mark.parametrize(
    ("status", "made"),
    [
        (300, errors.ResponseError),
        (399, errors.ResponseError),
        (400, errors.InvalidError),
        (401, errors.AuthenticationError),
        (402, errors.ResponseError),
        (403, errors.AuthenticationError),
        (404, errors.NotFoundError),
        (405, errors.ResponseError),
        (408, errors.ResponseError),
        (409, errors.ConflictError),
        (410, errors.ResponseError),
        (422, errors.InvalidError),
        (429, errors.RateLimitError),
        (499, errors.ResponseError),
        (500, errors.ServerError),
        (599, errors.ServerError),
        (999, errors.ServerError),
    ],
)
def test_the_class_of_each_status(status, made):
    assert errors.for_status(status) is made


@pytest.mark.parametrize("made", [errors.SmsAgentsError, errors.ConfigurationError, errors.UnsupportedError])
def test_the_others_are_plain_sentences(made):
    assert str(made("set the key")) == "set the key"
    assert str(pickle.loads(pickle.dumps(made("set the key")))) == "set the key"
