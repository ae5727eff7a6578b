"""Over a real socket: cut connections, the command, and its end."""

from __future__ import annotations

import ast
import json
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
from pulumi_smsagents.emulator.__main__ import main

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


def test_a_hang_that_is_over_is_a_closed_connection(emulator: Emulator, agent: dict[str, Any]) -> None:
    with serve(emulator) as url, httpx.Client(base_url=f"{url}/teli", headers=HEADERS) as teli:
        emulator.faults.add("hang", seconds=0)
        with pytest.raises(httpx.RemoteProtocolError):
            teli.post("/v1/agents", json=agent)


@pytest.mark.parametrize("kind", ["slow", "slow_body", "big", "gzip_bomb"])
def test_odd_bodies_arrive_whole(emulator: Emulator, agent: dict[str, Any], kind: str) -> None:
    with serve(emulator) as url, httpx.Client(base_url=f"{url}/teli", headers=HEADERS) as teli:
        emulator.faults.add(kind, seconds=0.0001, megabytes=1)
        assert teli.post("/v1/agents", json=agent).json()["success"]


def test_a_request_body_may_come_in_pieces(emulator: Emulator, agent: dict[str, Any]) -> None:
    content = json.dumps({**agent, "prompt": "p" * 300_000}).encode()
    pieces = (content[start : start + 50_000] for start in range(0, len(content), 50_000))
    with serve(emulator) as url:
        assert httpx.post(f"{url}/teli/v1/agents", content=pieces, headers=HEADERS).status_code == 201
    assert len(emulator.objects("teli")[0].data["prompt"]) == 300_000


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


def test_a_taken_port_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--port", port]) == 1
    assert capsys.readouterr() == ("", f"emulator: 127.0.0.1:{port}: Address already in use\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "emulator.example"])
def test_only_loopback_is_served(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "--port", "0"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"emulator: cannot start: the emulator has no protection and binds loopback only, not {host}\n"


@pytest.mark.parametrize("content", ["not JSON", "[1]", '{"teli": {"items": []}}', '{"teli": 3}'])
def test_a_data_file_of_somebody_else_is_one_line(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And it is left alone."""
    data = tmp_path / "data.json"
    data.write_text(content, "utf-8")
    assert main(["--port", "0", "--data", str(data)]) == 1
    assert capsys.readouterr() == ("", f"emulator: cannot start: {data} was not written by the emulator\n")
    assert data.read_text("utf-8") == content


def test_a_data_file_in_no_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Found out at the start, not at the first change."""
    data = tmp_path / "nowhere" / "data.json"
    assert main(["--port", "0", "--data", str(data)]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert "nowhere" in err


def test_the_emulator_imports_none_of_our_code() -> None:
    """It comes from the vendors' pages alone."""
    allowed = {*sys.stdlib_module_names, "starlette", "uvicorn", "jinja2", "pystache", "smsutil"}
    for path in Path(emulator_package.__file__).parent.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed, path.name
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or (node.level == 0 and str(node.module).split(".")[0] in allowed), path.name
