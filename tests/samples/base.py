"""What a sample holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis.strategies import SearchStrategy

Plain = dict[str, Any]


@dataclass(frozen=True)
class Stranger:
    """An object that must never be adopted: the fields it is made with in the dashboard, and what the refusal says."""

    fields: Plain
    says: str


@dataclass(frozen=True)
class NotOurs:
    """A documented request that we never make."""

    reason: str


@dataclass(frozen=True)
class Sample:
    """Valid inputs of one offer and what the emulator calls its verbs."""

    inputs: Plain
    """Every field set."""

    others: Plain
    """For every field another valid value."""

    generated: SearchStrategy[Plain]
    """Valid inputs of any size."""

    stored: Callable[[Mapping[str, Any]], Plain]
    """What the vendor keeps, under the names of the inputs."""

    drive: Callable[[Any, Mapping[str, Any]], Any]
    """Makes the adapter send the request of a file in tests/wire and returns what it makes of the reply, or `NotOurs`."""

    unreadable: frozenset[str] = frozenset()
    """Fields that the vendor does not show as the emulator stands by default."""

    readable: Mapping[str, str] = field(default_factory=dict)
    """The emulator's modes under which every field can be read."""

    strangers: Mapping[str, Stranger] = field(default_factory=dict)

    create: str = "create"
    get: str = "get"
    list: str = "list"
    update: str = "update"
    delete: str = "delete"
