"""The command line of dev.py."""

from __future__ import annotations

import pytest

import dev
from tools import checks, quickstart
from tools.progress import StepError


def test_arguments_after_the_dashes_go_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str | None, list[str]]] = []
    monkeypatch.setattr(checks, "run", lambda only, arguments: calls.append((only, arguments)) or 0)
    assert dev.main(["test", "--only", "pytest", "--", "-k", "journal", "--maxfail=1"]) == 0
    assert calls == [("pytest", ["-k", "journal", "--maxfail=1"])]


def test_every_group_of_checks_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(checks, "run", lambda only, _: asked.append(only) or 0)
    for group in checks.GROUPS:
        dev.main(["test", "--only", group])
    assert asked == list(checks.GROUPS)


@pytest.mark.parametrize("arguments", [[], ["sing"], ["test", "--only", "half"], ["up", "quickly"]])
def test_a_wrong_command_line_ends_with_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        dev.main(arguments)
    assert exited.value.code == 2
    assert "usage: dev.py" in capsys.readouterr().err


def test_a_failed_step_is_one_message_and_exit_code_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise StepError("No Pulumi. Install it.")

    monkeypatch.setattr(quickstart, "up", fail)
    assert dev.main(["up"]) == 1
    assert capsys.readouterr().err.strip() == "No Pulumi. Install it."


def test_env_prints_nothing_but_lines_for_the_shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said while something is installed first must not reach `eval`."""

    def lines() -> str:
        print("Installing …")
        return "export A=b"

    monkeypatch.setattr(quickstart, "shell_lines", lines)
    dev.main(["env"])
    captured = capsys.readouterr()
    assert captured.out == "export A=b\n"
    assert captured.err == "Installing …\n"
