"""Servers that keep a team's state, on loopback: one that speaks S3, and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from moto.server import ThreadedMotoServer

from tools import postgres

BUCKET = "team-state"
USER = "pulumi"
PASSWORD = "pg-e2e-Zx81qLmC0ffee"
"""No output may hold it."""

Server = tuple[dict[str, str], dict[str, str]]
"""What stands for the `<…>` in the address that docs/state-backends.md shows, and variables for the CLI."""


@contextmanager
def s3() -> Iterator[Server]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        httpx.put(f"http://{host}:{port}/{BUCKET}").raise_for_status()
        keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"}
        yield {"https://<server>": f"http://{host}:{port}", "<bucket>": BUCKET}, keys
    finally:
        server.stop()


@contextmanager
def postgresql() -> Iterator[Server]:
    """In a folder of its own, and as nobody in particular: it refuses to run as root."""
    programs = postgres.existing()
    if programs is None:
        raise FileNotFoundError("these tests need PostgreSQL; get it, and run every check, with: python3 dev.py test")
    folder = Path(tempfile.mkdtemp(prefix="smsagents-postgres-"))
    data, port = folder / "data", _free_port()
    try:
        password = folder / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (folder, password):
                shutil.chown(path, "nobody", _group_of("nobody"))
        access = ["--username", USER, "--pwfile", password, "--auth", "scram-sha-256"]
        _as_nobody(folder, programs / "initdb", "--pgdata", data, *access, "--no-sync", "--locale", "C", "--encoding", "UTF8")
        options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
        # The server keeps what it is given for its output: a pipe would not end while it runs.
        log = ["--log", folder / "log"]
        _as_nobody(folder, programs / "pg_ctl", "--pgdata", data, *log, "--wait", "-o", options, "start")
        try:
            place = {"<user>": USER, "<server>": f"127.0.0.1:{port}", "<database>": "postgres"}
            yield {**place, "sslmode=require": "sslmode=disable"}, {"PGPASSWORD": PASSWORD}
        finally:
            _as_nobody(folder, programs / "pg_ctl", "--pgdata", data, "--wait", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _as_nobody(folder: Path, *command: str | Path) -> None:
    other: Mapping[str, str] = {"user": "nobody", "group": _group_of("nobody")} if os.geteuid() == 0 else {}
    done = subprocess.run(
        command, cwd=folder, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **other
    )
    log = folder / "log"
    assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
