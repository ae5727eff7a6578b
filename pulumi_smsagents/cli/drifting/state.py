"""The package's resources in a stack's state, as `pulumi stack export` gives it or a file backend keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ... import errors
from ...values import Plain, plain

OURS = "pulumi-python:dynamic/smsagents/"
"""What the types of all our resources begin with."""

# How Pulumi marks a secret value in a state, for ever: a key and a value that stand in no other object.
_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"

_HOW = "give one that was written with: pulumi stack export --file state.json"


@dataclass(frozen=True)
class Recorded:
    """One resource. `secret`: the fields that must not be shown; `sealed`: those of them that are still encrypted, which
    `outputs` therefore leave out."""

    urn: str
    tag: str
    id: str
    outputs: Plain
    secret: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """As the program calls it."""
        return self.urn.rpartition("::")[2]

    @property
    def type_name(self) -> str:
        """As the program spells its class."""
        return self.tag.replace(":", ".")


@dataclass(frozen=True)
class Recording:
    """All of ours. `waiting`: those that the next run deletes; `pending`: how many operations a killed run left open."""

    resources: list[Recorded]
    waiting: list[str] = field(default_factory=list)
    pending: int = 0


def from_file(path: Path) -> Mapping[str, Any]:
    """A state in a file, whole."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, ValueError):
        raise errors.ConfigurationError(f"{path}: is not JSON; {_HOW}") from None
    return found if isinstance(found, Mapping) else {}


def recording(state: Mapping[str, Any], source: str, *, current: bool) -> Recording:
    """Our resources in `state`, which came from `source`. `current`: it is the engine's state as it stands; without that a
    read must not conclude that a create of the journal is settled, so no resource says its key."""
    deployment = state.get("deployment", _inside(state.get("checkpoint"), "latest"))
    resources = deployment.get("resources", []) if isinstance(deployment, Mapping) else None
    if not isinstance(deployment, Mapping) or not isinstance(resources, list):
        # Anything else would look like a stack without resources, of which nothing can have drifted.
        raise errors.ConfigurationError(f"{source}: is not the state of a stack; {_HOW}")
    ours = [each for each in resources if isinstance(each, Mapping) and str(each.get("type", "")).startswith(OURS)]
    managed = [each for each in ours if not each.get("external")]  # what .get() looked up is nobody's to keep
    return Recording(
        [_recorded(each, leave_out={"__provider"} if current else {"__provider", "key"}) for each in managed if not each.get("delete")],
        [str(each.get("id", "")) for each in managed if each.get("delete")],
        len(deployment.get("pending_operations") or []),
    )


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _recorded(resource: Mapping[str, Any], leave_out: set[str]) -> Recorded:
    outputs = {name: value for name, value in (resource.get("outputs") or {}).items() if name not in leave_out}
    opened = {name: _opened(value) for name, value in outputs.items()}
    inputs = [name for name, value in (resource.get("inputs") or {}).items() if _opened(value).secret]
    return Recorded(
        str(resource.get("urn", "")),
        str(resource["type"]).removeprefix(OURS),
        str(resource.get("id", "")),
        plain({name: value.value for name, value in opened.items() if not value.sealed}),
        frozenset([*inputs, *(name for name, value in opened.items() if value.secret)]),
        frozenset(name for name, value in opened.items() if value.sealed),
    )


@dataclass(frozen=True)
class _Opened:
    value: Any
    secret: bool = False
    sealed: bool = False


def _opened(value: Any) -> _Opened:
    """`value` without Pulumi's marks, and whether any part of it is secret, or still encrypted."""
    if isinstance(value, Mapping) and value.get(_SIGNATURE) == _SECRET:
        if "plaintext" not in value:
            return _Opened(None, secret=True, sealed=True)
        inner = _opened(json.loads(value["plaintext"]))
        return _Opened(inner.value, secret=True, sealed=inner.sealed)
    if isinstance(value, Mapping):
        fields = {name: _opened(item) for name, item in value.items()}
        return _joined({name: item.value for name, item in fields.items()}, fields.values())
    if isinstance(value, list):
        items = [_opened(item) for item in value]
        return _joined([item.value for item in items], items)
    return _Opened(value)


def _joined(value: Any, parts: Iterable[_Opened]) -> _Opened:
    known = list(parts)
    return _Opened(value, any(each.secret for each in known), any(each.sealed for each in known))
