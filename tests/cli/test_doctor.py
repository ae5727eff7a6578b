"""`smsagents doctor`: what is there, what is not, and what to type next."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest
from e2e.engine import STACK

from pulumi_smsagents import connect
from pulumi_smsagents.cli import machine
from pulumi_smsagents.journal import Target
from pulumi_smsagents.vendors import VENDORS

KEY = "canary-key-A9xk2Zq81LmN0p"
TRIED = {"teli", "contactswing", "fluents", "bland"}
"""Vendors with a harmless call."""


@pytest.fixture(autouse=True)
def _a_pulumi(tmp_path, monkeypatch) -> None:
    pulumi(tmp_path, monkeypatch, "v3.259.0")


def pulumi(folder, monkeypatch, says: str) -> None:
    """A CLI that answers `pulumi version`."""
    program = folder / "bin" / "pulumi"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{says if ' ' in says else f'echo {says}'}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")


def found(doctored) -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in doctored.json["here"]}


def states(doctored) -> dict[str, str]:
    return {each["vendor"]: each["state"] for each in doctored.json["vendors"]}


# ---- the vendors ----


def test_every_vendor_is_asked_once_and_nothing_is_written(smsagents, vendors):
    doctored = smsagents("doctor", "--json")
    assert doctored.code == 0
    assert states(doctored) == {vendor.name: "ok" if vendor.name in TRIED else "not tried" for vendor in VENDORS}
    assert {(call.vendor, call.method) for call in vendors.calls} == {(name, "GET") for name in TRIED}
    assert len(vendors.calls) == len(TRIED)


def test_of_a_key_only_the_source_and_the_end_are_shown(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_TELI_API_KEY", KEY)
    shown = smsagents("doctor", "teli")
    assert "from SMSAGENTS_TELI_API_KEY, ends in …mN0p" in shown.out
    assert smsagents("doctor", "teli", "--json").json["vendors"][0]["key"] == {"from": "SMSAGENTS_TELI_API_KEY", "ends": "mN0p"}


def test_a_short_key_is_not_shown_at_all(smsagents, vendors, monkeypatch):
    """Four of its letters would be half of it."""
    monkeypatch.setenv("TELI_API_KEY", "hunter2-abcdefg")
    vendors.auth.accept("teli", None)
    shown = smsagents("doctor", "teli")
    assert "defg" not in shown.out
    assert "too short to show its end" in shown.out


def test_a_person_reads_this(smsagents, vendors):
    shown = smsagents("doctor", "contactswing")
    lines = shown.out.partition("\n\n")[2].splitlines()
    url = vendors.vendors and next(line for line in lines if "address" in line).split()[1]
    (asked,) = (line for line in lines if "asked" in line)
    assert asked.startswith("  asked    GET /v2/_actions: answered in ")
    assert [line for line in lines if line != asked] == [
        "ContactSwing: ok",
        "  key      from CONTACTSWING_API_KEY, ends in …mN0p",
        f"  address  {url} (SMSAGENTS_CONTACTSWING_BASE_URL)",
        "  set      smsagents:contactswingCreatePath = /v2/_new_assistants",
        "  can      create (contactswing.SmsAgent)",
        "  cannot   "
        + ", ".join(
            f"{verb} (set smsagents:contactswing{verb.capitalize()}Path if you know its path)" if verb != "list" else verb
            for verb in ("read", "list", "update", "delete")
        ),
        "  unseen   any field: no call shows what it holds",
    ]
    assert shown.said == "\nNext: go to your project's folder, and run there: pulumi preview\n"


def test_a_path_that_is_set_is_something_it_can(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_CONTACTSWING_READ_PATH", "/v2/assistants/{assistant_id}")
    (offer,) = smsagents("doctor", "contactswing", "--json").json["vendors"][0]["offers"]
    assert offer["can"] == ["create", "read"]


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor.name in TRIED], ids=lambda vendor: vendor.name)
def test_a_refused_key_is_told_with_its_source(smsagents, vendors, monkeypatch, vendor):
    monkeypatch.setenv(f"{vendor.name.upper()}_API_KEY", "another-key-than-yours")
    doctored = smsagents("doctor", vendor.name)
    assert doctored.code == 1
    assert f"{vendor.title}: wrong" in doctored.out
    assert "-> 401: " in doctored.out or "-> 403: " in doctored.out
    assert f"The key came from {vendor.name.upper()}_API_KEY" in doctored.out
    assert f"smsagents doctor {vendor.name}" not in doctored.out  # which is what they have just done
    assert doctored.said.endswith(f"run again: smsagents doctor {vendor.name}\n")


def test_one_vendor_that_is_down_hides_no_other(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_BLAND_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("SMSAGENTS_ATTEMPTS", "1")
    doctored = smsagents("doctor", "--json")
    assert doctored.code == 1
    assert states(doctored)["bland"] == "wrong"
    assert states(doctored)["teli"] == "ok"


def test_a_setting_that_is_wrong_is_told_before_any_call(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_TELI_BASE_URL", "http://api.teli.ai")
    doctored = smsagents("doctor", "teli")
    assert doctored.code == 1
    assert "SMSAGENTS_TELI_BASE_URL: http would send the key in clear" in doctored.out
    assert len(vendors.calls) == 0


def test_a_setting_that_is_wrong_is_told_without_a_key_too(smsagents, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_TELI_BASE_URL", "http://api.teli.ai")
    doctored = smsagents("doctor", "--json")
    assert (doctored.code, states(doctored)["teli"]) == (1, "wrong")


def test_without_any_key_it_says_how_to_set_one_and_is_content(smsagents):
    """A vendor that nobody uses is no fault."""
    doctored = smsagents("doctor")
    assert doctored.code == 0
    assert "set it with: pulumi config set --secret smsagents:blandApiKey" in doctored.out
    assert doctored.said.endswith("Next: set a vendor's key as shown above; or try it without one: smsagents emulate\n")


def test_who_asks_for_one_vendor_wants_its_key(smsagents):
    assert smsagents("doctor", "teli").code == 1


def test_a_vendor_that_does_not_exist_is_guessed(smsagents):
    ended = smsagents("doctor", "vapi")
    assert (ended.code, ended.out) == (1, "")
    assert ended.said == "error: vapi is not a vendor; there are teli, contactswing, fluents, cleartalk, bland\n"
    assert smsagents("doctor", "blandd").said == "error: blandd is not a vendor; did you mean bland?\n"


# ---- what is installed ----


def test_what_is_installed_is_told(smsagents, vendors):
    here = found(smsagents("doctor", "--json"))
    assert here["Pulumi CLI"]["found"].startswith("3.259.0 (")
    assert here["Pulumi SDK"]["found"] == metadata.version("pulumi")
    assert here["pulumi-smsagents"]["found"] == f"{metadata.version('pulumi-smsagents')}, with its pulumi-plugin.json"
    assert {each["state"] for each in here.values()} == {"ok"}


@pytest.mark.parametrize(
    ("says", "state", "told"),
    [
        ("v3.218.9", "wrong", "older than 3.219.0"),
        ("v3.219.0", "ok", ""),
        ("(devel)", "note", "pulumi version"),
        ("exit 3 ", "wrong", "failed"),
    ],
)
def test_the_clis_version_has_to_fit(smsagents, vendors, monkeypatch, tmp_path, says, state, told):
    pulumi(tmp_path, monkeypatch, says if "exit" in says else f"echo '{says}' ")
    doctored = smsagents("doctor", "--json")
    cli = found(doctored)["Pulumi CLI"]
    assert cli["state"] == state
    assert told in cli["fix"]
    assert doctored.code == int(state == "wrong")


def test_without_a_cli_it_says_where_to_get_one(smsagents, vendors, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    doctored = smsagents("doctor", "--json")
    assert doctored.code == 1
    assert found(doctored)["Pulumi CLI"]["fix"] == "install it: https://www.pulumi.com/docs/install/"
    assert doctored.json["next"].startswith("mend what is marked wrong")


@pytest.mark.parametrize(
    ("version", "state", "told"),
    [
        ("3.218.0", "wrong", "needs 3.219.0 or newer"),
        ("4.0.0", "wrong", "older than 4"),
        ("3.267.9", "note", ".get()"),
        ("3.268.0", "ok", ""),
    ],
)
def test_the_sdks_version_has_to_fit(smsagents, vendors, monkeypatch, version, state, told):
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: version if name == "pulumi" else real(name))
    sdk = found(smsagents("doctor", "--json"))["Pulumi SDK"]
    assert sdk["state"] == state
    assert told in sdk["fix"]


@pytest.mark.parametrize("text", [None, "{", '{"resource": true}'])
def test_a_package_without_its_marker_is_wrong(smsagents, vendors, monkeypatch, tmp_path, text):
    """The engine would try to download a plugin before every run."""
    marker = tmp_path / "pulumi-plugin.json"
    if text is not None:
        marker.write_text(text)
    monkeypatch.setattr(machine, "MARKER", marker)
    doctored = smsagents("doctor", "--json")
    assert found(doctored)["pulumi-smsagents"]["state"] == "wrong"
    assert doctored.code == 1


def test_the_journal_is_told_and_what_was_cut_off(smsagents, vendors, monkeypatch, tmp_path):
    folder = tmp_path / "journal"
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", str(folder))
    assert found(smsagents("doctor", "--json"))["Journal"] == {"name": "Journal", "state": "ok", "found": str(folder), "fix": ""}
    assert not folder.exists()
    entry = connect.journals().of("texting/prod/sales").intend(Target("texting/prod/sales", "teli", "SmsAgent", "https://x"), {})
    begun = found(smsagents("doctor", "--json"))["Journal"]
    assert (begun["state"], begun["fix"]) == ("note", "see: smsagents resolve")
    assert begun["found"] == f"{folder}, with creates that were cut off in texting/prod"
    connect.journals().of("texting/prod/sales").created(entry, "agent-1")
    assert found(smsagents("doctor", "--json"))["Journal"]["state"] == "ok"


def test_a_journal_that_cannot_be_kept_is_wrong(smsagents, vendors, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SMSAGENTS_JOURNAL_DIR", str(tmp_path / "file"))
    doctored = smsagents("doctor", "--json")
    assert doctored.code == 1
    assert "set SMSAGENTS_JOURNAL_DIR to one that is kept between runs" in found(doctored)["Journal"]["fix"]


def test_on_a_runner_the_journal_has_to_be_kept(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("SMSAGENTS_JOURNAL_DIR")
    monkeypatch.setenv("PULUMI_HOME", "/nowhere/pulumi")
    journal = found(smsagents("doctor", "--json"))["Journal"]
    assert journal["found"] == "/nowhere/pulumi/smsagents/journal"
    assert "is thrown away" in journal["fix"]


# ---- in a project ----


def test_in_a_project_the_stacks_settings_hold(smsagents, stack):
    stack.configure({"allowedNumbers": '["+1555*"]'})
    doctored = smsagents("doctor", "--json", "--stack", STACK)
    here = found(doctored)
    assert doctored.code == 0
    assert here["Project"]["found"] == f"{stack.folder}, stack {STACK}"
    assert here["allowedNumbers"]["found"] == '["+1555*"] (smsagents:allowedNumbers)'
    assert here["Python"]["state"] == "note"  # the project names no virtual environment
    (teli,) = (each for each in doctored.json["vendors"] if each["vendor"] == "teli")
    assert (teli["key"], teli["state"]) == ({"from": "smsagents:teliApiKey", "ends": "teli"}, "ok")
    assert {call.vendor for call in stack.emulator.calls} == TRIED


def test_a_stack_that_cannot_be_read_is_told_and_the_rest_goes_on(smsagents, stack, monkeypatch):
    """From a folder below, with a stack that does not exist, and with the wrong passphrase."""
    (stack.folder / "below").mkdir()
    monkeypatch.chdir(stack.folder / "below")
    none = smsagents("doctor", "--json", "--stack", "nope")
    assert (none.code, found(none)["Project"]["state"]) == (1, "wrong")
    assert "no stack named 'nope' found" in found(none)["Project"]["fix"]
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
    locked = smsagents("doctor", "--json", "--stack", STACK)
    assert (locked.code, found(locked)["Project"]["state"]) == (1, "wrong")
    assert "passphrase" in found(locked)["Project"]["fix"]
    assert states(locked)["teli"] == "no key"


def test_a_virtual_environment_of_the_project_is_compared(smsagents, stack):
    (stack.folder / "Pulumi.yaml").write_text("name: e2e\nruntime: {name: python, options: {virtualenv: .venv}}\n")
    assert f"the project runs in {stack.folder / '.venv'}" in found(smsagents("doctor", "--json", "--stack", STACK))["Python"]["fix"]
    (stack.folder / ".venv").symlink_to(sys.prefix)
    assert found(smsagents("doctor", "--json", "--stack", STACK))["Python"]["state"] == "ok"


def test_a_named_stack_needs_a_project(smsagents, vendors):
    ended = smsagents("doctor", "--stack", "prod")
    assert ended.code == 1
    assert ended.said == "error: --stack prod: there is no Pulumi.yaml here or above; go to the project's folder\n"
