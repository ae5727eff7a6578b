"""Every example as a person runs it: on the real engine, with the project's own files, against the emulator."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e import engine
from e2e.engine import KEY, Run, Stack, Studio

from pulumi_smsagents.emulator import VENDORS, Emulator, serve

EXAMPLES = Path(__file__).parents[2] / "examples"
PROJECTS = sorted(path.parent.name for path in EXAMPLES.glob("*/Pulumi.yaml"))
EMULATOR = "http://127.0.0.1:8790"
"""Where the examples' own files say that it is."""


@dataclass
class Example(Stack):
    """One stack of an example. `own` goes over the environment of each of its commands."""

    own: Mapping[str, str] = field(default_factory=dict)

    def run(self, *command: str, **env: str) -> Run:
        return super().run(*command, **{**self.own, **env})

    @property
    def state_file(self) -> Path:
        project = yaml.safe_load((self.folder / "Pulumi.yaml").read_text("utf-8"))["name"]
        return self.folder / "state" / ".pulumi" / "stacks" / project / f"{self.name}.json"

    @property
    def settings(self) -> dict[str, Any]:
        """What its own committed file sets."""
        return dict(yaml.safe_load((self.folder / f"Pulumi.{self.name}.yaml").read_text("utf-8"))["config"])

    def create(self) -> Example:
        """Its `pulumi stack init`."""
        command = [engine.cli() / "pulumi", "stack", "init", self.name, "--non-interactive"]
        subprocess.run(command, cwd=self.folder, env=dict(self.env), check=True, capture_output=True)
        return self

    def beside(self, stack: str, **own: str) -> Example:
        """Another stack of the same program, in the same folder."""
        return Example(self.folder, self.emulator, self.env, stack, own).create()


@pytest.fixture
def example(studio: Studio, tmp_path: Path) -> Callable[[str], AbstractContextManager[Example]]:
    """The stack `dev` of an example, of a copy with all of the example's files."""

    @contextmanager
    def of(name: str) -> Iterator[Example]:
        # Its project file names ../../.venv: that is this Python's.
        (tmp_path / ".venv").symlink_to(sys.prefix)
        folder = tmp_path / "examples" / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__", "state"))
        (folder / "state").mkdir()
        emulator = Emulator()
        with serve(emulator) as url:
            for path in folder.glob("Pulumi*.yaml"):
                path.write_text(path.read_text("utf-8").replace(EMULATOR, url), "utf-8")
            env = {**studio.env, "PULUMI_BACKEND_URL": (folder / "state").as_uri(), **addresses(folder, url)}
            yield Example(folder, emulator, env, own=keys(emulator)).create()

    return of


def addresses(folder: Path, url: str) -> dict[str, str]:
    """The emulator's, for vendors that the example's files leave alone, or point at the vendor itself."""
    files = "".join(path.read_text("utf-8") for path in folder.glob("Pulumi*.yaml"))
    vendors = [vendor.name for vendor in VENDORS if "https://" in files or f"{vendor.name}BaseUrl" not in files]
    return {f"SMSAGENTS_{name.upper()}_BASE_URL": f"{url}/{name}" for name in vendors}


def keys(emulator: Emulator, key: str = KEY) -> dict[str, str]:
    """One key for every vendor, from the environment, as the examples' pages say."""
    return {f"{vendor.upper()}_API_KEY": key for vendor in emulator.vendors}


def held(emulator: Emulator) -> dict[str, list[str]]:
    """The ids of what each vendor holds."""
    return {name: [item.id for item in emulator.objects(name)] for name in emulator.vendors if emulator.objects(name)}


def test_every_example_is_run() -> None:
    """A new one is run as `quickstart` is, unless it has a test of its own."""
    assert {"quickstart", "five_vendors", "environments", "adopt"} <= set(PROJECTS)


@pytest.mark.parametrize("name", [name for name in PROJECTS if name not in ("five_vendors", "environments", "adopt")])
def test_an_example_comes_stays_and_goes(name: str, example: Any) -> None:
    """Nothing is asked for a preview, nothing is left to do after an `up`, nothing is left after a destroy."""
    with example(name) as stack:
        assert stack.preview().ok().calls == []
        stack.up().ok()
        assert held(stack.emulator)
        assert stack.preview("--expect-no-changes").ok().calls == []
        stack.destroy().ok()
        assert held(stack.emulator) == {}


