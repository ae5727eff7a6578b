"""One stack of all vendors under the real engine, each of which repeats the key it was asked with: what of it is found anywhere.

Processes and files only: what may be in a state in clear, and what errors say, is tried in tests/canaries.
"""

from __future__ import annotations

import json
from pathlib import Path

from canaries.accounts import HOOK, THEIR_HOOK, echoing, refusal
from canaries.hunt import FOUND, TOKEN, Hunt, files
from e2e.engine import KEY, KEYS, Run, Stack
from e2e.programs import cases, laid_over

SECRET = "4dabf18193072939515e22adb298388d"
"""The mark of an encrypted value in a state."""

CASES = {case.vendor: case for case in cases()}
WATCHED = Hunt(KEY, TOKEN, FOUND)
KEPT = Hunt(KEY, FOUND)


def program(stack: Stack, *, second: bool = False) -> None:
    """One resource of each vendor, with a token in each webhook, and later with another field."""
    rows = {}
    for vendor, case in CASES.items():
        name, other = next(iter(case.changed.items()))
        fields = laid_over(case.fields, {**case.own(1), **({name: other} if second else {})})
        hook = {"webhook": f"{HOOK}&second={second}"} if "webhook" in fields else {}
        rows[vendor] = (case.type, {**fields, **hook})
    stack.program(rows)


def echo(stack: Stack, *, refuse: int = 0) -> None:
    stack.emulator.faults.clear()
    for vendor in CASES:
        if refuse:
            stack.emulator.faults.add("status", vendor=vendor, times=None, **refusal(KEYS[vendor], refuse))
        stack.emulator.faults.add("rewrite", vendor=vendor, times=None, rewrite=echoing(KEYS[vendor]))


def looked_through(stack: Stack, run: Run) -> Run:
    """What a person or a pipeline keeps of a command: its output, and the engine's events, but for the values of our fields."""
    messages = [event["diagnosticEvent"]["message"] for event in run.events if "diagnosticEvent" in event]
    assert messages
    WATCHED.none_in("the output", run.stdout, run.stderr)
    WATCHED.none_in("a message", *messages)
    KEPT.none_in("the event log", json.dumps(run.events), json.dumps(run.events, ensure_ascii=False))
    return run


def test_no_canary_is_found_after_a_life(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    places = {"TMPDIR": str(tmp_path / "tmp")}
    for vendor, case in CASES.items():
        stack.configure(case.settings)
        stack.emulator.modes[vendor].set(**case.modes)
    number = CASES["bland"].own(1)["phone_number"]
    stack.emulator.add("bland", phone_number=number, webhook=THEIR_HOOK)

    echo(stack)
    program(stack)
    looked_through(stack, stack.up(**places).ok())
    looked_through(stack, stack.refresh(**places).ok())
    echo(stack, refuse=400)
    program(stack, second=True)
    failed = looked_through(stack, stack.up("--continue-on-error", SMSAGENTS_DEBUG="1", **places).failed())
    assert set(failed.errors_by_name) == set(CASES)
    assert all(f"{vendor}: " in line and "[secret]" in line for vendor, (line,) in failed.errors_by_name.items())
    assert "Traceback" in failed.stdout + failed.stderr

    exported = stack.run("stack", "export").ok().stdout
    KEPT.none_in("the exported state", exported)
    resources = stack.resources()
    assert SECRET in resources["bland"]["outputs"]["found"]
    for resource in resources.values():
        WATCHED.none_in("the provider's name", resource["outputs"]["__provider"])
    journals, temporary = files(stack.folder / "journal"), files(tmp_path / "tmp")
    assert [path for path in journals if path.suffix == ".jsonl"]
    WATCHED.none_in("a journal or a temporary file", *journals.values(), *temporary.values())
    KEPT.none_in("a file", *files(tmp_path, Path(stack.env["PULUMI_HOME"])).values())
