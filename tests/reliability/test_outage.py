"""Nothing answers, for a thousand resources: few requests, an end, and one line for each."""

from __future__ import annotations

from typing import Any

import pytest
from reliability.columns import COLUMNS
from reliability.commands import Stack, Timed
from reliability.judging import assert_clean

MANY, SOME = 1000, 40
BEYOND = {"429": 100}
"""Retries that a client may make before it has spent what it has for them: 500 tokens, 14 each, or 5 after a 429."""


OUTAGES: dict[str, dict[str, Any]] = {
    "no connection": {"kind": "refuse"},
    "no answer": {"kind": "hang"},
    "503": {"kind": "status", "status": 503, "body": "Service Unavailable"},
    "429": {"kind": "limited"},
}


LOOKED_FOR = {("teli", "no answer"), ("teli", "503")}
"""Where a create may have arrived, it is looked for, once each; elsewhere there is no list, or it was asked for before."""

CELLS = [(column, outage, MANY if (column, outage) == ("teli", "no connection") else SOME) for column in COLUMNS for outage in OUTAGES]


def most(resources: int, outage: str) -> int:
    """An operation each, one list, and the retries."""
    return resources + 1 + BEYOND.get(outage, 35)


def program(world: Timed, column: str, count: int) -> dict[str, dict[str, Any]]:
    return {f"r{number}": COLUMNS[column].resource(world, number) for number in range(count)}


@pytest.mark.parametrize(("column", "outage", "resources"), CELLS)
def test_creates_end_by_themselves(column: str, outage: str, resources: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = COLUMNS[column].world(monkeypatch)
    stack = Stack(world)
    world.fault(**OUTAGES[outage])
    run = stack.up(program(world, column, resources))
    assert len(run.errors) == resources
    assert_clean(run, stack)
    assert sum(world.counts().values()) <= most(resources * (1 + ((column, outage) in LOOKED_FOR)), outage)
    assert world.records() == {}


@pytest.mark.parametrize(("column", "outage", "resources"), [cell for cell in CELLS if "read" in COLUMNS[cell[0]].calls])
def test_a_refresh_ends_and_drops_none(column: str, outage: str, resources: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = COLUMNS[column].world(monkeypatch)
    stack = Stack(world)
    stack.up(program(world, column, resources)).ok()
    since = world.mark()
    world.fault(**OUTAGES[outage])
    run = stack.refresh()
    assert len(run.errors) == len(stack.state) == resources
    assert_clean(run, stack)
    assert sum(world.counts(since).values()) <= most(resources, outage)
