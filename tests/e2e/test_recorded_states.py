"""The state that any release wrote is read by this one, which finds nothing to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e.engine import Stack

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*/*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recorded_state_previews_clean(path: Path, stack: Stack) -> None:
    recorded = json.loads(path.read_text("utf-8"))
    stack.program(recorded["program"])
    state = stack.folder / "recorded.json"
    state.write_text(json.dumps(recorded["state"]), "utf-8")
    stack.run("stack", "import", "--file", str(state)).ok()
    assert stack.resources().keys() == recorded["program"].keys()
    shown = stack.preview("--expect-no-changes").ok()
    assert shown.ops == {}
    assert shown.warnings == []
    assert shown.asked == {}
