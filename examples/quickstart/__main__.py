"""One SMS agent at Teli."""

import pulumi

from pulumi_smsagents import prompt_file, teli

agent = teli.SmsAgent(
    "sales",
    organization_id="1763070568417x631086913669115287",
    user_id="1763070568417x100000000000000001",
    agent_name="Sales follow-up",
    starting_message="Hi {{first_name}}, still interested? Reply STOP to opt out.",
    prompt=prompt_file("prompts/sales.md", offer="spring"),
    extraction_fields=["credit_score", "timeline"],
    drip_schedule=[{"delay_hours": 24, "type": "custom", "message": "Just checking in!"}],
)

pulumi.export("agent_id", agent.agent_id)
