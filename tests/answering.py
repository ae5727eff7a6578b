"""A vendor that answers from a list, under a client whose clock is in the test's hands: nothing waits."""

from __future__ import annotations

import heapq
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pulumi_smsagents import errors
from pulumi_smsagents.client import Account, Call, Client, Limits

KEY = "canary+key/A9xk2'Zq81LmN0p=="
BASE = "https://vendor.example"

READ = Call("GET", "/v1/agents", repeatable=True)
CREATE = Call("POST", "/v1/agents", body={"name": "n"})
BUY = Call("POST", "/v1/numbers/buy", body={"area_code": "415"}, final=frozenset({429}))
UPDATE = Call("PATCH", "/v1/agents/1", body={"name": "n"}, repeatable=True)
UPDATE_ONCE = Call("PATCH", "/v1/agents/1", body={"drip_schedule": []})
DELETE = Call("DELETE", "/v1/agents/1", repeatable=True)


class Vendor(httpx.BaseTransport):
    """Answers from a list; the last one again and again. An exception is raised, a function is called."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        status, body, *headers = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(status, headers=headers[0] if headers else {"content-type": "application/json"}, content=content)


class Stream(httpx.SyncByteStream):
    """A body in pieces; an exception among them is raised."""

    def __init__(self, pieces: Any) -> None:
        self.pieces = pieces
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        self.closed = True


class Clock:
    """A clock for the client, and the pauses it made."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class SharedClock:
    """A clock for a given number of threads: when all of them sleep, it is the time at which the first wakes."""

    def __init__(self, threads: int) -> None:
        self.now = 1000.0
        self._awake = threads
        self._asleep: list[tuple[float, int]] = []
        self._number = 0
        self._turn = threading.Condition()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._turn:
            self._number += 1
            mine = (self.now + seconds, self._number)
            heapq.heappush(self._asleep, mine)
            self.leave()
            self._turn.wait_for(lambda: mine not in self._asleep)

    def leave(self) -> None:
        """This thread is asleep or done."""
        with self._turn:
            self._awake -= 1
            if not self._awake and self._asleep:
                self.now, _ = heapq.heappop(self._asleep)
                self._awake += 1
                self._turn.notify_all()

    def run(self, work: Callable[[], None], threads: int) -> None:
        """The same in each thread, until all are done."""

        def one() -> None:
            try:
                work()
            finally:
                self.leave()

        running = [threading.Thread(target=one) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


def client_of(vendor: httpx.BaseTransport, clock: Clock | SharedClock, limits: Limits | None = None, **account: Any) -> Client:
    settings = {"base_url": BASE, "headers": {"x-api-key": KEY}, "secrets": (KEY,), "key_advice": "Set another key"} | account
    return Client(Account("teli", **settings), limits, vendor, clock.sleep, clock)


def failure(client: Client, call: Call) -> errors.VendorError:
    with pytest.raises(errors.VendorError) as caught:
        client.send(call)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value
