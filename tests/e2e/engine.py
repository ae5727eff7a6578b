"""Real `pulumi` commands on a project in a folder of its own, with what a person sees and what the vendors were asked.

``with studio(tmp_path) as made: stack = made.stack(); stack.program({...}); stack.up()``. State is a file under the given folder,
vendors are the emulator in this process. Every command is checked for what must never happen: a traceback, an API key in
any output, a call that no vendor documents.
"""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi_smsagents.emulator import VENDORS, Emulator, serve
from pulumi_smsagents.emulator.calls import Call
from tools import engine, pulumi_cli

PROJECT = "e2e"
STACK = "dev"
KEY = "sk-e2e-Zx81qLmC0ffee"
"""What every API key in the stack's configuration begins with. No output and no state may hold it in clear."""

KEYS = {vendor.name: f"{KEY}-{vendor.name}" for vendor in VENDORS}
"""The API key of each vendor in the stack's configuration."""

OURS = ("SMSAGENTS_", "TELI_", "CONTACTSWING_", "FLUENTS_", "VOCODE_", "BLAND_", "CLEARTALK_", "PULUMI_")
QUIET = frozenset({"same", "read", "refresh"})
PATIENCE = 300  # seconds; a command takes about three

TABLE = '''"""Resources as program.json lists them."""
import json
from pathlib import Path

import pulumi
import pulumi_smsagents

for name, (kind, fields, options) in json.loads(Path("program.json").read_text()).items():
    vendor, _, cls = kind.partition(".")
    resource = getattr(getattr(pulumi_smsagents, vendor), cls)(name, fields, pulumi.ResourceOptions(**options))
    pulumi.export(name, resource.id)
'''


def cli() -> Path:
    """The folder of the Pulumi CLI."""
    on_path = shutil.which("pulumi")
    found = Path(on_path).parent if on_path else pulumi_cli.existing()
    if found is None:
        raise FileNotFoundError("these tests need the Pulumi CLI; get it, and run every check, with: python3 dev.py test")
    return found


@dataclass(frozen=True)
class Run:
    """A command that has ended. `calls` are those that reached the emulator meanwhile."""

    command: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    events: list[dict[str, Any]] = field(repr=False)
    calls: list[Call] = field(repr=False)

    def ok(self) -> Run:
        assert self.code == 0, self.report()
        return self

    def failed(self) -> Run:
        assert self.code != 0, self.report()
        return self

    def report(self) -> str:
        lines = [line for line in (self.stdout + self.stderr).splitlines() if not line.startswith("@")]
        asked = [f"{call.operation} {call.path} -> {call.status}" for call in self.calls]
        return "\n".join([f"pulumi {' '.join(self.command)}: exit code {self.code}", *lines, *asked])

    @cached_property
    def ops(self) -> dict[str, str]:
        """What is done to each resource of the program that is not left as it is: ``{"sales": "update"}``."""
        return {name: step["op"] for name, step in self.steps.items() if step["op"] not in QUIET}

    @cached_property
    def steps(self) -> dict[str, dict[str, Any]]:
        """The last step of each resource of the program, by name; for a replacement the replacing one."""
        found: dict[str, dict[str, Any]] = {}
        for event in self.events:
            step = event.get("resOutputsEvent", event.get("resourcePreEvent", {})).get("metadata")
            if step and not step["type"].startswith("pulumi:") and not found.get(_name(step), {}).get("op", "").endswith("replace"):
                found[_name(step)] = step
        return found

    def differs(self, name: str) -> list[str]:
        """The fields that the output names as changed: ``["drip_schedule", "prompt"]``."""
        shown = [line for line in self.stdout.splitlines() if f" {name} " in line and "[diff: " in line]
        fields = shown[-1].partition("[diff: ")[2].partition("]")[0] if shown else ""
        return sorted(each for each in re.split("[,~+-]", fields) if each)

    @property
    def warnings(self) -> list[str]:
        """Each warning as often as it is shown."""
        return self._said("warning")

    @property
    def errors(self) -> list[str]:
        """Each error as often as it is shown, but for the engine's own closing line."""
        return [text for text in self._said("error") if text not in ("update failed", "preview failed", "resource updates failed")]

    @property
    def errors_by_name(self) -> dict[str, list[str]]:
        """The errors under each resource of the program."""
        found: dict[str, list[str]] = {}
        for event in self.events:
            said = event.get("diagnosticEvent", {})
            if said.get("severity") == "error" and "pulumi:pulumi:Stack" not in said.get("urn", "pulumi:pulumi:Stack"):
                found.setdefault(_name(said), []).append(said["message"].strip())
        return found

    def _said(self, severity: str) -> list[str]:
        said = (event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event)
        return [each["message"].strip() for each in said if each["severity"] == severity]

    @property
    def asked(self) -> Counter[str]:
        """How often each call was made: ``{"create": 1, "get": 1}``."""
        return Counter(call.operation.partition(".")[2] for call in self.calls)

    def sent(self, operation: str) -> list[Any]:
        """The bodies of the calls to `operation`, oldest first."""
        return [call.body for call in self.calls if call.operation.partition(".")[2] == operation]


