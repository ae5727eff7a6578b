"""`python -m benchmarks`, in the environment that `python3 dev.py bench` makes."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from benchmarks import machine, options, report, rounds, singles, vendor
from benchmarks.results import Results
from tools.venv import ROOT

OUT = ROOT / ".local" / "bench"
OURS = ("cli", "provider")  # sides whose names begin so


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 if something of ours failed; that tutorials' programs break down at some size is a result."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    options.add_to(parser)
    wanted = options.read(parser.parse_args(arguments))
    found = Results(machine.describe(), wanted.publish or "this machine, as busy as it was", wanted.rounds)
    _measure(found, wanted)
    out = wanted.out or OUT
    out.mkdir(parents=True, exist_ok=True)
    found.write(out / "results.json")
    report.chart(found, out / "chart.svg")
    if wanted.publish:
        report.publish(found, add=wanted.add)
    Console().print(Markdown(report.figures(found)))
    _say(f"In {out}: results.json, chart.svg")
    broken = any(row.failed and row.side.startswith(OURS) for row in found.rows)
    return int(broken or any("failed" in single for single in found.singles.values()))


def _measure(found: Results, wanted: options.Options) -> None:
    cases = [(count, latency) for count in wanted.counts for latency in wanted.latencies]
    with tempfile.TemporaryDirectory(prefix="bench-home-") as home, vendor.running() as asked:
        rounds.measure(found, asked, wanted.sides, cases, Path(home), _say)
        if wanted.singles:
            found.singles = singles.measure(asked, Path(home), _say)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
