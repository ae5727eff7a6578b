"""What a vendor of the emulator is made of, and the world its handlers act in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .scripts import Script
from .store import Clock, Item, Store
from .wire import Reply, Request

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Mode:
    """A switch between two readings of a vendor's pages. The first choice is the default; an `int` takes any number from 0 up."""

    choices: tuple[str, ...] | type[int]
    about: str

    @property
    def default(self) -> str | int:
        """What holds unless it is switched."""
        return self.choices[0] if isinstance(self.choices, tuple) else 0

    def check(self, name: str, value: Any) -> str | int:
        """The value, if it is one of the choices."""
        if isinstance(self.choices, tuple):
            if value in self.choices:
                return str(value)
            raise ValueError(f"{name} is one of {', '.join(self.choices)}; not {value!r}")
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise ValueError(f"{name} is a whole number from 0 up; not {value!r}")


class Modes:
    """The switches of one vendor as they stand."""

    def __init__(self, known: Mapping[str, Mode]) -> None:
        self.known = known
        self._set: dict[str, str | int] = {}

    def __getitem__(self, name: str) -> str | int:
        return self._set.get(name, self.known[name].default)

    def number(self, name: str) -> int:
        """A switch that is a number."""
        return int(self[name])

    def set(self, **values: Value | None) -> None:
        """Set switches; None puts one back. Nothing is set if any of them is wrong."""
        unknown = sorted(values.keys() - self.known.keys())
        if unknown:
            raise ValueError(f"no such mode: {', '.join(unknown)}; there are {', '.join(self.known)}")
        checked = {name: self.known[name].check(name, value) for name, value in values.items() if value is not None}
        self._set = {name: value for name, value in self._set.items() if name not in values} | checked

    def clear(self) -> None:
        """Put all switches back."""
        self._set.clear()

    def as_json(self) -> dict[str, Any]:
        """Each switch with its value, its default, its choices and what it is about."""
        return {
            name: {
                "value": self[name],
                "default": mode.default,
                "choices": list(mode.choices) if isinstance(mode.choices, tuple) else "number",
                "about": mode.about,
            }
            for name, mode in self.known.items()
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)


@dataclass(slots=True)
class World:
    """What a vendor's handlers act on: its objects, its switches, the clock."""

    store: Store
    modes: Modes
    clock: Clock


Handler = Callable[[World, Request], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A documented call: its name, method and path as on the page that documents it."""

    operation: str
    method: str
    path: str
    handler: Handler
    source: str

    def pattern(self) -> re.Pattern[str]:
        """The path as an expression; `{name}` matches one segment."""
        parts = (f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in self.path.split("/"))
        return re.compile("/".join(parts))


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor: its documented calls, its switches, its sign-in, and what its dashboard lets a person do."""

    name: str
    title: str
    routes: tuple[Route, ...]
    modes: Mapping[str, Mode]
    credential: Callable[[Mapping[str, str]], str | None]
    refuse: Callable[[World, bool], Reply]
    error: Callable[[World, int, str], Reply]
    kind: str
    add: Callable[[World, Mapping[str, Any]], Item]
    edit: Callable[[World, Item, Mapping[str, Any]], None]
    label: Callable[[Item], str]
    secret_fields: frozenset[str] = frozenset()
    script: Callable[[Item], Script] | None = None
    """What an object sends unasked; None where the objects text nobody."""


class Router:
    """Finds the documented call that a method and path mean."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._by_method: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        for route in routes:
            self._by_method.setdefault(route.method, []).append((route.pattern(), route))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The call and its path parameters; None where no page documents one."""
        for pattern, route in self._by_method.get(method, ()):
            if found := pattern.fullmatch(path):
                return route, found.groupdict()
        return None
