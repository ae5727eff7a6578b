"""The vendors: one module each, none of which knows another.

Each is loaded by the first who asks for it: the provider process, which Pulumi starts several times in a run, needs one of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .base import Offer, Vendor

__all__ = ["NAMES", "VENDORS", "Offer", "Vendor", "find"]

if TYPE_CHECKING:
    VENDORS: tuple[Vendor, ...]
    """All of them, in the order of `NAMES`."""

NAMES = ("teli", "contactswing", "fluents", "cleartalk", "bland")
"""The modules, each with its `VENDOR`. The one list; documentation, tests and commands read it."""


def find(tag: str) -> tuple[Vendor, Offer]:
    """The vendor and offer of a tag such as ``"teli:SmsAgent"``, as it stands in the state; KeyError if there is none."""
    name, _, kind = tag.partition(":")
    if name in NAMES:
        vendor = _vendor(name)
        for offer in vendor.offers:
            if offer.kind == kind:
                return vendor, offer
    raise KeyError(tag)


def __getattr__(name: str) -> Any:
    if name == "VENDORS":
        return tuple(map(_vendor, NAMES))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _vendor(name: str) -> Vendor:
    vendor: Vendor = import_module(f".{name}", __name__).VENDOR
    return vendor
