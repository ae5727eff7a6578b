"""Runs of the real Pulumi that are killed at a chosen point of a create."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from e2e.engine import PATIENCE, Run, Running, Stack

from pulumi_smsagents.emulator.faults import Fault
from pulumi_smsagents.emulator.wire import Request

STOPS = Path(__file__).with_name("stops")

POINTS = {
    "begun": "the journal has its line, nothing is sent",
    "sent": "the vendor has the request and has done nothing",
    "carried-out": "the vendor has done it and not answered",
    "replied": "the provider has the answer, the journal not yet",
    "recorded": "the provider has finished, Pulumi's state has nothing",
}
PATIENT = {"SMSAGENTS_REQUEST_TIMEOUT": "300", "SMSAGENTS_OPERATION_TIMEOUT": "300"}
"""The one that is first at the point waits for the others."""
AT_THE_VENDOR = {"sent": "before", "carried-out": "after"}


def killed(stack: Stack, point: str, creates: Mapping[str, str]) -> Run:
    """`pulumi up`, killed when all of these creates have come to the point: ``{"sales": "teli.create"}``."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if point in AT_THE_VENDOR:
            for operation in creates.values():
                stack.emulator.faults.add(Held("hang", operation=operation, when=AT_THE_VENDOR[point], port=port))
        where = f"{point} {port} {','.join(creates)}"
        run = stack.start("up", "--yes", "--skip-preview", **PATIENT, PYTHONPATH=str(STOPS), STOP=where)
        held = [arrival(run, server) for _ in creates]
        ended = run.kill()
    for line in held:
        line.close()
    return ended


def killed_at(stack: Stack, operation: str, nth: int, when: str, **env: str) -> Run:
    """`pulumi up`, killed at its n-th call of this kind, whatever else is under way."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stack.emulator.faults.add(Held("hang", operation=operation, when=when, nth=nth, port=server.getsockname()[1]))
        run = stack.start("up", "--yes", "--skip-preview", **env)
        arrival(run, server).close()
        return run.kill()


def arrival(run: Running, server: socket.socket) -> socket.socket:
    """What has come to the point; a run that ends without is told at once. What the run says meanwhile is read, or it would
    stand still once nothing more fits into the pipe."""
    ending = os.pidfd_open(run.process.pid)
    assert run.process.stdout is not None
    said, ready = run.process.stdout.fileno(), []
    while server not in ready and ending not in ready:
        ready, _, _ = select.select([server, ending, said], [], [], PATIENCE)
        assert ready, f"nothing happens: {run.read.decode()[-2000:]}"
        run.read += os.read(said, 65536) if said in ready else b""
    os.close(ending)
    assert server in ready, run.end().report()
    return server.accept()[0]


@dataclass(slots=True)
class Held(Fault):
    """A fault that tells at a port of the test when it strikes."""

    port: int = 0

    def strikes(self, vendor: str, operation: str, request: Request) -> bool:
        struck = Fault.strikes(self, vendor, operation, request)
        if struck:
            socket.create_connection(("127.0.0.1", self.port)).close()
        return struck
