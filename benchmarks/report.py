"""Results for people: tables, a chart, and the part of docs/performance.md that is written from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.bars import bars
from benchmarks.options import SIDES, VERBS
from benchmarks.results import Results, Row, read
from tools.venv import ROOT

PAGE = ROOT / "docs" / "performance.md"
CHART = PAGE.with_suffix(".svg")
LATEST = PAGE.with_suffix(".json")
BEGIN, END = "<!-- figures: python3 dev.py bench --publish -->", "<!-- end of figures -->"


def publish(found: Results, *, add: bool) -> None:
    """Into the documentation; `add`: what it has of other cases stays."""
    if add:
        before = read(LATEST)
        found.rows = [row for row in before.rows if (row.n, row.latency) not in found.cases] + found.rows
        found.singles = found.singles or before.singles
    found.write(LATEST)
    chart(found, CHART)
    PAGE.write_text(page(PAGE.read_text("utf-8"), found), "utf-8")


def page(text: str, found: Results) -> str:
    """The page with these figures in place of those that it has."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{figures(found)}\n{END}{after}"


def figures(found: Results) -> str:
    """As Markdown."""
    return "\n".join([_taken(found), "", *_tables(found), *_failures(found.rows), *_bars(found)])


def _taken(found: Results) -> str:
    machine = found.machine
    versions = f"Python {machine['python']}, Pulumi {machine['pulumi'] or '(none)'} with its SDK {machine['pulumi_sdk']}"
    terraform = f"Terraform {machine['terraform']}" if machine["terraform"] else "no Terraform"
    size = f"{machine['cores']} cores and {machine['memory_gb']} GB, {machine['system']}"
    return f"Taken on {found.conditions}: {size}; {versions}; {terraform}."


def _tables(found: Results) -> Iterator[str]:
    for n, latency in found.cases:
        rows = [row for row in found.rows if (row.n, row.latency) == (n, latency)]
        rounds = max((len(verb.seconds) for row in rows for verb in row.verbs.values()), default=0)
        taken = "one round" if rounds == 1 else f"medians of {rounds} rounds"
        yield f"**{n:,} agents, {latency} ms a call**: seconds, {taken}; calls in brackets\n"
        yield from _table(["", *VERBS], [[SIDES[row.side], *_cells(found, row)] for row in rows])


def _cells(found: Results, row: Row) -> Iterator[str]:
    for verb in VERBS:
        seconds, calls = (each(row.side, verb, row.n, row.latency) for each in (found.seconds, found.calls))
        if seconds is None:
            yield "not run" if row.absent else "failed" if row.failed else "–"
        else:
            yield f"{seconds:.2f} ({calls:,})"


def _failures(rows: Iterable[Row]) -> Iterator[str]:
    absent = sorted({f"* {SIDES[row.side]}: not run, {row.absent}" for row in rows if row.absent})
    failed = [f"* {SIDES[row.side]}, {row.n:,} agents, {row.latency} ms: failed, {row.failed}" for row in rows if row.failed]
    if absent or failed:
        yield from (*absent, *failed, "")


def _bars(found: Results) -> Iterator[str]:
    judged = sorted(bars(found), key=lambda bar: _in_order(bar.id))
    rows = [
        [bar.id, bar.what, _number(bar.reached), "" if bar.most is None else f"at most {_number(bar.most)}", bar.verdict]
        for bar in judged
        if bar.reached is not None
    ]
    if rows:
        yield "**The bars**, at 1,000 agents and 50 ms a call where nothing else is said\n"
        yield from _table(["", "what", "reached", "bar", ""], rows)
    missing = sorted({bar.id for bar in judged if bar.reached is None}, key=_in_order)
    if missing:
        yield f"Bars not run, in whole or in part: {', '.join(missing)}.\n"


def _in_order(id: str) -> tuple[bool, int]:
    return id[0] == "E", int(id[1:])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |".replace("|  |", "| |")
    yield "|---" * len(head) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def chart(found: Results, file: Path) -> None:
    """The largest case in which sides can be compared, on a logarithmic scale: each verb, and in it each side."""
    run = [row for row in found.rows if row.verbs]
    compared = [case for case in found.cases if sum((row.n, row.latency) == case for row in run) > 1]
    n, latency = (compared or found.cases)[-1]
    rows = [row for row in run if (row.n, row.latency) == (n, latency)]
    # The same figures give the same file; letters stay letters.
    with mpl.rc_context({"svg.hashsalt": "bench", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(10, 6), layout="constrained")
        axes = figure.subplots()
        width = 0.9 / max(1, len(rows))
        for place, row in enumerate(rows):
            places = [verb + (place + 0.5) * width - 0.45 for verb in range(len(VERBS))]
            heights = [found.seconds(row.side, verb, n, latency) or math.nan for verb in VERBS]
            axes.bar(places, heights, width, label=SIDES[row.side], color=mpl.colormaps["tab20"](place))
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("")
        axes.set_ylabel("seconds")
        axes.set_xticks(range(len(VERBS)), VERBS)
        axes.set_title(f"{n:,} agents, {latency} ms a call")
        figure.legend(loc="outside lower center", ncols=2)
        figure.savefig(file, format="svg", metadata={"Date": None})
