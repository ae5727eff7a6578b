"""No secret in what a command prints, writes or leaves behind, whatever the vendors repeat, and with SMSAGENTS_DEBUG=1 too."""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path

import pytest
from canaries.accounts import HOOK, Accounts, variables_of
from canaries.hunt import FOUND, KEYS, TOKEN, Hunt, files, logged
from canaries.test_lives import THEIRS
from cli.commands import Ended
from cli.states import Recorder
from samples import SAMPLES
from samples.teli import ORGANIZATION

from pulumi_smsagents.cli import console
from pulumi_smsagents.journal import Target

NUMBER = "+14155550199"
READ = ("teli:SmsAgent", "fluents:PhoneNumber", "bland:SmsConfiguration")
SAID = Hunt(*KEYS.values(), *THEIRS, TOKEN, FOUND)
WRITTEN = Hunt(*KEYS.values(), *THEIRS)


class Shell:
    """Runs commands, each looked through for every secret; `said` is all they printed."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = patch, capture
        self.said = ""

    def __call__(self, *words: str) -> Ended:
        from pulumi_smsagents import cli

        self._patch.setattr("sys.argv", ["smsagents", *words])
        self._capture.readouterr()
        code = console.run(cli.app)
        ended = Ended(code, *self._capture.readouterr())
        SAID.none_in(f"smsagents {' '.join(words)}", ended.out, ended.said)
        self.said += ended.out + ended.said
        return ended


@pytest.fixture(params=["", "1"], ids=["plain", "debug"])
def shell(request, monkeypatch, capsys, tmp_path, served, accounts: Accounts) -> Shell:
    """In an empty folder; temporary files go to one below it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("SMSAGENTS_DEBUG", request.param)
    for name, value in variables_of(served[1]):
        monkeypatch.setenv(name, value)
    return Shell(monkeypatch, capsys)


def stand(accounts: Accounts) -> Recorder:
    """An object at each vendor that can be read, in a state; a webhook of each kind of token."""
    recorder = Recorder(accounts.emulator, accounts.settings)
    for tag in READ:
        recorder.objects(tag, 2)
    for tag in READ:
        accounts.echo(tag)
    for item in accounts.emulator.objects("bland"):
        accounts.emulator.edit("bland", item.id, webhook=HOOK, request_data={"token": TOKEN})
    Path("state.json").write_text(json.dumps(recorder.exported()))
    return recorder


def test_no_command_tells_a_secret(shell: Shell, accounts: Accounts, caplog, tmp_path: Path) -> None:
    with caplog.at_level(logging.DEBUG):
        stand(accounts)
        for options in ((), ("--json",), ("--markdown",)):
            drifted = shell("drift", "--file", "state.json", *options)
            assert drifted.code == console.FOUND
            assert "webhook" in drifted.out
        assert shell("doctor", "--json").json["vendors"]
        shell("import", "teli", "--organization-id", ORGANIZATION, "--out", "teli")
        shell("import", "fluents", "--out", "fluents", "--json")
        shell("resolve", "--json")
        for tag in SAMPLES:
            accounts.refuse(tag, "*", 401)
            vendor = tag.partition(":")[0]
            (found,) = shell("doctor", vendor, "--json").json["vendors"]
            assert found["state"] == ("not tried" if vendor == "cleartalk" else "wrong")
            if tag in READ:
                owner = ("--organization-id", ORGANIZATION) if vendor == "teli" else ()
                assert shell("import", vendor, *owner, "--out", "none").code == console.FAILED
        assert shell("drift", "--file", "state.json").code == console.FAILED
    assert "[secret]" in shell.said
    SAID.none_in("the log", logged(caplog.records), caplog.text)
    Path("state.json").unlink()  # where the program's own token stands
    SAID.none_in("a file", *files(tmp_path).values())


def test_a_webhook_stands_only_in_the_program_that_is_written(shell: Shell, accounts: Accounts, tmp_path: Path) -> None:
    """It is what was asked for, and pointed out; a key is in no file."""
    accounts.emulator.add("bland", phone_number=NUMBER, webhook=HOOK, label="Desk")
    accounts.echo("bland:SmsConfiguration")
    done = shell("import", "bland", "--out", "desk")
    assert done.code == console.CLEAN
    assert "webhook may hold a token" in done.said
    holding = [path.name for path, content in files(tmp_path).items() if TOKEN.encode() in content]
    assert holding == ["__main__.py"]
    WRITTEN.none_in("a file", *files(tmp_path).values())


def test_what_a_journal_keeps_for_later_is_not_listed(shell: Shell, accounts: Accounts) -> None:
    from pulumi_smsagents import connect

    target = Target("shop/dev/desk", "bland", "SmsConfiguration", "https://api.bland.ai")
    connect.journals().of(target.key).found(target, NUMBER, {"webhook": f"https://x.example/?{FOUND}"})
    assert shell("resolve", target.key).code == console.FOUND
    assert shell("resolve", target.key, "--json").json[0]["id"] == NUMBER
    assert shell("resolve", target.key, "--not-created").code == console.CLEAN
    assert shell("resolve", target.key).code == console.FAILED
