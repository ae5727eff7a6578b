"""All five vendors in one program: two agents, a number, and how two more numbers answer."""

import pulumi

from pulumi_smsagents import bland, cleartalk, contactswing, fluents, prompt_file, teli

WEBHOOK = "https://hooks.example.com/sms"

# Deleted with the stack, which is the default at Teli.
sales = teli.SmsAgent(
    "sales",
    organization_id="1763070568417x631086913669115287",
    user_id="1763070568417x100000000000000001",
    agent_name="Sales follow-up",
    starting_message="Hi {{first_name}}, still interested in {{company}}? Reply STOP to opt out.",
    prompt=prompt_file("prompts/sales.md"),
    extraction_fields=["credit_score", {"name": "timeline", "description": "When they want to start", "type": "string"}],
    drip_schedule=[{"delay_hours": 24, "type": "custom", "message": "Just checking in!"}, {"delay_hours": 72, "type": "ai"}],
)

# ContactSwing documents no deletion: the default would make `pulumi destroy` fail with instructions.
orders = contactswing.SmsAgent(
    "orders",
    name="Orders",
    instructions=prompt_file("prompts/orders.md"),
    api_keys=[{"api_key_id": 134}],
    sms_type="OUTBOUND",
    additional_settings={"idle_time": 86400, "max_messages": 10},
    on_delete="retain",
)

# Bought, which costs money; neither a destroy nor a mistake in this file gives it up.
line = fluents.PhoneNumber(
    "line",
    area_code="415",
    label="Support",
    inbound_agent="agent_123",
    on_delete="retain",
    opts=pulumi.ResourceOptions(protect=True),
)

# What Bland held for the number before is put back when the resource goes.
billing = bland.SmsConfiguration(
    "billing",
    phone_number="+14155550123",
    objective=prompt_file("prompts/billing.md"),
    webhook=WEBHOOK,
    time_out=300,
    timezone="America/New_York",
    on_delete="restore",
)

# ClearTalk can neither delete nor show a configuration: `parked` says how the number answers afterwards.
deliveries = cleartalk.SmsConfiguration(
    "deliveries",
    phone_number="+13465507166",
    agent_name="Alex",
    objective=prompt_file("prompts/deliveries.md"),
    webhook=WEBHOOK,
    webhook_trigger_on="final_disposition",
    time_out=600,
    temperature=0.7,
    on_delete="park",
    parked={"agent_name": "Alex", "objective": prompt_file("prompts/closed.md"), "webhook": WEBHOOK, "time_out": 600, "temperature": 0},
)

pulumi.export("sales", sales.agent_id)
pulumi.export("orders", orders.assistant_id)
pulumi.export("line", line.number)
# The fields that a vendor's API lets nobody read back.
pulumi.export("unverified", {"sales": sales.unverified, "billing": billing.unverified, "deliveries": deliveries.unverified})
