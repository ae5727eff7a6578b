"""Long steps that say what they do, show that they are alive, and keep quiet unless they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

QUIET_INTERVAL = 15.0  # seconds between signs of life where lines cannot be rewritten, as in a CI log
KEPT_LINES = 40  # of a failed step's output
WIDTH = 100  # of a sign of life that is not in a terminal


class StepError(Exception):
    """A step failed; the message is all that a person needs to see."""


def say(text: str = "") -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def run(
    title: str,
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    status: Callable[[str], str] = str.strip,
    timeout: float | None = None,
) -> None:
    """Run a command to its end; `status` turns each line of its output into the few words shown meanwhile."""
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    ticker = _Ticker(title)
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,  # nothing may wait for an answer that nobody is asked for
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    reader = Thread(target=_collect, args=(process.stdout, lines, status, ticker), daemon=True)
    reader.start()
    try:
        code = _wait(process, ticker, timeout)
    finally:
        _end(process)
    reader.join(timeout=1)  # a grandchild may hold the pipe open
    if code != 0:
        ticker.finish("failed")
        raise StepError(f"{title}: exit code {code}\n" + "\n".join(f"  | {line}" for line in lines))
    ticker.finish("done")


def _collect(output: IO[str], lines: deque[str], status: Callable[[str], str], ticker: _Ticker) -> None:
    with output:
        for line in output:
            lines.append(line.rstrip())
            ticker.text = status(line) or ticker.text


def _wait(process: subprocess.Popen[str], ticker: _Ticker, timeout: float | None) -> int:
    while True:
        try:
            return process.wait(ticker.interval if timeout is None else min(ticker.interval, timeout))
        except subprocess.TimeoutExpired:
            ticker.show()
            if timeout is not None and ticker.elapsed >= timeout:
                ticker.finish("gave up")
                raise StepError(f"{ticker.title}: no end after {timeout:.0f} s") from None


def _end(process: subprocess.Popen[str]) -> None:
    """Leave nothing behind on Ctrl-C or a time limit."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    if process.poll() is None:
        process.kill()
        process.wait()


class _Ticker:
    """One line about a step: rewritten in a terminal, repeated now and then elsewhere."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.text = ""
        self.terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.interval = 0.2 if self.terminal else QUIET_INTERVAL
        self._started = time.monotonic()
        say(f"{title} …") if not self.terminal else self.show()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._started

    def show(self) -> None:
        words = f"{self.elapsed:.0f} s  {self.text}"
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{f'{self.title} … {words}'[:width]}", end="", flush=True)
        else:
            say(f"  {words[:WIDTH]}")

    def finish(self, outcome: str) -> None:
        words = f"{outcome}, {self.elapsed:.0f} s"
        say(f"\r\033[K{self.title} … {words}" if self.terminal else f"  {words}")
