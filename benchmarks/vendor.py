"""The one vendor of a run: the emulator in a process of its own. What it has counted is the truth about calls."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

KEY = "benchmark"


class Vendor:
    """Teli on loopback."""

    def __init__(self, address: str) -> None:
        self.url = f"{address}/teli"
        self._control = httpx.Client(base_url=f"{address}/_emulator", timeout=60, trust_env=False)

    def begin(self, latency: int) -> None:
        """As if nothing had ever been asked, and from now on so slow, in milliseconds."""
        self._ask("POST", "/reset")
        self._ask("PUT", "/latency", {"ms": latency})

    def limit(self, calls: int | None, form: str = "seconds") -> None:
        """So many calls a second, or any; a refusal says in this form for how long to wait, or with "none" not at all."""
        self._ask("PUT", "/rates/teli", {"calls": calls, "form": form})

    def calls(self) -> Counter[str]:
        """How often each was made since the beginning: ``{"create": 10}``."""
        counted = self._ask("GET", "/counts")["calls"]
        return Counter({name.partition(".")[2]: count for name, count in counted.items()})

    def agents(self) -> int:
        """How many there are now."""
        return int(self._ask("GET", "/counts")["objects"]["teli"])

    def refused(self) -> int:
        """How many of the last 10,000 calls were answered with 429."""
        return sum(call["status"] == 429 for call in self._ask("GET", "/calls")["calls"])

    def close(self) -> None:
        """Let go of the connection."""
        self._control.close()

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._control.request(method, path, json=body).raise_for_status().json()


@contextmanager
def running() -> Iterator[Vendor]:
    """As long as the block lasts."""
    command = [sys.executable, "-m", "pulumi_smsagents.emulator", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        ready, _, address = process.stdout.readline().partition(": ")
        if ready != "emulator ready":
            raise RuntimeError("the emulator did not start")
        vendor = Vendor(address.strip().rstrip("/"))
        yield vendor
        vendor.close()
    finally:
        process.terminate()
        process.communicate(timeout=10)
