"""All that a vendor must say, and nothing it has to compute: the algorithm is in `lifecycle`, written once.

A vendor module holds, in this order: a docstring with pages and date, models, checks, the adapter, the wire helpers,
and its `VENDOR` table. It contains no diff, no retry, no logging and no "maybe".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from ..client import Client
from ..values import Plain

SMS_AGENT = "SmsAgent"
PHONE_NUMBER = "PhoneNumber"
SMS_CONFIGURATION = "SmsConfiguration"


@dataclass(frozen=True)
class Problem:
    """What is wrong and how to mend it. `path` is the field, e.g. ``drip_schedule[0].message``; `text` never repeats
    the value, which may be secret."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


class Model(BaseModel):
    """Base of what a program may write: exact types, no unknown fields. Judges only; values stay as they are."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


def exactly(wanted: Any, found: Any) -> bool:
    """The comparison where a vendor needs no other."""
    return bool(wanted == found)


def unchanged(value: Any) -> Any:
    """The canonical form where a vendor needs no other."""
    return value


@dataclass(frozen=True)
class Field:
    """How one input behaves. The name and the type are in the args model, which a test compares with this table."""

    replace: bool = False
    """The vendor cannot change it: another value means another object."""

    clear: Any = None
    """What to send when the program no longer sets it; None where it cannot be unset."""

    announce: str = ""
    """What else a change does, for the preview: completes "changing <field> …"."""

    canonical: Callable[[Any], Any] = unchanged
    """Two values with the same canonical form are the same value, e.g. where order has no meaning."""

    same: Callable[[Any, Any], bool] = exactly
    """Whether a live value `found` is what the program `wanted`, in the vendor's own spelling."""


@dataclass(frozen=True)
class Live:
    """An object as the vendor shows it, under the names of the inputs. A field the answer does not mention, or shows in
    a shape that no page documents, is not in `fields`; that is never the same as empty."""

    id: str
    aliases: frozenset[str] = frozenset()
    fields: Plain = field(default_factory=dict)
    computed: Plain = field(default_factory=dict)
    mismatch: str = ""
    """Why this is not an object of our kind ("is a voice agent …"); such a one is never adopted."""


Listing = Callable[[], Iterable[Live]]
"""A complete list of the objects beside the one in question; may be shared by several reads."""


class Adapter(Protocol):
    """The verbs for one kind at one vendor. All errors are `errors.VendorError`."""

    def create(self, new: Plain, /) -> str:
        """Create it and return its id. Never called twice for one object unless the vendor surely did not do it."""

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, /) -> None:
        """Bring it to `new`; `changed` holds the fields that differ, with their clear values where removed."""

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """Remove it as `how` (a value of `on_delete`) says. An object that is gone already is success."""

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """The object as it is. NotFoundError on proof that it does not exist, and on nothing else."""

    def scope(self, state: Plain, /) -> Hashable | None:
        """Which list holds the object, or None where it cannot be told; objects of one scope share a list."""

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """All objects of a scope; an error when the list is not complete."""

    def probe(self) -> str:
        """One harmless call that proves key and address; what was asked, for a person."""


@dataclass(frozen=True)
class Offer:
    """How a vendor offers a kind. What it cannot do is said here, and looked at before any request."""

    kind: str
    args: type[Model]
    fields: Mapping[str, Field]
    adapter: Callable[[Client], Adapter]
    on_delete: tuple[str, ...]
    id_output: str
    """The output that repeats the vendor's id under the vendor's name."""

    check: Callable[[Plain], Iterable[Problem]] = lambda new: ()
    warn: Callable[[Plain], Iterable[Problem]] = lambda new: ()
    computed: tuple[str, ...] = ()
    on_replace: str = ""
    """What a replacement does besides, with ``{id}``; for the preview."""

    on_retain: str = ""
    """What stays behind when it is retained, with ``{id}``."""

    lost_create: str = ""
    """What to do when a create may or may not have happened."""

    replace_first: bool = False
    """Delete before create, where the vendor allows one object per number or name."""


@dataclass(frozen=True)
class Vendor:
    """A company: where its API is, how a request is signed, what it offers."""

    name: str
    title: str
    base_url: str
    sign: Callable[[str], Mapping[str, str]]
    offers: tuple[Offer, ...]
    docs: str = ""

    def offer(self, kind: str) -> Offer:
        """The offer of `kind`; KeyError where there is none."""
        return next(offer for offer in self.offers if offer.kind == kind)
