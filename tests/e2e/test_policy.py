"""examples/policy as a person runs it: on the real engine, with no account, before anything reaches a vendor."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from e2e.engine import Run, Stack
from e2e.programs.teli import CASE as TELI

from tools import policy

EXAMPLES = Path(__file__).parents[2] / "examples"
QUIET = {**TELI.fields, "starting_message": "Hi {{first_name}}! Still interested? Reply STOP to opt out."}
HOOK = "https://hooks.example.com/sms"
ANSWERS = {"agent_name": "Alex", "objective": "Deliveries.", "webhook": HOOK, "time_out": 600, "temperature": 0}
PARKED = {**ANSWERS, "phone_number": "+13465507167", "on_delete": "park", "parked": ANSWERS}


def bland(number: int, **fields: Any) -> tuple[str, dict[str, Any]]:
    return "bland.SmsConfiguration", {"phone_number": f"+141555501{number}", "objective": "Answer questions about bills.", **fields}


FINE: dict[str, Any] = {
    "kept": ("fluents.PhoneNumber", {"area_code": "415"}, {"protect": True}),
    "quiet": (TELI.type, QUIET),
    "secured": bland(10, webhook=HOOK),
    "on-a-path": bland(11, objective=None, pathway_id="pathway-1"),
    "parked": ("cleartalk.SmsConfiguration", {**PARKED, "phone_number": "+13465507166"}),
}


@pytest.fixture
def pack() -> str:
    if policy.existing() is None:
        raise FileNotFoundError("this test needs the virtual environment of examples/policy; make it with: python3 dev.py test")
    return str(policy.PACK)


def refused(run: Run) -> dict[str, set[str]]:
    """The rules that each resource of the program breaks, by its name."""
    found: dict[str, set[str]] = {}
    for said in (event["policyEvent"] for event in run.events if "policyEvent" in event):
        assert said["enforcementLevel"] == "mandatory", said
        found.setdefault(said["resourceUrn"].rpartition("::")[2], set()).add(said["policyName"])
    return found


def test_what_the_rules_ask_for_passes_and_what_is_deployed_can_be_checked(stack: Stack, pack: str) -> None:
    for _, fields, *_ in (FINE["secured"], FINE["on-a-path"]):
        stack.emulator.add("bland", phone_number=fields["phone_number"])
    stack.program(FINE)
    assert refused(stack.up("--policy-pack", pack).ok()) == {}
    assert stack.run("policy", "analyze", "--policy-pack", pack).ok().calls == []


def test_each_rule_refuses_what_it_is_about_and_nothing_is_deployed(stack: Stack, pack: str) -> None:
    stack.program(
        {
            **FINE,
            "unprotected": ("fluents.PhoneNumber", {"area_code": "415"}),
            "in-clear": bland(20, webhook="http://hooks.example.com/sms"),
            "parked-in-clear": (
                "cleartalk.SmsConfiguration",
                {**PARKED, "parked": {**PARKED["parked"], "webhook": "http://hooks.example.com/sms"}},
            ),
            "no-way-out": (TELI.type, {**QUIET, "starting_message": "Hi {{first_name}}, nonstop offers!"}),
            "long": (TELI.type, {**QUIET, "starting_message": "Reply STOP to opt out. " + "x" * 138}),
            "loud": (TELI.type, {**QUIET, "starting_message": "AMAZING offers. Reply STOP to opt out."}),
            "louder": (TELI.type, {**QUIET, "starting_message": "Offers! Reply STOP to opt out!"}),
            "chatty": bland(21, objective=None),
            "chattier": bland(22, objective="Chat with the user."),
            "left-open": bland(23, on_delete="reset"),
        }
    )
    run = stack.up("--policy-pack", pack, preview=True).failed()
    assert refused(run) == {
        "unprotected": {"numbers-are-protected"},
        "in-clear": {"webhooks-are-https"},
        "parked-in-clear": {"webhooks-are-https"},
        **{name: {"first-messages-are-quiet"} for name in ("no-way-out", "long", "loud", "louder")},
        **{name: {"nobody-answers-everything"} for name in ("chatty", "chattier", "left-open")},
    }
    assert run.calls == []


def test_the_five_vendors_pass_until_a_message_loses_its_way_out(stack: Stack, pack: str) -> None:
    """As the example's page says."""
    shutil.copytree(EXAMPLES / "five_vendors" / "prompts", stack.folder / "prompts")
    program = (EXAMPLES / "five_vendors" / "__main__.py").read_text("utf-8")
    stack.program(program)
    assert refused(stack.preview("--policy-pack", pack).ok()) == {}
    stack.program(program.replace(" Reply STOP to opt out.", ""))
    assert refused(stack.preview("--policy-pack", pack).failed()) == {"sales": {"first-messages-are-quiet"}}
