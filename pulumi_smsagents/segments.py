"""What carriers charge for: into how many segments an SMS is cut, and which of its characters make them small."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import smsutil

_GSM: tuple[int, int] = smsutil.GSM_SINGLE_PART_BYTES, smsutil.GSM_MULTI_PART_BYTES
_UCS_2: tuple[int, int] = smsutil.UNICODE_SINGLE_PART_BYTES // 2, smsutil.UNICODE_MULTI_PART_BYTES // 2


@dataclass(frozen=True)
class Size:
    r"""An SMS of `characters` as its encoding counts them: in GSM-7 each of ``^{}\[~]|€`` is two, in UCS-2 an emoji is.
    `forcing` are the characters that GSM-7 lacks, in order; one is enough for UCS-2."""

    segments: int
    characters: int
    forcing: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        """The alphabet of every segment."""
        return "UCS-2" if self.forcing else "GSM-7"

    @property
    def room(self) -> int:
        """The characters that one segment of this message holds."""
        alone, linked = _UCS_2 if self.forcing else _GSM
        return alone if self.segments == 1 else linked


def size(text: str) -> Size:
    """How `text` travels."""
    if not text:
        return Size(1, 0)
    forcing = tuple(each for each in dict.fromkeys(text) if not _is_gsm(each))
    parts = smsutil.split(text)
    return Size(len(parts.parts), parts.total_bytes // (2 if forcing else 1), forcing)


@lru_cache(maxsize=4096)
def _is_gsm(character: str) -> bool:
    """The library makes a regular expression of all of it each time."""
    return bool(smsutil.is_valid_gsm(character))


def without(text: str, characters: tuple[str, ...]) -> str:
    """`text` with a plain character for each of these: what it would be without them."""
    return text.translate(dict.fromkeys(map(ord, characters), "-"))
