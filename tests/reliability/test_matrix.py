"""The fault matrix: every class of faults, every operation, every offer; four invariants after the prescribed next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from reliability import page
from reliability.cells import BROKEN_LISTS, BROKEN_PAGES, CASES, ELSEWHERE, KILLS, LOST, UNSEEN, UNTOLD, Case, lists, why_not
from reliability.columns import COLUMNS, VERBS
from reliability.stage import Stage
from worlds import OFFERS

from pulumi_smsagents.emulator import CLASSES

Set = Callable[..., Stage]


def cells(*rows: str) -> list[tuple[str, str, str]]:
    return [(column, row, verb) for row in rows for column in COLUMNS for verb in VERBS if not why_not(COLUMNS[column], row, verb)]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    made: list[Stage] = []

    def new(column: str, verb: str, **more: Any) -> Stage:
        made.append(Stage(column, verb, monkeypatch, **more))
        return made[-1]

    yield new
    for each in made:
        each.close()


def assert_as_the_case_says(stage: Stage, case: Case, call: str, failed: bool) -> None:
    """What must hold besides the invariants."""
    # A list that cannot be had is no failure where each object can be asked for.
    if case.fails is not None and call == stage.column.calls[stage.verb][0] and stage.verb != "list":
        assert failed == case.fails
    if case.calls is not None:
        assert stage.counted(call) <= case.calls
    if case.waits and not failed:
        # A date has no fractions of a second, and the time goes on until it is read.
        assert [wait for wait in stage.world.waits if wait < case.waits - 2] == []


def assert_a_list_heals(stage: Stage, row: str, case: Case, call: str, failed: bool) -> None:
    """Where there is a list, a lost reply is no failure; nor is a lost request, where it may be sent again."""
    once = stage.world.offer.once
    if once is None or not once.listed or stage.verb != "create" or call != stage.column.calls["create"][0] or "without end" in case.name:
        return
    if row == "F3" or (row == "F2" and once.again):
        assert not failed


@pytest.mark.parametrize(("column", "row", "verb"), cells(*CASES))
def test_a_call_that_is_struck(stage: Set, column: str, row: str, verb: str) -> None:
    for call in COLUMNS[column].calls[verb]:
        for case in CASES[row]:
            print(f"{row} {case.name}: {column}: {verb} ({call})")
            on = stage(column, verb)
            on.fault(call, case.faults)
            run = on.run()
            assert [step for step in run.changed if step.startswith("drop")] == []
            if case.says:
                assert all(case.says in str(error) for error in run.errors.values())
            assert_as_the_case_says(on, case, call, bool(run.errors))
            assert_a_list_heals(on, row, case, call, bool(run.errors))
            on.next_step()
            on.judge()


@pytest.mark.parametrize(("column", "row", "verb"), cells("F9"))
def test_a_list_that_is_not_whole(stage: Set, column: str, row: str, verb: str) -> None:
    broken = {**BROKEN_LISTS, **(BROKEN_PAGES if "fluents" in column or "vocode" in column else {})}
    for name in broken.keys() - set(UNTOLD.get(column, ())):
        fault = broken[name]
        print(f"{row} {name}: {column}: {verb}")
        on = stage(column, verb)
        if verb == "create":
            on.fault(COLUMNS[column].calls["create"][0], [LOST])
        on.fault(lists(COLUMNS[column]), [fault])
        run = on.run()
        assert [step for step in run.changed if step.startswith("drop")] == []
        on.next_step()
        on.judge()


@pytest.mark.parametrize(("column", "row", "verb"), cells("F10"))
@pytest.mark.parametrize("lost", [False, True])
def test_what_was_just_made_is_not_seen_yet(stage: Set, column: str, row: str, verb: str, lost: bool) -> None:
    on = stage(column, verb, rest=0.0, found=False)
    on.fault("*", [UNSEEN])
    if lost:
        on.fault(COLUMNS[column].calls[verb][0], [LOST])
    run = on.run()
    assert [step for step in run.changed if step.startswith("drop")] == []
    on.next_step()
    on.judge()


@pytest.mark.parametrize(("column", "row", "verb"), cells("F11"))
def test_the_object_is_gone(stage: Set, column: str, row: str, verb: str) -> None:
    on = stage(column, verb)
    if verb == "create":
        assert on.killed("checkpoint")
        made = (set(on.world.records()) - on.stack.ids).pop()
    else:
        made = on.first.id
    on.remove(made)
    run = on.run()
    if verb in ("read", "list") and "contactswing" in column:  # no page of its says what "gone" looks like
        assert "if it is gone, run: pulumi state delete" in str(run.errors["r0"])
    elif verb in ("read", "list"):
        assert run.ok().changed == ["drop r0"]
    if verb == "delete":
        run.ok()
    on.next_step()
    on.judge()


@pytest.mark.parametrize(("column", "row", "verb"), cells("F12"))
def test_someone_else_changed_it(stage: Set, column: str, row: str, verb: str) -> None:
    on = stage(column, verb)
    if verb == "create":
        assert on.killed("checkpoint")
        made = (set(on.world.records()) - on.stack.ids).pop()
    else:
        made = on.first.id
    edited = on.world.fields()[0]
    on.world.emulator.edit(on.world.vendor.name, made, {edited: on.world.sample.others[edited], "something_else": "new"})
    run = on.run()
    if verb in ("read", "list"):
        assert run.ok().changed == ["refresh r0"]
        assert on.stack.state["r0"].outputs[edited] == on.world.sample.others[edited]
        assert on.stack.preview(on.target) == [f"change r0: {edited}"]
    on.next_step()
    on.judge()


@pytest.mark.parametrize(("column", "row", "verb"), cells("F13"))
@pytest.mark.parametrize("point", ["sending", "answered"])
def test_two_runs_at_once(stage: Set, column: str, row: str, verb: str, point: str) -> None:
    on = stage(column, verb)
    for run in on.run_beside(point):
        assert [step for step in run.changed if step.startswith("drop")] == []
    on.next_step()
    on.judge()


@pytest.mark.parametrize(("column", "row", "verb"), cells("F14"))
@pytest.mark.parametrize("kill", KILLS)
def test_the_process_is_killed(stage: Set, column: str, row: str, verb: str, kill: str) -> None:
    point, faults = KILLS[kill]
    for nth in range(1, 6):
        on = stage(column, verb)
        for call in COLUMNS[column].calls[verb]:
            on.fault(call, faults)
        if not on.killed(point, nth):
            assert nth > 1
            break
        on.next_step()
        on.judge()
        if point == "checkpoint":
            break


@pytest.mark.parametrize(("column", "row", "verb"), cells("F16"))
def test_a_redirect_leads_nowhere(stage: Set, column: str, row: str, verb: str) -> None:
    for call in COLUMNS[column].calls[verb]:
        on = stage(column, verb)
        on.fault(call, [ELSEWHERE])
        run = on.run()
        assert on.counted("undocumented") == 0
        if call == COLUMNS[column].calls[verb][0]:
            assert all("a redirect, which is not followed" in str(error) for error in run.errors.values())
        on.next_step()
        on.judge()


def test_the_page_is_current() -> None:
    """Written again with: .venv/bin/python -m tests.reliability."""
    assert page.PAGE.read_text("utf-8") == page.page()


def test_every_cell_is_tried_or_has_its_reason() -> None:
    tried = {row for row, name in CLASSES.items() if name}
    assert tried == {*CASES, "F9", "F10", "F11", "F12", "F13", "F14", "F16"}
    for column in COLUMNS.values():
        assert set(column.calls) | set(column.without) == set(VERBS)
        assert not set(column.calls) & set(column.without)
    tags = {column.tag for column in COLUMNS.values()}
    assert tags == set(OFFERS)
