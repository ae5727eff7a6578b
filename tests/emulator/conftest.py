"""An emulator for each test, and a client of its Teli."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator, SetClock

ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"


@pytest.fixture
def key() -> str:
    return "canary/1f9c+a="


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def emulator(clock: SetClock) -> Emulator:
    return Emulator(clock=clock)


@pytest.fixture
def teli(emulator: Emulator, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/teli", headers={"X-API-Key": key}) as client:
        yield client


@pytest.fixture
def control(emulator: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/_emulator") as client:
        yield client


@pytest.fixture
def agent() -> dict[str, Any]:
    """The body of a create."""
    return {
        "agent_type": "sms",
        "agent_name": "Sales",
        "starting_message": "Hi {{first_name}}",
        "prompt": "Be brief.",
        "organization_id": ORGANIZATION,
        "user_id": USER,
    }


@pytest.fixture
def create(teli: httpx.Client, agent: dict[str, Any]) -> Callable[..., str]:
    """Make an agent over the API; gives its id."""

    def make(**fields: Any) -> str:
        answer = teli.post("/v1/agents", json={**agent, **fields})
        assert answer.is_success, answer.text
        return str(answer.json()["agent_id"])

    return make


@pytest.fixture
def listed(teli: httpx.Client) -> Callable[..., list[dict[str, Any]]]:
    """List the agents of the organisation."""

    def ask(**query: Any) -> list[dict[str, Any]]:
        answer = teli.get("/v1/agents", params={"organization_id": ORGANIZATION, "is_admin": "true", **query})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["agents"])

    return ask
