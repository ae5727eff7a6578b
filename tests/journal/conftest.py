"""`journals`: in a folder of their own, at a time that is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_smsagents.emulator import SetClock
from pulumi_smsagents.journal import Journals


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def journals(tmp_path: Path, clock: SetClock) -> Journals:
    return Journals(tmp_path / "journal", clock)
