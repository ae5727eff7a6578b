"""A small language host: the program that Pulumi's engine starts to run Python programs, and policy packs in Python.

Only for computers that have no Pulumi: its own host comes with every release, but is not among the published Go modules that
`pulumi_build.py` compiles. Copied beside the built CLI, so it must not import its neighbours in `tools`.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Lock
from types import ModuleType

# The host starts programs from threads of a gRPC server, which gRPC's own fork handlers would warn about.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# The SDK's messages without its code, whose import takes as long as all the rest: the engine starts a host twice for each command.
for _package in ("pulumi", "pulumi.runtime"):
    _found = find_spec(_package)
    if _found is not None:
        sys.modules[_package] = ModuleType(_package)
        sys.modules[_package].__path__ = list(_found.submodule_search_locations or ())

import grpc  # noqa: E402
from google.protobuf.empty_pb2 import Empty  # noqa: E402
from pulumi.runtime.proto import language_pb2 as pb  # noqa: E402
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer, add_LanguageRuntimeServicer_to_server  # noqa: E402
from pulumi.runtime.proto.plugin_pb2 import PluginInfo  # noqa: E402

RUNNER = Path(__file__).resolve().with_name("pulumi-language-python-exec")
BAIL = 32  # the runner's exit code once it has told the user what went wrong


class Host(LanguageRuntimeServicer):
    """Runs programs, and ends those that are still running when the engine gives up."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._running: set[subprocess.Popen[bytes]] = set()
        self._cancelled = False
        self._lock = Lock()

    def Handshake(self, request: pb.LanguageHandshakeRequest, _: grpc.ServicerContext) -> pb.LanguageHandshakeResponse:
        return pb.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, _: grpc.ServicerContext) -> PluginInfo:
        return PluginInfo(version="0.1.0")

    def GetRequiredPackages(self, request: pb.GetRequiredPackagesRequest, _: grpc.ServicerContext) -> pb.GetRequiredPackagesResponse:
        # Dynamic providers need no plugin; one that is missing makes the engine say so when it is first used.
        return pb.GetRequiredPackagesResponse()

    def About(self, request: pb.AboutRequest, _: grpc.ServicerContext) -> pb.AboutResponse:
        return pb.AboutResponse(executable=sys.executable, version=platform.python_version())

    def Run(self, request: pb.RunRequest, context: grpc.ServicerContext) -> pb.RunResponse:
        python = interpreter(request.info)
        try:
            program = self._start(python, request)
        except OSError as error:
            return pb.RunResponse(error=_not_started(python, error))
        context.add_callback(program.terminate)  # no effect on a program that has ended
        code = self._end_of(program)
        if code in {0, BAIL}:
            return pb.RunResponse(bail=code == BAIL)
        return pb.RunResponse(error=f"the program ended with exit code {code}")

    def RunPlugin(self, request: pb.RunPluginRequest, context: grpc.ServicerContext) -> Iterator[pb.RunPluginResponse]:
        """A policy pack, which is a program too: the first line that it prints is where it listens."""
        if request.kind != "analyzer":
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED, f"this host runs programs and policy packs; not plugins of the kind {request.kind}"
            )
        python, folder = interpreter(request.info), request.info.program_directory
        words = [python, "-u", "-m", "pulumi.policy", *request.args, folder]
        env = dict(entry.split("=", 1) for entry in request.env)
        try:
            pack = self._begin(words, cwd=folder, env=env, stdout=subprocess.PIPE)
        except OSError as error:
            context.abort(grpc.StatusCode.UNKNOWN, _not_started(python, error))
            return  # it has raised
        context.add_callback(pack.terminate)
        assert pack.stdout is not None
        with pack.stdout:
            for line in pack.stdout:
                yield pb.RunPluginResponse(stdout=line)
        yield pb.RunPluginResponse(exitcode=self._end_of(pack))

    def Cancel(self, request: Empty, _: grpc.ServicerContext) -> Empty:
        self.stop()
        return Empty()

    def stop(self) -> None:
        """End every program: one whose resources failed would otherwise wait for them for ever."""
        with self._lock:
            self._cancelled = True
            for program in self._running:
                program.terminate()

    def _start(self, python: str, request: pb.RunRequest) -> subprocess.Popen[bytes]:
        settings = {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        # Output goes where the host's own goes: the engine shows it.
        return self._begin(command(python, self._engine, request), cwd=request.pwd, env={**os.environ, **settings}, stdout=None)

    def _begin(self, words: list[str], *, cwd: str, env: dict[str, str], stdout: int | None) -> subprocess.Popen[bytes]:
        with self._lock:  # a Cancel finds the program either running or never started
            if self._cancelled:
                raise InterruptedError(0, "the run was cancelled")
            program = subprocess.Popen(words, cwd=cwd, env=env, stdout=stdout)
            self._running.add(program)
        return program

    def _end_of(self, program: subprocess.Popen[bytes]) -> int:
        code = program.wait()
        with self._lock:
            self._running.discard(program)
        return code


def _not_started(python: str, error: OSError) -> str:
    return f"cannot start {python}: {error.strerror}; is the virtualenv there?"


def interpreter(info: pb.ProgramInfo) -> str:
    """As Pulumi's own host chooses: the option `virtualenv`, relative to the project's file, else PULUMI_PYTHON_CMD."""
    virtualenv = dict(info.options).get("virtualenv")
    if virtualenv:
        return str(Path(info.root_directory, str(virtualenv), "bin", "python"))
    return os.environ.get("PULUMI_PYTHON_CMD") or "python3"


def command(python: str, engine: str, request: pb.RunRequest) -> list[str]:
    """How the SDK's runner wants to be called."""
    arguments = {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "pwd": request.pwd,
        "stack": request.stack,
        "organization": request.organization,
        "parallel": str(request.parallel),
        "dry_run": "true" if request.dryRun else "false",
    }
    words = [word for name, value in arguments.items() for word in (f"--{name}", value)]
    return [python, "-u", str(RUNNER), *words, request.info.entry_point, *request.args]


def main() -> None:
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    host = Host(engine=sys.argv[-1])
    server = grpc.server(ThreadPoolExecutor(max_workers=8), options=[("grpc.max_receive_message_length", -1)])
    add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # the engine reads the first line

    # An engine that was killed tells nobody; its children get another parent.
    engine = os.getppid()
    while os.getppid() == engine and not stop.wait(1):
        pass
    host.stop()
    os._exit(0)  # at once: the engine waits for it, and gRPC's threads would take their time


if __name__ == "__main__":
    main()
