"""The public face, as mypy and pyright read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RIGHT, WRONG = HERE / "api.py", HERE / "wrong.py"
MARKED = {number for number, line in enumerate(WRONG.read_text().splitlines(), 1) if "# error" in line and line.strip()[0] != '"'}


Errors = dict[str, set[int]]
"""Lines by file name."""


def mypy(cache: Path) -> Errors:
    command = [sys.executable, "-m", "mypy", "--output", "json", "--cache-dir", cache, RIGHT, WRONG]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return _by_file((each["file"], each["line"], each["line"]) for each in found if each["severity"] == "error")


def pyright(_cache: Path) -> Errors:
    """With the project's settings, but for the files."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, RIGHT, WRONG]
    environ = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 1, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert answer["summary"]["filesAnalyzed"] >= 2
    found = [(each["file"], each["range"]) for each in answer["generalDiagnostics"] if each["severity"] == "error"]
    return _by_file((file, span["start"]["line"] + 1, span["end"]["line"] + 1) for file, span in found)


def _by_file(found: Iterable[tuple[str, int, int]]) -> Errors:
    errors: Errors = {RIGHT.name: set(), WRONG.name: set()}
    for file, first, last in found:
        errors[Path(file).name].update(range(first, last + 1))
    return errors


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def errors(request, tmp_path_factory) -> Errors:
    return request.param(tmp_path_factory.mktemp("cache"))


def test_something_is_marked():
    assert len(MARKED) >= 28


def test_what_a_user_may_write_is_accepted(errors):
    assert errors[RIGHT.name] == set()


def test_every_marked_line_is_refused_and_no_other(errors):
    assert errors[WRONG.name] == MARKED
