"""Our language host, driven as the engine drives it, with a runner that does as its program's name says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2 as pb
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

TOOLS = Path(__file__).resolve().parents[2] / "tools"
RUNNER = """
import json, os, signal, sys
program = sys.argv[-1]
if program == "wait":
    with open("started", "w") as pipe:  # whoever reads the pipe knows that this runs
        pipe.write("yes")
    signal.pause()
elif program == "report":
    with open("report.json", "w") as file:
        settings = {name: value for name, value in os.environ.items() if name.startswith("PULUMI_CONFIG")}
        json.dump({"python": sys.executable, "arguments": sys.argv[1:], "settings": settings}, file)
else:
    sys.exit(int(program))
"""


class Engine:
    """The engine's end: the host's process, and a stub to call it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("language_host.py", "pulumi-language-python"):
            shutil.copy(TOOLS / name, folder)
        (folder / "pulumi-language-python-exec").write_text(RUNNER)
        os.mkfifo(folder / "started")
        self.host = subprocess.Popen(
            [folder / "pulumi-language-python", "127.0.0.1:1"],
            cwd=folder,
            env={**os.environ, "PULUMI_PYTHON_CMD": sys.executable},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.host.stdout is not None
        self.output = self.host.stdout
        self.channel = grpc.insecure_channel(f"127.0.0.1:{int(self.output.readline())}")
        self.stub: Any = LanguageRuntimeStub(self.channel)

    def request(self, program: str, **options: str) -> pb.RunRequest:
        info = pb.ProgramInfo(root_directory=str(self.folder), program_directory=str(self.folder), entry_point=program)
        info.options.update(options)
        return pb.RunRequest(
            project="demo",
            stack="dev",
            organization="organization",
            pwd=str(self.folder),
            monitor_address="127.0.0.1:2",
            parallel=8,
            dryRun=True,
            config={"smsagents:teliApiKey": "k"},
            configSecretKeys=["smsagents:teliApiKey"],
            info=info,
        )

    def run(self, program: str, **options: str) -> Any:
        return self.stub.Run(self.request(program, **options))

    def run_until_started(self) -> Any:
        """A Run under way: returns once its program runs."""
        call = self.stub.Run.future(self.request("wait"))
        assert (self.folder / "started").read_text() == "yes"
        return call

    def close(self) -> None:
        self.channel.close()
        self.host.terminate()  # which ends what it runs, too
        self.host.wait()
        self.output.close()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One host for the tests that leave it as it was."""
    engine = Engine(tmp_path_factory.mktemp("host"))
    yield engine
    engine.close()


@pytest.fixture
def own_engine(tmp_path: Path) -> Iterator[Engine]:
    """A host that the test ends."""
    engine = Engine(tmp_path)
    yield engine
    engine.close()


def test_a_program_that_succeeds(engine: Engine) -> None:
    response = engine.run("0")
    assert (response.error, response.bail) == ("", False)


def test_a_program_that_has_told_its_user_bails(engine: Engine) -> None:
    response = engine.run("32")
    assert (response.error, response.bail) == ("", True)


def test_a_program_that_fails_is_an_error(engine: Engine) -> None:
    response = engine.run("3")
    assert (response.error, response.bail) == ("the program ended with exit code 3", False)


def test_the_runner_gets_everything_it_asks_for(engine: Engine) -> None:
    engine.run("report")
    report = json.loads((engine.folder / "report.json").read_text())
    words = report["arguments"]
    assert dict(zip(words[:-1:2], words[1::2], strict=True)) == {
        "--monitor": "127.0.0.1:2",
        "--engine": "127.0.0.1:1",
        "--project": "demo",
        "--root_directory": str(engine.folder),
        "--pwd": str(engine.folder),
        "--stack": "dev",
        "--organization": "organization",
        "--parallel": "8",
        "--dry_run": "true",
    }
    assert json.loads(report["settings"]["PULUMI_CONFIG"]) == {"smsagents:teliApiKey": "k"}
    assert json.loads(report["settings"]["PULUMI_CONFIG_SECRET_KEYS"]) == ["smsagents:teliApiKey"]


def test_the_option_virtualenv_is_relative_to_the_project(engine: Engine) -> None:
    """And wins over PULUMI_PYTHON_CMD, as in Pulumi's own host."""
    marker = engine.folder / "ran"
    python = engine.folder / "its" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\ntouch "{marker}"\n')
    python.chmod(0o755)
    engine.run("0", virtualenv="its/venv")
    assert marker.exists()


def test_a_virtualenv_that_is_not_there_is_named(engine: Engine) -> None:
    response = engine.run("0", virtualenv="nowhere")
    assert str(engine.folder / "nowhere" / "bin" / "python") in response.error
    assert "is the virtualenv there?" in response.error


def _plugin(engine: Engine, kind: str, virtualenv: str = "") -> list[Any]:
    info = pb.ProgramInfo(root_directory=str(engine.folder), program_directory=str(engine.folder / "pack"), entry_point=".")
    info.options.update({"virtualenv": virtualenv})
    request = pb.RunPluginRequest(kind=kind, info=info, args=["127.0.0.1:1"], env=[f"PATH={os.environ['PATH']}", "WORD=a=b"])
    return list(engine.stub.RunPlugin(request))


def test_a_policy_pack_runs_under_its_own_python_and_says_where_it_listens(engine: Engine) -> None:
    python = engine.folder / "pack" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho 4321\necho "$PWD $WORD $*"\nexit 7\n')
    python.chmod(0o755)
    *lines, end = _plugin(engine, "analyzer", "pack/venv")
    folder = engine.folder / "pack"
    assert [line.stdout.decode() for line in lines] == ["4321\n", f"{folder} a=b -u -m pulumi.policy 127.0.0.1:1 {folder}\n"]
    assert end.exitcode == 7


def test_a_policy_pack_without_its_virtualenv_is_refused_by_name(engine: Engine) -> None:
    (engine.folder / "pack").mkdir(exist_ok=True)
    with pytest.raises(grpc.RpcError, match=r"nowhere/bin/python.*is the virtualenv there"):
        _plugin(engine, "analyzer", "nowhere")


def test_other_plugins_are_refused(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="not plugins of the kind resource"):
        _plugin(engine, "resource")


def test_cancel_ends_the_program(own_engine: Engine) -> None:
    call = own_engine.run_until_started()
    own_engine.stub.Cancel(Empty())
    assert call.result().error == f"the program ended with exit code {-signal.SIGTERM}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_and_the_host(own_engine: Engine, number: signal.Signals) -> None:
    """The engine sends SIGINT at the end of every command, and waits five seconds for one that ignores it."""
    own_engine.run_until_started()
    own_engine.host.send_signal(number)
    own_engine.output.read()  # to the end of a pipe that the program holds too
    assert own_engine.host.wait() == 0
