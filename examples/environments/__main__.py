"""One program for every environment. All that differs stands in Pulumi.<stack>.yaml."""

import pulumi

from pulumi_smsagents import bland, teli

config = pulumi.Config()
careful = pulumi.ResourceOptions(protect=pulumi.get_stack() == "prod")

sales = teli.SmsAgent(
    "sales",
    organization_id=config.require("organizationId"),
    user_id=config.require("userId"),
    agent_name="Sales follow-up",
    starting_message="Hi {{first_name}}, still interested in {{company}}? Reply STOP to opt out.",
    prompt="You follow up with people who asked for an offer. Be brief and friendly.",
    drip_schedule=[{"delay_hours": 24, "type": "custom", "message": "Just checking in!"}],
    opts=careful,
)
billing = bland.SmsConfiguration(
    "billing",
    phone_number=config.require("number"),
    objective="Answer questions about bills. Never promise a refund.",
    time_out=300,
    opts=careful,
)

pulumi.export("sales", sales.agent_id)
pulumi.export("number", billing.phone_number)
