"""Commands in this process, in a folder of their own, against an emulator on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from cli.commands import Terminal

from pulumi_smsagents import connect
from pulumi_smsagents.client import Client
from pulumi_smsagents.emulator import Emulator, serve

KEY = "canary-key-A9xk2Zq81LmN0p"


@pytest.fixture
def smsagents(monkeypatch, capsys, tmp_path) -> Iterator[Terminal]:
    """In an empty folder, with nothing set, on something that is no terminal."""
    for name in os.environ:
        if name.startswith(("SMSAGENTS_", "PULUMI_", "FORCE_COLOR", "COLUMNS", "NO_COLOR")) or name.endswith(("_API_KEY", "_BASE_URL")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    clients: dict[object, Client] = {}
    monkeypatch.setattr(connect, "_clients", clients)
    terminal = Terminal(monkeypatch, capsys)
    terminal.never += (KEY,)
    yield terminal
    for client in clients.values():
        client.close()


@pytest.fixture(scope="session")
def _served() -> Iterator[tuple[Emulator, str]]:
    emulator = Emulator()
    with serve(emulator) as url:
        yield emulator, url


@pytest.fixture
def vendors(_served, monkeypatch, smsagents) -> Emulator:
    """All vendors emulated, with their addresses and a key for each in the environment."""
    emulator, url = _served
    emulator.reset()
    for name in emulator.vendors:
        monkeypatch.setenv(f"SMSAGENTS_{name.upper()}_BASE_URL", f"{url}/{name}")
        monkeypatch.setenv(f"{name.upper()}_API_KEY", KEY)
        emulator.auth.accept(name, [KEY])
    return emulator
