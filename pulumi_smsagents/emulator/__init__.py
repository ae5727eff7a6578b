"""The vendors' APIs, offline, as their public pages describe them: with their quirks, with faults on demand, and with a page.

This room knows the vendors' documentation and none of our other code. `python -m pulumi_smsagents.emulator` serves it on loopback;
tests mount `Emulator().app` in process, or use `serve`.
"""

from .app import VENDORS, Emulator
from .fault_classes import CLASSES
from .fault_kinds import KINDS
from .faults import Fault
from .rates import Rate
from .server import serve
from .store import SetClock

__all__ = ["CLASSES", "KINDS", "VENDORS", "Emulator", "Fault", "Rate", "SetClock", "serve"]
