"""Bodies that faults send: large, slow, endless, packed, or with parts missing."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterable
from typing import Any

from .line import Line

MEGABYTE = 1_000_000
BLOCK = b"a" * 100_000
PIECES = 16


async def large(megabytes: float) -> AsyncIterator[bytes]:
    """A JSON object of this size."""
    yield b'{"success":true,"padding":"'
    for _ in range(int(megabytes * MEGABYTE / len(BLOCK))):
        yield BLOCK
    yield b'"}'


async def endless(megabytes: float | None) -> AsyncIterator[bytes]:
    """A JSON object that never ends, or one that breaks off after `megabytes`."""
    yield b'{"success":true,"padding":"'
    left = float("inf") if megabytes is None else megabytes * MEGABYTE
    while left > 0:
        left -= len(BLOCK)
        yield BLOCK


async def slowly(content: bytes, line: Line, seconds: float) -> AsyncIterator[bytes]:
    """The body in pieces, with a pause before each."""
    size = max(1, len(content) // PIECES)
    for start in range(0, len(content), size):
        await line.pause(seconds)
        yield content[start : start + size]


def gzip_bomb(megabytes: float) -> bytes:
    """A packed body that unpacks to this size."""
    blocks = int(megabytes * MEGABYTE / len(BLOCK))
    return gzip.compress(b'{"success":true,"padding":"' + BLOCK * blocks + b'"}', compresslevel=9)


def halved(value: Any) -> Any:
    """The object with every list in it cut to its first half, rounded down; counts beside them stay as they were."""
    if not isinstance(value, dict):
        return value
    return {name: each[: len(each) // 2] if isinstance(each, list) else each for name, each in value.items()}


def without(value: Any, keys: Iterable[str]) -> Any:
    """The value without these keys, at any depth."""
    dropped = frozenset(keys)
    if isinstance(value, dict):
        return {name: without(each, dropped) for name, each in value.items() if name not in dropped}
    if isinstance(value, list):
        return [without(each, dropped) for each in value]
    return value
