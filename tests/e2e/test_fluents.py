"""Phone numbers on the real Pulumi: what a person is told before money is spent, and that no number is lost."""

from __future__ import annotations

from typing import Any

from e2e.engine import Stack

KIND = "fluents.PhoneNumber"
LINE = {"area_code": "415", "label": "Support"}
OLD, NEW, HELD = "+14155550100", "+12125550100", "+14155550199"


def held(stack: Stack) -> list[str]:
    return sorted(item.id for item in stack.emulator.objects("fluents"))


def line(stack: Stack, protect: bool = False, **fields: Any) -> None:
    stack.program({"line": (KIND, {**LINE, **fields}, {"protect": protect})})


def test_a_number_is_bought_once_and_kept_when_the_stack_goes(stack: Stack) -> None:
    line(stack)
    shown = stack.preview().ok()
    assert shown.asked == {}
    assert shown.warnings == [
        "fluents.PhoneNumber line: phone_number: is bought, which costs money; destroying the stack does not undo that",
        (
            "fluents.PhoneNumber line is not protected: pulumi destroy, or removing it from the program, only forgets the number, which "
            "stays held and goes on costing money. Protect it with opts=pulumi.ResourceOptions(protect=True)"
        ),
    ]
    assert stack.up().ok().asked == {"list": 1, "buy": 1, "update": 1}
    assert (stack.id("line"), held(stack)) == (OLD, [OLD])
    line(stack, protect=True)
    assert stack.up("--expect-no-changes").ok().warnings == []
    line(stack)
    stack.up().ok()
    gone = stack.destroy().ok()
    assert gone.asked == {}
    assert any(f"number {OLD} stays held at Fluents" in each for each in gone.warnings)
    assert held(stack) == [OLD]


def test_a_held_number_is_replaced_in_two_steps_and_never_by_accident(stack: Stack) -> None:
    line(stack)
    stack.up().ok()
    line(stack, area_code="212")
    refused = stack.preview().failed()
    assert any(f"puts another number in place of {OLD}, and the program does not say what becomes of {OLD}" in e for e in refused.errors)
    line(stack, area_code="212", on_delete="cancel")
    assert any("Run pulumi up with only on_delete='cancel' changed" in each for each in stack.preview().failed().errors)
    line(stack, on_delete="cancel")
    armed = stack.up().ok()
    assert (armed.ops, armed.asked) == ({"line": "update"}, {})
    line(stack, area_code="212", on_delete="cancel")
    shown = stack.preview().ok()
    assert shown.ops == {"line": "replace"}
    assert any(f"number {OLD} is cancelled at Fluents, and is then lost" in each for each in shown.warnings)
    assert any("is bought, which costs money" in each for each in shown.warnings)
    done = stack.up().ok()
    assert [call.operation for call in done.calls] == ["fluents.list", "fluents.buy", "fluents.update", "fluents.cancel"]
    assert held(stack) == [stack.id("line")] == [NEW]


def test_a_linked_number_moves_to_another_connection_by_going_first(stack: Stack) -> None:
    desk = {"link": True, "phone_number": HELD, "on_delete": "cancel"}
    stack.program({"desk": (KIND, {**desk, "telephony_account_connection": "c1"})})
    stack.up().ok()
    stack.program({"desk": (KIND, {**desk, "telephony_account_connection": "c2"})})
    moved = stack.up().ok()
    assert [call.operation.partition(".")[2] for call in moved.calls if call.method == "POST"] == ["cancel", "link"]
    assert stack.emulator.object("fluents", HELD).data["telephony_account_connection"] == "c2"
    assert stack.up("--expect-no-changes").ok().asked == {}


def test_a_bought_number_outlives_whatever_happens_to_its_resource(stack: Stack) -> None:
    """Settings that fail after the purchase, a replacement, and the removal from the program."""
    stack.emulator.faults.add("status", vendor="fluents", operation="update", status=400)
    line(stack)
    first = stack.up().ok()
    assert first.asked == {"list": 1, "buy": 1, "update": 1}
    assert any(f"{OLD} exists, but label could not be set" in each for each in first.warnings)
    assert stack.id("line") == OLD
    second = stack.up().ok()
    assert (second.ops, second.asked) == ({"line": "update"}, {"update": 1})
    assert stack.emulator.object("fluents", OLD).data["label"] == "Support"

    line(stack, area_code="212", on_delete="retain")
    replaced = stack.up().ok()
    assert replaced.asked == {"list": 1, "buy": 1, "update": 1}
    assert any(f"number {OLD} stays held at Fluents" in each for each in replaced.warnings)
    stack.program({})
    assert stack.up().ok().asked == {}
    assert (held(stack), stack.resources()) == ([NEW, OLD], {})


def test_a_number_that_is_gone_is_seen_and_a_lost_purchase_is_found(stack: Stack) -> None:
    stack.emulator.faults.add("reset", vendor="fluents", operation="buy", when="after")
    line(stack)
    lost = stack.up().ok()
    assert lost.asked == {"list": 2, "buy": 1, "get": 1, "update": 1}
    assert any(f"{OLD} is taken for what the create made, whose answer was lost" in each for each in lost.warnings)
    assert stack.id("line") == OLD
    assert stack.preview("--expect-no-changes").ok().asked == {}
    stack.emulator.remove("fluents", OLD)
    stack.run("refresh", "--yes").ok()
    assert "line" not in stack.resources()
