"""What is measured. Each side makes the same agents at the same vendor, in its own way."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sides import floor, provider, real, terraform
from benchmarks.sides.base import AbsentError, Job, NotRunError, Side

IN_FLIGHT = (8, 32)


def find(name: str, home: Path) -> Side:
    """A side by its name on the command line. `home` is for what it needs in every round."""
    kind, _, more = name.partition("-")
    if kind == "floor":
        return floor.Floor(checked=more == "checked")
    if kind == "terraform":
        return terraform.Terraform()
    if kind == "provider" or (kind == "tutorial" and more):
        return provider.Provider("ours" if kind == "provider" else kind, int(more))
    program = {"cli": "ours", "smsagents": "ours", "engine": "idle"}.get(kind, kind)
    return real.Real(program, home, mode="smsagents" if kind == "smsagents" else more)


__all__ = ["AbsentError", "Job", "NotRunError", "Side", "find"]
