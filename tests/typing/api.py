"""Read by the type checkers, never run: what a user may write, and what an editor must know of it."""

from typing import Any, assert_type

import pulumi

from pulumi_smsagents import SmsAgent, teli

other: pulumi.Output[str] = pulumi.Output.from_input("other")


def keywords() -> None:
    teli.SmsAgent(
        "sales",
        organization_id="1763070568417x631086913669115287",
        user_id="1763070568417x100000000000000001",
        agent_name="Sales",
        starting_message="Hi {{first_name}}",
        prompt="Sell.",
    )


def keywords_with_everything(options: pulumi.ResourceOptions) -> None:
    teli.SmsAgent(
        "sales",
        opts=options,
        organization_id=other,
        user_id=other,
        agent_name=pulumi.Output.concat("Sales of ", other),
        starting_message="Hi",
        prompt=other,
        extraction_fields=["credit_score", other, {"name": "budget", "description": other, "type": "number"}],
        drip_schedule=[{"delay_hours": 24, "type": "custom", "message": other}, {"delay_hours": 0.5, "type": "ai"}],
        adopt="agent_1",
        on_delete="retain",
    )


def argument_object(options: pulumi.ResourceOptions) -> None:
    args = teli.SmsAgentArgs(
        organization_id="1", user_id=other, agent_name="Sales", starting_message="Hi", prompt="Sell.", on_delete="delete"
    )
    teli.SmsAgent("a", args)
    teli.SmsAgent("a", args, options)
    teli.SmsAgent("a", args=args, opts=options)
    assert_type(SmsAgent("a", args), SmsAgent)


def dictionary() -> None:
    teli.SmsAgent("a", {"organization_id": "1", "user_id": other, "agent_name": "Sales", "starting_message": "Hi", "prompt": "Sell."})
    fields: teli.SmsAgentArgsDict = {
        "organization_id": "1",
        "user_id": "2",
        "agent_name": "Sales",
        "starting_message": "Hi",
        "prompt": "Sell.",
        "drip_schedule": [teli.Drip(delay_hours=4, type="ai")],
    }
    teli.SmsAgent("a", fields)
    teli.SmsAgent("a", **fields)


def parts_by_name() -> None:
    drip: teli.Drip = {"delay_hours": 24, "type": "custom", "message": "Hi"}
    field: teli.ExtractionField = {"name": "budget", "type": "boolean"}
    teli.SmsAgent(
        "a",
        organization_id="1",
        user_id="2",
        agent_name="Sales",
        starting_message="Hi",
        prompt="Sell.",
        extraction_fields=[field, "email"],
        drip_schedule=[drip],
    )


class Branded(teli.SmsAgent):
    """A user's own subclass."""

    def __init__(self, name: str, prompt: pulumi.Input[str]) -> None:
        super().__init__(name, organization_id="1", user_id="2", agent_name=name, starting_message="Hi", prompt=prompt)


def outputs(agent: teli.SmsAgent, base: SmsAgent) -> None:
    assert_type(agent.id, pulumi.Output[str])
    assert_type(agent.agent_id, pulumi.Output[str])
    assert_type(agent.prompt, pulumi.Output[str])
    assert_type(agent.unique_id, pulumi.Output[str | None])
    assert_type(agent.agent_status, pulumi.Output[str | None])
    assert_type(agent.extraction_fields, pulumi.Output[list[Any] | None])
    assert_type(agent.drip_schedule, pulumi.Output[list[dict[str, Any]] | None])
    assert_type(agent.unverified, pulumi.Output[list[str]])
    assert_type(agent.on_delete, pulumi.Output[str])
    assert_type(base.unverified, pulumi.Output[list[str]])
    kind: SmsAgent = agent
    assert isinstance(kind, pulumi.CustomResource)


def lookup() -> None:
    assert_type(teli.SmsAgent.get("a", "agent_1"), teli.SmsAgent)
    assert_type(teli.SmsAgent.get("a", other, organization_id=other, user_id="2"), teli.SmsAgent)
    assert_type(Branded.get("a", "agent_1"), Branded)
