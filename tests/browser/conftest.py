"""One browser for all tests of a worker; an emulator and an empty window for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from browser.window import Window, start
from selenium import webdriver

from pulumi_smsagents.emulator import Emulator, serve

ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"
AGENT = {
    "agent_type": "sms",
    "agent_name": "Sales",
    "starting_message": "Hi {{first_name}}, still interested in {{company}}?",
    "prompt": "Be brief.\nNever promise a price.",
    "organization_id": ORGANIZATION,
    "user_id": USER,
    "drip_schedule": [{"delay_hours": 24, "type": "custom", "message": "Still there, {{first_name}}?"}, {"delay_hours": 72, "type": "ai"}],
}


@pytest.fixture(scope="session")
def chrome() -> Iterator[webdriver.Chrome]:
    started = start()
    yield started
    started.quit()


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def window(chrome: webdriver.Chrome, emulator: Emulator) -> Iterator[Window]:
    """Whatever a test does, the browser has nothing to complain of."""
    with serve(emulator) as url:
        made = Window(chrome, url)
        made.look()
        made.complaints()
        yield made
        complaints = made.complaints()
        chrome.get("about:blank")
    assert complaints == []


@pytest.fixture
def teli(window: Window) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{window.url}/teli", headers={"X-API-Key": "canary"}) as client:
        yield client


@pytest.fixture
def create(teli: httpx.Client) -> Callable[..., str]:
    """Make an agent over the API, as `pulumi up` does; gives its id."""

    def make(**fields: Any) -> str:
        answer = teli.post("/v1/agents", json={**AGENT, **fields})
        assert answer.is_success, answer.text
        return str(answer.json()["agent_id"])

    return make
