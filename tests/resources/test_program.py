"""What a program does with the classes: what is registered, under which type, and what a wrong call says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
import pytest
from mocked import Mocks, mocked, run
from resources.test_frozen import RELEASED, TAGS

from pulumi_smsagents import SmsAgent, teli
from pulumi_smsagents.values import ABSENT
from pulumi_smsagents.vendors import NAMES as VENDOR_NAMES
from pulumi_smsagents.vendors import find

FIELDS: dict[str, Any] = {
    "organization_id": "1763070568417x631086913669115287",
    "user_id": "1763070568417x100000000000000001",
    "agent_name": "Sales",
    "starting_message": "Hi {{first_name}}, reply STOP to opt out",
    "prompt": "Sell.",
}
TYPE = "pulumi-python:dynamic/smsagents/teli:SmsAgent"


@pytest.fixture
def mocks() -> Iterator[Mocks]:
    with mocked() as made:
        yield made


def inputs(mocks: Mocks, name: str = "sales") -> dict[str, Any]:
    """What the provider would see, without what the program left out."""
    (args,) = [args for args in mocks.registered if args.name == name]
    assert args.typ == TYPE
    return {field: value for field, value in args.inputs.items() if value is not None}


REGISTERED = {**FIELDS, "key": "shop/dev/sales", "__provider": RELEASED["teli:SmsAgent"]}


@pytest.mark.parametrize(
    "make",
    [
        lambda: teli.SmsAgent("sales", **FIELDS),
        lambda: teli.SmsAgent("sales", teli.SmsAgentArgs(**FIELDS)),
        lambda: teli.SmsAgent("sales", args=teli.SmsAgentArgs(**FIELDS), opts=pulumi.ResourceOptions()),
        lambda: teli.SmsAgent("sales", FIELDS),
        lambda: teli.SmsAgent("sales", FIELDS, pulumi.ResourceOptions()),
        lambda: teli.SmsAgent("sales", opts=pulumi.ResourceOptions(), **FIELDS),
        lambda: SmsAgent("sales", teli.SmsAgentArgs(**FIELDS)),
        lambda: SmsAgent("sales", args=teli.SmsAgentArgs(**FIELDS)),
        lambda: SmsAgent("sales", teli.SmsAgentArgs(**FIELDS), pulumi.ResourceOptions()),
    ],
    ids=["keywords", "object", "object by name", "dict", "dict and options", "options by name", "kind", "kind by name", "kind and options"],
)
def test_every_way_to_write_it_registers_the_same(mocks, make):
    made = []
    run(lambda: made.append(make()))
    assert type(made[0]) is teli.SmsAgent
    assert inputs(mocks) == REGISTERED
    assert len(mocks.registered) == 1


def test_outputs_are_attributes(mocks):
    def program():
        agent = teli.SmsAgent("sales", **FIELDS)
        return pulumi.Output.all(
            agent.id, agent.agent_id, agent.prompt, agent.unverified, agent.key, agent.unique_id, agent.created_at, agent.drip_schedule
        )

    assert run(program) == ["sales-id", "sales-id", "Sell.", ["prompt"], "shop/dev/sales", None, None, None]


def test_a_field_that_is_not_set_costs_nothing_until_it_is_read(mocks):
    made = []

    def program():
        made.append(teli.SmsAgent("sales", **FIELDS))
        return pulumi.Output.all(made[0].adopt, made[0].extraction_fields, made[0].agent_name)

    assert run(program) == [None, None, "Sales"]
    assert not {"adopt", "extraction_fields", "drip_schedule"} & {*mocks.registered[0].inputs, *vars(made[0])}
    with pytest.raises(AttributeError, match="'SmsAgent' object has no attribute 'promt'"):
        _ = made[0].promt


def test_a_lookup_has_every_field(mocks):
    made = []
    run(lambda: made.append(teli.SmsAgent.get("sales", "agent_1")))
    assert vars(made[0]).keys() >= teli.SmsAgentArgsDict.__annotations__.keys()


def test_a_field_that_an_option_may_set_is_waited_for(mocks):
    made = []
    run(lambda: made.append(teli.SmsAgent("sales", **FIELDS, opts=pulumi.ResourceOptions(ignore_changes=["drip_schedule"]))))
    assert "drip_schedule" in vars(made[0])


@pytest.mark.parametrize("tag", TAGS)
def test_what_a_check_sets_by_itself_is_an_output(tag):
    """Or a program that reads it would be told that it is not set."""
    vendor, offer = find(tag)
    made = getattr(import_module(f"pulumi_smsagents.resources.{vendor.name}"), offer.kind)
    assert {name for name, rule in offer.fields.items() if rule.default is not ABSENT} <= {*made._defaulted}


@pytest.mark.parametrize("made", [lambda: teli.SmsAgent("sales", **FIELDS), lambda: SmsAgent("sales", teli.SmsAgentArgs(**FIELDS))])
def test_a_resource_is_said_to_be_made_by_the_line_of_the_program(mocks, made):
    positions = []
    of_frame = pulumi.runtime.resource._get_source_position

    def seen(stack):
        positions.append(of_frame(stack))
        return positions[-1]

    with mock.patch.object(pulumi.runtime.resource, "_get_source_position", seen):
        run(made)
    assert [(Path(each.uri).name, each.line) for each in positions] == [(Path(__file__).name, made.__code__.co_firstlineno)]


def test_values_of_other_resources_go_in(mocks):
    def program():
        first = teli.SmsAgent("first", **FIELDS)
        teli.SmsAgent(
            "sales",
            **{**FIELDS, "prompt": pulumi.Output.concat("Then ", first.agent_id)},
            extraction_fields=["email", first.agent_name, {"name": "budget", "type": first.prompt}],
            drip_schedule=[{"delay_hours": 24, "type": "custom", "message": first.prompt}],
        )

    run(program)
    found = inputs(mocks)
    assert found["prompt"] == "Then first-id"
    assert found["extraction_fields"] == ["email", "Sales", {"name": "budget", "type": "Sell."}]
    assert found["drip_schedule"] == [{"delay_hours": 24, "type": "custom", "message": "Sell."}]


def test_no_name_is_changed_on_the_way(mocks):
    """Snake case is the vendor's, in the state too."""
    run(lambda: teli.SmsAgent("sales", **FIELDS, extraction_fields=[{"name": "a_b", "snake_case": "c_d"}]))
    assert inputs(mocks)["extraction_fields"] == [{"name": "a_b", "snake_case": "c_d"}]


