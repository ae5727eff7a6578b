"""`dev.py bench`: what it measures was done, what it counts is what the emulator saw, and it says nothing that was not measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import dev
from benchmarks import __main__ as command
from benchmarks import bars, options, report, results, rounds, singles, vendor
from benchmarks.results import Results, Row, Verb
from benchmarks.sides import Job, NotRunError, real
from benchmarks.sides import terraform as terraform_side
from tools import bench

MACHINE = {"cores": 2, "memory_gb": 8, "system": "Linux", "python": "3.11.7", "pulumi_sdk": "3.272.0", "pulumi": "3.259.0", "terraform": ""}


@pytest.fixture(scope="module")
def asked() -> Iterator[vendor.Vendor]:
    with vendor.running() as made:
        yield made


def test_the_sides_make_the_calls_that_they_are_known_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two agents each; there is no terraform, and that is said and no failure."""
    monkeypatch.setattr(terraform_side.shutil, "which", lambda name: None)
    sides = ["provider-8", "tutorial-8", "terraform", "floor", "floor-checked"]
    words = ["--n", "2", "--latency", "0", "--rounds", "1", "--no-singles", "--out", str(tmp_path), "--sides", *sides]
    assert command.main(words) == 0
    found = results.read(tmp_path / "results.json")
    assert {row.side: {name: verb.calls for name, verb in row.verbs.items()} for row in found.rows} == {
        "provider-8": {"up": [4], "preview": [0], "update": [4], "refresh": [1], "destroy": [2]},
        "tutorial-8": {"up": [2], "preview": [0], "update": [2], "refresh": [2], "destroy": [2]},
        "terraform": {},
        "floor": {"up": [2], "update": [2], "refresh": [1], "destroy": [2]},
        "floor-checked": {"up": [4], "update": [4], "refresh": [1], "destroy": [2]},
    }
    text = report.figures(found)
    assert "| Terraform, minimal REST provider | not run | not run | not run | not run | not run |" in text
    assert "there is no terraform on PATH" in text
    chart = ET.parse(tmp_path / "chart.svg")
    assert list(chart.iter("{http://www.w3.org/2000/svg}script")) == []


def test_the_real_pulumi_makes_them_and_takes_them_away(asked: vendor.Vendor, tmp_path: Path) -> None:
    asked.begin(0)
    folder = tmp_path / "project"
    folder.mkdir()
    with real.Real("ours", tmp_path, mode="smsagents").verbs(Job(2, asked, folder)) as verbs:
        assert list(verbs) == list(options.VERBS)
        verbs["up"]()
        assert asked.agents() == 2
        verbs["destroy"]()
    assert (asked.agents(), asked.calls()) == (0, {"create": 2, "get": 2, "delete": 2})


@contextmanager
def _side(job: Job, verbs: dict[str, Callable[[], object]]) -> Iterator[dict[str, Callable[[], object]]]:
    yield verbs


