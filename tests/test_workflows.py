"""The workflows in the documentation: what GitHub accepts, pinned, with no more rights and keys than each job needs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from typer.main import get_command

from pulumi_smsagents.cli import app

DOCS = Path(__file__).resolve().parent.parent / "docs"
WORKFLOWS = {
    f"{page.name}:{yaml.safe_load(token.content)['name']}": token.content
    for page in sorted(DOCS.rglob("*.md"))
    for token in MarkdownIt().parse(page.read_text("utf-8"))
    if token.type == "fence" and token.info == "yaml" and "jobs" in yaml.safe_load(token.content)
}
PULUMI_ACTION = {"command", "cloud-url", "stack-name", "diff", "comment-on-pr"}
"""Inputs of pulumi/actions v6 that the pages use, as its README has them."""


def steps(workflow: str) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(workflow)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert set(WORKFLOWS) == {"environments.md:sms-agents", "environments.md:drift"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_the_form_that_github_wants(name: str, tmp_path: Path) -> None:
    file = tmp_path / "workflow.yaml"
    file.write_text(WORKFLOWS[name])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_to_a_commit_and_says_its_version(name: str) -> None:
    lines = [line.strip() for line in WORKFLOWS[name].splitlines() if "uses:" in line]
    assert len(lines) >= 3
    assert [line for line in lines if not re.fullmatch(r"- uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []
    pins = {tuple(line.split("@")) for lines in WORKFLOWS.values() for line in re.findall(r"uses: (\S+) #", lines)}
    assert len({action for action, _ in pins}) == len(pins), "one pin for one action"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_job_may_read_and_the_preview_may_comment(name: str) -> None:
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] == {"contents": "read"}
    allowed = {"preview": {"contents": "read", "pull-requests": "write"}}
    assert {job: made["permissions"] for job, made in workflow["jobs"].items() if "permissions" in made} == (
        allowed if "preview" in workflow["jobs"] else {}
    )


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_runs_for_a_pull_request_gets_no_key_and_no_environment(name: str) -> None:
    for job, made in yaml.safe_load(WORKFLOWS[name])["jobs"].items():
        keys = {variable: value for variable, value in made["env"].items() if variable.endswith("_API_KEY")}
        assert keys
        if job == "preview":
            assert set(keys.values()) == {"none"}
            assert "environment" not in made
        else:
            assert all(value == f"${{{{ secrets.{variable} }}}}" for variable, value in keys.items())
            assert made["environment"] == "prod"


def test_a_deployment_is_alone_is_never_cut_off_and_keeps_its_journal() -> None:
    deploy = yaml.safe_load(WORKFLOWS["environments.md:sms-agents"])["jobs"]["deploy"]
    assert deploy["concurrency"] == {"group": "prod", "cancel-in-progress": False}
    restore, up, save = deploy["steps"][-3:]
    assert up["with"]["command"] == "up"
    assert restore["with"]["path"] == save["with"]["path"] == deploy["env"]["SMSAGENTS_JOURNAL_DIR"].rpartition("/")[2]
    assert restore["with"]["key"] == save["with"]["key"]
    assert restore["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert save["if"] == "always()"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_step_asks_for_exists(name: str) -> None:
    commands = get_command(app).commands
    for step in steps(WORKFLOWS[name]):
        if step.get("uses", "").startswith("pulumi/actions@"):
            assert set(step.get("with", {})) <= PULUMI_ACTION
        if "smsagents" in step.get("run", ""):
            _, command, *options = shlex.split(step["run"].partition(">>")[0])
            known = {option for parameter in commands[command].params for option in parameter.opts}
            assert {option for option in options if option.startswith("--")} <= known
