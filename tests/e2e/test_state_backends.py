"""A state that a team shares, on a server: one run at a time, and what one checkout made is no news to another."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from e2e import engine, servers
from e2e.engine import PATIENCE, Run, Stack, Studio
from e2e.programs.teli import CASE
from e2e.withheld import answer_withheld

PAGE = Path(__file__).parents[2] / "docs" / "state-backends.md"
AGENT = (CASE.type, CASE.fields)
SERVERS = {"s3": servers.s3, "postgres": servers.postgresql}


@dataclass(frozen=True)
class Backend:
    """Where the state is: the address of docs/state-backends.md, filled in."""

    url: str
    env: Mapping[str, str]


@pytest.fixture(scope="module", params=SERVERS)
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    with SERVERS[request.param]() as (places, env):
        yield Backend(filled_in(documented(request.param), places), env)


def documented(scheme: str) -> str:
    """The address that the page shows first for this kind of server, of those that name the server."""
    found = [url for url in re.findall(r"pulumi login '([^']+)'", PAGE.read_text("utf-8")) if url.startswith(scheme) and "<server>" in url]
    return found[0]


def filled_in(url: str, places: Mapping[str, str]) -> str:
    for place, value in places.items():
        assert place in url, f"{PAGE.name} does not say {place}"
        url = url.replace(place, value)
    assert "<" not in url
    return url


@dataclass
class Checkout(Stack):
    """One person's: a folder and a home of their own, logged in to the shared state."""

    @classmethod
    def of(cls, project: Stack, folder: Path, backend: Backend) -> Checkout:
        shutil.copytree(project.folder, folder, ignore=shutil.ignore_patterns("state", "__pycache__"))
        env = {name: value for name, value in project.env.items() if name != "PULUMI_BACKEND_URL"}
        own = {"PULUMI_HOME": str(folder / "home"), "SMSAGENTS_JOURNAL_DIR": str(folder / "journal")}
        made = cls(folder, project.emulator, {**env, **backend.env, **own})
        made.bare("login", backend.url)
        return made

    def bare(self, *command: str) -> str:
        """A command that knows no `--stack`."""
        command = (str(engine.cli() / "pulumi"), *command, "--non-interactive")
        done = subprocess.run(command, cwd=self.folder, env=dict(self.env), capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
        assert servers.PASSWORD not in done.stdout + done.stderr
        return done.stdout

    def smsagents(self, *command: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).with_name("smsagents")
        return subprocess.run([program, *command], cwd=self.folder, env=dict(self.env), capture_output=True, text=True, check=False)

    def run(self, *command: str, **env: str) -> Run:
        run = super().run(*command, **env)
        assert servers.PASSWORD not in run.stdout + run.stderr, f"the password is in the output of pulumi {' '.join(command)}"
        return run


def test_a_stack_moves_to_a_server_and_a_team_shares_it(backend: Backend, studio: Studio, tmp_path: Path) -> None:
    with studio.stack(tmp_path / "project") as project:
        project.program({"sales": AGENT})
        project.up().ok()
        sales = project.id("sales")
        project.run("stack", "export", "--file", "dev.json").ok()

        anna = Checkout.of(project, tmp_path / "anna", backend)
        anna.bare("stack", "init", engine.STACK)
        anna.run("stack", "import", "--file", "dev.json").ok()
        assert anna.preview("--expect-no-changes").ok().calls == []

        # The vendor has made Anna's next agent and not answered yet: Ben's run is refused, asks nobody, and leaves hers alone.
        ben = Checkout.of(project, tmp_path / "ben", backend)
        for checkout in (anna, ben):
            checkout.program({"sales": AGENT, "support": AGENT})
        with ThreadPoolExecutor(1) as pool, answer_withheld(project.emulator, "create") as carried_out:
            first = pool.submit(anna.up)
            carried_out()
            refused = ben.up().failed()
        assert first.result().ok().ops == {"support": "create"}
        (quoted,) = re.findall(r"```text\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
        assert " ".join(quoted.split()) in " ".join(refused.stderr.split())
        assert refused.calls == []
        assert len(project.emulator.objects("teli")) == 2

        # Ben's checkout knows what Anna's made, and sees the edit that neither of them made.
        assert ben.preview("--expect-no-changes").ok().calls == []
        project.emulator.edit("teli", sales, prompt="Edited by hand")
        found = ben.smsagents("drift", "--stack", engine.STACK)
        assert found.returncode == 2, found.stdout + found.stderr
        assert "Edited by hand" in found.stdout
        drift = ben.preview("--refresh", "--expect-no-changes").failed()
        assert drift.differs("sales") == ["prompt"]
        assert {call.method for call in drift.calls} == {"GET"}
        ben.up("--refresh").ok()
        assert len(project.emulator.objects("teli")) == 2
        assert project.emulator.object("teli", sales).data["prompt"] == CASE.fields["prompt"]
