"""`accounts`: every vendor served on loopback, with secrets for keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from canaries.accounts import Accounts, settings_of
from canaries.hunt import KEYS
from samples import SAMPLES

from pulumi_smsagents import connect
from pulumi_smsagents.client import Client
from pulumi_smsagents.emulator import Emulator


@pytest.fixture
def emulator(served: tuple[Emulator, str]) -> Emulator:
    served[0].reset()
    for vendor, key in KEYS.items():
        served[0].auth.accept(vendor, [key])
    for tag, sample in SAMPLES.items():
        served[0].modes[tag.partition(":")[0]].set(**{**sample.modes, **sample.readable})
    return served[0]


@pytest.fixture
def accounts(served, emulator, monkeypatch, tmp_path) -> Iterator[Accounts]:
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", str(tmp_path / "journal"))
    clients: dict[object, Client] = {}
    monkeypatch.setattr(connect, "_clients", clients)
    yield Accounts(emulator, connect.Settings(settings_of(served[1]).get, environ={}))
    for client in clients.values():
        client.close()
