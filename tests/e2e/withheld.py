"""A vendor that has done what it was asked and does not say so yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from e2e.engine import PATIENCE

from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.wire import Reply


@contextmanager
def answer_withheld(emulator: Emulator, operation: str) -> Iterator[Callable[[], None]]:
    """The next such call is carried out, and answered only after the block. Yields what waits until it is carried out."""
    done, may_answer = Event(), Event()

    def hold(reply: Reply) -> Reply:
        done.set()
        assert may_answer.wait(PATIENCE)
        return reply

    emulator.faults.add("rewrite", operation=operation, rewrite=hold)

    def wait() -> None:
        assert done.wait(PATIENCE)

    try:
        yield wait
    finally:
        may_answer.set()