def test_a_users_subclass_keeps_the_type_and_the_reference(mocks):
    class Branded(teli.SmsAgent):
        """A user's."""

        def __init__(self, name: str, prompt: str, opts: pulumi.ResourceOptions | None = None) -> None:
            super().__init__(name, opts=opts, **{**FIELDS, "prompt": f"Brand. {prompt}"})

    class Again(Branded):
        """A user's, once more."""

    run(lambda: (Branded("sales", "Sell."), Again("more", "Sell.")))
    assert inputs(mocks) == {**REGISTERED, "prompt": "Brand. Sell."}
    assert inputs(mocks, "more")["__provider"] == RELEASED["teli:SmsAgent"]


def test_an_argument_object_of_a_users_subclass_builds_the_vendors_class(mocks):
    class House(teli.SmsAgentArgs):
        """A user's defaults."""

    made = []
    run(lambda: made.append(SmsAgent("sales", House(**FIELDS))))
    assert type(made[0]) is teli.SmsAgent
    assert inputs(mocks) == REGISTERED


def test_an_unknown_field_reaches_the_check(mocks):
    """Whose message names the field and the nearest known one, with all other problems."""
    run(lambda: teli.SmsAgent("sales", **FIELDS, promt="Sell."))
    assert inputs(mocks)["promt"] == "Sell."


def test_what_the_caller_gave_is_left_as_it_is(mocks):
    fields, args = dict(FIELDS), teli.SmsAgentArgs(**FIELDS)
    run(lambda: (teli.SmsAgent("sales", fields), teli.SmsAgent("a", args), teli.SmsAgent("b", args)))
    assert fields == FIELDS
    assert vars(args) == FIELDS
    assert inputs(mocks, "a")["key"] == "shop/dev/a"


@pytest.mark.parametrize("key", ["key", "__provider", "agent_id", "unverified"])
def test_nothing_a_program_writes_takes_the_place_of_what_is_ours(mocks, key):
    run(lambda: teli.SmsAgent("sales", {**FIELDS, key: "mine"}))
    found = inputs(mocks)
    assert found["__provider"] == RELEASED["teli:SmsAgent"]
    assert found["key"] == "shop/dev/sales"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: teli.SmsAgent("sales", FIELDS, prompt="p"),
            "SmsAgent: give the fields either as keywords or in an argument object, not both",
        ),
        (lambda: teli.SmsAgent("sales", teli.SmsAgentArgs(**FIELDS), prompt="p"), "not both (prompt)"),
        (lambda: teli.SmsAgent("sales", "agent_1"), "SmsAgent: args must be a SmsAgentArgs or a dict, not str"),
        (lambda: teli.SmsAgent("sales", pulumi.ResourceOptions()), "args must be a SmsAgentArgs or a dict, not ResourceOptions"),
        (lambda: SmsAgent("sales"), "SmsAgent needs a vendor's argument object, e.g. teli.SmsAgentArgs(...)"),
        (lambda: SmsAgent("sales", FIELDS), "SmsAgent needs a vendor's argument object, e.g. teli.SmsAgentArgs(...)"),
        (lambda: SmsAgent("sales", **FIELDS), "SmsAgent needs a vendor's argument object, e.g. teli.SmsAgentArgs(...)"),
        (lambda: teli.SmsAgent(resource_name="sales", **FIELDS), "resource_name"),
    ],
)
def test_a_wrong_call_is_a_type_error_that_says_how(call, says):
    with pytest.raises(TypeError) as caught:
        call()
    assert says in str(caught.value)


