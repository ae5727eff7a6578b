"""An agent at Teli and a number at Fluents that exist already. The first `pulumi up` changes neither."""

import pulumi

from pulumi_smsagents import fluents, teli

config = pulumi.Config()

# Once it is in the stack, `adopt` has no effect: it may stay here or go.
sales = teli.SmsAgent(
    "sales",
    adopt=config.require("agentId"),
    organization_id="1763070568417x631086913669115287",
    user_id="1763070568417x100000000000000001",
    agent_name="Sales follow-up",
    starting_message="Hi {{first_name}}, still interested? Reply STOP to opt out.",
    prompt="You follow up with people who asked for an offer.",
    drip_schedule=[{"delay_hours": 24, "type": "custom", "message": "Just checking in!"}],
    on_delete="retain",
)

line = fluents.PhoneNumber(
    "line",
    adopt=config.require("number"),
    label="Support",
    inbound_agent="agent_123",
    on_delete="retain",
    opts=pulumi.ResourceOptions(protect=True),
)

pulumi.export("sales", sales.agent_id)
pulumi.export("line", line.number)
