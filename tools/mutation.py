"""`dev.py mutate`: small mistakes are made in the code, one at a time; which of them do the tests of that room notice?"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tools import venv
from tools.emulator import LOCAL
from tools.progress import StepError, run, say

PACKAGE = "pulumi_smsagents"
GOAL = 85  # per cent
READ = ("tests", "docs")
"""What tests read besides the code."""


@dataclass(frozen=True)
class Room:
    """`tests` judge it: quick ones, without the real Pulumi; `which` of them, by name. `small` is a module with few mutants, to warm
    up with."""

    small: str
    tests: tuple[str, ...]
    which: str = "test_"


ROOMS = {
    "redaction": Room("redaction", ("tests/test_redaction.py",)),
    "client": Room("client.quota", ("tests/client", "tests/test_connect.py")),
    "journal": Room("journal.records", ("tests/journal",)),
    "lifecycle": Room(
        "lifecycle.owners",
        ("tests/lifecycle", "tests/vendors/test_laws.py", "tests/vendors/test_bland.py"),
        "not test_laws or teli or bland or cleartalk",
    ),
    "lifecycle.creating": Room("lifecycle.creating", ("tests/lifecycle/test_creating.py", "tests/lifecycle/test_resumed.py")),
    "lifecycle.finding": Room("lifecycle.finding", ("tests/lifecycle/test_finding.py",)),
}
"""And modules whose own tests are enough."""
SETTINGS = """\
[mutmut]
source_paths = {package}
only_mutate =
    {package}/{path}/*
    {package}/{path}.py
pytest_add_cli_args_test_selection =
    {tests}
pytest_add_cli_args =
    -p
    no:cacheprovider
    -p
    no:xdist
    -k
    {which}
timeout_multiplier = 3
timeout_constant = 3
also_copy =
    {read}
use_git_change_detection = false
"""
RESULT = re.compile(r"^ +(\S+): (.+)$", re.MULTILINE)
KILLED = "killed"
"""By mutmut's word. Anything else, a time-out or a crash too, counts as survived: no test has noticed it."""


@dataclass(frozen=True)
class Score:
    """What became of each mutant."""

    outcomes: dict[str, str]

    @property
    def survivors(self) -> list[str]:
        return [name for name, outcome in self.outcomes.items() if outcome != KILLED]

    @property
    def percent(self) -> float:
        """Killed of all; no mutant is left out because someone thinks it is equivalent."""
        return 100 * (1 - len(self.survivors) / len(self.outcomes))

    def __str__(self) -> str:
        parts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(Counter(self.outcomes.values()).items()))
        return f"{len(self.outcomes)} mutants: {parts}; {self.percent:.1f} % killed"


def mutate(part: str, sample: int, seed: int, jobs: int) -> int:
    """Exit code 0 if enough of the mutants of a room, or of one module in it, are killed; `sample` 0 takes all of them."""
    room = max((name for name in ROOMS if f"{part}.".startswith(f"{name}.")), key=len, default="")
    if not room:
        raise StepError(f"{part} is none of the rooms that are measured: {', '.join(ROOMS)}, or a module in one.")
    python = venv.ensure(groups=("test", "mutation"))
    folder = _copy(room)
    mutmut = [str(python.parent / "mutmut")]
    # mutmut makes its mutants on the way to trying some.
    first = f"{PACKAGE}.{ROOMS[room].small}.*__mutmut_1"
    run(f"Making mutants of {room}, and one run of its tests", [*mutmut, "run", "--max-children", str(jobs), first], cwd=folder)
    names = _chosen([name for name in _outcomes(mutmut, folder) if name.startswith(f"{PACKAGE}.{part}.")], sample, seed)
    if not names:
        raise StepError(f"There is no mutant in {PACKAGE}.{part}.")
    run(f"Trying {len(names)} mutants of {part}", [*mutmut, "run", "--max-children", str(jobs), *names], cwd=folder, status=_progress)
    outcomes = _outcomes(mutmut, folder)
    score = Score({name: outcomes[name] for name in names})
    for name in score.survivors:
        say(f"\n{outcomes[name]}\n{_ask([*mutmut, 'show', name], folder)}")
    say(f"{part}, seed {seed}: {score}")
    return int(score.percent < GOAL)


def _copy(room: str) -> Path:
    """What mutmut needs, in a folder of its own: it writes beside what it reads, and nobody's editing disturbs it."""
    folder = LOCAL / "mutation" / room
    shutil.rmtree(folder, ignore_errors=True)
    for name in (PACKAGE, *READ):
        shutil.copytree(venv.ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(venv.ROOT / "pyproject.toml", folder)
    tests, which = _lines(ROOMS[room].tests), ROOMS[room].which
    settings = SETTINGS.format(package=PACKAGE, path=room.replace(".", "/"), tests=tests, which=which, read=_lines(READ))
    (folder / "setup.cfg").write_text(settings)
    return folder


def _lines(words: tuple[str, ...]) -> str:
    return "\n    ".join(words)


def _chosen(names: list[str], sample: int, seed: int) -> list[str]:
    if not 0 < sample < len(names):
        return sorted(names)
    return sorted(random.Random(seed).sample(sorted(names), sample))  # noqa: S311  a sample that can be drawn again


def _outcomes(mutmut: list[str], folder: Path) -> dict[str, str]:
    return dict(RESULT.findall(_ask([*mutmut, "results", "--all", "true"], folder)))


def _ask(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def _progress(line: str) -> str:
    """The last state of the line that mutmut rewrites."""
    return line.strip().rpartition("\r")[2].strip()
