"""What `smsagents import` writes, on the real engine: a first `up` that sends nothing, and a second preview that is empty."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

from e2e.engine import KEY, Stack
from imports import NAMES, ODD

ORGANIZATION = "1763070568417x631086913669115287"
NUMBER = "+14155550123"

EVERYTHING = '''"""Each import, as it was written."""
import runpy

for folder in ("teli", "fluents", "bland"):
    runpy.run_path(f"{folder}/__main__.py")
'''


def imported(stack: Stack, vendor: str, *arguments: str) -> str:
    """`smsagents import` in the folder of the stack, whose keys and addresses are in its configuration; what it prints."""
    program = "from pulumi_smsagents.cli import main; main()"
    command = [sys.executable, "-c", program, "import", vendor, *arguments, "--stack", "dev", "--out", vendor]
    done = subprocess.run(command, cwd=stack.folder, env=stack.env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    return done.stdout


def test_imported_programs_take_everything_over_and_change_nothing(stack: Stack) -> None:
    """Three accounts with texts of every kind, in one project. Nothing is sent by the imports, by the preview, by the first
    `up` and by the second preview; and what is at the vendors is as it was."""
    emulator = stack.emulator
    for place, text in enumerate(ODD):
        emulator.add("teli", agent_name=NAMES[place % len(NAMES)], starting_message=text, prompt=ODD[-place - 1])
    emulator.add("fluents", phone_number=NUMBER, label=ODD[3], description=ODD[2], example_context={"quote": ODD[4], "name": ODD[27]})
    for channel, text in zip(("sms", "whatsapp"), ODD[15:], strict=False):
        emulator.add("bland", phone_number=NUMBER, channel=channel, objective=text, request_data={"deep": [{"text": text, "n": 2.5}]})
    before = held(stack)

    names = imported(stack, "teli", "--organization-id", ORGANIZATION) + imported(stack, "fluents") + imported(stack, "bland")
    project = (stack.folder / "teli" / "Pulumi.yaml").read_text("utf-8")
    (stack.folder / "Pulumi.yaml").write_text(project.replace("name: teli", "name: e2e", 1), "utf-8")
    (stack.folder / ".venv").symlink_to(sys.prefix)
    stack.program(EVERYTHING)

    preview = stack.preview().ok()
    assert Counter(preview.ops.values()) == {"create": len(ODD) + 3}
    assert preview.calls == []
    stack.up().ok()
    assert stack.preview("--expect-no-changes").ok().calls == []

    assert {call.method for call in emulator.calls} == {"GET"}
    assert held(stack) == before
    state = stack.resources()
    assert sorted(f"{each['type'].rpartition('/')[2].replace(':', '.')} {name} {each['id']}" for name, each in state.items()) == sorted(
        names.splitlines()
    )
    assert {name for name, each in state.items() if each.get("protect")} == {
        name for name, each in state.items() if each["type"].endswith("fluents:PhoneNumber")
    }


def held(stack: Stack) -> dict[str, Any]:
    """What is at the vendors, with its history."""
    return {item.id: {**item.as_json(), "notes": {}} for vendor in stack.emulator.vendors for item in stack.emulator.objects(vendor)}
