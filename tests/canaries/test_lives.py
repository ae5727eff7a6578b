"""No secret in anything that is said, kept or logged over a life at each vendor that repeats whatever it was told."""

from __future__ import annotations

import logging
import tempfile
from functools import partial
from pathlib import Path

import httpx
import pytest
from canaries.accounts import HOOK, THEIR_HOOK, Accounts
from canaries.hunt import FOUND, KEYS, TOKEN, Hunt, files, logged, spoken_of, views
from samples import SAMPLES
from worlds import OFFERS, told

from pulumi_smsagents import connect
from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.fluents_views import CREDENTIALS
from pulumi_smsagents.errors import ConflictError, SmsAgentsError
from pulumi_smsagents.journal import Journals

BLAND = "bland:SmsConfiguration"
THEIRS = (CREDENTIALS["twilio_auth_token"], "emulated-model-key")
"""Credentials that Fluents shows in its answers."""


def failed(accounts: Accounts, verb) -> None:
    with pytest.raises(SmsAgentsError) as caught:
        verb()
    accounts.said.append(told(caught.value))


def live(accounts: Accounts, tag: str) -> None:
    """Creates that fail, one that works, refreshes, updates, a conflict, an adoption, deletes."""
    sample, process = SAMPLES[tag], accounts.lifecycle(tag)
    vendor, offer = OFFERS[tag]
    fields = accounts.fields(tag)
    if offer.kept:
        accounts.emulator.add(vendor.name, phone_number=fields["phone_number"], webhook=THEIR_HOOK, label="Desk")
    writes = (sample.writes_of_create or (sample.create,))[0]
    for number, status in enumerate((400, 401, 500)):
        accounts.refuse(tag, writes, status)
        inputs = accounts.checked(tag, {**fields, **sample.another}, key=f"shop/dev/failed-{number}")
        failed(accounts, partial(process.create, inputs))
    accounts.echo(tag)
    made = process.create(accounts.checked(tag, fields))
    state = accounts.kept(made)

    state = accounts.kept(process.read(made.id, state))
    hooked = {"webhook": f"{HOOK}&v=2"} if "webhook" in fields else {}
    others = {
        **fields,
        **{name: sample.others[name] for name, rule in offer.fields.items() if name in fields and not rule.replace},
        **hooked,
    }
    for status in (400, 401, 500):
        accounts.refuse(tag, sample.update, status)
        failed(accounts, lambda: process.update(made.id, state, accounts.checked(tag, others, state)))
    accounts.echo(tag)
    state = accounts.kept(process.update(made.id, state, accounts.checked(tag, others, state)))
    if not offer.adapter(connect.client_for(vendor, accounts.settings)).cannot_read:
        accounts.refuse(tag, sample.get, 403)
        failed(accounts, lambda: process.read(made.id, state))
        accounts.echo(tag)
        process = accounts.lifecycle(tag)  # a list that could not be had is not asked for again in the same run
        accounts.emulator.edit(vendor.name, made.id, **dict.fromkeys(hooked, f"{HOOK}&by=hand"))
        accounts.kept(process.read(made.id, state))
    if offer.whole_body:
        accounts.emulator.edit(vendor.name, made.id, webhook=f"{HOOK}&by=hand")
        again = accounts.checked(tag, {**others, "webhook": f"{HOOK}&v=3"}, state)
        with pytest.raises(ConflictError) as caught:
            process.update(made.id, state, again)
        accounts.said.append(told(caught.value))
    accounts.kept(accounts.lifecycle(tag).create(accounts.checked(tag, {**others, "adopt": made.id}, key="shop/dev/adopts")))
    if sample.removes:
        accounts.refuse(tag, sample.delete, 400)
        failed(accounts, lambda: process.delete(made.id, state))
        accounts.echo(tag)
    accounts.emulator.auth.accept(vendor.name, [])
    failed(accounts, lambda: accounts.lifecycle(tag).create(accounts.checked(tag, {**fields, **sample.another}, key="shop/dev/late")))
    accounts.emulator.auth.accept(vendor.name, [KEYS[vendor.name]])
    accounts.said += process.delete(made.id, state)
    next_runs(tag, made.id)


