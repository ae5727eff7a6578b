"""The provider process, as the engine starts and talks to it, and the part of the engine that it talks to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from pulumi_smsagents.resources.loader import reference

PATIENCE = 60
"""Seconds for any one call; only a broken provider takes as long."""

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/smsagents/teli:SmsAgent::sales"


class Engine(engine_pb2_grpc.EngineServicer):
    """Keeps what a person would read."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.severities: set[int] = set()

    def Log(self, request: Any, _context: Any) -> Empty:  # noqa: N802 - the name of the RPC
        self.said.append(request.message)
        self.severities.add(request.severity)
        return Empty()


class FailedError(Exception):
    """What the engine would print after `error: `."""


class Process:
    """One provider process. Every answer is kept as bytes, for those who look for what may not be in it."""

    def __init__(self, channel: grpc.Channel, tag: str, engine: Engine) -> None:
        self.engine = engine
        self.answers: list[bytes] = []
        self.complaints: list[str] = []
        self.reference = reference(tag)
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)

    def configure(self, config: Mapping[str, Any]) -> None:
        self._call("Configure", provider_pb2.ConfigureRequest(args=_struct(config)))

    def check(self, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The inputs, and the failures as (property, reason)."""
        answer = self._call(
            "Check", provider_pb2.CheckRequest(urn=URN, olds=_struct(self._with(olds or {})), news=_struct(self._with(news)))
        )
        return _plain(answer.inputs), [(failure.property, failure.reason) for failure in answer.failures]

    def diff(self, id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
        request = provider_pb2.DiffRequest(id=id, urn=URN, olds=_struct(self._with(olds)), news=_struct(self._with(news)))
        return self._call("Diff", request)

    def create(self, props: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = self._call("Create", provider_pb2.CreateRequest(urn=URN, properties=_struct(self._with(props))))
        return answer.id, _plain(answer.properties)

    def read(self, id: str, state: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self._call("Read", provider_pb2.ReadRequest(id=id, urn=URN, properties=_struct(self._with(state))))
        return answer.id, _plain(answer.properties), _plain(answer.inputs)

    def look_up(self, id: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self._call("Read", provider_pb2.ReadRequest(id=id, urn=URN, inputs=_struct(self._with(inputs))))
        return answer.id, _plain(answer.properties), _plain(answer.inputs)

    def update(self, id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(id=id, urn=URN, olds=_struct(self._with(olds)), news=_struct(self._with(news)))
        return _plain(self._call("Update", request).properties)

    def delete(self, id: str, state: Mapping[str, Any]) -> None:
        self._call("Delete", provider_pb2.DeleteRequest(id=id, urn=URN, properties=_struct(self._with(state))))

    def _with(self, props: Mapping[str, Any]) -> dict[str, Any]:
        return {**props, "__provider": self.reference}

    def _call(self, method: str, request: Any) -> Any:
        try:
            answer = getattr(self._stub, method)(request, timeout=PATIENCE)
        except grpc.RpcError as error:
            self.answers.append(error.details().encode())
            raise FailedError(error.details()) from None
        self.answers.append(answer.SerializeToString())
        return answer


def _struct(values: Mapping[str, Any]) -> Struct:
    made = Struct()
    json_format.ParseDict(dict(values), made)
    return made


def _plain(values: Struct) -> dict[str, Any]:
    """Without the reference, which the SDK adds to every answer."""
    found: dict[str, Any] = json_format.MessageToDict(values)
    found.pop("__provider", None)
    return found


@contextmanager
def processes(tag: str, environ: Mapping[str, str], *, deaf: bool = False) -> Iterator[Process]:
    """A provider process of its own. Its environment has nothing of ours in it but `environ`; a deaf engine hears no log."""
    engine = Engine()
    server = grpc.server(ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    address = f"127.0.0.1:{1 if deaf else server.add_insecure_port('127.0.0.1:0')}"
    if not deaf:
        server.start()
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SMSAGENTS") and not name.endswith(("_API_KEY", "_BASE_URL"))
    }
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", address]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**clean, **environ})
    try:
        assert running.stdout is not None
        port = int(running.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            process = Process(channel, tag, engine)
            yield process
    finally:
        running.kill()
        output, complaints = running.communicate(timeout=PATIENCE)
        server.stop(None).wait()
    assert output == b""
    if deaf:
        process.complaints.append(complaints.decode())
    else:
        assert complaints == b"", complaints.decode()
