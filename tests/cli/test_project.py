"""What is asked of the Pulumi CLI, and what is made of its answers."""

from __future__ import annotations

import json

import pytest

from pulumi_smsagents import errors
from pulumi_smsagents.cli import project

SECRET = "canary-key-A9xk2Zq81LmN0p"


@pytest.fixture
def here(smsagents, tmp_path, monkeypatch):
    """A project, and a Pulumi that does what a test says."""
    (tmp_path / "Pulumi.yaml").write_text("name: texting\nruntime: python\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")

    def does(script: str) -> project.Stack:
        (tmp_path / "bin").mkdir(exist_ok=True)
        program = tmp_path / "bin" / "pulumi"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return project.Stack(tmp_path, "dev")

    return does


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (f"echo {SECRET}; exit 1", "pulumi config --show-secrets --json --stack dev (in {}) failed: it says nothing"),
        (f"echo {SECRET}; echo error: no passphrase >&2; exit 255", "failed: no passphrase"),
        (f"echo {SECRET}", "pulumi config: its answer is not JSON; try it by hand in {}"),
        (f"echo '[\"{SECRET}\"]'", "pulumi config: its answer is not an object; try it by hand in {}"),
        ("yes word | head -c 9000 >&2; exit 1", "…"),
    ],
)
def test_an_answer_that_is_none_is_an_error_without_the_answer(here, tmp_path, script, told):
    """Half of it could be a key. What Pulumi itself says as an error is shown, cut."""
    with pytest.raises(errors.ConfigurationError) as caught:
        here(script).settings()
    assert told.format(tmp_path) in str(caught.value)
    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_settings_are_read_as_the_provider_gets_them(here):
    """Secret or not, an object or not: as text."""
    said = {"smsagents:teliApiKey": {"value": "k", "secret": True}, "smsagents:allowedNumbers": {"value": "[1]", "objectValue": [1]}}
    stack = here(f"echo '{json.dumps(said)}'")
    settings = stack.settings()
    assert settings.api_key("teli").value == "k"
    assert settings.of_package("allowedNumbers").value == "[1]"


def test_nothing_is_asked_that_could_wait_for_a_person(here, tmp_path):
    """And colours, which would stand in the error."""
    here(f"echo \"$@\" > {tmp_path}/asked; echo '{{}}'").settings()
    assert (tmp_path / "asked").read_text() == "config --show-secrets --json --stack dev --non-interactive --color never\n"


def test_state_secrets_stay_encrypted_unless_asked_for(here, tmp_path):
    stack = here(f"echo \"$@\" >> {tmp_path}/asked; echo '{{}}'")
    stack.state()
    stack.state(show_secrets=True)
    first, second = (tmp_path / "asked").read_text().splitlines()
    assert "--show-secrets" not in first
    assert "--show-secrets" in second


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"])
def test_a_project_is_found_from_a_folder_below(smsagents, tmp_path, monkeypatch, name):
    (tmp_path / name).write_text('{"name": "texting"}')
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert project.folder() == tmp_path
    assert project.description(tmp_path) == {"name": "texting"}


def test_a_project_file_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("{")
    assert project.description(tmp_path) is None
    assert project.description(tmp_path / "nowhere") is None
