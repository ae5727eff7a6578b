"""Every sentence of the checks of Fluents' numbers, in both dialects."""

from __future__ import annotations

from typing import Any

import pytest
from samples.fluents import AGENT, CONNECTION
from worlds import World

from pulumi_smsagents.values import UNKNOWN

Plain = dict[str, Any]
NUMBER = "+14155550123"
LINKED: Plain = {"link": True, "phone_number": NUMBER, "telephony_account_connection": CONNECTION}


NO_OBJECT = "must be an id as text, not an object; manage the object itself where it belongs"
HERE = "in the dialect that smsagents:fluentsDialect names"

BAD: list[tuple[str, str, Plain, str]] = [
    (
        "fluents",
        "no country code",
        {"phone_number": "4155550123"},
        "phone_number: is not a phone number with its country code; write it as in +14155550123",
    ),
    (
        "fluents",
        "not a number",
        {"phone_number": "+1234567890"},
        "phone_number: is not a phone number with its country code; write it as in +14155550123",
    ),
    ("fluents", "a number", {"phone_number": 14155550123}, "phone_number: must be text"),
    ("fluents", "area as number", {"area_code": 415}, "area_code: must be text"),
    ("fluents", "area blank", {"area_code": ""}, "area_code: is not an id; write it as text without spaces"),
    ("fluents", "inline agent", {"inbound_agent": {"name": "Ada"}}, f"inbound_agent: {NO_OBJECT}"),
    ("fluents", "inline connection", {"telephony_account_connection": {"id": "x"}}, f"telephony_account_connection: {NO_OBJECT}"),
    ("fluents", "agent with spaces", {"inbound_agent": "Agent Name"}, "inbound_agent: is not an id; write it as text without spaces"),
    ("fluents", "label", {"label": 5}, "label: must be text"),
    ("fluents", "outbound_only", {"outbound_only": "yes"}, "outbound_only: must be true or false"),
    ("fluents", "context", {"example_context": {"age": 5}}, "example_context.age: must be text"),
    ("fluents", "context as text", {"example_context": "x"}, "example_context: must be an object"),
    ("fluents", "typo", {"lable": "x"}, "lable: is not a field of fluents.PhoneNumber; did you mean label?"),
    ("fluents", "on_delete", {"on_delete": "release"}, "on_delete: must be one of 'retain', 'cancel'"),
    (
        "fluents",
        "adopt",
        {"adopt": "14155550123"},
        "adopt: must be the number itself, with its country code and without spaces, as in +14155550123",
    ),
    (
        "fluents",
        "both",
        {"phone_number": NUMBER, "area_code": "415"},
        "area_code: does not go together with phone_number: which of the two wins is not documented; remove one",
    ),
    (
        "fluents",
        "buy or link",
        {"phone_number": NUMBER, "telephony_account_connection": CONNECTION},
        (
            "link: has to be set when both phone_number and telephony_account_connection are: True links a number that is already yours, "
            "False buys it, which costs money"
        ),
    ),
    (
        "fluents",
        "link without number",
        {"link": True, "telephony_account_connection": CONNECTION},
        "phone_number: is required with link=True; write the number to link, as in +14155550123",
    ),
    (
        "fluents",
        "link without connection",
        {"link": True, "phone_number": NUMBER},
        "telephony_account_connection: is required with link=True; set the id of the connection that holds the number",
    ),
    ("fluents", "link with area", {**LINKED, "area_code": "415"}, "area_code: is for buying and has no effect with link=True; remove it"),
    (
        "fluents",
        "link with provider",
        {**LINKED, "telephony_provider": "twilio"},
        "telephony_provider: is for buying and has no effect with link=True; remove it",
    ),
    ("vocode", "description", {"description": "x"}, f"description: does not exist {HERE}; remove it"),
    ("vocode", "agent", {"inbound_agent": "agent_123"}, f"inbound_agent: must be a UUID {HERE}; copy the id from the dashboard"),
    ("vocode", "default agent", {"inbound_agent": "default"}, f"inbound_agent: must be a UUID {HERE}; copy the id from the dashboard"),
    ("vocode", "provider", {"telephony_provider": "telnyx"}, "telephony_provider: must be one of 'vonage', 'twilio'"),
    (
        "vocode",
        "chosen number",
        {"phone_number": NUMBER},
        (
            f"phone_number: cannot be chosen when buying {HERE}; remove it, or set link=True and telephony_account_connection to link "
            "a number that is already yours"
        ),
    ),
]


@pytest.mark.parametrize(("dialect", "fields", "says"), [(d, f, s) for d, _, f, s in BAD], ids=[f"{d}-{n}" for d, n, _, _ in BAD])
def test_a_bad_input_is_told_in_one_sentence(dialect: str, fields: Plain, says: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(dialect)
    found = world.process().check({}, fields)
    assert [str(problem) for problem in found.problems] == [says]
    assert world.calls() == []


def test_all_problems_are_told_at_once(fluents: World) -> None:
    fields = {"link": True, "area_code": 4, "label": 5, "inbound_agent": "a b", "on_delete": "x"}
    assert {problem.path for problem in fluents.process().check({}, fields).problems} == {
        "phone_number",
        "telephony_account_connection",
        "area_code",
        "label",
        "inbound_agent",
        "on_delete",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"link": True, "phone_number": UNKNOWN, "telephony_account_connection": UNKNOWN},
        {"link": UNKNOWN, "phone_number": NUMBER, "telephony_account_connection": CONNECTION},
        {"link": UNKNOWN, "area_code": "415"},
        {"inbound_agent": UNKNOWN, "example_context": {"a": UNKNOWN}},
        {"adopt": UNKNOWN, "on_delete": UNKNOWN},
    ],
    ids=str,
)
def test_what_is_not_known_yet_is_no_problem(either: World, fields: Plain) -> None:
    assert either.process().check({}, fields).problems == []


WARNED: list[tuple[Plain, str]] = [
    ({"area_code": "4155"}, "area_code: is not a North American area code; no page describes another form than 415"),
    (
        {"outbound_only": True, "inbound_agent": AGENT},
        "outbound_only: is true although an inbound_agent is set, who then answers no call; remove one of the two",
    ),
    (
        {"telephony_provider": "twillio"},
        "telephony_provider: is not a provider that a page names (twilio, telnyx, vonage); check the spelling",
    ),
    ({"phone_number": "+15550001111"}, "phone_number: is possible as a number, but is not one that is given out; check the digits"),
]


@pytest.mark.parametrize(("fields", "says"), WARNED, ids=lambda value: str(value)[:20])
def test_a_doubtful_input_is_a_warning(fluents: World, fields: Plain, says: str) -> None:
    found = fluents.process().check({"key": "k"}, fields)
    assert ([str(warning) for warning in found.warnings], found.problems) == ([says], [])


def test_the_preview_of_a_create_says_what_it_costs(fluents: World) -> None:
    def said(fields: Plain) -> list[str]:
        return [str(each) for each in fluents.process().check({}, fields).warnings]

    assert said({}) == ["phone_number: is bought, which costs money; destroying the stack does not undo that"]
    assert said(LINKED) == ["phone_number: is linked from the account that you have at its carrier; nothing is bought"]
    assert said({"adopt": NUMBER}) == []
    assert fluents.process().check({"key": "k"}, {}).warnings == []
