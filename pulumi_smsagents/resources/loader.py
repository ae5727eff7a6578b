"""How a resource's state names its provider, for ever.

A dynamic resource carries its provider, pickled, in the property ``__provider``. Ours is a reference to
:func:`pulumi_smsagents.load` and a tag such as ``"teli:SmsAgent"``: at most 80 characters, the same on every Python,
without a secret, and code fixes apply at once. **This is state format: every released reference must keep loading.**
"""

from __future__ import annotations

import base64
import functools
import pickle
import pickletools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .provider import Provider


class _Reference:
    """Pickles as the call ``pulumi_smsagents.load(tag)``."""

    def __init__(self, tag: str) -> None:
        self._tag = tag

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return load, (self._tag,)


def load(tag: str) -> Provider:
    """The provider of a tag such as ``"teli:SmsAgent"``; called by Pulumi's provider process."""
    from .provider import Provider  # here and not above: a program that only registers resources never needs it

    return Provider(tag)


# The name under which the reference finds it; a move of this module must not change the state.
load.__module__ = "pulumi_smsagents"


@functools.cache
def reference(tag: str) -> str:
    """The value of ``__provider`` for a tag.

    The SDK would pickle a provider object for each resource, with the interpreter's default protocol (5 from Python
    3.14 on, so that every resource would show a change) and one more wrapper around the pickler each time (a
    RecursionError at some hundreds of resources, pulumi/pulumi#17803). Protocol 2, made once, has neither problem.
    """
    return base64.b64encode(pickletools.optimize(pickle.dumps(_Reference(tag), protocol=2))).decode()
