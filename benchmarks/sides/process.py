"""A dynamic provider's process, started and asked as the engine does it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from benchmarks.sides.base import PYTHON, NotRunError
from tools import engine

URN = "urn:pulumi:dev::bench::pulumi-python:dynamic/bench:Agent::agent-0"
PATIENCE = 600  # seconds for one RPC


class _Engine(engine_pb2_grpc.EngineServicer):
    """Hears what is logged."""

    def Log(self, request: Any, context: Any) -> Empty:
        return Empty()


class Process:
    """One process, and what it can be asked. What is handed over and comes back stays as it is on the wire."""

    def __init__(self, channel: grpc.Channel, pid: int) -> None:
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)
        self._pid = pid

    def check(self, news: Struct, olds: Struct | None = None) -> Struct:
        """The inputs."""
        answer = self._stub.Check(provider_pb2.CheckRequest(urn=URN, olds=olds or Struct(), news=news), timeout=PATIENCE)
        if answer.failures:
            raise NotRunError(str(answer.failures[0].reason))
        return answer.inputs

    def diff(self, id: str, olds: Struct, news: Struct) -> int:
        """Whether something changes: one of DiffResponse's values."""
        return int(self._stub.Diff(provider_pb2.DiffRequest(id=id, urn=URN, olds=olds, news=news), timeout=PATIENCE).changes)

    def create(self, props: Struct) -> tuple[str, Struct]:
        """The id and the outputs."""
        answer = self._stub.Create(provider_pb2.CreateRequest(urn=URN, properties=props), timeout=PATIENCE)
        return answer.id, answer.properties

    def read(self, id: str, props: Struct) -> Struct:
        """The outputs."""
        answer = self._stub.Read(provider_pb2.ReadRequest(id=id, urn=URN, properties=props), timeout=PATIENCE)
        if answer.id != id:
            raise NotRunError(f"{id} is said to be gone")
        return answer.properties

    def update(self, id: str, olds: Struct, news: Struct) -> Struct:
        """The outputs."""
        return self._stub.Update(provider_pb2.UpdateRequest(id=id, urn=URN, olds=olds, news=news), timeout=PATIENCE).properties

    def delete(self, id: str, props: Struct) -> None:
        """Gone afterwards."""
        self._stub.Delete(provider_pb2.DeleteRequest(id=id, urn=URN, properties=props), timeout=PATIENCE)

    def peak_memory(self) -> int | None:
        """Bytes, at most, until now; None where the system does not tell."""
        try:
            status = Path(f"/proc/{self._pid}/status").read_text()
        except OSError:
            return None
        return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), None)


@contextmanager
def running(settings: Mapping[str, str]) -> Iterator[Process]:
    """A process of its own, configured with an empty stack."""
    server = grpc.server(ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(_Engine(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    env = {**engine.without_settings(os.environ), **settings, **PYTHON}
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", address]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest(args=Struct()), timeout=PATIENCE)
            yield Process(channel, process.pid)
    finally:
        process.kill()
        process.communicate()
        server.stop(None)
