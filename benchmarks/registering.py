"""A program of thousands of resources with no engine behind it: `python -m benchmarks.registering ours 5000` prints its time and memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.runtime import Mocks

from benchmarks.agents import Agent, agents
from benchmarks.programs import idle
from pulumi_smsagents import teli


class _Mocks(Mocks):
    """An engine that takes everything as it is."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return args.name, args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


MAKE: dict[str, Callable[[str, Agent], object]] = {
    "ours": lambda name, fields: teli.SmsAgent(name, **fields),
    "idle": lambda name, fields: idle.Agent(name, dict(fields)),
}


def main(kind: str, count: int) -> None:
    """Register them all, and wait until all are registered."""
    fields = agents(count)
    pulumi.runtime.set_mocks(_Mocks(), project="bench", stack="dev")
    started = time.perf_counter()
    _program(kind, fields)
    seconds = time.perf_counter() - started
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"seconds": seconds, "peak_mb": round(peak / 1e6, 1)}))


@pulumi.runtime.test  # type: ignore[untyped-decorator]
def _program(kind: str, fields: list[Agent]) -> None:
    for number, each in enumerate(fields):
        MAKE[kind](f"agent-{number}", each)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
