"""Worlds of one dialect of Fluents, or of each in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from worlds import World


@pytest.fixture(params=["fluents", "vocode"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Both dialects, one after the other."""
    yield from in_dialect(request.param, monkeypatch)


@pytest.fixture
def fluents(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from in_dialect("fluents", monkeypatch)


@pytest.fixture
def vocode(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from in_dialect("vocode", monkeypatch)


def in_dialect(name: str, patch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World("fluents:PhoneNumber", patch)
    made.sample = replace(made.sample, options={"Dialect": name}, modes={"dialect": name})
    made.modes(dialect=name)
    yield made
    made.emulator.close()
