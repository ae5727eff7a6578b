"""`dev.py mutate`: what is measured, what counts as noticed, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

import dev
from tools import mutation, venv

ROOT = Path(__file__).resolve().parents[2]
MUTMUT = """\
#!/bin/sh
echo "$@" >> {folder}/calls
case "$1" in
  results) cat {folder}/results ;;
  show) echo "-    as it is in $2" ;;
esac
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What mutmut was asked; it is an imitation whose results are in a file."""
    program, calls = tmp_path / "bin" / "mutmut", tmp_path / "calls"
    program.parent.mkdir()
    program.write_text(MUTMUT.format(folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setattr(venv, "ensure", lambda groups: program.parent / "python")
    monkeypatch.setattr(mutation, "LOCAL", tmp_path / "local")
    monkeypatch.setattr(mutation, "READ", ())
    return calls


def _results(calls: Path, **outcomes: str) -> None:
    lines = (f"    pulumi_smsagents.{name.replace('__in__', '.')}: {outcome}" for name, outcome in outcomes.items())
    (calls.parent / "results").write_text("\n".join(lines))


def _tried(calls: Path) -> list[str]:
    """The names of the second run: the first makes the mutants."""
    runs = [line.split()[3:] for line in calls.read_text().splitlines() if line.startswith("run ")]
    return runs[1]


def test_the_score_is_killed_of_all_and_each_survivor_is_shown(calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _results(calls, client__in__a="killed", client__in__b="killed", client__in__c="killed", client__in__d="survived")
    assert dev.main(["mutate", "client"]) == 1
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "client, seed 1: 4 mutants: 3 killed, 1 survived; 75.0 % killed"
    assert "as it is in pulumi_smsagents.client.d" in said
    assert "as it is in pulumi_smsagents.client.a" not in said


@pytest.mark.parametrize("outcome", ["timeout", "suspicious", "segfault", "no tests", "not checked", "caught by type check"])
def test_only_a_failed_test_counts(calls: Path, outcome: str, capsys: pytest.CaptureFixture[str]) -> None:
    _results(calls, redaction__in__a=outcome)
    assert dev.main(["mutate", "redaction"]) == 1
    assert f"1 mutants: 1 {outcome}; 0.0 % killed" in capsys.readouterr().out


def test_enough_killed_is_exit_code_0(calls: Path) -> None:
    _results(calls, **{f"client__in__{n}": "killed" if n else "survived" for n in range(7)})
    assert dev.main(["mutate", "client"]) == 0


def test_a_sample_is_drawn_again_from_its_seed(calls: Path) -> None:
    _results(calls, **{f"client__in__m{n:03}": "killed" for n in range(100)})
    drawn = []
    for seed in ("1", "1", "2"):
        calls.write_text("")
        dev.main(["mutate", "client", "--sample", "10", "--seed", seed])
        drawn.append(_tried(calls))
    assert len(set(drawn[0])) == 10
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_module_is_a_part_of_its_room(calls: Path) -> None:
    _results(calls, lifecycle__in__creating__in__x="killed", lifecycle__in__diff__in__x="survived")
    assert dev.main(["mutate", "lifecycle.creating"]) == 0
    assert _tried(calls) == ["pulumi_smsagents.lifecycle.creating.x"]


@pytest.mark.parametrize(
    ("part", "said"), [("cli", "redaction, client, journal, lifecycle"), ("client.sing", "no mutant in pulumi_smsagents.client.sing")]
)
def test_what_is_not_there_is_said(calls: Path, part: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    _results(calls, client__in__a="killed")
    assert dev.main(["mutate", part]) == 1
    assert said in capsys.readouterr().err


def test_the_code_itself_is_left_alone(calls: Path) -> None:
    """mutmut works in a copy, which names the room and the tests that judge it."""
    _results(calls, client__in__a="killed")
    dev.main(["mutate", "client"])
    folder = calls.parent / "local" / "mutation" / "client"
    settings = (folder / "setup.cfg").read_text()
    assert "pulumi_smsagents/client/*" in settings
    assert "tests/client" in settings
    assert (folder / "pulumi_smsagents" / "client" / "calls.py").exists()


def test_what_judges_a_room_exists() -> None:
    for name, room in mutation.ROOMS.items():
        assert (ROOT / "pulumi_smsagents" / room.small.replace(".", "/")).with_suffix(".py").exists()
        assert f"{room.small}.".startswith(f"{name}.")
        assert all((ROOT / test).exists() for test in room.tests), name
