"""What is measured once and not by taking turns: sizes, starts, memory, one program of thousands, a vendor's rate limit."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.sides import Job, NotRunError, process
from benchmarks.sides.provider import Provider, Run, inputs_of
from benchmarks.sides.real import STATE, Real
from benchmarks.vendor import Vendor
from pulumi_smsagents.resources.loader import reference
from tools.venv import ROOT

Measured = dict[str, float | int | None]

IMPORT = "import time; started = time.perf_counter(); import {module}; print(time.perf_counter() - started)"
LOADED = "import sys, pulumi_smsagents; print(len({'httpx', 'httpcore', 'pydantic'} & set(sys.modules)))"


def measure(vendor: Vendor, home: Path, say: Callable[[str], None], scale: float = 1) -> dict[str, Any]:
    """All of them; with a smaller scale, of fewer agents. One that fails says why, and stops no other."""
    found: dict[str, Any] = {}
    for name, single in SINGLES.items():
        vendor.begin(0)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            try:
                found[name] = single(vendor, Path(folder), home, scale)
            except NotRunError as problem:
                found[name] = {"failed": str(problem)}
        say(f"{name}: {json.dumps(found[name])}")
    return found


def _reference(_vendor: Vendor, _folder: Path, _home: Path, _scale: float) -> Measured:
    return {"bytes": len(reference("teli:SmsAgent"))}


def _state(vendor: Vendor, folder: Path, home: Path, scale: float) -> Measured:
    """Bytes of each agent in the state, of its inputs and outputs in that, and of an agent with the same fields that does nothing."""
    count = max(2, int(50 * scale))
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in ("ours", "idle"):
        job = Job(count, vendor, folder / kind)
        job.folder.mkdir()
        with Real(kind, home, mode="fast").verbs(job) as verbs:
            verbs["up"]()
        written = json.loads((job.folder / STATE).read_text("utf-8"))["checkpoint"]["latest"]["resources"]
        found[kind] = [each for each in written if each["type"].startswith("pulumi-python:")]
    content = sum(_size(each["inputs"]) + _size(each["outputs"]) for each in found["ours"])
    sizes = {f"{kind}_bytes": round(sum(map(_size, each)) / count) for kind, each in found.items()}
    return {"n": count, "content_bytes": round(content / count), **sizes}


def _size(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def _program(_vendor: Vendor, _folder: Path, _home: Path, scale: float) -> Measured:
    """Thousands of resources in one program, beside as many that do nothing."""
    count = int(5000 * scale)
    return {"n": count} | {f"{kind}_ms_each": _registered(kind, count)["seconds"] / count * 1000 for kind in ("ours", "idle")}


def _memory(vendor: Vendor, folder: Path, _home: Path, scale: float) -> Measured:
    """At most, in megabytes: of the program, and of the provider process that made all of its agents."""
    count = int(3000 * scale)
    found: Measured = {"n": count} | {f"{kind}_program_mb": _registered(kind, count)["peak_mb"] for kind in ("ours", "idle")}
    job = Job(count, vendor, folder)
    with process.running(job.settings) as asked:
        Run(inputs_of("ours", job), 32).up(asked)
        peak = asked.peak_memory()
    return found | {"provider_mb": peak and round(peak / 1e6, 1)}


def _registered(kind: str, count: int) -> Mapping[str, float]:
    """In a process of its own, with no engine behind it."""
    command = [sys.executable, "-m", "benchmarks.registering", kind, str(count)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    if ended.returncode:
        raise NotRunError(ended.stderr.strip().splitlines()[-1][:200])
    found: Mapping[str, float] = json.loads(ended.stdout)
    return found


def _import(_vendor: Vendor, _folder: Path, _home: Path, _scale: float) -> Measured:
    """Milliseconds, by turns."""
    times: dict[str, list[float]] = {"pulumi": [], "pulumi_smsagents": []}
    for _ in range(7):
        for module, taken in times.items():
            taken.append(float(_python(IMPORT.format(module=module))))
    found: Measured = {f"{module}_ms": round(median(taken) * 1000, 1) for module, taken in times.items()}
    return found | {"libraries": int(_python(LOADED))}


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _first_reply(vendor: Vendor, folder: Path, _home: Path, _scale: float) -> Measured:
    """Milliseconds from the start of a provider process to its first checked resource, by turns."""
    job = Job(1, vendor, folder)
    times: dict[str, list[float]] = {"ours": [], "idle": []}
    for _ in range(5):
        for kind, taken in times.items():
            (news,) = inputs_of(kind, job)(1)
            started = time.perf_counter()
            with process.running(job.settings) as asked:
                asked.check(news)
                taken.append(time.perf_counter() - started)
    return {f"{kind}_ms": round(median(taken) * 1000, 1) for kind, taken in times.items()}


def _check_and_diff(vendor: Vendor, folder: Path, _home: Path, scale: float) -> Measured:
    """Milliseconds for a check and a diff of one resource, by turns."""
    job = Job(max(2, int(300 * scale)), vendor, folder)
    times: dict[str, list[float]] = {"ours": [], "idle": []}
    with process.running(job.settings) as asked:
        runs = {kind: Run(inputs_of(kind, job), 8) for kind in times}
        for run in runs.values():
            run.up(asked)
        for _ in range(5):
            for kind, taken in times.items():
                started = time.perf_counter()
                runs[kind].preview(asked)
                taken.append((time.perf_counter() - started) / job.count)
    return {f"{kind}_ms": round(median(taken) * 1000, 3) for kind, taken in times.items()}


def _rate_limit(vendor: Vendor, folder: Path, _home: Path, scale: float, form: str = "seconds") -> Measured:
    """A vendor that takes 20 calls a second, 50 ms each: the time beside what it allows."""
    rate, job = 20, Job(max(2, int(200 * scale)), vendor, folder)
    vendor.begin(50)
    vendor.limit(rate, form)
    with Provider("ours", 32).verbs(job) as verbs:
        started = time.perf_counter()
        verbs["up"]()
        seconds = time.perf_counter() - started
    calls, refused = vendor.calls().total(), vendor.refused()
    return {
        "n": job.count,
        "seconds": round(seconds, 2),
        "calls": calls,
        "refused": refused,
        "allowed_seconds": (calls - refused) / rate,
        "failures": job.count - vendor.agents(),
    }


def _rate_limit_untold(vendor: Vendor, folder: Path, home: Path, scale: float) -> Measured:
    """The same, at a vendor that refuses without a word about the limit."""
    return _rate_limit(vendor, folder, home, scale, "none")


SINGLES: dict[str, Callable[[Vendor, Path, Path, float], Measured]] = {
    "reference": _reference,
    "state": _state,
    "program": _program,
    "memory": _memory,
    "import": _import,
    "first_reply": _first_reply,
    "check_and_diff": _check_and_diff,
    "rate_limit": _rate_limit,
    "rate_limit_untold": _rate_limit_untold,
}
