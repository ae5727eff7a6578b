"""Where no call is documented: what a person sees on the real Pulumi where little can be checked, changed or taken away."""

from __future__ import annotations

import pytest
from e2e.engine import KEY, Stack
from samples.contactswing import INPUTS as ASSISTANT
from samples.contactswing import PATH

CONTACTSWING = {"SMSAGENTS_CONTACTSWING_API_KEY": f"Bearer {KEY}"}
"""As people paste it."""
UPDATES = {**CONTACTSWING, "SMSAGENTS_CONTACTSWING_UPDATE_PATH": PATH}
DELETES = {**CONTACTSWING, "SMSAGENTS_CONTACTSWING_DELETE_PATH": PATH}


def said(warnings: list[str], words: str) -> list[str]:
    return [line for line in warnings if words in line]


def test_an_assistant_that_only_a_create_is_documented_for(stack: Stack) -> None:
    kind = "contactswing.SmsAgent"
    # Another name: force may take over an assistant of the same one, and which of the two is made first is open.
    plain = {name: value for name, value in ASSISTANT.items() if name != "phone_number"} | {"name": "Held"}
    kept = {**ASSISTANT, "on_delete": "retain", "force": True}
    stack.program({"kept": (kind, kept), "held": (kind, plain)})

    first = stack.preview(**CONTACTSWING).ok()
    assert first.asked == {}
    assert len(said(first.warnings, "kept: force: may overwrite an existing assistant of this account")) == 1
    assert len(said(first.warnings, "kept: phone_number: is bound to the new assistant")) == 1
    made = stack.up(**CONTACTSWING).ok()
    assert sorted(call.query.get("force", "") for call in made.calls) == ["", "true"]
    assert made.asked == {"create": 2}
    assert stack.outputs("kept")["assistant_id"] == stack.id("kept")
    assert {name: stack.outputs(name)["unverified"] for name in ("kept", "held")} == {"kept": sorted(ASSISTANT), "held": sorted(plain)}

    without = {name: value for name, value in kept.items() if name != "force"}
    stack.program({"kept": (kind, without), "held": (kind, plain)})
    assert stack.up("--expect-no-changes", **CONTACTSWING).ok().asked == {}

    seen = stack.refresh(**CONTACTSWING).ok()
    assert seen.asked == {}
    assert len(said(seen.warnings, "refresh checked nothing")) == 1

    stack.program({"kept": (kind, without), "held": (kind, {**plain, "instructions": "Other."})})
    refused = stack.preview(**CONTACTSWING).failed()
    assert refused.asked == {}
    told = f"makes a new assistant in place of {stack.id('held')}, which would go on texting beside it"
    assert told in "\n".join(refused.errors_by_name["held"])
    for run in (stack.preview("--refresh", **CONTACTSWING), stack.up("--refresh", **CONTACTSWING)):
        assert told in "\n".join(run.failed().errors_by_name["held"])
        assert run.asked == {}

    stack.program({"kept": (kind, {**without, "name": "Renamed"}), "held": (kind, plain)})
    refused = stack.preview(**CONTACTSWING).failed()
    told = "can only be changed by a PUT whose path ContactSwing's documentation did not show us"
    assert told in "\n".join(refused.errors_by_name["kept"])
    assert stack.up(**UPDATES).ok().asked == {"update": 1}
    assert stack.emulator.object("contactswing", stack.id("kept")).data["name"] == "Renamed"

    left, held = stack.id("kept"), stack.id("held")
    failed = stack.destroy(**CONTACTSWING).failed()
    assert failed.asked == {}
    assert f"so {held} is still alive" in "\n".join(failed.errors)
    assert list(stack.resources()) == ["held"]
    assert len(said(failed.warnings, f"assistant {left} stays alive at ContactSwing")) == 1
    stack.emulator.modes["contactswing"].set(delete_call="204")
    assert stack.destroy(**DELETES).ok().asked == {"delete": 1}
    assert [item.id for item in stack.emulator.objects("contactswing")] == [left]


def test_a_replaced_assistant_that_stays_is_named_before(stack: Stack) -> None:
    kind, fields = "contactswing.SmsAgent", {**ASSISTANT, "on_delete": "retain"}
    stack.program({"orders": (kind, fields)})
    stack.up(**CONTACTSWING).ok()
    old = stack.id("orders")
    stack.program({"orders": (kind, {**fields, "kb_id": "kb_other"})})
    shown = stack.preview(**CONTACTSWING).ok()
    assert shown.ops == {"orders": "replace"}
    assert len(said(shown.warnings, f"assistant {old} stays alive at ContactSwing and may go on texting")) == 1
    assert stack.up(**CONTACTSWING).ok().asked == {"create": 1}
    assert {item.id for item in stack.emulator.objects("contactswing")} == {old, stack.id("orders")}


@pytest.mark.parametrize("kind", ["contactswing.SmsAgent", "cleartalk.SmsConfiguration"])
def test_what_cannot_be_read_cannot_be_looked_up(stack: Stack, kind: str) -> None:
    vendor, _, cls = kind.partition(".")
    stack.program(f"from pulumi_smsagents import {vendor}\n{vendor}.{cls}.get('one', '+13465507166')\n")
    failed = stack.preview().failed()
    assert f"{kind}.get: " in "\n".join(failed.errors)
    assert "documents no way to read" in "\n".join(failed.errors)
    assert failed.asked == {}
