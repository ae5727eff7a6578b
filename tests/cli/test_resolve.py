"""`smsagents resolve`: what the journal holds without an end, and how a person settles it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import World

from pulumi_smsagents.errors import UncertainError, VendorError
from pulumi_smsagents.journal import Journals, Target

TELI = Target("shop/dev/sales", "teli", "SmsAgent", "https://api.teli.ai")
SWING = Target("shop/prod/desk", "contactswing", "SmsAgent", "https://swing.example")


@pytest.fixture
def journals(smsagents, tmp_path_factory, monkeypatch) -> Journals:
    folder = tmp_path_factory.mktemp("kept")
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", str(folder))
    return Journals(folder)


@pytest.fixture
def swing(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World("contactswing:SmsAgent", monkeypatch)
    made.modes(delete_call=None)
    yield made
    made.emulator.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project `shop` with the stack `dev` selected, whose state holds the agent `kept`."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    of_us = {"type": "pulumi-python:dynamic/smsagents/teli:SmsAgent", "id": "agent_kept", "outputs": {"key": "shop/dev/kept"}}
    state = json.dumps({"deployment": {"resources": [{"type": "pulumi:pulumi:Stack"}, of_us]}})
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncase \"$2\" in --show-name) echo dev;; *) echo '{state}';; esac\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    return tmp_path


def test_nothing_is_unfinished(smsagents, journals):
    ended = smsagents("resolve")
    assert (ended.code, ended.out, ended.said) == (0, "", "Nothing is unfinished.\n")


def test_each_create_without_an_end_is_listed_with_what_to_do(smsagents, journals):
    journals.of(TELI.key).intend(TELI, {"prompt": "Sell."})
    journals.of(SWING.key).intend(SWING, {})
    ended = smsagents("resolve")
    assert ended.code == 2
    assert "shop/dev/sales (teli.SmsAgent at https://api.teli.ai)" in ended.out
    assert "to do  pulumi up, which looks for it before it makes another" in ended.out
    assert "look for it at contactswing; then: smsagents resolve shop/prod/desk --adopt ID, or: " in ended.out
    assert "Sell." not in ended.out
    listed = smsagents("resolve", "shop/prod/desk", "--json").json
    assert [(each["key"], each["resource"], each["id"], each["state"]) for each in listed] == [
        ("shop/prod/desk", "contactswing.SmsAgent", None, "open")
    ]


def test_in_a_project_what_its_state_holds_is_settled(smsagents, journals, project):
    for name, id in (("kept", "agent_kept"), ("lost", "agent_lost")):
        target = Target(f"shop/dev/{name}", "teli", "SmsAgent", "https://api.teli.ai")
        journals.of(target.key).created(journals.of(target.key).intend(target, {}), id)
    journals.of(SWING.key).intend(SWING, {})  # of another stack
    ended = smsagents("resolve")
    assert ended.code == 2
    assert "agent_lost was made, and no state is known to hold it" in ended.out
    assert "shop/dev/kept" not in ended.out + ended.said
    assert "shop/prod" not in ended.out
    assert smsagents("resolve", "lost", "--not-created").code == 0
    assert smsagents("resolve").code == 0


@pytest.mark.parametrize("settled", ["--adopt", "--not-created"])
def test_what_a_person_says_holds_in_the_next_run(smsagents, monkeypatch, swing, settled):
    """ContactSwing lists nothing: until somebody has said what came of a create, none is sent."""
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", str(swing.journals.folder))
    swing.fault("reset", "create", when="after" if settled == "--adopt" else "before", times=1)
    fields = swing.checked()
    for refusal in (VendorError, UncertainError):
        with pytest.raises(refusal, match=f"smsagents resolve {fields['key']} --not-created"):
            swing.process().create(fields)
    there = list(swing.records())
    ended = smsagents("resolve", fields["key"], settled, *there)
    assert ended.code == 0
    assert ended.said.startswith(f"{fields['key']}: the next pulumi up ")
    made = swing.process().create(fields)
    assert swing.records() == {made.id: swing.sample.inputs}
    assert smsagents("resolve", fields["key"]).code == 2  # until the state shows it to us
    swing.process().diff(made.id, swing.state(made), fields)
    assert smsagents("resolve", fields["key"]).code == 1


def test_what_was_made_is_not_called_another_by_accident(smsagents, journals):
    journal = journals.of(TELI.key)
    journal.created(journal.intend(TELI, {}), "agent_1")
    refused = smsagents("resolve", TELI.key, "--adopt", "agent_2")
    assert (refused.code, "the journal says that agent_1 was made" in refused.said) == (1, True)
    left = smsagents("resolve", TELI.key, "--not-created")
    assert left.said == f"{TELI.key}: the next pulumi up makes a new one. agent_1 stays at teli, and nothing refers to it.\n"
    assert journal.unfinished() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shop/dev/other", "--not-created"), "nothing is unfinished about shop/dev/other"),
        (("--not-created",), "name the resource to settle"),
        (("shop/dev/sales", "--adopt", "x", "--not-created"), "exclude one another"),
    ],
)
def test_a_mistake_is_one_line_and_settles_nothing(smsagents, journals, words, said):
    journals.of(TELI.key).intend(TELI, {})
    ended = smsagents("resolve", *words)
    assert (ended.code, said in ended.said, ended.said.count("\n")) == (1, True, 1)
    assert len(journals.of(TELI.key).unfinished()) == 1
