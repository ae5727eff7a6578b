"""An account to a program and back: the first `up` sends nothing, the second preview is empty, and the program says what
the vendor holds. Fifty objects at each vendor that can be read, under every reading of its pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from imports import NAMES, ODD, Registered, deployed, importing_from, program
from samples.bland import UNLISTED
from worlds import World

Plain = dict[str, Any]

ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"
UUID = "550e8400-e29b-41d4-a716-446655440010"
MANY = 50

# Names of every kind, and several of each.
CALLED = [*NAMES, *ODD[:-1], "Sales follow-up", "Sales follow-up", "Sales, follow up!"]


def agents() -> list[Plain]:
    return [
        {
            "agent_name": CALLED[index % len(CALLED)],
            "starting_message": ODD[(index + 7) % len(ODD)],
            "prompt": ODD[index % len(ODD)],
            "extraction_fields": [["credit_score"], [], [{"name": ODD[index % 9], "description": "x\r\ny", "type": "number"}, "email"]][
                index % 3
            ],
            "drip_schedule": [
                [],
                [{"delay_hours": 4, "type": "ai"}, {"delay_hours": 24.5, "type": "custom", "message": ODD[(index + 3) % len(ODD)]}],
            ][index % 2],
        }
        for index in range(MANY)
    ]


def numbers() -> list[Plain]:
    return [
        {
            "phone_number": f"+1415555{index:04d}",
            "label": ["", *CALLED][index % (len(CALLED) + 1)],
            "description": ODD[index % len(ODD)],
            "outbound_only": index % 2 == 0,
            "telephony_provider": ["twilio", "vonage"][index % 2],
            **([{}, {"inbound_agent": UUID}, {"telephony_account_connection": UUID}][index % 3]),
            "example_context": [{}, {ODD[index % len(ODD)]: ODD[(index + 5) % len(ODD)], "plan": "gold"}][index % 2],
        }
        for index in range(MANY)
    ]


def configurations() -> list[Plain]:
    channels = ("sms", "whatsapp", "imessage")
    return [
        {
            "phone_number": f"+1415555{index // 3:04d}",
            "channel": channels[index % 3],
            "label": CALLED[index // 3 % len(CALLED)],
            "objective": ODD[index % len(ODD)],
            "summary_prompt": [None, ODD[(index + 2) % len(ODD)]][index % 2],
            "webhook": f"https://hooks.example.com/{index}",
            "request_data": [[], {"ref": ODD[index % len(ODD)], "deep": [{"a": None, "b": [1, 2.5, True]}]}, [ODD[index % len(ODD)]]][
                index % 3
            ],
            "tools": [[], ["lookup", {"name": "escalate", "very_long_key_of_a_tool": "with a value that needs a line of its own, "}]][
                index % 2
            ],
            "time_out": [None, 0, 30, 300, 90.5][index % 5],
            "temperature": [0, 0.7][index % 2],
            **([{}, {"pathway_id": "p", "pathway_version": ["3", 3, "latest"][index % 3], "start_node_id": "n"}][index % 2]),
            "restart_after_end_call": index % 4 == 0,
            "timezone": [None, "America/New_York"][index % 2],
            "disposition_ids": [None, ["b", "a"]][index % 2],
        }
        for index in range(MANY)
    ]


@dataclass(frozen=True)
class Case:
    """Objects at a vendor, one reading of its pages, what the import is told, and what under this reading nobody is shown."""

    tag: str
    objects: Callable[[], list[Plain]]
    modes: dict[str, str | int] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def at_teli(hidden: Collection[str] = (), told: Collection[str] = ("organization_id",), **modes: str) -> Case:
    owners = {"organization_id": ORGANIZATION, "user_id": USER}
    return Case("teli:SmsAgent", agents, modes, {name: owners[name] for name in told}, frozenset(hidden))


def at_fluents(hidden: Collection[str] = (), **modes: str | int) -> Case:
    return Case("fluents:PhoneNumber", numbers, modes, {}, frozenset({"phone_number", *hidden}))


def at_bland(hidden: Collection[str] = (), **modes: str) -> Case:
    return Case("bland:SmsConfiguration", configurations, modes, {}, frozenset(hidden))


CASES = {
    "teli": at_teli({"extraction_fields"}),
    "teli, all fields shown": at_teli(extraction_in_get="present"),
    "teli, only the list shows anything": at_teli(get_one="405", extraction_in_list="present"),
    "teli, older shapes": at_teli({"extraction_fields"}, drip_reads="old", list_id="unique_id", get_one="bare"),
    "teli, owners in another id space": at_teli(
        {"extraction_fields"}, told=("organization_id", "user_id"), organization_form="uuid", user_form="uuid"
    ),
    "fluents": at_fluents(),
    "fluents, pages of seven": at_fluents(largest_page=7, empty_context_reads="null"),
    "vocode": at_fluents({"description"}, dialect="vocode"),
    "bland": at_bland(UNLISTED),
    "bland, all fields shown": at_bland(read_keys="all", version_echo="string", extra_keys="present"),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def world(case: Case, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The vendor, with fifty objects made by hand."""
    made = World(case.tag, monkeypatch)
    if "dialect" in case.modes:
        made.sample = replace(made.sample, options={"Dialect": case.modes["dialect"]})
    made.modes(**case.modes)
    for fields in case.objects():
        made.emulator.add(made.vendor.name, {name: value for name, value in fields.items() if value is not None})
    yield made
    made.emulator.close()


