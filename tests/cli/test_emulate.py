"""`smsagents emulate`, as a person starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi_smsagents.emulator import VENDORS

COMMAND = [sys.executable, "-c", "from pulumi_smsagents.cli import main; main()"]


def test_it_serves_every_vendor_until_it_is_interrupted(tmp_path):
    """The first line says where; Ctrl-C ends it without a traceback."""
    with started("--port", "0", "--data", str(tmp_path / "data.json")) as process:
        ready = process.stdout.readline()
        assert ready.startswith("emulator ready: http://127.0.0.1:")
        url = ready.removeprefix("emulator ready: ").strip()
        page = urllib.request.urlopen(url, timeout=30).read().decode()
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=30)
    assert all(title in page for title in ("Teli", "ContactSwing", "Fluents", "Bland", "ClearTalk"))
    assert (process.returncode, rest) == (0, "")
    assert said == (
        f"Point a stack at it, with any key: pulumi config set smsagents:teliBaseUrl {url}teli\n"
        "Likewise: contactswing, fluents, cleartalk, bland. Ctrl-C ends it.\n"
    )


def test_its_addresses_can_be_had_as_json():
    with started("--port", "0", "--json") as process:
        lines = iter(process.stdout.readline, "}\n")
        told = json.loads("".join(lines) + "}")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert set(told["vendors"]) == {vendor.name for vendor in VENDORS}
    assert all(address == f"{told['url']}{name}" for name, address in told["vendors"].items())


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([*COMMAND, "emulate", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()  # or a failure above would wait for it for ever


def test_a_port_that_is_taken_is_one_line(smsagents, vendors):
    """With the way out."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = smsagents("emulate", "--port", str(port))
    assert (ended.code, ended.out) == (1, "")
    assert ended.said == f"error: --port {port}: Address already in use; give another, or 0 for a free one\n"


def test_a_data_file_of_something_else_is_left_alone(smsagents, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    ended = smsagents("emulate", "--port", "0", "--data", str(path))
    assert (ended.code, ended.said) == (1, f"error: --data: {path} was not written by the emulator\n")
    assert path.read_text() == "mine"


def test_without_the_extra_it_says_what_to_install():
    """One line, and no traceback."""
    hidden = "import sys; sys.modules['starlette'] = None; " + COMMAND[-1]
    done = subprocess.run([sys.executable, "-c", hidden, "emulate"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: the emulator needs starlette; install pulumi-smsagents with its extra: emulator\n"


def test_its_help_names_the_command():
    """And what to type next."""
    done = subprocess.run([*COMMAND, "emulate", "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert "pulumi config set smsagents:teliBaseUrl" in " ".join(done.stdout.split())
