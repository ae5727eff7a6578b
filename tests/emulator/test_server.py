"""Over a real socket: cut connections, the command, and its end."""

from __future__ import annotations

import ast
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents import emulator as emulator_package
from pulumi_smsagents.emulator import Emulator, serve

HEADERS = {"X-API-Key": "k"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reset_is_a_real_one(emulator: Emulator, agent: dict[str, Any], when: str) -> None:
    with serve(emulator) as url, httpx.Client(base_url=f"{url}/teli", headers=HEADERS) as teli:
        emulator.faults.add("reset", when=when)
        with pytest.raises(httpx.ReadError, match="reset"):
            teli.post("/v1/agents", json=agent)
        assert len(emulator.objects("teli")) == (when == "after")
        assert teli.post("/v1/agents", json=agent).status_code == 201


@pytest.mark.parametrize(("kind", "message"), [("close", "disconnected"), ("truncated", "incomplete|without sending complete")])
def test_a_closed_connection(emulator: Emulator, agent: dict[str, Any], kind: str, message: str) -> None:
    with serve(emulator) as url, httpx.Client(base_url=f"{url}/teli", headers=HEADERS) as teli:
        emulator.faults.add(kind)
        with pytest.raises(httpx.RemoteProtocolError, match=message):
            teli.post("/v1/agents", json=agent)


def test_a_hanging_call_neither_holds_up_others_nor_the_end(emulator: Emulator, agent: dict[str, Any]) -> None:
    with ThreadPoolExecutor(1) as pool:
        with serve(emulator) as url, httpx.Client(base_url=f"{url}/teli", headers=HEADERS, timeout=None) as teli:
            emulator.faults.add("hang", operation="create")
            hanging = pool.submit(teli.post, "/v1/agents", json=agent)
            while not emulator.faults.all()[0].struck:
                assert teli.get("/v1/organizations").status_code == 200
        with pytest.raises(httpx.TransportError):
            hanging.result()
    assert emulator.objects("teli") == []


def test_an_endless_body_ends_when_the_caller_has_enough(emulator: Emulator, agent: dict[str, Any]) -> None:
    with serve(emulator) as url, httpx.Client(base_url=f"{url}/teli", headers=HEADERS) as teli:
        emulator.faults.add("endless")
        with teli.stream("POST", "/v1/agents", json=agent) as answer:
            taken = 0
            for piece in answer.iter_bytes():
                taken += len(piece)
                if taken > 1_000_000:
                    break
        assert teli.get("/v1/organizations").status_code == 200


def test_many_threads_at_once_lose_nothing(emulator: Emulator, agent: dict[str, Any]) -> None:
    """In process, where each thread runs its own call."""
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/teli", headers=HEADERS) as teli:

        def make(number: int) -> str:
            return str(teli.post("/v1/agents", json={**agent, "agent_name": str(number)}).json()["agent_id"])

        with ThreadPoolExecutor(16) as pool:
            ids = list(pool.map(make, range(200)))
    assert len(set(ids)) == len(emulator.objects("teli")) == emulator.calls.counts["teli.create"] == 200
    for item in emulator.objects("teli"):
        assert [change.action for change in item.history] == ["created"]


COMMAND = [sys.executable, "-m", "pulumi_smsagents.emulator"]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("emulator ready: http://127.0.0.1:"), line
        yield process, line.removeprefix("emulator ready: ").strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped(tmp_path: Path, agent: dict[str, Any], how: signal.Signals) -> None:
    data = tmp_path / "data.json"
    with running("--port", "0", "--data", str(data)) as (process, url):
        assert httpx.post(f"{url}teli/v1/agents", json=agent, headers=HEADERS).status_code == 201
        with httpx.stream("GET", f"{url}_emulator/events"):
            process.send_signal(how)
            out, err = process.communicate()
        assert (out, err) == ("", "")
        assert process.returncode in (0, -how)
    assert len(Emulator(data).objects("teli")) == 1


def test_a_taken_port_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"emulator: 127.0.0.1:{port}: Address already in use\n"


def test_only_loopback_is_served() -> None:
    done = subprocess.run([*COMMAND, "--host", "0.0.0.0", "--port", "0"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "loopback only" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_data_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text("not JSON", "utf-8")
    done = subprocess.run([*COMMAND, "--port", "0", "--data", str(data)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "data.json" in done.stderr


def test_the_emulator_imports_none_of_our_code() -> None:
    """It comes from the vendors' pages alone."""
    allowed = {*sys.stdlib_module_names, "starlette", "uvicorn", "jinja2"}
    for path in Path(emulator_package.__file__).parent.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed, path.name
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or (node.level == 0 and str(node.module).split(".")[0] in allowed), path.name
