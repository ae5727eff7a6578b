"""docs/commands.md: every command and option of the code, no other, and what they print."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from cli.states import Recorder
from markdown_it import MarkdownIt
from pages import fences
from samples import SAMPLES

from pulumi_smsagents import cli, connect

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/commands.md"
ROOT_COMMAND = typer.main.get_command(cli.app)
COMMANDS = ROOT_COMMAND.commands
SECTIONS = dict(re.findall(r"^## `smsagents (\w+)`\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE))


def spelled(parameter) -> set[str]:
    """As a person types it."""
    return set(parameter.opts) if parameter.param_type_name == "option" else {parameter.metavar or parameter.name.upper()}


def test_the_page_has_a_section_for_every_command():
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_section_lists_every_argument_and_option(name):
    """In its first table, and with no other beside them."""
    table = SECTIONS[name].partition("| option | |\n|---|---|\n")[2].partition("\n\n")[0]
    listed = {word for row in table.splitlines() for word in re.findall(r"`([^`]+)`", row.split("|")[1])}
    wanted = set().union(*(spelled(each) for each in COMMANDS[name].params)) - {"-h", "--help"}
    assert listed == wanted


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("width", [80])
def test_help_fits_a_terminal_and_says_what_the_exit_code_means(smsagents, monkeypatch, name, width):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERMINAL_WIDTH", str(width))
    ended = smsagents(name, "--help")
    assert ended.code == 0
    assert max(map(len, ended.out.splitlines())) <= width
    assert "Exit code:" in ended.out
    assert all(each.help for each in COMMANDS[name].params if each.name != "help")


def test_the_first_line_of_each_help_is_whole_in_the_list(smsagents, monkeypatch):
    """A line that ends in dots tells nobody what the command is for."""
    monkeypatch.setenv("COLUMNS", "80")
    listed = smsagents().out
    assert "..." not in listed.partition("Commands:")[2]
    assert set(re.findall(r"^  (\w+)  ", listed.partition("Commands:")[2], re.MULTILINE)) == set(COMMANDS)


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]


def typed() -> list[tuple[str, str]]:
    """Every `smsagents` command that a page shows, in a block or in a line."""
    found = []
    for page in pages():
        for token in MarkdownIt().parse(page.read_text("utf-8")):
            spans = (
                [token.content] if token.type == "fence" else [span.content for span in token.children or [] if span.type == "code_inline"]
            )
            lines = [line for span in spans for line in span.splitlines()]
            found += [(page.name, match[1]) for line in lines if (match := re.search(r"(?:^|bin/)smsagents ((?:\w|-)[^>|]*)", line))]
    return found


@pytest.mark.parametrize(("page", "words"), typed())
def test_a_command_that_a_page_shows_exists(page, words):
    """With its options: it is parsed, not run."""
    name, *rest = shlex.split(re.sub(r"<[^>]*>|\[[A-Z ]+\]|…", "x", words).replace('"', ""))
    if name.startswith("-"):
        assert name in {option for each in ROOT_COMMAND.params for option in each.opts} | {"--help"}
        return
    assert name in COMMANDS, f"{page}: smsagents {words}"
    known = {option for each in COMMANDS[name].params for option in each.opts} | {"--help"}
    assert {word.partition("=")[0] for word in rest if word.startswith("-")} <= known, f"{page}: smsagents {words}"


# ---- what they print ----


def shown(name: str) -> str:
    """The output that a section quotes."""
    section = SECTIONS[name]
    return next(text for text in fences(PAGE, "text") if text in section)


def test_doctor_prints_what_the_page_shows(smsagents, vendors, monkeypatch):
    """But for this key, this address and this moment."""
    monkeypatch.setenv("TELI_API_KEY", "0123456789abcdefx9Qz")
    vendors.auth.accept("teli", None)
    said = smsagents("doctor", "teli").out.partition("\n\n")[2]
    said = said.replace("TELI_API_KEY", "smsagents:teliApiKey")
    said = re.sub(r"address  .*", "address  https://api.teli.ai (default)", said)
    assert re.sub(r"in \d+ ms", "in 120 ms", said) == shown("doctor")


def test_drift_prints_what_the_page_shows(smsagents, vendors, tmp_path):
    vendors.modes["teli"].set(extraction_in_get="present")
    recorder = Recorder(vendors, connect.Settings(lambda key: None))
    made = recorder.create("sales", "teli:SmsAgent", SAMPLES["teli:SmsAgent"].inputs)
    vendors.edit("teli", made.id, agent_name="Sales", prompt="Be friendly.\nAlways promise a price.")
    (tmp_path / "state.json").write_text(json.dumps(recorder.exported()))
    ended = smsagents("drift", "--file", "state.json")
    assert ended.code == 2
    assert ended.out.replace(made.id, "1763070568418x100000000000000001") == shown("drift")
