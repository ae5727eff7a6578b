"""Read by the type checkers, never run: what a user may write, and what an editor must know of it."""

from pathlib import Path
from typing import Any, assert_type

import pulumi

from pulumi_smsagents import PhoneNumber, SmsAgent, SmsConfiguration, bland, cleartalk, contactswing, fluents, prompt_file, teli

other: pulumi.Output[str] = pulumi.Output.from_input("other")


def prompts() -> None:
    assert_type(prompt_file("prompts/sales.md"), str)
    assert_type(prompt_file(Path("prompts") / "sales.md", offer="spring", vip=True, rules=["be brief"]), str)
    teli.SmsAgentArgsDict(
        organization_id="1763070568417x631086913669115287",
        user_id="1763070568417x100000000000000001",
        agent_name="Sales",
        starting_message="Hi",
        prompt=prompt_file("prompts/sales.md"),
    )


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


def numbers(options: pulumi.ResourceOptions) -> None:
    line = fluents.PhoneNumber("line", opts=options, area_code="415", label="Support", inbound_agent=other)
    fluents.PhoneNumber("any")
    fluents.PhoneNumber("desk", link=True, phone_number=other, telephony_account_connection=other, example_context={"name": other})
    assert_type(PhoneNumber("kept", fluents.PhoneNumberArgs(adopt="+14155550123", on_delete="cancel")), PhoneNumber)
    assert_type(line.number, pulumi.Output[str])
    assert_type(line.number_id, pulumi.Output[str | None])
    assert_type(line.active, pulumi.Output[bool | None])
    assert_type(fluents.PhoneNumber.get("a", "+14155550123"), fluents.PhoneNumber)


def lookup() -> None:
    assert_type(teli.SmsAgent.get("a", "agent_1"), teli.SmsAgent)
    assert_type(teli.SmsAgent.get("a", other, organization_id=other, user_id="2"), teli.SmsAgent)
    assert_type(Branded.get("a", "agent_1"), Branded)


def contactswing_agents(options: pulumi.ResourceOptions) -> None:
    key: contactswing.ApiKey = {"api_key_id": 134}
    agent = contactswing.SmsAgent(
        "orders",
        name="Orders",  # a field; the resource's own name is positional only
        instructions=other,
        api_keys=[key, {"api_key_id": "135", "type": "SMS"}],
        sms_type="OUTBOUND",
        model="cw-llm-1",
        prompts={"agent": "You are friendly.", "goal": other},
        phone_number=other,
        kb_id="kb",
        action_ids=[other, "a"],
        additional_settings={"idle_time": 86400, "max_messages": 10},
        force=True,
        on_delete="retain",
        opts=options,
    )
    contactswing.SmsAgent(
        "b", contactswing.SmsAgentArgs(name="b", instructions="b", api_keys=[key], sms_type="OUTBOUND", adopt="1"), options
    )
    assert_type(agent.name, pulumi.Output[str])
    assert_type(agent.assistant_id, pulumi.Output[str])
    assert_type(agent.model, pulumi.Output[str])
    kind: SmsAgent = agent
    print(kind)


def cleartalk_configurations() -> None:
    quiet: cleartalk.Body = {"webhook": other, "agent_name": "a", "objective": "o", "time_out": 600, "temperature": 0.5}
    desk = cleartalk.SmsConfiguration(
        "desk",
        phone_number=other,
        webhook="https://hooks.example.com/sms",
        agent_name="Alex",
        objective=other,
        time_out=600,
        temperature=0.7,
        request_data={"customer_id": other},
        tools=[{"name": "search"}, "look"],
        webhook_trigger_on="each_message",
        follow_up_config={"enable_follow_ups": True, "follow_up_schedule": [{"time": 5, "unit": "minutes"}]},
        reapply="1",
        on_delete="park",
        parked=quiet,
    )
    cleartalk.SmsConfiguration("b", phone_number="+14155550123", **quiet)
    assert_type(desk.phone_number, pulumi.Output[str])
    assert_type(desk.parked, pulumi.Output[dict[str, Any] | None])
    kind: SmsConfiguration = desk
    print(kind)


def bland_configurations(options: pulumi.ResourceOptions) -> None:
    desk = bland.SmsConfiguration(
        "desk",
        opts=options,
        phone_number=other,
        channel="whatsapp",
        webhook=other,
        request_data={"ref": other, "limits": [1, 2]},
        response_data=["crm"],
        time_out=300,
        warning_time=60.5,
        tools=["lookup", other, {"name": "escalate"}],
        temperature=0.7,
        use_candidate_model=False,
        pathway_version="latest",
        timezone="America/New_York",
        disposition_ids=[other],
        on_delete="reset",
    )
    bland.SmsConfiguration("b", bland.SmsConfigurationArgs(phone_number="+14155550123", pathway_version=3, adopt="+14155550123"), options)
    bland.SmsConfiguration("c", {"phone_number": "+14155550123", "objective": other})
    assert_type(desk.objective, pulumi.Output[str | None])
    assert_type(desk.channel, pulumi.Output[str])
    assert_type(desk.found, pulumi.Output[dict[str, Any]])
    assert_type(bland.SmsConfiguration.get("a", "+14155550123/whatsapp"), bland.SmsConfiguration)
    kind: SmsConfiguration = desk
    print(kind)
