"""Commands in this process, in a folder of their own, against an emulator on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from cli.commands import Terminal
from e2e.engine import KEYS, Stack, Studio

from pulumi_smsagents import connect
from pulumi_smsagents.client import Client
from pulumi_smsagents.emulator import Emulator

KEY = "canary-key-A9xk2Zq81LmN0p"


@pytest.fixture
def smsagents(monkeypatch, capsys, tmp_path, tmp_path_factory) -> Iterator[Terminal]:
    """In an empty folder, with nothing set, on something that is no terminal."""
    for name in os.environ:
        if (
            name.startswith(("SMSAGENTS_", "PULUMI_", "FORCE_COLOR", "COLUMNS", "NO_COLOR"))
            or name == "CI"
            or name.endswith(("_API_KEY", "_BASE_URL"))
        ):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", str(tmp_path_factory.mktemp("journal")))
    clients: dict[object, Client] = {}
    monkeypatch.setattr(connect, "_clients", clients)
    terminal = Terminal(monkeypatch, capsys)
    terminal.never += (KEY,)
    yield terminal
    for client in clients.values():
        client.close()


@pytest.fixture
def vendors(served, monkeypatch, smsagents) -> Emulator:
    """All vendors emulated, with their addresses and a key for each in the environment."""
    emulator, url = served
    emulator.reset()
    for name in emulator.vendors:
        monkeypatch.setenv(f"SMSAGENTS_{name.upper()}_BASE_URL", f"{url}/{name}")
        monkeypatch.setenv(f"{name.upper()}_API_KEY", KEY)
        emulator.auth.accept(name, [KEY])
    return emulator


@pytest.fixture(scope="session")
def studio(tmp_path_factory) -> Studio:
    """Where stacks of the real Pulumi are made."""
    return Studio.furnished(tmp_path_factory.mktemp("studio"))


@pytest.fixture
def stack(studio, tmp_path, monkeypatch, smsagents) -> Iterator[Stack]:
    """A stack with keys and addresses in its configuration, encrypted; its project is the working folder."""
    with studio.stack(tmp_path / "project") as made:
        for name, value in made.env.items():
            if name.startswith(("PULUMI_", "PATH")):
                monkeypatch.setenv(name, value)
        monkeypatch.chdir(made.folder)
        smsagents.never += tuple(KEYS.values())
        yield made