def test_five_vendors_come_stay_and_go_as_each_one_says(example: Any) -> None:
    """Deleted at Teli, alive at ContactSwing, held at Fluents, as before at Bland, parked at ClearTalk."""
    with example("five_vendors") as stack:
        emulator = stack.emulator
        emulator.add("bland", phone_number="+14155550123", objective="Before us", time_out=120)
        assert stack.preview().ok().calls == []
        assert {call.vendor for call in stack.up().ok().calls} == set(emulator.vendors)
        assert emulator.object("teli", stack.id("sales")).data["prompt"].startswith("You follow up with people")
        assert emulator.object("bland", stack.id("billing")).data["time_out"] == 300
        assert stack.preview("--expect-no-changes").ok().calls == []
        orders, line = stack.id("orders"), stack.id("line")

        # The number is protected: with it, `pulumi destroy` would not succeed.
        gone = stack.destroy("--exclude-protected").ok()
        assert list(stack.resources()) == ["line"]
        assert held(emulator) == {"contactswing": [orders], "fluents": [line], "bland": ["+14155550123"], "cleartalk": ["+13465507166"]}
        assert {call.vendor for call in gone.calls} == {"teli", "bland", "cleartalk"}
        before = emulator.object("bland", "+14155550123").data
        assert (before["objective"], before["time_out"], before["webhook"]) == ("Before us", 120, None)
        assert emulator.object("cleartalk", "+13465507166").data["objective"].startswith("Say that this number is no longer in use")


def test_a_commit_goes_from_dev_to_staging_to_prod(example: Any) -> None:
    """The same program with each stack's own key, owners and number; and no stack touches what is another's."""
    with example("environments") as dev:
        emulator = dev.emulator
        stacks = [dev, *(dev.beside(name, **keys(emulator, f"{KEY}-{name}")) for name in ("staging", "prod"))]
        numbers = [stack.settings["environments:number"] for stack in stacks]
        owners = [stack.settings["environments:organizationId"] for stack in stacks]
        used = []
        for stack, number, owner in zip(stacks, numbers, owners, strict=True):
            for vendor in ("teli", "bland"):
                emulator.auth.accept(vendor, [stack.own["TELI_API_KEY"]])
            run = stack.up().ok()
            used.append({call.key for call in run.calls})
            assert [body["phone_number"] for body in run.sent("update")] == [number]
            assert [body["organization_id"] for body in run.sent("create")] == [owner]
            assert {call.path.rpartition("/")[2] for call in run.calls if call.operation == "teli.get"} == {stack.id("sales")}
        assert [len(each) for each in used] == [1, 1, 1]
        assert len(set.union(*used)) == 3
        assert held(emulator) == {"teli": [stack.id("sales") for stack in stacks], "bland": numbers}
        assert len({*numbers, *owners}) == 6

        # What a pull request shows: a preview of prod, with no vendor's key anywhere.
        prod = stacks[2]
        assert prod.preview("--expect-no-changes", **keys(emulator, "none")).ok().calls == []
        # Prod's are protected: a `pulumi destroy` on the wrong stack stops.
        assert prod.destroy().failed().calls == []

        # The wall: prod's number in dev is refused before anybody is asked.
        file = dev.folder / "Pulumi.dev.yaml"
        file.write_text(file.read_text("utf-8").replace(numbers[0], numbers[2]), "utf-8")
        refused = dev.preview().failed()
        assert refused.calls == []
        (error,) = refused.errors_by_name["billing"]
        assert "phone_number" in error
        assert "allowedNumbers" in error


def test_what_exists_is_taken_over_without_a_change(example: Any) -> None:
    """The first `up` only reads; nothing is sent while nothing differs, and a destroy leaves both where they were."""
    with example("adopt") as stack:
        emulator = stack.emulator
        existing = {path.stem: json.loads(path.read_text("utf-8")) for path in (stack.folder / "existing").glob("*.json")}
        ids = {vendor: emulator.add(vendor, fields).id for vendor, fields in existing.items()}
        before = {vendor: dict(emulator.object(vendor, id).data) for vendor, id in ids.items()}

        assert stack.preview("--config", f"agentId={ids['teli']}").ok().calls == []
        taken = stack.up().ok()
        assert {call.method for call in taken.calls} == {"GET"}
        assert taken.ops == {"sales": "create", "line": "create"}
        assert {"teli": stack.id("sales"), "fluents": stack.id("line")} == ids
        assert stack.preview("--expect-no-changes").ok().calls == []
        assert stack.destroy("--exclude-protected").ok().calls == []
        assert {vendor: dict(emulator.object(vendor, id).data) for vendor, id in ids.items()} == before
