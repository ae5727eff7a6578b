"""Records the state that this version writes: ``python tests/e2e/recorded/record.py VERSION``, once before each release.

`VERSION/<vendor>.json` holds the program's resources and the exported state. Never edit one that was released.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2])]

from e2e.engine import STACK, Stack, Studio, cli  # noqa: E402
from e2e.programs import Case, cases, laid_over  # noqa: E402


def rows(case: Case, found: str) -> dict[str, Any]:
    """As many different states as one program can have. Protected, as a preview would have something to say otherwise."""
    apart = {*case.doubted, *(name for name in case.changed if f"changes-{name}" in case.of_row)}
    changed = {name: value for name, value in case.changed.items() if name not in apart}
    fields = {
        "full": case.fields,
        "changed": {**case.fields, **changed},
        "needed": case.needed,
        "empty": laid_over(case.fields, case.cleared),
        **{fate: {**case.fields, "on_delete": fate, **case.needs.get(fate, {})} for fate in case.delete},
        "adopted": {**case.fields, **case.own(0), "adopt": found},
    }
    return {
        name: [case.type, {**given, **(case.own(number) if name != "adopted" else {})}, {"protect": True}]
        for number, (name, given) in enumerate(fields.items(), 1)
    }


def record(case: Case, stack: Stack) -> dict[str, Any]:
    stack.configure(case.settings)
    stack.emulator.modes[case.vendor].set(**case.modes)
    program = rows(case, stack.emulator.add(case.vendor, {**case.fields, **case.own(0)}).id)
    stack.program(program)
    stack.up().ok()
    stack.refresh().ok()
    state = json.loads(exported(stack))
    # Without the key and the address, which are another's, what they were encrypted with, and where the program stood.
    state["deployment"].pop("secrets_providers", None)
    for resource in state["deployment"]["resources"]:
        resource.pop("sourcePosition", None)
        resource.pop("stackTrace", None)
        if resource["type"].startswith("pulumi:providers:"):
            resource["inputs"], resource["outputs"] = {}, {}
    return {"program": program, "state": state}


def exported(stack: Stack) -> str:
    """The state with what is encrypted in it in clear: it is made up, and another stack has another key to read it with."""
    command = [cli() / "pulumi", "stack", "export", "--show-secrets", "--stack", STACK]
    return subprocess.run(command, cwd=stack.folder, env=dict(stack.env), capture_output=True, text=True, check=True).stdout


def main() -> None:
    folder = HERE / sys.argv[1]
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        studio = Studio.furnished(Path(temporary))
        for case in cases():
            with studio.stack(Path(temporary) / case.vendor) as stack:
                text = json.dumps(record(case, stack), indent=1, ensure_ascii=False)
                (folder / f"{case.vendor}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
