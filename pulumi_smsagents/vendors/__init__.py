"""The vendors: one module each, none of which knows another."""

from . import bland, cleartalk, contactswing, fluents, teli
from .base import Offer, Vendor

VENDORS: tuple[Vendor, ...] = (teli.VENDOR, contactswing.VENDOR, fluents.VENDOR, cleartalk.VENDOR, bland.VENDOR)
"""All of them. The one list; documentation, tests and commands read it."""


def find(tag: str) -> tuple[Vendor, Offer]:
    """The vendor and offer of a tag such as ``"teli:SmsAgent"``, as it stands in the state; KeyError if there is none."""
    name, _, kind = tag.partition(":")
    for vendor in VENDORS:
        for offer in vendor.offers:
            if (vendor.name, offer.kind) == (name, kind):
                return vendor, offer
    raise KeyError(tag)
