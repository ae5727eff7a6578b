"""What the tests need to know about each vendor and each of its offers: one file a vendor, found by the vendor's name."""

from __future__ import annotations

from importlib import import_module

from pulumi_smsagents.vendors import VENDORS
from pulumi_smsagents.vendors.base import PHONE_NUMBER, SMS_AGENT, SMS_CONFIGURATION

from .base import NotOurs, Sample, Wiring

_NAMES = {SMS_AGENT: "SMS_AGENT", PHONE_NUMBER: "PHONE_NUMBER", SMS_CONFIGURATION: "SMS_CONFIGURATION"}
_FILES = {vendor.name: import_module(f".{vendor.name}", __name__) for vendor in VENDORS}

SAMPLES: dict[str, Sample] = {
    f"{name}:{kind}": getattr(file, constant)
    for name, file in _FILES.items()
    for kind, constant in _NAMES.items()
    if hasattr(file, constant)
}
WIRINGS: dict[str, Wiring] = {name: file.WIRING for name, file in _FILES.items()}

__all__ = ["SAMPLES", "WIRINGS", "NotOurs", "Sample", "Wiring"]
