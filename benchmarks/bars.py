"""What was set out to be reached, and whether it was. A bar whose sides did not run is not met: it is not run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.options import VERBS
from benchmarks.results import Results

LATENCY = 50  # ms, where the bars are
MANY = 1000
OURS, FAST = "provider-32", "cli-fast"

Pair = tuple[str, str]
"""A side and a verb."""


@dataclass(frozen=True)
class Bar:
    """`reached` None: not run. `most` None: it is only told."""

    id: str
    what: str
    reached: float | None
    most: float | None

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.reached is None:
            return "not run"
        if self.most is None:
            return "told"
        return "met" if self.reached <= self.most else "missed"


def bars(found: Results) -> list[Bar]:
    """All of them, by their names."""
    return [*_ratios(found, PROVIDER), *_calls(found), *_growth(found), *_singles(found.singles), *_ratios(found, REAL), *_share(found)]


PROVIDER: tuple[tuple[str, str, Pair, Pair, int, float | None], ...] = (
    ("P1", "up, provider process / floor with our calls", (OURS, "up"), ("floor-checked", "up"), MANY, 2.5),
    ("P1", "up, provider process / floor with half our calls", (OURS, "up"), ("floor", "up"), MANY, None),
    ("P2", "up, provider process / Terraform", (OURS, "up"), ("terraform", "up"), MANY, 0.25),
    ("P2", "up, provider process / tutorial's", (OURS, "up"), ("tutorial-32", "up"), MANY, 0.25),
    ("P3", "up of 10, provider process / Terraform", ("provider-8", "up"), ("terraform", "up"), 10, 0.6),
    ("P3", "up of 100, provider process / Terraform", ("provider-8", "up"), ("terraform", "up"), 100, 0.8),
    ("P4", "no-op preview, provider process / Terraform's plan", (OURS, "preview"), ("terraform", "refresh"), MANY, 0.35),
    ("P5", "refresh, provider process / tutorial's", (OURS, "refresh"), ("tutorial-32", "refresh"), MANY, 0.10),
    ("P5", "refresh, provider process / Terraform's plan", (OURS, "refresh"), ("terraform", "refresh"), MANY, 0.30),
    ("P6", "destroy, provider process / floor", (OURS, "destroy"), ("floor", "destroy"), MANY, 2.0),
    ("P6", "destroy, provider process / Terraform", (OURS, "destroy"), ("terraform", "destroy"), MANY, 0.10),
)

REAL: tuple[tuple[str, str, Pair, Pair, int, float | None], ...] = (
    ("E1", "up, state written once / Terraform's apply", (FAST, "up"), ("terraform", "up"), MANY, 0.7),
    ("E1", "`smsagents up` / Terraform's apply", ("smsagents", "up"), ("terraform", "up"), MANY, 0.7),
    ("E2", "no-op preview / Terraform's plan without reading", ("smsagents", "preview"), ("terraform", "preview"), MANY, 3),
    ("E3", "destroy, state written once / Terraform", (FAST, "destroy"), ("terraform", "destroy"), MANY, 0.2),
    ("E3", "`smsagents destroy` / Terraform", ("smsagents", "destroy"), ("terraform", "destroy"), MANY, 0.2),
    ("E4", "refresh / Terraform's plan", ("smsagents", "refresh"), ("terraform", "refresh"), MANY, 0.6),
)


def _ratios(found: Results, wanted: tuple[tuple[str, str, Pair, Pair, int, Any], ...]) -> Iterator[Bar]:
    for id, what, over, under, n, most in wanted:
        yield Bar(id, what, found.ratio(over, under, n, LATENCY), most)


def _calls(found: Results) -> Iterator[Bar]:
    yield Bar("P4", "no-op preview, calls", found.calls(OURS, "preview", MANY, LATENCY), 0)
    yield Bar("P5", "refresh, calls (Teli's list has one page)", found.calls(OURS, "refresh", MANY, LATENCY), 1)
    destroyed = found.calls(OURS, "destroy", MANY, LATENCY)
    yield Bar("P6", "destroy, calls for each agent", None if destroyed is None else destroyed / MANY, 1)


def _growth(found: Results) -> Iterator[Bar]:
    for verb in VERBS:
        yield Bar("P7", f"{verb}, growth from 1,000 to 3,000", found.growth(OURS, verb, (MANY, 3000), LATENCY), 1.10)
    yield Bar("E5", "up, state written once, growth from 300 to 1,000", found.growth(FAST, "up", (300, MANY), LATENCY), 1.15)


def _share(found: Results) -> Iterator[Bar]:
    for mode in ("", "-fast"):
        for verb in VERBS:
            share = found.ratio((f"engine{mode}", verb), (f"cli{mode}", verb), MANY, LATENCY)
            yield Bar("P16", f"{verb}{', state written once' if mode else ''}: the engine's share", share, None)


def _singles(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Bar]:
    for name, id, what, most, value in SINGLES:
        single = found.get(name)
        yield Bar(id, what, value(single) if single and "failed" not in single else None, most)


def _over(one: str, other: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda single: float(single[one] / single[other])


SINGLES: tuple[tuple[str, str, str, float | None, Callable[[Mapping[str, Any]], float | None]], ...] = (
    ("reference", "P8", "`__provider`, bytes", 80, lambda single: single["bytes"]),
    ("state", "P9", "state of an agent / its inputs and outputs", 1.15, _over("ours_bytes", "content_bytes")),
    ("state", "P9", "state of an agent / that of one which does nothing", None, _over("ours_bytes", "idle_bytes")),
    ("program", "P10", "5,000 resources in one program, ms each", 3, lambda single: single["ours_ms_each"]),
    ("import", "P11", "`import pulumi_smsagents` / `import pulumi`", 1.15, _over("pulumi_smsagents_ms", "pulumi_ms")),
    ("import", "P11", "HTTP libraries and pydantic that it loads", 0, lambda single: single["libraries"]),
    ("first_reply", "P12", "provider's start to first reply / an idle one's", 1.6, _over("ours_ms", "idle_ms")),
    ("check_and_diff", "P13", "check and diff / an idle provider's", 1.3, _over("ours_ms", "idle_ms")),
    ("memory", "P14", "memory of a program of 3,000 / an idle one's", 1.15, _over("ours_program_mb", "idle_program_mb")),
    ("memory", "P14", "memory of the provider process, MB", 90, lambda single: single["provider_mb"]),
    ("rate_limit", "P15", "20 calls a second: time / time that they allow", 1.15, _over("seconds", "allowed_seconds")),
    ("rate_limit", "P15", "refused, of all calls", 0.02, _over("refused", "calls")),
    ("rate_limit", "P15", "failures", 0, lambda single: single["failures"]),
    ("rate_limit_untold", "P15", "20 calls a second, and nothing tells of it: time", 1.15, _over("seconds", "allowed_seconds")),
    ("rate_limit_untold", "P15", "the same: refused, of all calls", 0.02, _over("refused", "calls")),
    ("rate_limit_untold", "P15", "the same: failures", 0, lambda single: single["failures"]),
)
