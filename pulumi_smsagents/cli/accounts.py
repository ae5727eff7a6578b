"""A vendor's account as `smsagents doctor` sees it: the key, the address, one harmless call, what the vendor offers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .. import errors
from ..connect import NAMESPACE, Setting, Settings, client_for, problems
from ..vendors.base import Offer, Vendor

VERBS = ("create", "read", "list", "update", "delete")

_LONG = 16
"""A key shorter than this would be half told by its last four characters."""


@dataclass(frozen=True)
class Account:
    """What was found. `state`: ``ok``, ``no key``, ``not tried`` (there is no harmless call) or ``wrong``. The key itself is
    not here: `key_from` names its source, `key_ends` its last four characters."""

    vendor: Vendor
    state: str
    key_from: str
    key_ends: str
    url: Setting
    settings: dict[str, str]
    asked: str = ""
    milliseconds: int | None = None
    said: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        return {
            "vendor": self.vendor.name,
            "state": self.state,
            "key": {"from": self.key_from, "ends": self.key_ends} if self.key_from else None,
            "address": {"url": self.url.value, "from": self.url.source},
            "settings": self.settings,
            "call": self.asked,
            "milliseconds": self.milliseconds,
            "said": self.said,
            "offers": [offered(self.vendor, offer, self.settings) for offer in self.vendor.offers],
        }


def look(vendor: Vendor, settings: Settings) -> Account:
    """Look at the settings and, where they are sound, make one harmless call."""
    key = settings.api_key(vendor.name)
    value = vendor.clean_key(key.value) if key else ""
    ends = value[-4:] if len(value) >= _LONG else ""
    options = settings.options(vendor)
    wrong = problems(vendor, settings)
    missing = [
        problem for problem in wrong if not value and problem.path in (key.source if key else "", f"{NAMESPACE}:{vendor.name}ApiKey")
    ]

    def found(state: str, **more: Any) -> Account:
        return Account(vendor, state, key.source if key and value else "", ends, settings.base_url(vendor), options, **more)

    if wrong != missing:
        return found("wrong", said="; ".join(map(str, wrong)))
    if missing:
        return found("no key", said=missing[0].text.partition("; ")[2])
    return found(**_asked(vendor, settings))


def _asked(vendor: Vendor, settings: Settings) -> dict[str, Any]:
    try:
        client = client_for(vendor, settings)
        started = time.perf_counter()
        asked = vendor.offers[0].adapter(client).probe()
    except errors.UnsupportedError as error:
        return {"state": "not tried", "said": str(error).partition(": ")[2]}
    except errors.SmsAgentsError as error:
        return {"state": "wrong", "said": str(error).removesuffix(f"; check with: smsagents doctor {vendor.name}")}
    return {"state": "ok", "asked": asked.partition(": ")[2], "milliseconds": round((time.perf_counter() - started) * 1000)}


def offered(vendor: Vendor, offer: Offer, options: dict[str, str]) -> dict[str, Any]:
    """What can be done with one kind at this vendor, and what not, by the vendor's own table."""
    can = [verb for verb in VERBS if _known(vendor, offer, verb, options)]
    unseen = [name for name, rule in offer.fields.items() if rule.write_only]
    return {
        "resource": f"{vendor.name}.{offer.kind}",
        "can": can,
        "cannot": [_missing(vendor, verb) for verb in VERBS if verb not in can],
        "never_shown": unseen if {"read", "list"} & set(can) else ["any field"],
    }


def _known(vendor: Vendor, offer: Offer, verb: str, options: dict[str, str]) -> bool:
    """Whether the vendor's pages show the path of the call, or a setting does."""
    setting = f"{verb.capitalize()}Path"
    return bool(options.get(setting)) if setting in vendor.options else verb in offer.calls


def _missing(vendor: Vendor, verb: str) -> str:
    setting = f"{verb.capitalize()}Path"
    return f"{verb} (set {NAMESPACE}:{vendor.name}{setting} if you know its path)" if setting in vendor.options else verb


def settings_of(account: Account) -> Iterator[str]:
    """The vendor's own settings that are set, for a person."""
    for name, value in account.settings.items():
        if value:
            yield f"{NAMESPACE}:{account.vendor.name}{name} = {value}"
