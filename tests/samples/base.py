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
    """Every field that is sent, set. What else a program may write (triggers, flags of creation) has tests of its own."""

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

    options: Mapping[str, str] = field(default_factory=dict)
    """The vendor's own settings under which the laws hold."""

    wire_options: Mapping[str, str] = field(default_factory=dict)
    """More of them, for documented calls that need one."""

    wire_options_of: Callable[[str], Mapping[str, str]] = lambda name: {}
    """More of them for the documented call of this file."""

    apart: frozenset[str] = frozenset()
    """Fields that do not go together with the others; they have tests of their own."""

    writes_of_create: tuple[str, ...] = ()
    """The writing calls of a create with all inputs; `create` alone if empty."""

    shows_writes: bool = False
    """The answer to a write shows the whole object, so nothing is read back."""

    nobody: str = "no-such-id"
    """An id that nobody has."""

    once: bool = False
    """A create costs money: no answer whatever, 429 included, has it sent again."""

    modes: Mapping[str, str] = field(default_factory=dict)
    """The emulator's modes that belong to these settings."""

    body_of_update: Callable[[str], list[str]] = lambda name: [name]
    """The keys of an update's body when this field changes."""

    removes: str = "delete"
    """The `on_delete` that takes the object away; empty where no call does."""

    left: Callable[[Mapping[str, Any]], Plain] | None = None
    """What stands in its place after a delete, by the inputs, where the object itself cannot go."""

    another: Plain = field(default_factory=dict)
    """Fields that make it another object, where two creates of the same inputs do not."""

    upserts: bool = False
    """An object is what somebody's number is set to: the number is the id, and writing twice makes no second one."""

    create: str = "create"
    get: str = "get"
    list: str = "list"
    update: str = "update"
    delete: str = "delete"


@dataclass(frozen=True)
class Wiring:
    """What the files in tests/wire do not say: under which circumstances the emulator gives each reply, and what it is to us."""

    unverified: int
    """The ratchet: how many things no page states. Lower it when the live API has answered, raise it only on purpose."""
    modes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The reading of the pages that a file needs, where it is not the default one."""
    breakdowns: frozenset[str] = frozenset()
    """Failures inside the vendor: the emulator has them only as faults, and shows here that it can."""
    missing: frozenset[str] = frozenset()
    """Files about an object that is not there."""
    wrong_key: frozenset[str] = frozenset()
    """Files about a key that is not accepted."""
    stand_in: Plain | str = "create"
    """The object that is there, or the file whose request makes it."""
    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a file needs it to have besides."""
    never_made: dict[str, str] = field(default_factory=dict)
    """Files about a request that we never make, each with the reason that `Sample.drive` gives."""
    success: frozenset[str] = frozenset()
    """Documented errors that are success to us."""
