"""A minimal REST provider for Terraform: one kept HTTP client, one call a verb. Runs in a virtual environment of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import httpx
from tf import runner
from tf.iface import Config, CreateContext, DataSource, DeleteContext, Provider, ReadContext, Resource, State, UpdateContext
from tf.schema import Attribute, Schema
from tf.types import String
from tf.utils import Diagnostics

FIELDS = ("organization_id", "user_id", "agent_name", "starting_message", "prompt")
ADDRESS = "example.com/bench/bench"


class Agent(Resource):  # type: ignore[misc]
    """bench_agent."""

    def __init__(self, provider: BenchProvider) -> None:
        self._http = provider.http

    @classmethod
    def get_name(cls) -> str:
        """After the provider's prefix."""
        return "agent"

    @classmethod
    def get_schema(cls) -> Schema:
        """Texts, and the id that the vendor gives."""
        return Schema(attributes=[*(Attribute(name, String(), required=True) for name in FIELDS), Attribute("id", String(), computed=True)])

    def create(self, ctx: CreateContext, planned: State) -> State | None:
        """One call."""
        reply = self._http.post("/v1/agents", json={"agent_type": "sms", **{name: planned[name] for name in FIELDS}})
        return {**planned, "id": reply.raise_for_status().json()["agent_id"]}

    def read(self, ctx: ReadContext, current: State) -> State | None:
        """One call."""
        reply = self._http.get(f"/v1/agents/{current['id']}")
        if reply.status_code == httpx.codes.NOT_FOUND:
            return None
        reply.raise_for_status()
        return current

    def update(self, ctx: UpdateContext, current: State, planned: State) -> State | None:
        """One call."""
        changed = {name: planned[name] for name in FIELDS if planned[name] != current[name]}
        self._http.patch(f"/v1/agents/{current['id']}", json=changed).raise_for_status()
        return {**planned, "id": current["id"]}

    def delete(self, ctx: DeleteContext, current: State) -> None:
        """One call."""
        self._http.delete(f"/v1/agents/{current['id']}").raise_for_status()


class BenchProvider(Provider):  # type: ignore[misc]
    """Address and key from the environment."""

    def __init__(self) -> None:
        key = os.environ["SMSAGENTS_TELI_API_KEY"]
        self.http = httpx.Client(base_url=os.environ["SMSAGENTS_TELI_BASE_URL"], headers={"x-api-key": key}, timeout=60, trust_env=False)

    def get_model_prefix(self) -> str:
        """Of every resource's name."""
        return "bench_"

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        """Nothing to set."""
        return Schema(attributes=[])

    def full_name(self) -> str:
        """As main.tf names it."""
        return ADDRESS

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        """Nothing to set."""

    def configure_provider(self, diags: Diagnostics, config: Config) -> None:
        """Nothing to set."""

    def get_data_sources(self) -> Sequence[type[DataSource]]:
        """None."""
        return []

    def get_resources(self) -> Sequence[type[Resource]]:
        """One."""
        return [Agent]

    def new_resource(self, klass: Any) -> Resource:
        """With our client."""
        made: Resource = klass(self)
        return made


if __name__ == "__main__":
    runner.run_provider(BenchProvider())
