"""A made-up sixth vendor, Acme, added to a copy of the repository as CONTRIBUTING.md says: its own files, one entry in each registry.

`tests/sixth` holds its files, each where it would stand. Everything that is tested of a vendor is then tested of Acme unasked; and
whoever forgets a piece is told which.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_smsagents.vendors import VENDORS

ROOT = Path(__file__).resolve().parents[1]
SIXTH = Path(__file__).with_name("sixth")
PARTS = ("pulumi_smsagents", "tests", "tools", "docs", "examples")
FILES = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE")

REGISTRIES = {
    "pulumi_smsagents/vendors/__init__.py": {r"NAMES = \(": '"acme", '},
    "pulumi_smsagents/emulator/app.py": {r"from \. import \(?\s*": "acme, ", r"VENDORS: .* = \(\s*": "acme.VENDOR, "},
    "pulumi_smsagents/__init__.py": {r"from \.resources import \(?\s*": "acme, ", r'"SmsConfiguration",\s*': '"acme", '},
    "tests/resources/test_frozen.py": {
        r"from pulumi_smsagents import \(?\s*": "acme, ",
        r"RELEASED = \{\s*": '"acme:SmsAgent": "gAJjcHVsdW1pX3Ntc2FnZW50cwpsb2FkClgNAAAAYWNtZTpTbXNBZ2VudIVSLg==",\n    ',
        r"TYPES = \{\s*": 'acme.SmsAgent: "pulumi-python:dynamic/smsagents/acme:SmsAgent",\n    ',
    },
    "README.md": {r"\|---\|---\|---\|\n": "| `acme.SmsAgent` | Acme | [its page](docs/resources/acme-smsagent.md) |\n"},
    "docs/going-live.md": {
        r"\| vendor \| where the key is \| sent as \|\n\|---\|---\|---\|\n": "| Acme | in the dashboard | `X-API-Key` |\n"
    },
    "CHANGELOG.md": {r"The first version\.\n\n": "* `acme.SmsAgent`: SMS agents at Acme.\n"},
}
"""All that is edited for a vendor, and what is put in behind the place."""

NOT_OF_ANOTHER = " and ".join(f"not {vendor.name}" for vendor in VENDORS)
JUDGES = {
    "the laws": [
        "tests/vendors/test_laws.py",
        "tests/cli/test_import.py::test_every_vendor_is_imported_or_says_why_not",
        "-k",
        f"acme or ({NOT_OF_ANOTHER})",
    ],
    "the life cycle": ["tests/lifecycle", "-k", f"acme or ({NOT_OF_ANOTHER})"],
    "the documented calls": ["tests/vendors/test_wire.py", "tests/emulator/test_wire.py", "-k", f"acme or ({NOT_OF_ANOTHER})"],
    "the names": ["tests/test_public_names.py", "tests/resources/test_frozen.py", "tests/test_connect.py", "tests/test_architecture.py"],
    "the pages": ["tests/test_docs.py", "-k", "not word_for_word and not deploys"],
}
FEWEST = {"the laws": 200, "the life cycle": 30, "the documented calls": 50, "the names": 20, "the pages": 3}
"""How many tests at least bear Acme's name: none of these may pass because nothing was tried."""


