"""More calls at once than the SDK's provider process allows; and where Python keeps its threads otherwise, four as before."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from gathered import gathering
from pythons import pythons
from resources.engines import processes

from pulumi_smsagents import connect
from pulumi_smsagents.resources import threads
from pulumi_smsagents.vendors import find

KEY = "canary-key-A9xk2Zq81LmN0p"
AGENT = {
    "organization_id": "1763070568417x631086913669115287",
    "user_id": "1763070568417x100000000000000001",
    "starting_message": "Hi {{first_name}}, reply STOP to opt out",
    "prompt": "Sell.",
}
SUPPORTED = {said.split()[0]: path for said, path in pythons().items() if tuple(map(int, said.split(".")[:2])) >= (3, 11)}


def created(count: int, together: int, folder: Path, **env: str) -> int:
    """Create so many agents with one process at a vendor that answers when `together` calls have come; how many came at once."""
    with gathering(together) as (emulator, gathered, url):
        emulator.auth.accept("teli", [KEY])
        environ = {
            "SMSAGENTS_TELI_BASE_URL": f"{url}/teli",
            "SMSAGENTS_TELI_API_KEY": KEY,
            "SMSAGENTS_JOURNAL_DIR": str(folder),
            "SMSAGENTS_REQUEST_TIMEOUT": "20",  # only where too few come
        }
        with processes("teli:SmsAgent", {**environ, **env}) as process, ThreadPoolExecutor(count) as engine:
            process.configure({})
            asked = [process.check({**AGENT, "key": f"shop/dev/agent-{n}", "agent_name": f"Agent {n}"}) for n in range(count)]
            made = list(engine.map(lambda each: process.create(each[0]), asked))
        assert {id for id, _ in made} == {item.id for item in emulator.objects("teli")}
        assert len(emulator.objects("teli")) == count
        return gathered.peak


def test_32_creates_are_under_way_at_once(tmp_path):
    assert created(32, 32, tmp_path) == 32


@pytest.mark.parametrize("threads", [4, 8])
def test_the_number_can_be_set(tmp_path, threads):
    """4 leaves it as it is."""
    assert created(2 * threads, threads, tmp_path, SMSAGENTS_THREADS=str(threads)) == threads


@pytest.mark.parametrize("wrong", ["many", "3", "65", "8.5", "", "-8", "nan"])
def test_a_number_that_is_none_is_told_and_does_nothing(wrong):
    settings = connect.Settings({"smsagents:threads": wrong}.get, {"TELI_API_KEY": KEY})
    told = connect.problems(find("teli:SmsAgent")[0], settings)
    assert [str(problem) for problem in told] == ["smsagents:threads: must be a whole number from 4 to 64; 4 leaves it as Pulumi does it"]
    assert connect.threads(settings) == 32


BUSY = """
import importlib.util, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

spec = importlib.util.spec_from_file_location("threads", sys.argv[1])
threads = importlib.util.module_from_spec(spec)
spec.loader.exec_module(threads)
executor = ThreadPoolExecutor(4)
# Python 3.11 counts a thread as idle after each piece of work, however much waits.
for each in [executor.submit(int) for _ in range(int(sys.argv[2]))]:
    each.result()
executor.submit(threads.widen, 32).result()
together = Barrier(32)
for _ in range(3):
    print(len({each.result() for each in [executor.submit(together.wait, 20) for _ in range(32)]}))
executor.submit(threads.widen, 8).result()
print(len({each.result() for each in [executor.submit(together.wait, 20) for _ in range(32)]}))
"""


@pytest.mark.parametrize("done", [0, 100])
@pytest.mark.parametrize("version", SUPPORTED)
def test_every_python_works_on_32_at_once(version, done):
    ended = subprocess.run([SUPPORTED[version], "-c", BUSY, threads.__file__, str(done)], capture_output=True, text=True, check=False)
    assert (ended.stdout.split(), ended.stderr) == (["32"] * 4, "")


def test_this_python_is_among_them():
    assert sys.executable in SUPPORTED.values()


class Other(ThreadPoolExecutor):
    """An executor of a Python that keeps its threads otherwise."""

    def __init__(self, **kept: object) -> None:
        self.__dict__.update(kept)

    _adjust_thread_count = property(lambda self: self.__dict__["start"])


class Idle:
    def acquire(self, timeout: float) -> bool:
        return False


class Lock:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def kept() -> dict[str, object]:
    return {"_max_workers": 4, "_threads": {1, 2, 3}, "_idle_semaphore": Idle(), "_shutdown_lock": Lock(), "start": lambda: None}


def widened(executor: object) -> None:
    executor_reference = lambda: executor  # noqa: E731, F841 - as a thread of an executor knows it
    threads.widen(32)


@pytest.mark.parametrize("missing", kept())
def test_where_something_is_not_as_known_four_stay(missing, monkeypatch):
    if missing == "start":
        monkeypatch.delattr(Other, "_adjust_thread_count")
        monkeypatch.delattr(ThreadPoolExecutor, "_adjust_thread_count")
    executor = Other(**{name: value for name, value in kept().items() if name != missing})
    widened(executor)
    assert getattr(executor, "_max_workers", 4) == 4


@pytest.mark.parametrize("strange", [None, "_", 7, SimpleNamespace(_max_workers=4), object])
def test_what_is_no_executor_is_left_alone(strange):
    widened(strange)
    assert getattr(strange, "_max_workers", 4) == 4


def test_a_thread_of_nobody_is_no_error():
    threads.widen(32)


def test_a_start_that_starts_nothing_ends():
    widened(Other(**kept()))


def test_a_system_without_threads_is_no_error():
    def none_left() -> None:
        raise RuntimeError("can't start new thread")

    widened(Other(**{**kept(), "start": none_left}))
