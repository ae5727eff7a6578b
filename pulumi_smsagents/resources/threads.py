"""More threads for the provider process than the four that the SDK gives it (pulumi/pulumi's ``dynamic/__main__.py``).

The engine sends as many calls at once as its ``--parallel`` says, and each waits for a vendor: four threads are four calls in
flight. Nothing public leads to the executor, so all of this is a guarded look: where anything is not as known, four stay.
"""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import FrameType

GIVEN = 4
"""What the SDK gives."""


def widen(threads: int) -> None:
    """So many threads for the executor that this thread works for; fewer than it has change nothing."""
    executor = _executor(inspect.currentframe())
    if executor is not None:
        # AttributeError and TypeError: another Python keeps it otherwise. RuntimeError: the system gives no more threads.
        with suppress(AttributeError, TypeError, RuntimeError):
            _grow(executor, threads)


def _executor(frame: FrameType | None) -> ThreadPoolExecutor | None:
    """The thread began in `concurrent.futures.thread._worker`, which has a weak reference to its executor."""
    while frame is not None:
        refer = frame.f_locals.get("executor_reference")
        found = refer() if callable(refer) else None
        if isinstance(found, ThreadPoolExecutor):
            return found
        frame = frame.f_back
    return None


def _grow(executor: ThreadPoolExecutor, threads: int) -> None:
    idle, running, start = executor._idle_semaphore, executor._threads, executor._adjust_thread_count  # noqa: SLF001
    # The lock under which work is handed out, which may start a thread too.
    with executor._shutdown_lock:  # noqa: SLF001
        if executor._max_workers >= threads:  # noqa: SLF001
            return
        executor._max_workers = threads  # noqa: SLF001
        # All at once: Python 3.11 counts a thread as idle after each piece of work, also where the next one waits already, and would
        # hardly start another. No more often than that, in case a start has no effect.
        for _ in range(2 * threads):
            if len(running) >= threads:
                return
            while idle.acquire(timeout=0):
                pass
            start()