@dataclass
class Running:
    """A command under way, in a session of its own, so that all of it can be killed."""

    stack: Stack
    command: tuple[str, ...]
    process: subprocess.Popen[bytes]
    log: Path
    since: int
    debugging: bool = False
    read: bytes = b""

    def end(self) -> Run:
        """Wait until it ends by itself."""
        try:
            out, err = self.process.communicate(timeout=PATIENCE)
        except BaseException:
            self._kill()
            raise
        # Not splitlines(): a text may hold U+2028, which JSON leaves as it is. What follows the last line's end is cut off.
        lines = self.log.read_text("utf-8").split("\n")[:-1] if self.log.exists() else []
        calls = self.stack.emulator.calls.select(since=self.since)
        shown = (self.read + out).decode(), err.decode()
        run = Run(self.command, self.process.returncode, *shown, [json.loads(line) for line in lines], calls)
        never(run, "".join(lines), debugging=self.debugging)
        return run

    def kill(self) -> Run:
        """As when the computer goes away."""
        self._kill()
        return self.end()

    def interrupt(self) -> None:
        """As Ctrl-C does, which reaches the group that a terminal has in front. Returns when the engine has taken notice."""
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.process.stdout is not None
        while b"^C received" not in self.read:
            line = self.process.stdout.readline()
            assert line, f"it has not heard of Ctrl-C: {self.read!r}"
            self.read += line

    def _kill(self) -> None:
        """The engine, the program, and the provider, which is in a group of its own; all are gone when this returns."""
        members = session(self.process.pid)
        handles = []
        for pid in members:
            with suppress(ProcessLookupError):
                handles.append(os.pidfd_open(pid))
        # The engine first: it must not see the others end, and write down what that means.
        for group in dict.fromkeys([self.process.pid, *members.values()]):
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        for handle in handles:
            assert select.select([handle], [], [], PATIENCE)[0]
            os.close(handle)


