"""The provider's half: its process over gRPC, asked as the engine does it: checks and diffs one after the other, the rest side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2

from benchmarks.agents import Agent, agents
from benchmarks.programs import idle, tutorial
from benchmarks.sides import process
from benchmarks.sides.base import Job, NotRunError, Verbs
from benchmarks.vendor import KEY
from pulumi_smsagents.resources.loader import reference


class Provider:
    """`ours`, `tutorial` or `idle`, with so many RPCs in flight."""

    def __init__(self, kind: str, in_flight: int) -> None:
        self._kind = kind
        self._in_flight = in_flight

    @contextmanager
    def verbs(self, job: Job) -> Iterator[Verbs]:
        """Each with a process of its own, as the engine has it."""
        run = Run(inputs_of(self._kind, job), self._in_flight)

        def in_a_process(verb: Callable[[process.Process], None]) -> Callable[[], None]:
            return lambda: _in_a_process(verb, job)

        yield {
            "up": in_a_process(run.up),
            "preview": in_a_process(run.preview),
            "update": in_a_process(run.update),
            "refresh": in_a_process(run.refresh),
            "destroy": in_a_process(run.destroy),
        }


def _in_a_process(verb: Callable[[process.Process], None], job: Job) -> None:
    try:
        with process.running(job.settings) as started:
            verb(started)
    except grpc.RpcError as error:
        raise NotRunError(str(error.details()).strip().splitlines()[-1][:200]) from None


class Run:
    """What the engine does, with the state it keeps."""

    def __init__(self, inputs: Callable[[int], list[Struct]], in_flight: int) -> None:
        self._inputs = inputs
        self._in_flight = in_flight
        self._state: list[tuple[str, Struct, Struct]] = []
        """Of each agent its id, outputs and inputs."""

    def up(self, asked: process.Process) -> None:
        """Check, and create meanwhile what is checked."""

        def create(props: Struct) -> tuple[str, Struct, Struct]:
            return (*asked.create(props), props)

        with ThreadPoolExecutor(self._in_flight) as pool:
            self._state = _all(pool.submit(create, asked.check(news)) for news in self._inputs(1))

    def preview(self, asked: process.Process) -> None:
        """Check and diff; nothing may have changed."""
        for (id, outputs, inputs), news in zip(self._state, self._inputs(1), strict=True):
            if asked.diff(id, outputs, asked.check(news, inputs)) == provider_pb2.DiffResponse.DIFF_SOME:
                raise NotRunError(f"{id} differs without a change")

    def update(self, asked: process.Process) -> None:
        """Check and diff, and update meanwhile what differs."""

        def change(id: str, outputs: Struct, news: Struct) -> tuple[str, Struct, Struct]:
            return id, asked.update(id, outputs, news), news

        def changes() -> Iterator[Any]:
            for (id, outputs, inputs), news in zip(self._state, self._inputs(2), strict=True):
                checked = asked.check(news, inputs)
                if asked.diff(id, outputs, checked) == provider_pb2.DiffResponse.DIFF_NONE:
                    raise NotRunError(f"{id} does not differ after a change")
                yield pool.submit(change, id, outputs, checked)

        with ThreadPoolExecutor(self._in_flight) as pool:
            self._state = _all(changes())

    def refresh(self, asked: process.Process) -> None:
        """Read, and compare with what the program asked for."""

        def read(id: str, outputs: Struct, inputs: Struct) -> tuple[str, Struct, Struct]:
            found = asked.read(id, outputs)
            asked.diff(id, found, inputs)
            return id, found, inputs

        with ThreadPoolExecutor(self._in_flight) as pool:
            self._state = _all(pool.submit(read, *each) for each in self._state)

    def destroy(self, asked: process.Process) -> None:
        """Delete."""
        with ThreadPoolExecutor(self._in_flight) as pool:
            _all(pool.submit(asked.delete, id, outputs) for id, outputs, _ in self._state)


def _all(begun: Iterator[Any]) -> list[Any]:
    return [future.result() for future in list(begun)]


def inputs_of(kind: str, job: Job) -> Callable[[int], list[Struct]]:
    """The inputs of every agent in a revision, as the SDK would hand them to the engine."""
    pickled = _pickled(kind, job)

    def one(number: int, fields: Agent) -> Struct:
        own = {"key": f"bench/dev/agent-{number}"} if kind == "ours" else {}
        return _struct({**fields, **own, "__provider": pickled})

    return lambda revision: [one(*each) for each in enumerate(agents(job.count, revision))]


def _pickled(kind: str, job: Job) -> str:
    if kind == "ours":
        return reference("teli:SmsAgent")
    # Once: each time more leaves something behind in the SDK, and soon it fails.
    return str(serialize_provider(idle.load() if kind == "idle" else tutorial.AgentProvider(job.vendor.url, KEY)))


def _struct(values: Mapping[str, object]) -> Struct:
    made = Struct()
    made.update(values)
    return made
