"""Each line that ends in `# error` must be refused by mypy and by pyright; no other line may be. Never run."""

import pulumi

from pulumi_smsagents import SmsAgent, bland, teli

other: pulumi.Output[str] = pulumi.Output.from_input("other")
number: pulumi.Output[int] = pulumi.Output.from_input(1)


def wrong_names(agent: teli.SmsAgent) -> None:
    teli.SmsAgent("a", organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p", promt="p")  # error
    teli.SmsAgentArgs(organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p", promt="p")  # error
    teli.SmsAgent("a", {"organization_id": "1", "user_id": "2", "agent_name": "n", "starting_message": "Hi", "promt": "p"})  # error
    teli.Drip(delay_hours=1, type="ai", text="Hi")  # error
    agent.agentId  # error # noqa: B018


def wrong_types() -> None:
    teli.SmsAgent("a", organization_id=1, user_id="2", agent_name="n", starting_message="Hi", prompt="p")  # error
    teli.SmsAgent("a", organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt=number)  # error
    teli.SmsAgent("a", organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt=None)  # error
    teli.SmsAgentArgs(organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p", on_delete="keep")  # error
    teli.SmsAgentArgs(organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p", adopt=7)  # error
    teli.Drip(delay_hours="24", type="ai")  # error
    teli.Drip(delay_hours=24, type="email")  # error
    teli.ExtractionField(name="budget", type="money")  # error
    teli.SmsAgentArgs(organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p", drip_schedule={})  # error
    teli.SmsAgentArgs(organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p", extraction_fields=[1])  # error


def missing() -> None:
    teli.SmsAgent("a")  # error
    teli.SmsAgent("a", organization_id="1", user_id="2", agent_name="n", starting_message="Hi")  # error
    teli.SmsAgentArgs(organization_id="1", user_id="2", agent_name="n", prompt="p")  # error
    teli.SmsAgent("a", {"organization_id": "1", "user_id": "2", "agent_name": "n", "prompt": "p"})  # error
    teli.Drip(type="ai")  # error
    teli.SmsAgent(organization_id="1", user_id="2", agent_name="n", starting_message="Hi", prompt="p")  # error


def wrong_calls(args: teli.SmsAgentArgs) -> None:
    teli.SmsAgent("a", args, prompt="p")  # error
    teli.SmsAgent("a", "agent_1")  # error
    teli.SmsAgent(resource_name="a", args=args)  # error
    teli.SmsAgent.get("a")  # error
    teli.SmsAgent.get("a", "agent_1", prompt="p")  # error


def wrong_outputs(agent: teli.SmsAgent, args: teli.SmsAgentArgs) -> None:
    a: str = agent.agent_id  # error
    b: pulumi.Output[int] = agent.prompt  # error
    c: teli.SmsAgent = SmsAgent("a", args)  # error
    print(a, b, c)


def wrong_configurations(desk: bland.SmsConfiguration) -> None:
    bland.SmsConfiguration("a", objective="Hi")  # error
    bland.SmsConfiguration("a", phone_number="+14155550123", channel="fax")  # error
    bland.SmsConfiguration("a", phone_number="+14155550123", time_out="60")  # error
    bland.SmsConfiguration("a", phone_number="+14155550123", prompt="Hi")  # error
    bland.SmsConfigurationArgs(phone_number="+14155550123", on_delete="delete")  # error
    found: str = desk.found  # error
    print(found)


def right() -> None:
    """Nothing wrong here."""
    teli.SmsAgent("a", organization_id="1", user_id=other, agent_name="n", starting_message="Hi", prompt="p")
