"""Check, diff, create, read, update and delete over any vendor. Knows no Pulumi and no single vendor.

`check` and `diff` never make a call. "Gone" is decided here and only on a `NotFoundError`; everything else that goes
wrong is an error, and the recorded state stays as it is.
"""

from .check import Checked
from .core import Lifecycle
from .diff import Difference
from .rules import Rules
from .shape import Result

__all__ = ["Checked", "Difference", "Lifecycle", "Result", "Rules"]
