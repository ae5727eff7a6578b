"""Phone numbers on the real Pulumi: what a person is told before money is spent, and that no number is lost."""

from __future__ import annotations

from typing import Any

import pytest
from e2e.engine import KEY, Stack

KIND = "fluents.PhoneNumber"
LINE = {"area_code": "415", "label": "Support"}
OLD, NEW, HELD = "+14155550100", "+12125550100", "+14155550199"


@pytest.fixture
def numbers(stack: Stack) -> Stack:
    stack.env = {**stack.env, "SMSAGENTS_FLUENTS_API_KEY": KEY}
    return stack


def held(stack: Stack) -> list[str]:
    return sorted(item.id for item in stack.emulator.objects("fluents"))


def line(stack: Stack, protect: bool = False, **fields: Any) -> None:
    stack.program({"line": (KIND, {**LINE, **fields}, {"protect": protect})})


def test_a_number_is_bought_once_and_kept_when_the_stack_goes(numbers: Stack) -> None:
    line(numbers)
    shown = numbers.preview().ok()
    assert shown.asked == {}
    assert shown.warnings == [
        "fluents.PhoneNumber line: phone_number: is bought, which costs money; destroying the stack does not undo that",
        (
            "fluents.PhoneNumber line is not protected: pulumi destroy, or removing it from the program, only forgets the number, which "
            "stays held and goes on costing money. Protect it with opts=pulumi.ResourceOptions(protect=True)"
        ),
    ]
    assert numbers.up().ok().asked == {"buy": 1, "update": 1}
    assert (numbers.id("line"), held(numbers)) == (OLD, [OLD])
    line(numbers, protect=True)
    assert numbers.up("--expect-no-changes").ok().warnings == []
    line(numbers)
    numbers.up().ok()
    gone = numbers.destroy().ok()
    assert gone.asked == {}
    assert any(f"number {OLD} stays held at Fluents" in each for each in gone.warnings)
    assert held(numbers) == [OLD]


def test_a_held_number_is_replaced_in_two_steps_and_never_by_accident(numbers: Stack) -> None:
    line(numbers)
    numbers.up().ok()
    line(numbers, area_code="212")
    refused = numbers.preview().failed()
    assert any(f"puts another number in place of {OLD}, and the program does not say what becomes of {OLD}" in e for e in refused.errors)
    line(numbers, area_code="212", on_delete="cancel")
    assert any("Run pulumi up with only on_delete='cancel' changed" in each for each in numbers.preview().failed().errors)
    line(numbers, on_delete="cancel")
    armed = numbers.up().ok()
    assert (armed.ops, armed.asked) == ({"line": "update"}, {})
    line(numbers, area_code="212", on_delete="cancel")
    shown = numbers.preview().ok()
    assert shown.ops == {"line": "replace"}
    assert any(f"number {OLD} is cancelled at Fluents, and is then lost" in each for each in shown.warnings)
    assert any("is bought, which costs money" in each for each in shown.warnings)
    done = numbers.up().ok()
    assert [call.operation for call in done.calls] == ["fluents.buy", "fluents.update", "fluents.cancel"]
    assert held(numbers) == [numbers.id("line")] == [NEW]


def test_a_linked_number_moves_to_another_connection_by_going_first(numbers: Stack) -> None:
    desk = {"link": True, "phone_number": HELD, "on_delete": "cancel"}
    numbers.program({"desk": (KIND, {**desk, "telephony_account_connection": "c1"})})
    numbers.up().ok()
    numbers.program({"desk": (KIND, {**desk, "telephony_account_connection": "c2"})})
    moved = numbers.up().ok()
    assert [call.operation.partition(".")[2] for call in moved.calls if call.method == "POST"] == ["cancel", "link"]
    assert numbers.emulator.object("fluents", HELD).data["telephony_account_connection"] == "c2"
    assert numbers.up("--expect-no-changes").ok().asked == {}


def test_settings_that_fail_after_a_purchase_are_finished_by_the_next_run(numbers: Stack) -> None:
    numbers.emulator.faults.add("status", vendor="fluents", operation="update", status=400)
    line(numbers)
    first = numbers.up().ok()
    assert any(f"{OLD} exists, but label could not be set" in each for each in first.warnings)
    assert numbers.id("line") == OLD
    second = numbers.up().ok()
    assert (second.ops, second.asked) == ({"line": "update"}, {"update": 1})
    assert numbers.emulator.object("fluents", OLD).data["label"] == "Support"
    assert held(numbers) == [OLD]


def test_a_number_that_is_gone_is_seen_and_a_lost_purchase_is_adopted(numbers: Stack) -> None:
    numbers.emulator.faults.add("reset", vendor="fluents", operation="buy", when="after")
    line(numbers)
    lost = numbers.up().failed()
    assert any("set adopt='<that number>'" in each for each in lost.errors)
    assert lost.asked == {"buy": 1}
    line(numbers, adopt=OLD)
    assert numbers.up().ok().asked == {"get": 1, "update": 1}
    assert numbers.id("line") == OLD
    numbers.emulator.remove("fluents", OLD)
    numbers.run("refresh", "--yes").ok()
    assert "line" not in numbers.resources()
