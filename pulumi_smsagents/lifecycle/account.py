"""What a create works with: a connection to a vendor account, and who is who in this run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..journal import Journals, Target
from ..values import Plain
from ..vendors.base import Adapter, Offer, Vendor
from .owners import Owners
from .reading import Reader
from .writing import Writing


@dataclass(frozen=True)
class Account:
    """`where` is the vendor's address; `window` the stack's own, in place of the vendor's."""

    vendor: Vendor
    offer: Offer
    where: str
    adapter: Adapter
    reader: Reader
    writing: Writing
    owners: Owners
    journals: Journals
    pause: Callable[[float], None]
    window: float | None = None

    @property
    def type_name(self) -> str:
        """``"teli.SmsAgent"``, as a program spells it."""
        return f"{self.vendor.name}.{self.offer.kind}"

    def target(self, new: Plain) -> Target:
        """What the journal calls the resource of these inputs."""
        return Target(str(new.get("key", "")), self.vendor.name, self.offer.kind, self.where.rstrip("/"))
