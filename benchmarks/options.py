"""What `python3 dev.py bench` can be told. Standard library only: dev.py reads it before anything is installed."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

SIDES = {
    "cli": "ours, pulumi",
    "cli-fast": "ours, pulumi, state written once",
    "smsagents": "ours, smsagents up and destroy",
    "provider-8": "ours, provider process, 8 in flight",
    "provider-32": "ours, provider process, 32 in flight",
    "tutorial": "tutorial, pulumi",
    "tutorial-8": "tutorial, provider process, 8 in flight",
    "tutorial-32": "tutorial, provider process, 32 in flight",
    "terraform": "Terraform, minimal REST provider",
    "floor": "floor: the fewest calls, 32 in flight",
    "floor-checked": "floor: our calls, 32 in flight",
    "engine": "engine alone, pulumi",
    "engine-fast": "engine alone, pulumi, state written once",
}
"""What is measured, by its name on the command line."""

VERBS = ("up", "preview", "update", "refresh", "destroy")


@dataclass(frozen=True)
class Options:
    """What to measure, and where to put what came of it."""

    counts: tuple[int, ...]
    latencies: tuple[int, ...]
    sides: tuple[str, ...]
    rounds: int
    singles: bool
    out: Path | None
    publish: str | None
    add: bool


def add_to(parser: argparse.ArgumentParser) -> None:
    """Its options, with their defaults."""
    parser.add_argument(
        "--n", type=_positive, nargs="+", default=[10, 100, 1000], metavar="N", help="how many agents (default: 10 100 1000)"
    )
    parser.add_argument("--latency", type=int, nargs="+", default=[0, 50], metavar="MS", help="of each call to the vendor (default: 0 50)")
    parser.add_argument(
        "--sides", nargs="+", choices=SIDES, default=list(SIDES), metavar="SIDE", help=f"of {', '.join(SIDES)} (default: all)"
    )
    parser.add_argument("--rounds", type=_positive, default=3, help="the sides take turns so often; medians count (default: 3)")
    parser.add_argument("--quick", action="store_true", help="10 agents, 50 ms, one round: whether everything works")
    parser.add_argument("--no-singles", action="store_true", help="without what is measured once: sizes, start, memory, a rate limit")
    parser.add_argument("--out", type=Path, help="folder for results.json and chart.svg (default: .local/bench)")
    parser.add_argument(
        "--publish", metavar="CONDITIONS", help="put it into docs/performance.md too, with how it was taken: 'an idle machine'"
    )
    parser.add_argument("--add", action="store_true", help="with --publish: what is published of other cases stays")


def read(given: argparse.Namespace) -> Options:
    """The options as given."""
    counts, latencies, rounds = (([10], [50], 1)) if given.quick else (given.n, given.latency, given.rounds)
    sides = tuple(side for side in SIDES if side in given.sides)
    return Options(
        tuple(counts), tuple(latencies), sides, rounds, not (given.no_singles or given.quick), given.out, given.publish, given.add
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
