"""Lines for the person in front of `pulumi`, from the provider process.

`pulumi.log` only prints there (pulumi/pulumi#20409), so this calls the engine's own Log service. There is no URN in a
dynamic provider: the text has to name the resource.
"""

from __future__ import annotations

import sys
import threading
from functools import cache
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_said: set[str] = set()
_lock = threading.Lock()


def warn(message: str) -> None:
    """Say it once in this process: the engine asks for a diff twice in one run."""
    with _lock:
        if message in _said:
            return
        _said.add(message)
    engine = _engine()
    if engine is None:
        print(f"warning: {message}", file=sys.stderr, flush=True)  # noqa: T201
        return
    try:
        engine.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message), timeout=5)
    except grpc.RpcError:
        print(f"warning: {message}", file=sys.stderr, flush=True)  # noqa: T201


@cache
def _engine() -> Any | None:
    """The engine's service; its address is the last argument of the provider process."""
    address = sys.argv[-1]
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return None
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