def test_an_argument_object_shows_names_and_no_values():
    args = teli.SmsAgentArgs(**{**FIELDS, "prompt": "canary"})
    assert repr(args) == "SmsAgentArgs(organization_id, user_id, agent_name, starting_message, prompt)"
    assert args.prompt == "canary"
    with pytest.raises(AttributeError, match="SmsAgentArgs has no 'adopt' set"):
        _ = args.adopt


def test_a_lookup_registers_an_id(mocks):
    made = []

    def program():
        made.append(teli.SmsAgent.get("sales", "agent_1", organization_id="org"))
        return made[0].id

    assert run(program) == "agent_1"
    assert type(made[0]) is teli.SmsAgent
    assert mocks.registered[0].resource_id == "agent_1"
    assert inputs(mocks) == {"organization_id": "org", "key": "shop/dev/sales", "__provider": RELEASED["teli:SmsAgent"]}


def test_a_lookup_keeps_the_options_it_was_given(mocks):
    options = pulumi.ResourceOptions(protect=True)
    run(lambda: teli.SmsAgent.get("sales", "agent_1", options))
    assert options.id is None
    assert mocks.registered[0].resource_id == "agent_1"


def test_more_resources_than_the_sdk_can_pickle_in_one_program(mocks):
    """The SDK's own way to write the provider string ends in a RecursionError at the 981st at the latest (pulumi/pulumi#17803)."""
    run(lambda: [teli.SmsAgent(f"agent-{number}", **FIELDS) for number in range(1100)])
    assert len(mocks.registered) == 1100
    assert {args.inputs["__provider"] for args in mocks.registered} == {RELEASED["teli:SmsAgent"]}


def test_importing_the_package_loads_no_more_than_a_program_needs():
    code = "import pulumi_smsagents as p, sys; p.teli.SmsAgent, p.SmsAgent; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    unwanted = {
        "httpx",
        "httpcore",
        "httpx_retries",
        "pydantic",
        "pydantic_core",
        "starlette",
        "uvicorn",
        "jinja2",
        "typer",
    }
    assert not unwanted & set(loaded)
    ours = {name for name in loaded if name.startswith("pulumi_smsagents")}
    assert ours <= {"pulumi_smsagents", "pulumi_smsagents.resources"} | {
        name for name in ours if name.startswith("pulumi_smsagents.resources.") and not name.endswith((".provider", ".engine_log"))
    }


def test_a_provider_loads_neither_another_vendor_nor_a_client_before_a_call():
    """Pulumi starts several in every run, and most of them make no call."""
    code = """
import sys, pulumi_smsagents
from types import SimpleNamespace
provider = pulumi_smsagents.load("teli:SmsAgent")
provider.configure(SimpleNamespace(config=SimpleNamespace(get=lambda key: None)))
provider.check({}, {"prompt": "Sell."})
print(*sorted(sys.modules))
"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "pulumi_smsagents.vendors.teli" in loaded
    others = {name for name in VENDOR_NAMES if name != "teli"}
    assert not {"httpx", "httpcore", "httpx_retries", *(f"pulumi_smsagents.vendors.{name}" for name in others)} & set(loaded)


def test_a_command_loads_no_part_of_pulumi():
    code = "import sys, pulumi_smsagents.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pulumi", "grpc", "google", "httpx", "pydantic"} & set(loaded)


def test_every_public_name_is_there_in_every_way_to_ask_for_it():
    code = """
import pulumi_smsagents as p
assert set(p.__all__) <= set(dir(p))
from pulumi_smsagents import *
from pulumi_smsagents import teli as again
assert teli is again is p.teli and SmsAgent is p.SmsAgent and issubclass(p.teli.SmsAgent, SmsAgent) and p.load("teli:SmsAgent")
try:
    p.parrot
except AttributeError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "module 'pulumi_smsagents' has no attribute 'parrot'\n"