def session(leader: int) -> dict[int, int]:
    """The processes of a session, each with its group."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, group, its_session, *_ = stat.read_text().rpartition(")")[2].split()
            found |= {int(stat.parent.name): int(group)} if int(its_session) == leader else {}
    return found


def never(run: Run, log: str, *, debugging: bool) -> None:
    """What no command may do, however it ends."""
    shown = run.stdout + run.stderr + log
    assert debugging or "Traceback" not in shown, run.report()
    assert "internal error" not in shown, run.report()
    assert KEY not in shown, f"the key is in the output of pulumi {' '.join(run.command)}"
    assert not [call for call in run.calls if call.operation.endswith(".undocumented")], run.report()


@dataclass
class Stack:
    """One stack of one project."""

    folder: Path
    emulator: Emulator
    env: Mapping[str, str]
    name: str = STACK

    def another(self, name: str) -> Stack:
        """Another stack of this project, with the same settings."""
        made = replace(self, name=name)
        made.run("stack", "init", "--copy-config-from", self.name).ok()
        return made

    def program(self, resources: Mapping[str, Sequence[Any]] | str) -> None:
        """What the next command runs: ``{"sales": ("teli.SmsAgent", {fields}, {options})}`` or the text of a program."""
        if isinstance(resources, str):
            (self.folder / "__main__.py").write_text(resources, "utf-8")
            return
        (self.folder / "__main__.py").write_text(TABLE, "utf-8")
        rows = {name: [kind, fields, dict(*options)] for name, (kind, fields, *options) in resources.items()}
        (self.folder / "program.json").write_text(json.dumps(rows), "utf-8")

    def configure(self, settings: Mapping[str, str]) -> None:
        """Set some of the package's settings in the stack's configuration: ``{"onConflict": "overwrite"}``."""
        with (self.folder / f"Pulumi.{self.name}.yaml").open("a", encoding="utf-8") as config:
            config.writelines(f"  smsagents:{name}: {json.dumps(value)}\n" for name, value in settings.items())

    def preview(self, *options: str, **env: str) -> Run:
        return self.run("preview", *options, **env)

    def up(self, *options: str, preview: bool = False, **env: str) -> Run:
        return self._change("up", options, preview, env)

    def refresh(self, *options: str, preview: bool = False, **env: str) -> Run:
        return self._change("refresh", options, preview, env)

    def destroy(self, *options: str, preview: bool = False, **env: str) -> Run:
        return self._change("destroy", options, preview, env)

    def _change(self, verb: str, options: tuple[str, ...], preview: bool, env: Mapping[str, str]) -> Run:
        return self.run(verb, "--yes", *([] if preview else ["--skip-preview"]), *options, **env)

    def run(self, *command: str, **env: str) -> Run:
        """Any command on this stack; `env` goes over the stack's own environment."""
        return self.start(*command, **env).end()

    def start(self, *command: str, **env: str) -> Running:
        """The same without waiting for its end."""
        log = self.folder / f"events-{self.name}.json"
        log.unlink(missing_ok=True)
        logging = ["--event-log", str(log)] if command[0] in ("preview", "up", "refresh", "destroy") else []
        since = self._last_call()
        process = subprocess.Popen(
            [cli() / "pulumi", *command, "--stack", self.name, "--non-interactive", "--color", "never", *logging],
            cwd=self.folder,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # what is read while it runs is not read again at its end
            start_new_session=True,
        )
        return Running(self, command, process, log, since, debugging="SMSAGENTS_DEBUG" in env)

    def smsagents(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command of ours on this stack."""
        words = [Path(sys.executable).with_name("smsagents"), *command, "--stack", self.name]
        return subprocess.run(words, cwd=self.folder, env=dict(self.env), capture_output=True, text=True, check=False)

    def _last_call(self) -> int:
        return max((call.number for call in self.emulator.calls), default=0)

    # ---- the state ----

    @property
    def state_file(self) -> Path:
        return self.folder / "state" / ".pulumi" / "stacks" / PROJECT / f"{self.name}.json"

    def export(self) -> list[dict[str, Any]]:
        """All resources in the state, as they are stored."""
        return json.loads(self.state_file.read_text("utf-8"))["checkpoint"]["latest"].get("resources") or []

    def resources(self) -> dict[str, dict[str, Any]]:
        """The program's resources in the state, by name."""
        mine = [each for each in self.export() if not each["type"].startswith("pulumi:")]
        return {each["urn"].rpartition("::")[2]: each for each in mine}

    def outputs(self, name: str) -> dict[str, Any]:
        """What the state holds of one resource."""
        return self.resources()[name]["outputs"]

    def id(self, name: str) -> str:
        """The vendor's id of one resource."""
        return self.resources()[name]["id"]


@dataclass(frozen=True)
class Studio:
    """Where stacks are made: one home for the CLI and one stack, with its key encrypted, to copy from."""

    folder: Path
    env: Mapping[str, str]

    @classmethod
    def furnished(cls, folder: Path) -> Studio:
        env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        settings = engine.environment(folder / "home", folder / "model" / "state", cli=cli(), python=Path(sys.executable))
        env |= {**settings, "PULUMI_DEBUG_COMMANDS": "true"}  # for --event-log
        studio = cls(folder, env)
        model = folder / "model"
        (model / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        studio._pulumi("stack", "init", STACK)
        secrets = [part for vendor, key in KEYS.items() for part in ("--secret", f"smsagents:{vendor}ApiKey={key}")]
        studio._pulumi("config", "set-all", *secrets, "--stack", STACK)
        return studio

    def _pulumi(self, *command: str) -> None:
        subprocess.run(
            [cli() / "pulumi", *command, "--non-interactive"],
            cwd=self.folder / "model",
            env=self.env,
            check=True,
            capture_output=True,
        )

    @contextmanager
    def stack(self, folder: Path) -> Iterator[Stack]:
        """A new stack in `folder`, whose vendors are a new emulator."""
        shutil.copytree(self.folder / "model", folder, dirs_exist_ok=True)
        emulator = Emulator()
        with serve(emulator) as url:
            # A journal is kept by project and stack, which are the same in every test.
            own = {"PULUMI_BACKEND_URL": (folder / "state").as_uri(), "SMSAGENTS_JOURNAL_DIR": str(folder / "journal")}
            stack = Stack(folder, emulator, {**self.env, **own, "SMSAGENTS_LISTING_LAG": "0.2"})
            stack.configure({f"{vendor}BaseUrl": f"{url}/{vendor}" for vendor in emulator.vendors})
            yield stack


def _name(step: Mapping[str, Any]) -> str:
    return str(step["urn"]).rpartition("::")[2]
