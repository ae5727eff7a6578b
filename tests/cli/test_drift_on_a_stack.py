"""`smsagents drift` on a stack of the real Pulumi: it says what `pulumi refresh` then does, and more of what is secret."""

from __future__ import annotations

import json

import pytest
from e2e.engine import STACK
from samples import SAMPLES

TOKEN = "canary-token-5tR8"

PROGRAM = f"""
import json
import pulumi
from pulumi_smsagents import bland, cleartalk, teli

samples = json.loads(open("samples.json").read())
for name in ("sales", "other", "lost"):
    teli.SmsAgent(name, {{**samples["teli"], "agent_name": name}})
hooks = pulumi.Output.secret("https://hooks.example.com/{TOKEN}")
bland.SmsConfiguration("desk", {{**samples["bland"], "webhook": hooks}})
cleartalk.SmsConfiguration("till", samples["cleartalk"])
"""


@pytest.fixture
def deployed(stack, smsagents):
    smsagents.never += (TOKEN,)
    inputs = {tag.partition(":")[0]: sample.inputs for tag, sample in SAMPLES.items()}
    (stack.folder / "samples.json").write_text(json.dumps(inputs))
    stack.emulator.add("bland", phone_number=inputs["bland"]["phone_number"])
    stack.program(PROGRAM)
    stack.up().ok()
    return stack


def test_it_finds_what_a_refresh_finds(smsagents, deployed):
    """Field by field, a secret one included; and it leaves no trace in the state."""
    nothing = smsagents("drift", "--stack", STACK, "--accept-unreadable")
    assert nothing.code == 0, nothing
    deployed.emulator.edit("teli", deployed.id("sales"), prompt="Be brief.", drip_schedule=[])
    deployed.emulator.edit("bland", deployed.id("desk"), tools=[], webhook=f"https://elsewhere.example/{TOKEN}")
    deployed.emulator.remove("teli", deployed.id("lost"))
    before = deployed.state_file.read_bytes()
    found = smsagents("drift", "--stack", STACK, "--json")
    assert found.code == 2
    assert deployed.state_file.read_bytes() == before
    states = {each["name"]: each["state"] for each in found.json["resources"]}
    assert states == {"sales": "drifted", "desk": "drifted", "lost": "gone", "other": "unverified", "till": "unverified"}
    fields = {each["name"]: sorted(field["name"] for field in each["fields"]) for each in found.json["resources"]}
    refreshed = deployed.refresh().ok()
    assert refreshed.ops == {"sales": "update", "desk": "update", "lost": "delete"}
    assert fields == {"sales": ["drip_schedule", "prompt"], "desk": ["tools", "webhook"], "lost": [], "other": [], "till": []}
    for name in ("sales", "other", "till"):
        assert refreshed.differs(name) == fields[name], name
    assert refreshed.differs("desk") == ["tools"]  # of a secret field Pulumi names no change (pulumi/pulumi#16687)
    after = {each["name"]: each["state"] for each in smsagents("drift", "--stack", STACK, "--json").json["resources"]}
    assert set(after.values()) == {"unverified"}
