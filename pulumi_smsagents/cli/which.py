"""Which vendor a person means."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from .. import errors

if TYPE_CHECKING:
    from ..vendors.base import Vendor


def vendor(name: str) -> Vendor:
    """The vendor of this name, in whatever case; what was meant is guessed in the error."""
    from ..vendors import VENDORS

    known = {each.name: each for each in VENDORS}
    if name.lower() in known:
        return known[name.lower()]
    near = difflib.get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise errors.ConfigurationError(f"{name} is not a vendor; {hint}")


def names() -> list[str]:
    """For a shell's completion."""
    from ..vendors import VENDORS

    return [each.name for each in VENDORS]
