"""Stacks for the tests on the real Pulumi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.engine import Stack, Studio


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio.furnished(tmp_path_factory.mktemp("studio"))


@pytest.fixture
def stack(studio: Studio, tmp_path: Path) -> Iterator[Stack]:
    with studio.stack(tmp_path / "project") as made:
        yield made
