"""The state that any release wrote is read by this one, which finds nothing to do."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import gettempdir

import pytest
import yaml
from e2e.engine import KEY, STACK, Stack
from e2e.programs import cases

ROOT = Path(__file__).parents[2]
RECORDED = sorted((Path(__file__).parent / "recorded").glob("*/*.json"))


def test_every_vendor_is_recorded() -> None:
    newest = max({path.parent for path in RECORDED}, key=lambda path: tuple(map(int, path.name.split("."))))
    assert {path.stem for path in newest.glob("*.json")} >= {case.vendor for case in cases()}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recorded_state_previews_clean(path: Path, stack: Stack) -> None:
    recorded = json.loads(path.read_text("utf-8"))
    stack.program(recorded["program"])
    # What was secret stands there in clear, and is encrypted with this stack's own key.
    settings = yaml.safe_load((stack.folder / f"Pulumi.{STACK}.yaml").read_text("utf-8"))
    recorded["state"]["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": settings["encryptionsalt"]}}
    state = stack.folder / "recorded.json"
    state.write_text(json.dumps(recorded["state"]), "utf-8")
    stack.run("stack", "import", "--file", str(state)).ok()
    assert stack.resources().keys() == recorded["program"].keys()
    shown = stack.preview("--expect-no-changes").ok()
    assert shown.ops == {}
    assert shown.warnings == []
    assert shown.asked == {}
    assert not [name for name in ("file:", f"{gettempdir()}/", str(ROOT), "127.0.0.1", KEY) if name in path.read_text("utf-8")]