def held(world: World) -> dict[str, Plain]:
    """Everything that the vendor has, with its history."""
    return {item.id: {**item.as_json(), "notes": {}} for item in world.items()}


def test_fifty_objects_come_back_unchanged(case: Case, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written by the import, nothing by the first `up`, nothing is left to do afterwards, and nothing is missing."""
    before = held(world)

    outcome = importing_from(world, tmp_path / "project", monkeypatch, **case.given)
    assert outcome.left_out == ()
    resources = program(outcome.out)
    assert len(resources) == len({each.name for each in resources}) == MANY
    assert {each.fields["adopt"] for each in resources} == set(before)
    assert {each.name: missing(each, case, world) for each in resources if missing(each, case, world)} == {}

    done = deployed(world, resources)
    assert (world.writes(), held(world)) == ([], before)
    assert [difference for difference in done.second if difference] == []
    assert [difference for difference in done.refreshed if difference] == []
    unread = [f"{name} of " for name in case.hidden]
    assert [line for made in done.results for line in made.warnings if not line.startswith(tuple(unread))] == []


DEFAULTS = {"restart_after_end_call": True, "channel": "sms"}


def missing(each: Registered, case: Case, world: World) -> Plain:
    """What the vendor holds, in the words of its store, and the program does not say so."""
    stored = world.emulator.object(world.vendor.name, each.fields["adopt"]).data
    fields = {name: value for name, value in stored.items() if name in world.offer.fields and name not in case.hidden}
    said = {name: value for name, value in fields.items() if value not in (None, "", [], {}, 0) and DEFAULTS.get(name) != value}
    return {
        name: (value, each.fields.get(name)) for name, value in said.items() if plainly(name, value) != plainly(name, each.fields.get(name))
    }


def plainly(name: str, value: Any) -> Any:
    """Without what no program can say: line ends other than one, nulls in objects, the type of a number."""
    match value:
        case str():
            return float(value) if name == "pathway_version" and value.isdigit() else value.replace("\r\n", "\n").replace("\r", "\n")
        case int() | float():
            return round(float(value), 6)
        case list() if name == "extraction_fields":
            return sorted(plainly("", item if isinstance(item, str) else item["name"]) for item in value)
        case list():
            return [plainly("", item) for item in value]
        case dict():
            return {key: plainly("", item) for key, item in value.items() if item is not None}
    return value