class Copy:
    """A copy of the repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy, on the copy's package."""
        command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist", "--color=no", *arguments]
        return self._python(*command[1:])

    def add_the_vendor(self) -> None:
        """What CONTRIBUTING.md says, step by step."""
        shutil.copytree(SIXTH, self.folder, dirs_exist_ok=True)
        for file, entries in REGISTRIES.items():
            for place, entry in entries.items():
                self.edit(file, place, lambda found, entry=entry: found[0] + entry)
        self._python("-m", "tools.support_table").check_returncode()

    def edit(self, file: str, place: str, new: object) -> None:
        path = self.folder / file
        text, count = re.subn(place, new, path.read_text("utf-8"), count=1)  # type: ignore[call-overload]
        assert count == 1, f"{file} has no {place!r} any more"
        path.write_text(text, "utf-8")

    def _python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        env |= {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([sys.executable, *arguments], cwd=self.folder, env=env, capture_output=True, text=True, check=False)


def copied(folder: Path) -> Copy:
    caches = shutil.ignore_patterns("__pycache__", "sixth", "test_sixth_vendor.py", ".*_cache")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=caches)
    for file in FILES:
        shutil.copy2(ROOT / file, folder / file)
    made = Copy(folder)
    made.add_the_vendor()
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The copy with nothing left out; nobody changes it."""
    return copied(tmp_path_factory.mktemp("sixth") / "copy")


@pytest.fixture
def copy(whole: Copy, tmp_path: Path) -> Copy:
    shutil.copytree(whole.folder, tmp_path / "copy")
    return Copy(tmp_path / "copy")


@pytest.mark.parametrize("judges", JUDGES)
def test_everything_that_is_asked_of_a_vendor_is_asked_of_a_sixth(judges: str, whole: Copy) -> None:
    done = whole.pytest(*JUDGES[judges])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert len(re.findall(r"acme.* PASSED", done.stdout)) >= FEWEST[judges], done.stdout[-3000:]


def without(path: str):
    return lambda copy: shutil.rmtree(copy.folder / path) if (copy.folder / path).is_dir() else (copy.folder / path).unlink()


def less(file: str, place: str):
    return lambda copy: copy.edit(file, place, "")


LEFT_OUT = {
    "its documented calls": (without("tests/wire/acme"), "tests/vendors/test_wire.py::test_every_vendor_has_documented_calls", "'acme'"),
    "a documented call": (without("tests/wire/acme/update.json"), "tests/emulator/test_wire.py", "'update'"),
    "a field of the typed class": (
        less("pulumi_smsagents/resources/acme.py", r"    tone: NotReq.*\n.*\n"),
        "tests/test_public_names.py",
        "'tone'",
    ),
    "an output of the typed class": (
        less("pulumi_smsagents/resources/acme.py", r"    labels: Output.*\n"),
        "tests/test_public_names.py",
        "'labels'",
    ),
    "a rule for a field": (less("pulumi_smsagents/vendors/acme.py", r' +"labels": Field.*\n'), "tests/test_public_names.py", "'labels'"),
    "its sample": (without("tests/samples/acme.py"), "tests/vendors/test_laws.py", "samples.acme"),
    "a field of its sample": (less("tests/samples/acme.py", r', "labels": \["new", "eu"\]'), "tests/vendors/test_laws.py", "'labels'"),
    "its emulator": (less("pulumi_smsagents/emulator/app.py", r"acme\.VENDOR, "), "tests/emulator/test_wire.py", "'acme'"),
    "its name in the package": (less("pulumi_smsagents/__init__.py", r'"acme", '), "tests/test_public_names.py", "'acme'"),
    "its reference in the state": (
        less("tests/resources/test_frozen.py", r' +"acme:SmsAgent".*\n'),
        "tests/resources/test_frozen.py",
        "'acme:SmsAgent'",
    ),
    "its page": (without("docs/resources/acme-smsagent.md"), "tests/test_docs.py", "acme-smsagent.md"),
    "its line in the changelog": (less("CHANGELOG.md", r".*acme.*\n"), "tests/test_docs.py", "`acme.SmsAgent`"),
}


@pytest.mark.parametrize("piece", LEFT_OUT)
def test_what_is_left_out_is_named(piece: str, copy: Copy) -> None:
    leave_out, judges, named = LEFT_OUT[piece]
    leave_out(copy)
    done = copy.pytest(judges, "-k", "acme or vendor or every or names or reference or support or page", "-x")
    assert done.returncode not in (0, 5), done.stdout[-3000:]
    told = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("E ")]
    assert [line for line in told if named in line], done.stdout[-3000:] + done.stderr
