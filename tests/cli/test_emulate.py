"""`smsagents emulate`, as a person starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request

COMMAND = [sys.executable, "-c", "from pulumi_smsagents.cli import main; main()"]


def test_it_serves_every_vendor_until_it_is_interrupted(tmp_path):
    """The first line says where; Ctrl-C ends it without a traceback."""
    command = [*COMMAND, "emulate", "--port", "0", "--data", str(tmp_path / "data.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            ready = process.stdout.readline()
            assert ready.startswith("emulator ready: http://127.0.0.1:")
            page = urllib.request.urlopen(ready.removeprefix("emulator ready: ").strip(), timeout=30).read().decode()
            process.send_signal(signal.SIGINT)
            rest, said = process.communicate(timeout=30)
        finally:
            process.kill()  # or a failure above would wait for it for ever
    assert all(title in page for title in ("Teli", "ContactSwing", "Fluents", "Bland", "ClearTalk"))
    assert (rest, "Traceback" in said) == ("", False)


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
    assert "pulumi config set" in done.stdout
