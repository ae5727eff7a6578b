"""What every command promises to a person, a pipe and a CI job."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import typer

from pulumi_smsagents import errors
from pulumi_smsagents.cli import console

KEY = "canary-key-A9xk2Zq81LmN0p"


def ended(monkeypatch, action, *arguments: str) -> int:
    """The exit code of a command that does `action`."""
    app = typer.Typer(rich_markup_mode=None)
    app.command()(action)
    monkeypatch.setattr(sys, "argv", ["smsagents", *arguments])
    return console.run(app)


def raising(problem: BaseException):
    def command() -> None:
        raise problem

    return command


def test_results_go_to_stdout_and_talk_to_stderr(capsys):
    console.show("3 resources", "[bold]not markup[/bold] :smile: http://x.example/1")
    console.say("reading")
    console.warn("slow")
    assert capsys.readouterr() == ("3 resources\n[bold]not markup[/bold] :smile: http://x.example/1\n", "reading\nwarning: slow\n")


def test_a_pipe_gets_whole_lines_and_no_colour(capsys):
    """Not cut or broken at 80 columns: somebody searches them."""
    console.error("x " * 200)
    said = capsys.readouterr().err
    assert said == f"error: {'x ' * 200}".rstrip() + "\n"


def test_a_terminal_gets_colour_unless_no_color_is_set(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    console.error("no")
    assert "\x1b[" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    console.error("no")
    assert "31m" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (errors.ConfigurationError("teli: no key\nat all"), "error: teli: no key at all\n"),
        (FileNotFoundError(2, "No such file or directory", "state.json"), "error: state.json: No such file or directory\n"),
        (OSError("odd"), "error: odd\n"),
        (typer.Abort(), "error: aborted\n"),
        (typer.BadParameter("too small"), "error: Invalid value: too small. See: smsagents --help\n"),
    ],
)
def test_what_goes_wrong_is_one_line_and_exit_code_1(monkeypatch, capsys, problem, line):
    """A wrong option too: 2 would mean that something was found."""
    assert ended(monkeypatch, raising(problem)) == console.FAILED
    assert capsys.readouterr() == ("", line)


def test_a_fault_of_ours_keeps_its_values_to_itself(monkeypatch, capsys):
    assert ended(monkeypatch, raising(RuntimeError(KEY))) == console.FAILED
    said = capsys.readouterr().err
    assert said.startswith("error: internal error in the command: RuntimeError at test_console.py:")
    assert said.count("\n") == 1
    assert KEY not in said


def test_with_debug_the_traceback_is_there(monkeypatch, capsys):
    monkeypatch.setenv("SMSAGENTS_DEBUG", "1")
    assert ended(monkeypatch, raising(errors.ConfigurationError("no key"))) == console.FAILED
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert said.endswith("error: no key\n")


@pytest.mark.parametrize("code", [console.CLEAN, console.FOUND, console.FAILED])
def test_a_command_ends_with_the_code_it_says(monkeypatch, code):
    assert ended(monkeypatch, raising(typer.Exit(code))) == code


def test_a_wrong_option_names_the_right_ones(monkeypatch, capsys):
    def command(port: int = 1) -> None:
        pass

    assert ended(monkeypatch, command, "--prt", "1") == console.FAILED
    assert capsys.readouterr().err == "error: No such option: --prt (Possible options: --port). See: smsagents --help\n"


def test_a_shell_can_complete_a_vendor(tmp_path):
    """As bash asks for it."""
    asked = {"_SMSAGENTS_COMPLETE": "complete_bash", "COMP_WORDS": "smsagents doctor te", "COMP_CWORD": "2"}
    command = [sys.executable, "-c", "from pulumi_smsagents.cli import main; main()"]
    done = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["teli"]


def test_nothing_of_a_vendor_moves_the_cursor_or_hides():
    """Right-to-left marks turn a line round; an emoji of several parts stays one."""
    assert console.clean("a\x1b[2Jb\rc\x07\u202ed\u200b") == "a\\x1b[2Jb\\rc\\x07\\u202ed\\u200b"
    assert console.clean("👨‍👩‍👧 {{first_name}}\n\tß") == "👨‍👩‍👧 {{first_name}}\n\\tß"


def test_json_is_ascii_and_comes_back(capsys):
    console.show_json({"text": "👋\x1b\ud800", "n": 1})
    said = capsys.readouterr().out
    assert said.isascii()
    assert json.loads(said) == {"text": "👋\x1b\ud800", "n": 1}


def test_a_bar_is_for_terminals_only(capsys):
    with console.progress("Reading", total=2) as step:
        step()
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_bar_counts_and_goes(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    with console.progress("Reading [them]", total=2) as step:
        step()
        step()
    out, said = capsys.readouterr()
    assert out == ""
    assert "Reading [them]" in said
    assert "2/2" in said
