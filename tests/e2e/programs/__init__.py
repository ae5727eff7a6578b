"""What the tests of this folder need to know of each vendor: one module a vendor, each with a `CASE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One kind at one vendor. Calls are counted by the emulator's operations."""

    type: str
    """``"teli.SmsAgent"``."""

    fields: Mapping[str, Any]
    """Every field that stays or changes in place, set."""

    changed: Mapping[str, Any]
    """Another value of each field that changes in place."""

    cleared: Mapping[str, Any]
    """What is sent when an optional field is removed."""

    replaced: Mapping[str, Any]
    """Another value of each field whose change replaces the object."""

    by_hand: Mapping[str, Any]
    """What a person changes in the vendor's dashboard, under the names of the inputs."""

    create: Mapping[str, int]
    update: Mapping[str, int]
    read: Mapping[str, int]
    delete: Mapping[str, int]
    adopt: Mapping[str, int]

    readable: Mapping[str, str | int]
    """The emulator's switches under which every field can be read."""

    update_call: str
    """The operation whose body holds the changed fields."""

    announced: Mapping[str, str] = field(default_factory=dict)
    """What a preview says of a change of a field."""

    replacement_says: tuple[str, ...] = ()
    retained_says: str = ""
    delete_by_hand: bool = True
    """Whether a person can take the object away at the vendor."""

    @property
    def vendor(self) -> str:
        return self.type.partition(".")[0]

    @property
    def needed(self) -> Mapping[str, Any]:
        """The fields that cannot be removed."""
        return {name: value for name, value in self.fields.items() if name not in self.cleared}


def cases() -> list[Case]:
    """All of this folder."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    return [import_module(f"{__name__}.{name}").CASE for name in modules]
