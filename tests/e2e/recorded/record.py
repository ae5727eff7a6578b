"""Records the state that this version writes: ``python tests/e2e/recorded/record.py VERSION``, once before each release.

`VERSION/<vendor>.json` holds the program's resources and the exported state. Never edit one that was released.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2])]

from e2e.engine import Stack, Studio  # noqa: E402
from e2e.programs import Case, cases  # noqa: E402


def rows(case: Case, found: str) -> dict[str, Any]:
    """As many different states as one program can have."""
    return {
        "full": [case.type, dict(case.fields), {}],
        "changed": [case.type, {**case.fields, **case.changed}, {}],
        "needed": [case.type, dict(case.needed), {}],
        "empty": [case.type, {**case.fields, **case.cleared}, {}],
        "kept": [case.type, {**case.fields, "on_delete": "retain"}, {"protect": True}],
        "adopted": [case.type, {**case.fields, "adopt": found}, {}],
    }


def record(case: Case, stack: Stack) -> dict[str, Any]:
    program = rows(case, stack.emulator.add(case.vendor, case.fields).id)
    stack.program(program)
    stack.up().ok()
    stack.refresh().ok()
    state = json.loads(stack.run("stack", "export").ok().stdout)
    # Without the key and the address, which are another's, what they were encrypted with, and where the program stood.
    state["deployment"].pop("secrets_providers", None)
    for resource in state["deployment"]["resources"]:
        resource.pop("sourcePosition", None)
        resource.pop("stackTrace", None)
        if resource["type"].startswith("pulumi:providers:"):
            resource["inputs"], resource["outputs"] = {}, {}
    return {"program": program, "state": state}


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
