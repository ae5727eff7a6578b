"""What is shipped, and where an engine looks for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pulumi_smsagents"
MARKER = "pulumi_smsagents/pulumi-plugin.json"


def built(kind: str, folder: Path) -> Path:
    """By the build backend itself: no network, no isolation."""
    code = f"import sys; from hatchling.build import build_{kind}; print(build_{kind}(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    with zipfile.ZipFile(built("wheel", tmp_path_factory.mktemp("wheel"))) as opened:
        yield opened


def test_the_wheel_says_that_it_owns_no_plugin(wheel):
    """Without it the engine tries to download a plugin before every run (pulumi/pulumi#8011)."""
    assert json.loads(wheel.read(MARKER)) == {"resource": False}


def test_the_wheel_holds_the_package_whole_and_each_file_once(wheel):
    names = [name for name in wheel.namelist() if ".dist-info/" not in name]
    tracked = subprocess.run(["git", "ls-files", "pulumi_smsagents"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert len(names) == len(set(names))
    assert set(tracked) <= set(names)
    assert {name.split("/")[0] for name in names} == {"pulumi_smsagents"}
    assert "pulumi_smsagents/py.typed" in names


def test_the_wheel_holds_every_file_of_the_emulators_page(wheel):
    page = {path.relative_to(ROOT).as_posix() for path in (PACKAGE / "emulator" / "page_files").rglob("*") if path.is_file()}
    assert len(page) >= 3
    assert page <= set(wheel.namelist())


def test_the_wheel_holds_nothing_of_the_workshop(wheel):
    assert not [name for name in wheel.namelist() if re.search(r"test|__pycache__|\.pyc|tools/|conftest|\.local|dev\.py", name)]


def test_the_wheel_says_what_it_is(wheel):
    folder = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")).split("/")[0]
    said = wheel.read(f"{folder}/METADATA").decode()
    assert "Name: pulumi-smsagents\n" in said
    assert "License-Expression: Apache-2.0\n" in said
    assert "Requires-Python: >=3.11\n" in said
    assert f"{folder}/licenses/LICENSE" in wheel.namelist()
    assert wheel.read(f"{folder}/WHEEL").decode().count("Tag: ") == 1
    assert "Tag: py3-none-any" in wheel.read(f"{folder}/WHEEL").decode()


def test_the_marker_lies_beside_the_distribution_of_this_installation():
    """Where an engine looks: the location of the distribution, and the name of the module. Editable or not."""
    distribution = metadata.distribution("pulumi-smsagents")
    assert json.loads(Path(distribution.locate_file(MARKER)).read_text()) == {"resource": False}
    assert MARKER in {str(file) for file in distribution.files or ()}


def test_the_marker_beside_an_editable_install_does_not_hide_the_package():
    code = "import pulumi_smsagents; print(pulumi_smsagents.__file__)"
    found = subprocess.run([sys.executable, "-c", code], cwd="/", capture_output=True, text=True, check=True).stdout.strip()
    assert Path(found).name == "__init__.py"


def test_the_pins_name_versions_and_no_place():
    """No index address, no option, no marker: the file serves every supported Python."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)
    names = [re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines]
    assert names == sorted(set(names))
    assert "pulumi-smsagents" not in names


def test_every_requirement_has_a_pin():
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    asked = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in metadata.requires("pulumi-smsagents") or ()}
    assert asked <= pinned