@pytest.mark.parametrize("verb", ["up", "update", "destroy"])
def test_a_side_that_did_not_do_its_work_has_failed(asked: vendor.Vendor, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    """Or the quickest would be the one that does nothing."""
    monkeypatch.setattr(rounds.sides, "find", lambda name, home: SimpleNamespace(verbs=lambda job: _side(job, {verb: _two(asked, verb)})))
    found = Results(MACHINE, "", 1)
    rounds.measure(found, asked, ["provider-8"], [(2, 0)], Path(), lambda line: None)
    (row,) = found.rows
    assert (
        row.failed
        == {"up": "0 agents after up, and not 2", "update": "0 calls for 2 updates", "destroy": "2 agents after destroy, and not 0"}[verb]
    )
    assert row.verbs == {}
    assert "| failed |" in report.figures(found)


def _two(asked: vendor.Vendor, verb: str) -> Callable[[], object]:
    """Where there ought to be two agents, they are there without a call."""
    agent = {"organization_id": "o", "user_id": "u", "agent_name": "a", "starting_message": "s", "prompt": "p"}
    return lambda: None if verb == "up" else [asked._ask("POST", "/teli/objects", agent) for _ in range(2)]


def test_the_sides_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is first once, so that none always has the machine as it is in the beginning."""
    order: list[str] = []
    monkeypatch.setattr(rounds.sides, "find", lambda name, home: name)
    monkeypatch.setattr(rounds, "_one", lambda side, row, asked: order.append(side))
    rounds.measure(Results(MACHINE, "", 3), None, ["a", "b", "c"], [(1, 0)], Path(), lambda line: None)
    assert order == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]


def test_what_is_measured_once(asked: vendor.Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick ones; and one that fails stops no other."""

    def broken(*_: Any) -> Any:
        raise NotRunError("out of memory")

    quick = {name: singles.SINGLES[name] for name in ("reference", "program", "check_and_diff")}
    monkeypatch.setattr(singles, "SINGLES", {"memory": broken, **quick})
    found = singles.measure(asked, tmp_path, lambda line: None, scale=0.001)
    assert found["memory"] == {"failed": "out of memory"}
    assert found["reference"]["bytes"] <= 80
    assert found["program"]["ours_ms_each"] > 0
    assert found["check_and_diff"]["idle_ms"] > 0
    judged = {bar.what: bar.verdict for bar in bars.bars(Results(MACHINE, "", 1, singles=found))}
    assert judged["`__provider`, bytes"] == "met"
    assert judged["memory of the provider process, MB"] == "not run"


# ---- what is said of it ----


def _found(**seconds: float) -> Results:
    rows = [Row(side.replace("_", "-"), 1000, 50, {"up": Verb([each, each, 100.0], [1000] * 3)}) for side, each in seconds.items()]
    return Results(MACHINE, "an idle machine", 3, rows)


def _verdicts(found: Results, id: str) -> dict[str, tuple[float | None, str]]:
    return {bar.what: (bar.reached, bar.verdict) for bar in bars.bars(found) if bar.id == id}


def test_a_bar_is_met_or_missed_by_the_medians_or_was_not_run() -> None:
    found = _found(provider_32=6.0, floor=1.0, floor_checked=2.0, tutorial_32=60.0)
    assert _verdicts(found, "P1") == {
        "up, provider process / floor with our calls": (3.0, "missed"),
        "up, provider process / floor with half our calls": (6.0, "told"),
    }
    assert _verdicts(found, "P2") == {
        "up, provider process / Terraform": (None, "not run"),
        "up, provider process / tutorial's": (0.1, "met"),
    }


def test_what_was_not_run_is_named_and_not_called_met() -> None:
    text = report.figures(_found(provider_32=3.0, floor_checked=1.0))
    assert "| P1 | up, provider process / floor with our calls | 3 | at most 2.5 | missed |" in text
    assert "| met |" not in text
    assert "Bars not run, in whole or in part: P1, P2, P3" in text
    assert "Taken on an idle machine: 2 cores and 8 GB, Linux; Python 3.11.7" in text
    assert "**1,000 agents, 50 ms a call**: seconds, medians of 3 rounds; calls in brackets" in text


def test_the_page_says_what_was_measured_last() -> None:
    """Written again with: python3 dev.py bench --publish CONDITIONS."""
    text = report.PAGE.read_text("utf-8")
    assert report.page(text, results.read(report.LATEST)) == text
    assert f"]({report.CHART.name})" in text


def test_figures_take_the_place_of_those_before_them_and_nothing_else() -> None:
    text = f"Before.\n\n{report.BEGIN}\nold\n{report.END}\nAfter.\n"
    once = report.page(text, _found(floor=1.0))
    assert once.startswith(f"Before.\n\n{report.BEGIN}\n")
    assert once.endswith(f"{report.END}\nAfter.\n")
    assert "old" not in once
    assert report.page(once, _found(floor=1.0)) == once


def test_other_cases_stay_where_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same case is never half of one run and half of another."""
    for name, file in (("PAGE", "p.md"), ("LATEST", "p.json"), ("CHART", "p.svg")):
        monkeypatch.setattr(report, name, tmp_path / file)
    (tmp_path / "p.md").write_text(f"{report.BEGIN}\n{report.END}\n")
    other = Row("terraform", 10, 0, {"up": Verb([2.0], [10])})
    report.publish(Results(MACHINE, "", 1, [*_found(terraform=9.0).rows, other], {"reference": {"bytes": 64}}), add=False)
    report.publish(_found(floor=1.0), add=True)
    found = results.read(tmp_path / "p.json")
    assert [(row.side, row.n) for row in found.rows] == [("terraform", 10), ("floor", 1000)]
    assert found.singles == {"reference": {"bytes": 64}}
    assert "**10 agents, 0 ms a call**" in (tmp_path / "p.md").read_text()


def test_the_chart_is_of_the_largest_case_that_several_sides_ran(tmp_path: Path) -> None:
    alone = Row("provider-32", 3000, 50, {"up": Verb([9.0], [6000])})
    report.chart(Results(MACHINE, "", 1, [*_found(provider_32=3.0, floor=1.0).rows, alone]), tmp_path / "several.svg")
    assert "1,000 agents, 50 ms a call" in (tmp_path / "several.svg").read_text()
    report.chart(Results(MACHINE, "", 1, [alone]), tmp_path / "one.svg")
    assert "3,000 agents, 50 ms a call" in (tmp_path / "one.svg").read_text()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    found = _found(floor=1.5)
    found.write(tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == found
    assert json.loads((tmp_path / "results.json").read_text())["machine"] == MACHINE


# ---- the command ----


def test_options_go_to_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    monkeypatch.setattr(bench, "run", lambda given: words.extend(given) or 0)
    assert dev.main(["bench", "--n", "10", "--sides", "floor", "--quick"]) == 0
    assert words == ["--n", "10", "--sides", "floor", "--quick"]


@pytest.mark.parametrize("words", [["--sides", "rocket"], ["--n", "0"], ["--rounds", "many"]])
def test_a_wrong_option_ends_with_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        dev.main(["bench", *words])
    assert exited.value.code == 2
    assert "usage: dev.py bench" in capsys.readouterr().err
