"""Agents that nobody makes: a provider that answers at once and asks nobody. What is left is the engine and the SDK."""

from __future__ import annotations

import os
from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from benchmarks.agents import agents


class IdleProvider(ResourceProvider):
    """Answers; pickled as a reference, which is the cheapest there is."""

    serialize_as_secret_always = False

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        """A call of `load`."""
        return load, ()

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Whether the prompt is another."""
        return DiffResult(changes=_olds.get("prompt") != _news.get("prompt"))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """No call."""
        return CreateResult(str(props["agent_name"]), props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """No call."""
        return ReadResult(id_, props, {name: props[name] for name in props if name != "__provider"})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """No call."""
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """No call."""


def load() -> IdleProvider:
    """As the state names it."""
    return IdleProvider()


class Agent(Resource):
    """One agent."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(load(), name, props)


if __name__ == "__main__":
    from benchmarks.programs import idle  # noqa: PLW0406 - the provider process finds it by this name, not as __main__

    for number, fields in enumerate(agents(int(os.environ["BENCH_N"]), int(os.environ["BENCH_REVISION"]))):
        idle.Agent(f"agent-{number}", dict(fields))
