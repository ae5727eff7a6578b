"""Over sockets: faults of the line, many threads, logs and proxies."""

from __future__ import annotations

import base64
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import quote, quote_plus

import httpx
import pytest
from answering import BASE, CREATE, KEY, READ, failure

from pulumi_smsagents.client import Account, Call, Client, Limits


class Wire:
    """A server that says scripted bytes: a list of answers by connection, the last for all that follow."""

    def __init__(self, *scripts: Callable[[socket.socket], None]) -> None:
        self.scripts = list(scripts)
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
            with line:
                self.heard.append(_request(line))
                script(line)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


def _request(line: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += line.recv(65_536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body


def says(content: bytes) -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(content)


def resets(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def closes(_line: socket.socket) -> None:
    pass


def silent(line: socket.socket) -> None:
    line.recv(1)  # until the other side leaves


def streams(line: socket.socket) -> None:
    try:
        line.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            line.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
    except OSError:
        return


OK = b'HTTP/1.1 200 OK\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{"a": 1}'


@contextmanager
def over_sockets(*scripts, limits=None):
    wire = Wire(*scripts)
    pauses: list[float] = []
    client = Client(Account("teli", wire.url, {"x-api-key": KEY}, (KEY,)), limits, sleep=pauses.append)
    try:
        yield SimpleNamespace(client=client, wire=wire, pauses=pauses)
    finally:
        client.close()
        wire.close()


LINES = {
    "reset": (resets, (4, 1)),
    "closed": (closes, (4, 1)),
    "cut headers": (says(b"HTTP/1.1 200 OK\r\ncontent-le"), (4, 1)),
    "cut body": (says(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a'), (4, 1)),
    "cut chunk": (says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}"), (4, 1)),
    "silent": (silent, (4, 1)),
    "not HTTP": (says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), (4, 1)),
    "endless": (streams, (1, 1)),
    "500": (says(b"HTTP/1.1 500 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "502": (says(b"HTTP/1.1 502 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "503": (says(b"HTTP/1.1 503 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "504": (says(b"HTTP/1.1 504 no\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), (4, 1)),
    "429": (says(b"HTTP/1.1 429 no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"), (4, 4)),
    "redirect": (says(b"HTTP/1.1 307 no\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"), (1, 1)),
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("call", [READ, CREATE], ids=["GET", "POST"])
def test_a_create_goes_over_the_line_once_when_it_may_have_arrived(line, call):
    script, times = LINES[line]
    with over_sockets(script, limits=Limits(read=0.1)) as here:
        failure(here.client, call)
        assert len(here.wire.heard) == times[call is CREATE]
        assert all(heard.startswith(f"{call.method} /v1/agents HTTP/1.1\r\n".encode()) for heard in here.wire.heard)


def test_a_refused_connection_is_tried_again_and_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pauses: list[float] = []
    client = Client(Account("teli", f"http://127.0.0.1:{port}", {}), sleep=pauses.append)
    error = failure(client, CREATE)
    client.close()
    assert len(pauses) == 3
    assert f"no connection to 127.0.0.1:{port}" in str(error)
    assert not error.may_have_arrived


def test_a_fault_on_the_line_is_got_over():
    with over_sockets(resets, closes, says(OK)) as here:
        assert here.client.send(READ).body == {"a": 1}
        assert len(here.wire.heard) == 3


# ---- threads ----


def test_many_threads_share_one_client():
    """Each gets its own answer, and the faults of one are not another's."""
    line = threading.Barrier(32)

    class Echo(httpx.BaseTransport):
        def __init__(self) -> None:
            self.seen: dict[str, int] = {}
            self.lock = threading.Lock()

        def handle_request(self, request):
            name = request.url.path.rpartition("/")[2]
            with self.lock:
                self.seen[name] = self.seen.get(name, 0) + 1
                first = self.seen[name] == 1
            if first:
                raise httpx.ConnectError("refused")
            return httpx.Response(200, json={"name": name})

    echo = Echo()
    client = Client(Account("teli", BASE, {"x-api-key": KEY}, (KEY,)), transport=echo, sleep=lambda _seconds: None)
    answers: dict[int, list[object]] = {}

    def work(number: int) -> None:
        line.wait()
        answers[number] = [client.send(Call("POST", f"/{number}-{i}")).object()["name"] for i in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert answers == {number: [f"{number}-{i}" for i in range(20)] for number in range(32)}
    assert set(echo.seen.values()) == {2}


# ---- logs ----


def test_no_log_line_holds_the_key_in_any_form(caplog):
    """At DEBUG, over a real connection, with a vendor that repeats the key in headers and body."""
    encoded = base64.b64encode(KEY.encode()).decode()
    echo = (
        f"HTTP/1.1 429 Slow\r\nx-echo: {KEY}\r\nx-b64: {encoded}\r\nx-url: {quote(KEY, safe='')}\r\nretry-after: {KEY}\r\n"
        f"set-cookie: k={quote_plus(KEY)}\r\nconnection: close\r\ncontent-length: {len(KEY)}\r\n\r\n{KEY}"
    ).encode()
    names = ("", "httpx", "httpcore", "httpx_retries")
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.DEBUG)
        with over_sockets(says(echo), limits=Limits(requests_per_second=1000)) as here:
            failure(here.client, Call("POST", f"/v1/agents/{quote(KEY, safe='')}", query={"key": KEY}, body={"key": KEY}))
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    spoke = {record.name.split(".")[0] for record in caplog.records}
    assert {"httpx", "httpcore", "httpx_retries"} <= spoke
    text = "\n".join(record.getMessage() for record in caplog.records) + caplog.text
    for form in (KEY, encoded, encoded.rstrip("="), quote(KEY, safe=""), quote_plus(KEY), KEY[:10], KEY[-10:]):
        assert form not in text


# ---- proxies ----


@pytest.mark.parametrize(
    ("environ", "base", "through"),
    [
        ({}, BASE, None),
        ({"https_proxy": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"all_proxy": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"https_proxy": "http://a.example", "all_proxy": "http://b.example"}, BASE, "http://a.example"),
        ({"https_proxy": "http://proxy.example", "no_proxy": "vendor.example"}, BASE, None),
        ({"https_proxy": "http://proxy.example", "no_proxy": ".example"}, BASE, None),
        ({"https_proxy": "http://proxy.example", "no_proxy": "*"}, BASE, None),
        ({"https_proxy": "http://proxy.example", "no_proxy": "other.example"}, BASE, "http://proxy.example"),
        ({"http_proxy": "http://proxy.example"}, BASE, None),
        ({"http_proxy": "http://proxy.example", "all_proxy": "http://proxy.example"}, "http://127.0.0.1:8790/teli", None),
        ({"http_proxy": "http://proxy.example"}, "http://localhost", None),
    ],
    ids=str,
)
def test_the_proxy_of_the_environment_is_used_and_never_reads_a_key(monkeypatch, environ, base, through):
    """Through a proxy, https stays closed; http, which is for loopback, would not."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    made, real = [], httpx.HTTPTransport
    monkeypatch.setattr(httpx, "HTTPTransport", lambda **options: made.append(options["proxy"]) or real(**options))
    client = Client(Account("teli", base, {}))
    client.close()
    assert made == [through]


def test_a_proxy_is_asked_for_a_tunnel_and_sees_no_key(monkeypatch):
    """Runners often reach the internet through one only."""
    with over_sockets(says(b"HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")) as here:
        address = here.client.account.base_url.replace("http://", "http://user:canary-password@")
        for name, value in (("https_proxy", address), ("no_proxy", "")):
            monkeypatch.setenv(name, value)
            monkeypatch.setenv(name.upper(), value)
        client = Client(Account("teli", "https://vendor.invalid", {"x-api-key": KEY}, (KEY,)))
        error = failure(client, READ)
        client.close()
        assert [heard.splitlines()[0] for heard in here.wire.heard] == [b"CONNECT vendor.invalid:443 HTTP/1.1"]
        assert KEY.encode() not in here.wire.heard[0]
        assert "407" in str(error)
        assert "canary-password" not in str(error)
