"""Which keys a vendor accepts. Keys are kept as digests only, so that nothing here can give one away."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


class Auth:
    """By default any non-empty key will do; `accept` limits a vendor to some, as after a rotation."""

    def __init__(self) -> None:
        self._accepted: dict[str, frozenset[str]] = {}
        self._names: dict[str, str] = {}

    def accept(self, vendor: str, keys: Iterable[str] | None) -> None:
        """Accept these keys and no others; None accepts any again."""
        if keys is None:
            self._accepted.pop(vendor, None)
        else:
            self._accepted[vendor] = frozenset(_digest(key) for key in keys)

    def accepts(self, vendor: str, key: str | None) -> bool:
        """Whether a call with this key is let in."""
        if not key:
            return False
        accepted = self._accepted.get(vendor)
        return accepted is None or _digest(key) in accepted

    def limited(self, vendor: str) -> int | None:
        """How many keys the vendor accepts; None for any."""
        accepted = self._accepted.get(vendor)
        return None if accepted is None else len(accepted)

    def name(self, key: str | None) -> str | None:
        """A name for the key that says nothing about it: `key 1` for the first one seen, and so on."""
        if not key:
            return None
        return self._names.setdefault(_digest(key), f"key {len(self._names) + 1}")

    def clear(self) -> None:
        """Accept any key everywhere."""
        self._accepted.clear()
        self._names.clear()


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
