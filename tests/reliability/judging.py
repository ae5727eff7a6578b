"""The four invariants, judged by what the vendor's emulator holds and by what a person reads."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from reliability.commands import Program, Run, Stack
from worlds import KEY

from pulumi_smsagents.errors import SmsAgentsError, VendorError

LONGEST = 700


def assert_one_each(stack: Stack, program: Program, others: Iterable[str] = ()) -> None:
    """I1 and I2: the vendor has one object for each resource, the one in the state, besides those that are others'."""
    there = set(stack.world.records()) - (set(others) - stack.ids)
    assert there == stack.ids, f"at the vendor {sorted(there)}, in the state {sorted(stack.ids)}"
    assert stack.state.keys() == program.keys()
    assert len({entry.id for entry in stack.state.values()}) == len(stack.state), "one object in two resources"


def assert_true_state(stack: Stack, program: Program) -> None:
    """I3: the vendor has what the program says, the state knows it, a refresh changes nothing, and the next preview is empty."""
    world = stack.world
    records = world.records()
    for name, fields in program.items():
        entry = stack.state[name]
        wanted = {field: value for field, value in world.given(fields).items() if field in world.sample.inputs}
        for found in ({"phone_number": entry.id, **records[entry.id]}, entry.outputs):
            unlike = {field for field, value in wanted.items() if not world.shows(field, value, found.get(field))}
            assert unlike == set(), f"{name}: {[(field, found.get(field), wanted[field]) for field in unlike]}"
    assert stack.preview(program) == []
    run = stack.refresh().ok()
    assert [step for step in run.changed if step.startswith("drop")] == []
    assert stack.preview(program) == []


def assert_clean(run: Run, stack: Stack) -> None:
    """I4: each error is one line of a length that can be read, says whose call failed, and holds no secret."""
    for name, error in run.errors.items():
        assert_clean_error(error, stack, name)
    for line in run.said:
        assert line.isprintable(), ascii(line)
        assert [form for form in forms(KEY) if form in line] == []


def assert_clean_error(error: SmsAgentsError, stack: Stack, name: str) -> None:
    text = str(error)
    assert text.isprintable(), ascii(text)
    assert len(text) <= LONGEST, text
    assert text.startswith((f"{stack.world.vendor.name}: ", f"{stack.world.vendor.name}.{stack.world.offer.kind}")), text
    assert [form for form in forms(KEY) if form in text] == []
    if isinstance(error, VendorError):
        assert error.status is None or str(error.status) in text
        assert error.request_id in text
    if isinstance(error, VendorError) and error.may_have_arrived and ": GET " not in error.asked and name not in stack.state:
        assert error.advice, f"what now? {text}"


def forms(key: str) -> list[str]:
    """The ways in which a key could show."""
    raw = key.encode()
    encoded = [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode(), quote(key, safe=""), quote_plus(key)]
    return [key, *encoded, key[:12], key[-12:]]
