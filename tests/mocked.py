"""A program of the Pulumi SDK without an engine: what it registers is remembered, and each vendor is an echo."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pulumi
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import settings


class Mocks(pulumi_mocks.Mocks):
    """Remembers what was registered."""

    def __init__(self) -> None:
        self.registered: list[pulumi_mocks.MockResourceArgs] = []

    def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered.append(args)
        return args.resource_id or f"{args.name}-id", {**args.inputs, "agent_id": f"{args.name}-id", "unverified": ["prompt"]}

    def call(self, _args: pulumi_mocks.MockCallArgs) -> dict[str, Any]:
        return {}


@contextmanager
def mocked(project: str = "shop", stack: str = "dev") -> Iterator[Mocks]:
    """The SDK with `Mocks` for its engine. Every event loop that it opens, here and in threads of its own, is closed in the end."""
    loops: list[asyncio.AbstractEventLoop] = []
    new = asyncio.new_event_loop

    def opened() -> asyncio.AbstractEventLoop:
        loops.append(new())
        return loops[-1]

    with mock.patch.object(asyncio, "new_event_loop", opened):
        asyncio.set_event_loop(opened())
        made = Mocks()
        pulumi.runtime.set_mocks(made, project=project, stack=stack, preview=False)
        try:
            yield made
        finally:
            settings.reset_options()
            loops[0].run_until_complete(loops[0].shutdown_default_executor())
            asyncio.set_event_loop(None)
            for loop in loops:
                loop.close()


def run(program) -> Any:
    """The program to its end, every output awaited."""
    result: list[Any] = []

    @pulumi.runtime.test
    def whole() -> pulumi.Output[Any]:
        return pulumi.Output.from_input(program()).apply(result.append)

    whole()
    return result[0]
