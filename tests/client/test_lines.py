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

import httpcore
import httpx
import pytest
from answering import BASE, CREATE, KEY, READ, failure

from pulumi_smsagents.client import Account, Call, Client, Limits, deadline, transport


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


def drips(before: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """A byte now and then, sooner than any single read gives up, for as long as the other side stays; at most 400."""

    def script(line: socket.socket) -> None:
        line.sendall(before)
        line.settimeout(0.02)
        for _ in range(400):
            try:
                line.recv(1)
            except TimeoutError:
                line.sendall(drop)
            except OSError:
                return
            else:
                return
        line.sendall(b"never left")

    return script


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


DRIPS = {
    "first line": (b"HT", b"T"),
    "headers": (b"HTTP/1.1 200 OK\r\nx-drip: ", b"a"),
    "body": (b'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"a": "', b"a"),
    "chunks": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.parametrize("place", DRIPS)
def test_an_answer_that_drips_ends_at_the_deadline_wherever_it_drips(place):
    """Each byte comes in time; all together would take 8 s, and the call may take 0.4."""
    with over_sockets(drips(*DRIPS[place]), limits=Limits(operation=0.4)) as here:
        error = failure(here.client, CREATE)
        assert error.may_have_arrived
        assert "in the 0.4 s that a call may take; it may have been carried out" in str(error)
        assert len(here.wire.heard) == 1


def test_every_use_of_the_line_gets_no_more_time_than_is_left():
    """Connecting, TLS, writing and reading; without a call around it, as long as it is given."""
    given = {}

    class Line(httpcore.NetworkStream):
        def read(self, max_bytes, timeout=None):
            given["read"] = timeout
            return b""

        def write(self, buffer, timeout=None):
            given["write"] = timeout

        def start_tls(self, ssl_context, server_hostname=None, timeout=None):
            given["tls"] = timeout
            return self

    def use(lines):
        line = lines.connect_tcp("vendor.example", 443, 5.0)
        secure = line.start_tls(None, "vendor.example", 5.0)
        secure.write(b"x", 30.0)
        secure.read(1, 30.0)
        return dict(given)

    lines = deadline.PunctualLines()
    lines._lines = SimpleNamespace(connect_tcp=lambda host, port, timeout, *more: given.update(tcp=timeout) or Line())
    assert use(lines) == {"tcp": 5, "tls": 5, "write": 30, "read": 30}
    with deadline.within(lambda: 2.0):
        assert use(lines) == {"tcp": 2, "tls": 2, "write": 2, "read": 2}
    with deadline.within(lambda: -1.0):
        assert all(0 < seconds < 0.01 for seconds in use(lines).values())
    assert use(lines) == {"tcp": 5, "tls": 5, "write": 30, "read": 30}


def test_a_connection_through_a_proxy_keeps_the_deadline_too(monkeypatch):
    """The proxy is there and says nothing."""
    with over_sockets(silent) as here:
        for name, value in (("https_proxy", here.wire.url), ("no_proxy", "")):
            monkeypatch.setenv(name, value)
            monkeypatch.setenv(name.upper(), value)
        made = transport.transport_for("https://vendor.invalid")
        assert isinstance(made._pool._network_backend, deadline.PunctualLines)
        made.close()
        client = Client(Account("teli", "https://vendor.invalid", {}), Limits(operation=0.2))
        assert "in the 0.2 s that a call may take" in str(failure(client, CREATE))
        client.close()


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
    names = ("", "httpcore", "httpx_retries")
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
    assert {"httpcore", "httpx_retries"} <= spoke
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
