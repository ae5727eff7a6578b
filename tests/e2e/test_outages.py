"""A refresh that cannot tell says so and leaves the state as it is: nobody is declared gone by an outage."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

from e2e.engine import Run, Stack
from e2e.programs.teli import CASE

from pulumi_smsagents.emulator import Fault

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "key": {"kind": "status", "status": 401, "body": {"success": False, "error": "Invalid API key"}},
    "server": {"kind": "status", "status": 500, "body": {"success": False, "error": "Internal error"}},
    "page": {"kind": "html"},
    "silence": {"kind": "hang"},
}
SAID: Mapping[str, tuple[str, ...]] = {
    "key": ("401: Invalid API key", "SMSAGENTS_TELI_API_KEY"),
    "server": ("50",),  # its own 500 leaves doubt, so the list is asked, which is out of order too
    "page": ("an HTML page", "Check the base URL"),
    "silence": ("no answer from 127.0.0.1", "within 0.3 s"),
}
QUICK = {"SMSAGENTS_ATTEMPTS": "1", "SMSAGENTS_REQUEST_TIMEOUT": "0.3"}


def test_a_refresh_that_cannot_tell_changes_nothing(stack: Stack) -> None:
    stack.program(dict.fromkeys(FAULTS, (CASE.type, CASE.fields)))
    stack.up().ok()
    before = kept(stack)
    faults = stack.emulator.faults

    faults.add("status", operation="list", status=503, times=None)
    for name, fault in FAULTS.items():
        faults.add(Fault(**fault, operation="get", where={"agent_id": stack.id(name)}, times=None))
    run = stack.refresh(**QUICK)
    for name, said in one_line_each(run).items():
        assert all(words in said for words in SAID[name]), said
    assert kept(stack) == before

    # A base URL that leads elsewhere: everything is "not found" there, in JSON or as a page.
    faults.clear()
    faults.add("html", where={"agent_id": stack.id("page")}, status=404, times=None)
    faults.add("status", status=404, body={"detail": "Not Found"}, times=None)
    run = stack.refresh(**QUICK)
    assert all("404" in said for said in one_line_each(run).values())
    assert kept(stack) == before

    faults.clear()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and not listening
        run = stack.refresh(SMSAGENTS_TELI_BASE_URL=f"http://127.0.0.1:{closed.getsockname()[1]}/teli", **QUICK)
    assert all("no connection to 127.0.0.1" in said for said in one_line_each(run).values())
    assert kept(stack) == before

    # And when all is well again, all is as it was.
    assert stack.refresh("--expect-no-changes").ok().ops == {}


def kept(stack: Stack) -> dict[str, Any]:
    """What our provider has to say of each resource; the engine itself drops its notes of dependencies in a refresh."""
    return {name: (each["id"], each["inputs"], each["outputs"]) for name, each in stack.resources().items()}


def one_line_each(run: Run) -> dict[str, str]:
    """The error of each resource. The engine may stop before it has asked for all of them."""
    run.failed()
    assert run.errors_by_name, run.report()
    for name, (said, *more) in run.errors_by_name.items():
        assert more == [], run.report()
        assert "\n" not in said
        assert said.startswith("smsagents: teli: GET /v1/agents"), name
    return {name: said for name, (said,) in run.errors_by_name.items()}
