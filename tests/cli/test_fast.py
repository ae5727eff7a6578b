"""smsagents up and destroy: what they hand to Pulumi, and when fast mode would not be safe. Pulumi is a script here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_smsagents.cli import fast
from pulumi_smsagents.resources import only

STACK = {"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "custom": False}
AGENT = {"type": "pulumi-python:dynamic/smsagents/teli:SmsAgent", "urn": "urn:pulumi:dev::shop::x::sales", "custom": True}
PROVIDER = {"type": "pulumi:providers:pulumi-python", "urn": "urn:pulumi:dev::shop::x::default", "custom": True}
REFERENCE = {"type": "pulumi:pulumi:StackReference", "urn": "urn:pulumi:dev::shop::x::other", "custom": True, "external": True}
COMPONENT = {"type": "shop:index:Desk", "urn": "urn:pulumi:dev::shop::x::desk", "custom": False}
BUCKET = {"type": "aws:s3/bucket:Bucket", "urn": "urn:pulumi:dev::shop::x::logs", "custom": True}
REMOTE = {"type": "awsx:ec2:Vpc", "urn": "urn:pulumi:dev::shop::x::net", "custom": False, "provider": "urn:pulumi:dev::shop::awsx::1"}
PARROT = {"type": "pulumi-python:dynamic:Resource", "urn": "urn:pulumi:dev::shop::x::polly", "custom": True}
OURS = [STACK, PROVIDER, AGENT, REFERENCE, COMPONENT]
FAST = "Fast mode: Pulumi writes its state once, at the end. If the run breaks off, run it again on this computer.\n"

PULUMI = """#!{python} -IS
import json, os, sys
from pathlib import Path

here = Path({here!r})
asked = sys.argv[1:]
with (here / "asked").open("a") as log:
    log.write(json.dumps([os.getcwd(), asked]) + "\\n")
answer = here / (asked[0] + ".json")
if asked[0] in ("stack", "preview"):
    if not answer.exists():
        sys.exit("error: no such thing")
    sys.stdout.write(answer.read_text())
else:
    kept = {{name: value for name, value in os.environ.items() if name.startswith(("PULUMI_S", "PULUMI_P", "SMSAGENTS_ONLY"))}}
    (here / "env").write_text(json.dumps(kept))
    sys.exit(int((here / "code").read_text()))
"""


class Fake:
    """A Pulumi whose stack and preview are as a test says, and what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "pulumi"
        self.program.write_text(PULUMI.format(python=sys.executable, here=str(folder)))
        self.program.chmod(0o755)
        self.ends(0)
        self.holds(OURS)
        self.makes(OURS)

    def ends(self, code: int) -> None:
        (self.folder / "code").write_text(str(code))

    def holds(self, resources, pending=()) -> None:
        operations = [{"resource": each, "type": "creating"} for each in pending]
        state = {"deployment": {"resources": resources, "pending_operations": operations}}
        (self.folder / "stack.json").write_text(json.dumps(state))

    def makes(self, resources) -> None:
        (self.folder / "preview.json").write_text(json.dumps({"steps": [{"op": "create", "newState": each} for each in resources]}))

    @property
    def asked(self) -> list[list[str]]:
        return [asked for _, asked in map(json.loads, (self.folder / "asked").read_text().splitlines())]

    @property
    def env(self) -> dict[str, str]:
        return json.loads((self.folder / "env").read_text())


@pytest.fixture
def pulumi(smsagents, tmp_path_factory, monkeypatch) -> Fake:
    fake = Fake(tmp_path_factory.mktemp("bin"))
    monkeypatch.setenv("PATH", str(fake.folder), prepend=os.pathsep)
    monkeypatch.setattr(fast, "_BECOMES", False)  # or this process would be Pulumi
    kept = signal.getsignal(signal.SIGINT)
    yield fake
    signal.signal(signal.SIGINT, kept)