def next_runs(tag: str, id: str) -> None:
    """The first is shown by the engine that its state holds what was made; the second finds that in the journal."""
    vendor, offer = OFFERS[tag]
    for _ in range(2):
        journal = Journals(connect.journals().folder).of("shop/dev/one")
        for name in ("one", "adopts"):
            journal.settle(f"shop/dev/{name}", vendor.name, offer.kind, id)


@pytest.mark.parametrize("tag", OFFERS)
def test_no_secret_anywhere(accounts: Accounts, served, tag: str, caplog, capfd, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with caplog.at_level(logging.DEBUG):
        live(accounts, tag)
        calls = list(accounts.emulator.calls)
        lines = logged(caplog.records)
    spoke = {record.name for record in caplog.records}
    assert {"httpcore.http11", "httpx_retries.transport"} <= spoke, "nothing was logged, so nothing was looked at"
    assert len(calls) > 5
    vendor = tag.partition(":")[0]
    keys = Hunt(*KEYS.values(), *THEIRS)
    everything = Hunt(*KEYS.values(), *THEIRS, TOKEN, FOUND)
    assert everything.found(f"of {KEYS[vendor][3:12]} and {TOKEN[-9:]}"), "the hunt itself finds parts"
    client = connect.client_for(OFFERS[tag][0], accounts.settings)
    everything.none_in("what is said", *accounts.said)
    everything.none_in("the log", lines, caplog.text, *capfd.readouterr())
    everything.none_in("what is kept in memory", *map(repr, (client, client.account, client.redactor, accounts.lifecycle(tag))))
    everything.none_in("a file", *files(tmp_path).values())
    keys.none_in("the state", *map(spoken_of, accounts.states))
    pages = shown_by(served[1], accounts.emulator)
    assert {page.status_code for page in pages.values()} == {200}
    assert "[credential]" in pages["/_emulator/calls"].text
    keys.none_in("a page", *(page.content for page in pages.values()))
    held = [{name: value for name, value in state.items() if name not in ("found", "webhook")} for state in accounts.states]
    everything.none_in("the state, but for what holds it", *map(spoken_of, held))


def shown_by(url: str, emulator: Emulator) -> dict[str, httpx.Response]:
    """Every page of the emulator."""
    with httpx.Client(base_url=url) as reader:
        return {path: reader.get(path) for path in views(emulator)}


def test_what_was_found_is_in_the_journal_until_a_state_holds_it(accounts: Accounts, tmp_path: Path) -> None:
    """Also where another number's is still needed."""
    fields, hunt = accounts.fields(BLAND), Hunt(FOUND)
    numbers = [fields["phone_number"], "+15550003333"]
    made = []
    for at, number in enumerate(numbers):
        accounts.emulator.add("bland", phone_number=number, webhook=THEIR_HOOK)
        made.append(accounts.lifecycle(BLAND).create(accounts.checked(BLAND, {**fields, "phone_number": number}, key=f"shop/dev/{at}")))
    (journal,) = [content for path, content in files(tmp_path).items() if path.suffix == ".jsonl"]
    assert journal.count(FOUND.encode()) == 2

    process = accounts.lifecycle(BLAND)
    process.diff(made[0].id, accounts.kept(made[0]), accounts.checked(BLAND, fields, key="shop/dev/0"))
    Journals(connect.journals().folder).of("shop/dev/0").settle("shop/dev/0", "bland", "SmsConfiguration", made[0].id)  # the next run
    assert b"".join(files(tmp_path).values()).count(FOUND.encode()) == 1
    process.diff(made[1].id, accounts.kept(made[1]), accounts.checked(BLAND, {**fields, "phone_number": numbers[1]}, key="shop/dev/1"))
    hunt.none_in("the journal", *files(tmp_path).values())


def test_a_refusal_tells_what_it_can_without_the_secret(accounts: Accounts) -> None:
    """What is hidden is only the secret: who reads the error knows what was refused."""
    accounts.refuse("teli:SmsAgent", "create", 400)
    with pytest.raises(SmsAgentsError) as caught:
        accounts.lifecycle("teli:SmsAgent").create(accounts.checked("teli:SmsAgent", accounts.fields("teli:SmsAgent")))
    assert "Cannot use [secret] with https://hooks.example.com/sms?" in str(caught.value)
