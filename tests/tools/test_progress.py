"""Steps: quiet while all is well, everything that is needed when not, nothing left running."""

from __future__ import annotations

import sys

import pytest

from tools.progress import StepError, run


def test_a_step_that_succeeds_keeps_its_output_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    run("Counting", [sys.executable, "-c", "print('one two three')"])
    printed = capsys.readouterr().out
    assert printed.startswith("Counting …\n")
    assert "done" in printed
    assert "one two three" not in printed


def test_a_step_that_fails_shows_its_last_lines() -> None:
    program = "import sys; print('reading'); print('no such file', file=sys.stderr); sys.exit(4)"
    with pytest.raises(StepError, match="Reading: exit code 4") as raised:
        run("Reading", [sys.executable, "-c", program])
    assert "no such file" in str(raised.value)


def test_a_step_that_does_not_end_is_given_up_and_ended() -> None:
    with pytest.raises(StepError, match="Waiting: no end after 0 s"):
        run("Waiting", [sys.executable, "-c", "import signal; signal.pause()"], timeout=0)


def test_nothing_waits_for_an_answer() -> None:
    run("Asking", [sys.executable, "-c", "import sys; assert sys.stdin.read() == ''"])
