"""Writes `docs/support.md` from the vendors' own tables: `.venv/bin/python -m tools.support_table`; a test holds it current."""

from __future__ import annotations

from pathlib import Path

from pulumi_smsagents.vendors import VENDORS
from pulumi_smsagents.vendors.base import Offer, Vendor

PAGE = Path(__file__).resolve().parent.parent / "docs" / "support.md"
VERBS = ("create", "read", "list", "update", "delete")

HEAD = """# What each vendor offers

Made by `python -m tools.support_table` from the tables in `pulumi_smsagents/vendors`; do not edit it by hand.
A dash: no page of the vendor documents such a call. How we behave then is on the resource's own page.
"""


def page() -> str:
    """The whole page."""
    offers = [(vendor, offer) for vendor in VENDORS for offer in vendor.offers]
    calls = _table(
        ("resource", *VERBS), [(_link(v, o), *(f"`{o.calls[verb]}`" if verb in o.calls else "–" for verb in VERBS)) for v, o in offers]
    )
    behaviour = _table(
        ("resource", "`on_delete`, default first", "a change replaces", "no read shows", "side effects that the preview announces"),
        [(_link(v, o), _codes(o.on_delete), _codes(_fields(o, "replace")), _unread(o), _announced(o)) for v, o in offers],
    )
    return f"{HEAD}\n## Calls\n\n{calls}\n## Behaviour\n\n{behaviour}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _link(vendor: Vendor, offer: Offer) -> str:
    return f"[`{vendor.name}.{offer.kind}`](resources/{vendor.name}-{offer.kind.lower()}.md)"


def _fields(offer: Offer, flag: str) -> list[str]:
    return [name for name, rule in offer.fields.items() if getattr(rule, flag)]


def _codes(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"  # type: ignore[attr-defined]


def _unread(offer: Offer) -> str:
    return _codes(_fields(offer, "write_only")) if "read" in offer.calls or "list" in offer.calls else "any field"


def _announced(offer: Offer) -> str:
    return "; ".join(f"`{name}`: {rule.announce}" for name, rule in offer.fields.items() if rule.announce) or "–"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
