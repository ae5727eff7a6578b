"""`world`: a vendor's emulator, our client and life cycle; every test that asks for it runs over every offer of every vendor.
`served`: all vendors on loopback, for whoever has to be told of an address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from worlds import OFFERS, World

from pulumi_smsagents.emulator import Emulator, serve

# Without a data base and with fixed seeds: a run leaves nothing behind and is like any other. No deadline: no clock in tests.
settings.register_profile(
    "repeatable",
    database=None,
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _filters_of_this_test_only() -> Iterator[None]:
    """A client puts filters on the loggers below it; those of one test must neither slow nor help another."""
    yield
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.filters.clear()


@pytest.fixture(params=OFFERS)
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(request.param, monkeypatch)
    yield made
    made.emulator.close()


@pytest.fixture
def world_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., World]]:
    """The world of a tag, in these modes of its vendor."""
    made: list[World] = []

    def world(tag: str, **modes: Any) -> World:
        made.append(World(tag, monkeypatch))
        made[-1].modes(**modes)
        return made[-1]

    yield world
    for each in made:
        each.emulator.close()


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Emulator, str]]:
    """Whoever uses it forgets first what others did."""
    emulator = Emulator()
    with serve(emulator) as url:
        yield emulator, url


@pytest.fixture
def teli(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World("teli:SmsAgent", monkeypatch)
    yield made
    made.emulator.close()
