"""A vendor's text is untrusted: nothing of it moves a cursor, turns a line around, hides itself or fills the screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from canaries.accounts import Accounts, variables_of
from cli.commands import Terminal
from cli.states import Recorder
from samples import SAMPLES
from samples.teli import ORGANIZATION
from worlds import OFFERS

from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import SmsAgentsError
from pulumi_smsagents.journal import Target

ODD = "\x1b[2J\x1b[31mred\x1b]8;;https://evil.example\x07link\x1b]8;;\x07\x9b31m\x00\x07\x08\r\n\u202egnp.exe\u2066\u200b\u00ad\u2028end"
LONG = ODD + "x" * 10_000
TELI = "teli:SmsAgent"
LONGEST = 1200
"""Characters of one line: a cut text and what surrounds it."""


def fit(text: str) -> None:
    """For a terminal, in lines of bearable length."""
    assert [each for each in text if not each.isprintable() and each != "\n"] == []
    assert max(map(len, text.splitlines()), default=0) < LONGEST


BODIES: tuple[Any, ...] = (
    LONG,
    {"error": LONG},
    {"message": [LONG, LONG]},
    {"errors": [{"error": LONG, "message": LONG}] * 50},
    {"detail": [{"loc": ["body", LONG], "msg": LONG, "type": "x"}]},
    {"error": "no", "ctx_id": LONG},
)
"""Every shape in which vendors explain themselves."""


@pytest.mark.parametrize("tag", OFFERS)
def test_an_error_is_one_clean_line(accounts: Accounts, tag: str) -> None:
    process, vendor = accounts.lifecycle(tag), tag.partition(":")[0]
    inputs = accounts.checked(tag, accounts.fields(tag))
    made = process.create(inputs)
    state = accounts.kept(made)
    changed = accounts.checked(tag, others(tag), state)
    verbs = (
        lambda: process.create({**inputs, "key": "shop/dev/other"}),
        lambda: accounts.lifecycle(tag).read(made.id, state),
        lambda: process.update(made.id, state, changed),
        lambda: process.delete(made.id, state),
    )
    said = []
    for body in BODIES:
        accounts.emulator.faults.clear()
        accounts.emulator.faults.add("status", vendor=vendor, status=400, times=None, body=body)
        for verb in verbs:
            try:
                verb()
            except SmsAgentsError as error:
                said.append(str(error))
    assert len(said) >= len(BODIES)
    for line in said:
        assert "\n" not in line
        fit(line)


def others(tag: str) -> dict[str, Any]:
    """Every field that can be changed, changed."""
    offer, sample = OFFERS[tag][1], SAMPLES[tag]
    return {**sample.inputs, **{name: sample.others[name] for name in sample.inputs if not offer.fields[name].replace}}


IDS = {"teli:SmsAgent": "create", "contactswing:SmsAgent": "create", "fluents:PhoneNumber": "buy"}


def named(id: str) -> Any:
    """An answer in which everything that may be an id is this one."""
    names = ("agent_id", "unique_id", "id", "assistant_id", "number", "phone_number")

    def told(value: Any) -> Any:
        if isinstance(value, list):
            return [told(each) for each in value]
        if isinstance(value, dict):
            return {name: id if name in names else told(each) for name, each in value.items()}
        return value

    return lambda reply: Reply(reply.status, told(reply.body), reply.headers)


@pytest.mark.parametrize(
    "id", ["\x1b[31magent_1", "agent 1", "agent\u202e1", "a" * 201, ""], ids=["colour", "blank", "turned", "long", "none"]
)
@pytest.mark.parametrize("tag", IDS)
def test_an_id_that_is_none_is_not_taken_for_one(accounts: Accounts, tag: str, id: str) -> None:
    """Nothing is made twice for it: what came of the create is not known, and is said to be so."""
    vendor, operation = tag.partition(":")[0], IDS[tag]
    accounts.emulator.faults.add("rewrite", vendor=vendor, times=None, rewrite=named(id))
    with pytest.raises(SmsAgentsError) as caught:
        accounts.lifecycle(tag).create(accounts.checked(tag, accounts.fields(tag)))
    fit(str(caught.value))
    assert "smsagents resolve shop/dev/one" in str(caught.value)
    assert len([call for call in accounts.emulator.calls if call.operation == f"{vendor}.{operation}"]) <= 1


@pytest.fixture
def terminal(monkeypatch, capsys, tmp_path, served, accounts: Accounts) -> Terminal:
    monkeypatch.chdir(tmp_path)
    for name, value in variables_of(served[1]):
        monkeypatch.setenv(name, value)
    return Terminal(monkeypatch, capsys)


def test_doctor_is_clean(terminal: Terminal, accounts: Accounts) -> None:
    accounts.emulator.faults.add("status", status=400, times=None, body={"error": LONG}, headers={"x-request-id": "r" * 5000})
    ended = terminal("doctor")
    assert ended.code == 1
    fit(ended.out + ended.said)


def test_an_import_is_clean(terminal: Terminal, accounts: Accounts) -> None:
    """In what is said, in the names of files, and in the program; a prompt's own file holds what the vendor holds."""
    for name in (LONG, ODD, "Turned \u202eround", "L" * 10_000):
        accounts.emulator.add("teli", {**SAMPLES[TELI].inputs, "agent_name": name})
    accounts.emulator.add("teli", {**SAMPLES[TELI].inputs, "agent_name": LONG, "agent_type": "voice"})
    ended = terminal("import", "teli", "--organization-id", ORGANIZATION, "--out", "shop")
    assert ended.code == 0, ended
    fit(ended.out + ended.said)
    fit("\n".join(str(path) for path in Path("shop").rglob("*")))
    program = Path("shop/__main__.py").read_text("utf-8")
    assert [each for each in program if not each.isprintable() and each != "\n"] == []


def test_a_drift_is_clean(terminal: Terminal, accounts: Accounts) -> None:
    """What a program's own field was changed to is shown as it is, spelt out; of what the vendor computes, the beginning."""
    recorder = Recorder(accounts.emulator, accounts.settings)
    recorder.objects(TELI, 1)
    recorder.objects("bland:SmsConfiguration", 1)
    recorder.objects("fluents:PhoneNumber", 1)
    Path("state.json").write_text(json.dumps(recorder.exported()))
    for item in accounts.emulator.objects("teli"):
        accounts.emulator.edit("teli", item.id, agent_name=ODD, agent_status=LONG)
    for item in accounts.emulator.objects("bland"):
        accounts.emulator.edit("bland", item.id, label=LONG, objective=ODD)
    for item in accounts.emulator.objects("fluents"):
        accounts.emulator.edit("fluents", item.id, label=ODD, tags=[LONG] * 9)
    for options in ((), ("--json",), ("--markdown",)):
        ended = terminal("drift", "--file", "state.json", *options)
        assert ended.code == 2
        assert "which the vendor computes, has changed" in ended.out
        fit(ended.out + ended.said)


def test_a_journals_text_is_clean(terminal: Terminal, accounts: Accounts) -> None:
    """Whoever can write into the folder, or an older release."""
    from pulumi_smsagents import connect

    target = Target(f"shop/dev/{ODD.replace('/', '')}", "teli", "SmsAgent", f"https://x.example/{ODD}")
    journal = connect.journals().of(target.key)
    journal.created(journal.intend(target, {}), ODD)
    for words in ((target.key,), (target.key, "--json"), (target.key, "--adopt", "other"), (target.key, "--not-created")):
        ended = terminal("resolve", *words)
        fit(ended.out + ended.said)
