"""An object's whole life at every vendor. Each change has an object of its own, and all happen in the same few commands."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from e2e.engine import KEY, Run, Stack
from e2e.programs import Case, cases

ALL = pytest.mark.parametrize("case", cases(), ids=lambda case: case.type)


def times(calls: Mapping[str, int], count: int) -> Counter[str]:
    return Counter({operation: each * count for operation, each in calls.items()})


def rows(case: Case, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A program with one resource for each entry, which differs from the case's fields as the entry says; None removes."""
    return {
        name: (case.type, {field: value for field, value in {**case.fields, **change}.items() if value is not None})
        for name, change in changes.items()
    }


def one_by_one(verb: str, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{verb}-{name}": {name: value} for name, value in values.items()}


def updates(case: Case, run: Run) -> dict[str, Any]:
    """What was sent to change each object, by the vendor's id; each may be changed once."""
    calls = [call for call in run.calls if call.operation == f"{case.vendor}.{case.update_call}"]
    sent = {call.path.rpartition("/")[2]: call.body for call in calls}
    assert len(sent) == len(calls), run.report()
    return sent


@ALL
def test_create_change_replace_and_destroy(case: Case, stack: Stack) -> None:
    changing, losing = one_by_one("changes", case.changed), one_by_one("loses", dict.fromkeys(case.cleared))
    replacing = one_by_one("replaces", case.replaced)
    everyone = {**changing, **losing, **replacing}
    stack.program(rows(case, {name: {} for name in everyone}))

    first = stack.preview().ok()
    assert first.ops == dict.fromkeys(everyone, "create")
    assert first.asked == {}

    assert stack.up().ok().asked == times(case.create, len(everyone))
    made = {name: stack.id(name) for name in everyone}
    assert sorted(made.values()) == sorted(item.id for item in stack.emulator.objects(case.vendor))

    assert stack.up("--expect-no-changes").ok().asked == {}

    stack.program(rows(case, everyone))
    shown = stack.preview().ok()
    assert shown.asked == {}
    assert shown.ops == dict.fromkeys([*changing, *losing], "update") | dict.fromkeys(replacing, "replace")
    for name, change in everyone.items():
        assert shown.differs(name) == sorted(change), shown.report()
        announces(case, name, change, made[name], shown.warnings)

    changed = stack.up().ok()
    expected = times(case.update, len(changing) + len(losing)) + times(case.create, len(replacing)) + times(case.delete, len(replacing))
    assert changed.asked == expected
    sent = updates(case, changed)
    assert {name: sent[made[name]] for name in changing} == changing
    assert {name: sent[made[name]] for name in losing} == {name: {field: case.cleared[field] for field in losing[name]} for name in losing}
    alive = {item.id for item in stack.emulator.objects(case.vendor)}
    assert alive == {each["id"] for each in stack.resources().values()}
    assert alive.isdisjoint(made[name] for name in replacing)

    assert stack.preview("--expect-no-changes").ok().asked == {}

    assert stack.destroy().ok().asked == times(case.delete, len(everyone))
    assert stack.emulator.objects(case.vendor) == []
    assert stack.resources() == {}


def announces(case: Case, name: str, change: Mapping[str, Any], id: str, warnings: list[str]) -> None:
    """What the change does besides is said, once; and nothing where it does nothing."""
    said = [line for line in warnings if f" {name}: " in line]
    wanted = [[case.announced[field]] for field in change if field in case.announced]
    if set(change) & set(case.replaced):
        wanted = [[id, *case.replacement_says]]
    assert len(said) == len(wanted), said
    assert all(each in line for line, words in zip(said, wanted, strict=True) for each in words), said


@ALL
def test_what_others_do(case: Case, stack: Stack) -> None:
    """Somebody edits and deletes in the dashboard, had made an object before us, keeps one after us, and changes the key."""
    stack.emulator.modes[case.vendor].set(**case.readable)
    found = stack.emulator.add(case.vendor, case.fields)
    edits = one_by_one("edited", case.by_hand)
    lost = ["taken-away"] if case.delete_by_hand else []
    plain = {name: {} for name in [*edits, "untouched", *lost]}
    stack.program(rows(case, {**plain, "adopted": {"adopt": found.id}, "kept": {"on_delete": "retain"}}))

    made = stack.up().ok()
    assert made.asked == times(case.create, len(plain) + 1) + times(case.adopt, 1)
    assert stack.id("adopted") == found.id
    assert [change.by for change in found.history] == ["dashboard"]  # it was right already, so nothing was sent

    ids = {name: stack.id(name) for name in stack.resources()}
    for name, edit in edits.items():
        stack.emulator.edit(case.vendor, ids[name], edit)
    for name in lost:
        stack.emulator.remove(case.vendor, ids[name])

    seen = stack.refresh().ok()
    assert seen.ops == dict.fromkeys(edits, "update") | dict.fromkeys(lost, "delete")
    assert {name: seen.differs(name) for name in edits} == {name: sorted(edit) for name, edit in edits.items()}, seen.report()
    assert seen.warnings == []
    assert set(seen.asked) <= {"get", "list"}

    back = stack.up().ok()
    assert back.ops == dict.fromkeys(edits, "update") | dict.fromkeys(lost, "create")
    sent = updates(case, back)
    assert sent == {ids[name]: {field: case.fields[field] for field in edit} for name, edit in edits.items()}
    assert stack.preview("--expect-no-changes").ok().asked == {}

    nothing_secret_nothing_large(case, stack)
    under_a_new_key(case, stack, kept=ids["kept"])


def under_a_new_key(case: Case, stack: Stack, kept: str) -> None:
    """Refresh and destroy use the key in the state, which is not accepted any more, until the environment has another."""
    stack.emulator.auth.accept(case.vendor, ["the-new-key"])
    alive = {name for name in stack.resources() if name != "kept"}
    refused = [stack.refresh(), stack.destroy()]
    for run in refused:
        run.failed()
        assert {call.status for call in run.calls} == {401}
        assert alive <= stack.resources().keys()
        for line in run.errors:
            assert "401" in line
            assert f"smsagents:{case.vendor}ApiKey" in line
            assert f"SMSAGENTS_{case.vendor.upper()}_API_KEY" in line
            assert "\n" not in line
    new = {f"SMSAGENTS_{case.vendor.upper()}_API_KEY": "the-new-key"}
    assert stack.refresh("--expect-no-changes", **new).ok().ops == {}

    gone = stack.destroy(**new).ok()
    assert stack.resources() == {}
    assert gone.asked == times(case.delete, len(alive))
    assert [item.id for item in stack.emulator.objects(case.vendor)] == [kept]
    # The refused destroy may have come as far as letting it go.
    (said,) = set(refused[-1].warnings + gone.warnings)
    assert kept in said
    assert case.retained_says in said


def nothing_secret_nothing_large(case: Case, stack: Stack) -> None:
    folders = (stack.folder, Path(stack.env["PULUMI_HOME"]))
    files = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    exported = stack.run("stack", "export").ok().stdout.encode()
    assert not [form for form in spellings(KEY) if any(form in content for content in [*files, exported])]

    mine = [each for each in stack.resources().values() if each["type"].startswith("pulumi-python:")]
    (reference,) = {half["__provider"] for each in mine for half in (each["inputs"], each["outputs"])}
    assert len(reference) <= 80

    # The state is written again and again: beside the fields, which Pulumi keeps twice, little of ours may stand in it.
    resource = stack.resources()["untouched"]
    ours = len(json.dumps([resource["inputs"], resource["outputs"]]))
    assert ours - 2 * len(json.dumps(case.fields)) < 800, f"{ours} bytes"


def spellings(key: str) -> list[bytes]:
    """The key as it stands, and in base64 at each of the three places it may begin at in a longer text."""
    inner = [base64.b64encode(b"x" * start + key.encode())[4:-4] for start in range(3)]
    return [key.encode(), *inner]
