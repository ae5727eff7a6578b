"""Agents as this package makes them."""

from __future__ import annotations

import os

from benchmarks.agents import agents
from pulumi_smsagents import teli

for number, fields in enumerate(agents(int(os.environ["BENCH_N"]), int(os.environ["BENCH_REVISION"]))):
    teli.SmsAgent(f"agent-{number}", **fields)