def test_a_stack_of_ours_alone_is_fast(smsagents, pulumi):
    ended = smsagents("up")
    assert (ended.code, ended.out, ended.said) == (0, "", FAST)
    assert pulumi.asked[-1] == ["up"]
    assert pulumi.env == {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_PARALLEL": "32", "SMSAGENTS_ONLY": "true"}


def test_a_destroy_runs_no_program_and_asks_for_no_preview(smsagents, pulumi):
    assert smsagents("destroy", "--yes").said == FAST
    assert [asked[:2] for asked in pulumi.asked] == [["stack", "export"], ["destroy", "--yes"]]
    assert pulumi.env == {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_PARALLEL": "32"}


@pytest.mark.parametrize(
    ("other", "named"), [(BUCKET, "aws:s3/bucket:Bucket logs"), (REMOTE, "awsx:ec2:Vpc net"), (PARROT, "Resource polly")]
)
@pytest.mark.parametrize(("verb", "pending"), [("up", False), ("destroy", False), ("destroy", True)])
def test_another_resource_in_the_stack_keeps_the_checkpoints(smsagents, pulumi, verb, other, named, pending):
    """Also one whose end nobody knows."""
    pulumi.holds(OURS if pending else [*OURS, other], [other] if pending else [])
    ended = smsagents(verb)
    assert ended.said.startswith("Not in fast mode, because the stack holds ")
    assert ended.said.endswith(f"{named} too: Pulumi writes its state after each step.\n")
    assert pulumi.env == {}
    assert pulumi.asked[-1] == [verb]


def test_another_resource_in_the_program_keeps_the_checkpoints(smsagents, pulumi):
    pulumi.holds([])
    pulumi.makes([*OURS, BUCKET])
    assert "because the program makes aws:s3/bucket:Bucket logs too" in smsagents("up", "--yes").said
    assert pulumi.env == {}
    assert pulumi.asked[-1] == ["up", "--yes"]


@pytest.mark.parametrize("without", ["stack.json", "preview.json"])
def test_what_cannot_be_told_keeps_the_checkpoints(smsagents, pulumi, without):
    """And Pulumi says itself what is wrong."""
    (pulumi.folder / without).unlink()
    ended = smsagents("up", "--stack", "prod")
    assert "because what it would do cannot be told beforehand" in ended.said
    assert pulumi.env == {}
    assert pulumi.asked[-1] == ["up", "--stack", "prod"]


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", '{"steps": [{"op": "create"}]}', '{"steps": [{"newState": {}}]}', '{"steps": 7}', "null"]
)
def test_an_answer_that_nobody_understands_keeps_the_checkpoints(smsagents, pulumi, answer):
    (pulumi.folder / "preview.json").write_text(answer)
    assert "cannot be told" in smsagents("up").said
    assert pulumi.env == {}


def test_a_stack_that_is_new_is_fast(smsagents, pulumi):
    (pulumi.folder / "stack.json").write_text('{"version": 3, "deployment": {"manifest": {}}}')
    assert smsagents("up").said == FAST


def test_a_runner_that_may_be_thrown_away_keeps_the_checkpoints(smsagents, pulumi, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert smsagents("up").said == FAST  # the journal's folder is set
    monkeypatch.delenv("SMSAGENTS_JOURNAL_DIR")
    for verb in ("up", "destroy"):
        assert "CI is set and SMSAGENTS_JOURNAL_DIR is not" in smsagents(verb).said
        assert pulumi.env == {}


def test_what_somebody_set_himself_stays_and_is_said(smsagents, pulumi, monkeypatch):
    monkeypatch.setenv("PULUMI_PARALLEL", "2")
    assert smsagents("up").said == FAST
    assert pulumi.env["PULUMI_PARALLEL"] == "2"
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", "true")
    pulumi.holds([BUCKET])
    assert smsagents("up").said.endswith("after each step; but PULUMI_SKIP_CHECKPOINTS is set, so it does not.\n")


@pytest.mark.parametrize(
    ("given", "previewed", "run"),
    [
        (["--yes"], [], ["--yes", "--skip-preview"]),
        (["-y", "-s", "prod"], ["--stack", "prod"], ["-y", "-s", "prod", "--skip-preview"]),
        (["--yes", "--skip-preview"], [], ["--yes", "--skip-preview"]),
        (["-f", "-y"], [], ["-f", "-y"]),
        (["--stack=prod"], ["--stack", "prod"], ["--stack=prod"]),
        (["--refresh", "--parallel", "8"], ["--refresh", "--parallel", "8"], ["--refresh", "--parallel", "8"]),
        (["-m", "a b", "--target", "urn:x"], ["-m", "a b", "--target", "urn:x"], ["-m", "a b", "--target", "urn:x"]),
        (["--diff", "--json", "--expect-no-changes", "--continue-on-error"], [], None),
    ],
)
def test_every_option_is_handed_on(smsagents, pulumi, given, previewed, run):
    """To the preview without those that only an update has, and the preview takes the place of Pulumi's own."""
    assert smsagents("up", *given).said == FAST
    _, preview, last = pulumi.asked
    quiet = ["--non-interactive", "--color", "never"]
    assert sorted(preview) == sorted(["preview", "--json", *previewed, *quiet])
    assert last == ["up", *(given if run is None else run)]


@pytest.mark.parametrize("options", [["-C", "{}"], ["--cwd={}"], ["--cwd", "{}"]])
def test_another_folder_is_looked_at_there(smsagents, pulumi, tmp_path, options):
    (tmp_path / "below").mkdir()
    assert smsagents("destroy", *(each.format("below") for each in options)).said == FAST
    looked = json.loads((pulumi.folder / "asked").read_text().splitlines()[0])[0]
    assert looked == str(tmp_path / "below")


@pytest.mark.parametrize("options", [["--yes=false"], ["-s"], ["-C", "nowhere"]])
def test_options_that_cannot_be_read_keep_the_checkpoints(smsagents, pulumi, options):
    assert "cannot be told" in smsagents("up", *options).said
    assert pulumi.asked[-1] == ["up", *options]


@pytest.mark.parametrize("code", [0, 1, 255])
@pytest.mark.parametrize("verb", ["up", "destroy"])
def test_the_exit_code_is_pulumis(smsagents, pulumi, verb, code):
    pulumi.ends(code)
    assert smsagents(verb).code == code


def test_without_a_pulumi_it_says_so(smsagents, monkeypatch):
    monkeypatch.setenv("PATH", "")
    ended = smsagents("up")
    assert (ended.code, ended.said.count("\n")) == (1, 1)
    assert "there is no pulumi on PATH" in ended.said


def test_the_command_becomes_pulumi(pulumi):
    """The same process: so that every signal, the terminal and the exit code are Pulumi's."""
    pulumi.ends(7)
    program = pulumi.program.read_text().replace("here = Path", "print(os.getpid(), flush=True)\nhere = Path", 1)
    pulumi.program.write_text(program)
    pulumi.holds([BUCKET])
    (pulumi.folder / "stack.json").unlink()  # nothing else is asked
    running = subprocess.Popen(
        [sys.executable, "-c", "from pulumi_smsagents.cli import main; main()", "destroy"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, said = running.communicate()
    assert (int(out.split()[-1]), running.returncode) == (running.pid, 7)
    assert b"Not in fast mode" in said


def test_the_program_knows_the_same_resources_and_the_same_word():
    assert (only.HARMLESS, only.ASKED) == (fast.HARMLESS, fast.ONLY)
