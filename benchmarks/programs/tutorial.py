"""Agents as public tutorials on dynamic providers make them: one call of httpx after another, and the provider pickled with its key."""

from __future__ import annotations

import os
from typing import Any

import httpx
from pulumi.dynamic import CreateResult, ReadResult, Resource, ResourceProvider, UpdateResult

from benchmarks.agents import agents


class AgentProvider(ResourceProvider):
    """Keeps its address and key."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__()
        self.url = url
        self.headers = {"x-api-key": key}

    def create(self, props: dict[str, Any]) -> CreateResult:
        """One call."""
        fields = {name: value for name, value in props.items() if name != "__provider"}
        reply = httpx.post(f"{self.url}/v1/agents", headers=self.headers, json={"agent_type": "sms", **fields})
        reply.raise_for_status()
        return CreateResult(reply.json()["agent_id"], props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """One call."""
        reply = httpx.get(f"{self.url}/v1/agents/{id_}", headers=self.headers)
        reply.raise_for_status()
        return ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """One call."""
        changed = {name: _news[name] for name in _news if name != "__provider" and _news[name] != _olds.get(name)}
        httpx.patch(f"{self.url}/v1/agents/{_id}", headers=self.headers, json=changed).raise_for_status()
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """One call."""
        httpx.delete(f"{self.url}/v1/agents/{_id}", headers=self.headers).raise_for_status()


class Agent(Resource):
    """One agent."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        provider = AgentProvider(os.environ["SMSAGENTS_TELI_BASE_URL"], os.environ["SMSAGENTS_TELI_API_KEY"])
        super().__init__(provider, name, props)


if __name__ == "__main__":
    for number, fields in enumerate(agents(int(os.environ["BENCH_N"]), int(os.environ["BENCH_REVISION"]))):
        Agent(f"agent-{number}", dict(fields))
