"""The stack's settings that decide something in the life cycle."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..vendors.base import Options


@dataclass(frozen=True)
class Rules:
    """`allowed_numbers`: patterns, none means any. `on_conflict`: ``stop`` or ``overwrite`` what someone else changed.
    `options`: the vendor's own settings. `max_segments`: how long a text message may be without a warning. `opt_out`:
    whether a first message should say how to opt out. `listing_lag`: seconds after which an object that was made is surely
    shown, in place of the vendor's own."""

    allowed_numbers: tuple[str, ...] = ()
    on_conflict: str = "stop"
    options: Options = field(default_factory=dict)
    max_segments: int = 1
    opt_out: bool = True
    listing_lag: float | None = None
