"""Settings to one client per vendor account and process.

Settings live in the stack's configuration (namespace ``smsagents``) and in the environment. First hit wins:
``SMSAGENTS_<VENDOR>_API_KEY`` in the environment, ``smsagents:<vendor>ApiKey`` in the stack, ``<VENDOR>_API_KEY`` in
the environment. The first outranks the stack because `destroy` and `refresh` may run with the configuration kept in
the state, whose key may have been rotated since (pulumi/pulumi#4981).
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from . import errors
from .client import Account, Client, Limits
from .journal import Journals
from .journal import folder as journal_folder
from .lifecycle import Lifecycle, Rules
from .vendors.base import Offer, Problem, Vendor

NAMESPACE = "smsagents"

THREADS = range(4, 65)
"""For how many calls at once a provider process may have threads: from what Pulumi gives it to the connections of an account."""

_LIMIT_SETTINGS = {
    "connect": "connectTimeout",
    "read": "requestTimeout",
    "operation": "operationTimeout",
    "attempts": "attempts",
    "base_wait": "retryWait",
    "throttled_wait": "throttledWait",
    "longest_wait": "longestWait",
    "longest_retry_after": "longestRetryAfter",
    "quota": "retryQuota",
}
_WHOLE = {
    "attempts": (range(1, 101), "is not a whole number from 1 to 100; 1 switches retries off"),
    "quota": (range(1_000_001), "is not a whole number from 0 to 1000000; 0 switches retries off"),
}


@dataclass(frozen=True)
class Setting:
    """A value and where it was found (`"SMSAGENTS_TELI_API_KEY"`, `"smsagents:teliApiKey"`, `"default"`)."""

    value: str = field(repr=False)
    source: str


class Settings:
    """Reads settings; holds no value. `stack` answers a full key such as ``"smsagents:teliApiKey"``, or None."""

    def __init__(self, stack: Callable[[str], object | None], environ: Mapping[str, str] | None = None) -> None:
        self._stack = stack
        self._environ = os.environ if environ is None else environ

    def find(self, vendor: str, option: str, variable: str) -> Setting | None:
        """`option` of `vendor` (``"ApiKey"``, ``"API_KEY"``) by the precedence of this module's docstring."""
        outer = f"{NAMESPACE.upper()}_{vendor.upper()}_{variable}"
        key = f"{NAMESPACE}:{vendor}{option}"
        plain = f"{vendor.upper()}_{variable}"
        if outer in self._environ:
            return Setting(self._environ[outer], outer)
        stack = self._stack(key)
        if stack is not None:
            return Setting(str(stack), key)
        return Setting(self._environ[plain], plain) if plain in self._environ else None

    def api_key(self, vendor: str) -> Setting | None:
        """The vendor's key, not yet checked."""
        return self.find(vendor, "ApiKey", "API_KEY")

    def base_url(self, vendor: Vendor) -> Setting:
        """The vendor's address, not yet checked."""
        default = vendor.address(self.options(vendor)) if vendor.address else vendor.base_url
        return self.find(vendor.name, "BaseUrl", "BASE_URL") or Setting(default, "default")

    def option(self, vendor: Vendor, name: str) -> Setting | None:
        """One of the vendor's own settings, not yet checked."""
        return self.find(vendor.name, name, _snake(name).lstrip("_").upper())

    def options(self, vendor: Vendor) -> dict[str, str]:
        """All of the vendor's own settings, with their defaults."""
        found = {name: self.option(vendor, name) for name in vendor.options}
        return {name: found[name].value if found[name] else option.default for name, option in vendor.options.items()}  # type: ignore[union-attr]

    def of_package(self, name: str) -> Setting | None:
        """A setting of the package itself, e.g. ``smsagents:requestTimeout`` or SMSAGENTS_REQUEST_TIMEOUT."""
        variable = f"{NAMESPACE.upper()}_{_snake(name).upper()}"
        if variable in self._environ:
            return Setting(self._environ[variable], variable)
        stack = self._stack(f"{NAMESPACE}:{name}")
        return None if stack is None else Setting(str(stack), f"{NAMESPACE}:{name}")


def problems(vendor: Vendor, settings: Settings) -> list[Problem]:
    """Everything that is wrong with the settings for `vendor`, without a call."""
    wrong = _option_problems(vendor, settings)
    if not wrong:  # the address may depend on an option
        found = [_key_problem(vendor, _key(vendor, settings)), _url_problem(settings.base_url(vendor))]
        wrong = [problem for problem in found if problem]
    return [*wrong, *_limit_problems(vendor, settings), *_rule_problems(settings)]


def rules(vendor: Vendor, settings: Settings) -> Rules:
    """The stack's rules, as far as they are well-formed; `problems` tells of the rest."""
    found = {name: setting.value for name in _RULES if (setting := settings.of_package(name)) and not _RULES[name](setting.value)}
    return Rules(
        tuple(_patterns(settings) or ()),
        found.get("onConflict", "stop"),
        settings.options(vendor),
        max_segments=int(found.get("maxSegments", 1)),
        opt_out=found.get("optOutWarning", "true").lower() == "true",
        listing_lag=float(found["listingLag"]) if "listingLag" in found else None,
    )


def threads(settings: Settings) -> int:
    """How many calls a provider process works on at once. `problems` tells of a value that is none."""
    setting = settings.of_package("threads")
    return 32 if setting is None or _RULES["threads"](setting.value) else int(float(setting.value))


def lifecycle(vendor: Vendor, offer: Offer, settings: Settings) -> Lifecycle:
    """The life cycle of an offer under these settings; no key is needed before the first call."""
    return Lifecycle(vendor, offer, lambda: client_for(vendor, settings), journals(), rules(vendor, settings))


def journals() -> Journals:
    """The journals of this process; nothing is made before something is written."""
    with _lock:
        at = journal_folder()
        return _journals.setdefault(at, Journals(at))


def client_for(vendor: Vendor, settings: Settings) -> Client:
    """The one client of this process for this account; made on first use. Wrong settings are a `ConfigurationError`."""
    wrong = problems(vendor, settings)
    if wrong:
        raise errors.ConfigurationError("; ".join(f"{problem.path}: {problem.text}" for problem in wrong))
    key = _key(vendor, settings)
    assert key is not None  # a missing key is a problem
    limits = _limits(vendor, settings)
    url, options = settings.base_url(vendor).value, settings.options(vendor)
    digest = hashlib.sha256(key.value.encode()).hexdigest()
    account = (vendor.name, url, digest, limits, tuple(options.items()))
    with _lock:
        if account not in _clients:
            _clients[account] = Client(_account(vendor, key, url, options), limits)
        return _clients[account]


_clients: dict[Hashable, Client] = {}
_journals: dict[Path, Journals] = {}
_lock = threading.Lock()


def _key(vendor: Vendor, settings: Settings) -> Setting | None:
    """The key itself, of what was pasted into the setting."""
    found = settings.api_key(vendor.name)
    return found and Setting(vendor.clean_key(found.value), found.source)


def _account(vendor: Vendor, key: Setting, url: str, options: Mapping[str, str]) -> Account:
    advice = f"The key came from {key.source}; set another with: {_how_to_set(vendor)}; check with: {NAMESPACE} doctor {vendor.name}"
    return Account(vendor.name, url, vendor.sign(key.value), (key.value,), advice, options)


def _how_to_set(vendor: Vendor) -> str:
    return (
        f"pulumi config set --secret {NAMESPACE}:{vendor.name}ApiKey, "
        f"or {NAMESPACE.upper()}_{vendor.name.upper()}_API_KEY in the environment"
    )


def _key_problem(vendor: Vendor, key: Setting | None) -> Problem | None:
    where = key.source if key else f"{NAMESPACE}:{vendor.name}ApiKey"
    if key is None or not key.value:
        return Problem(where, f"no API key for {vendor.title}; set it with: {_how_to_set(vendor)}")
    if key.value != "".join(key.value.split()) or not key.value.isprintable() or not key.value.isascii():
        return Problem(where, "the API key contains white space or characters that no key has; copy it again without them")
    return None


def _option_problems(vendor: Vendor, settings: Settings) -> list[Problem]:
    wrong = []
    for name, option in vendor.options.items():
        setting = settings.option(vendor, name)
        reason = option.check(setting.value) if setting else ""
        if setting and reason:
            wrong.append(Problem(setting.source, reason))
    return wrong


def _patterns(settings: Settings) -> list[str] | None:
    """``allowedNumbers`` as patterns: a JSON list, or one pattern a comma apart. None where it is neither, or empty: whether
    that means all numbers or none would be a guess."""
    setting = settings.of_package("allowedNumbers")
    if setting is None:
        return []
    try:
        found = json.loads(setting.value) if setting.value.lstrip().startswith("[") else setting.value.split(",")
    except ValueError:
        return None
    patterns = [item.strip() for item in found if isinstance(item, str)]
    well_formed = len(patterns) == len(found) and all(re.fullmatch(r"\+[0-9*?]*|\*", pattern) for pattern in patterns)
    return patterns if patterns and well_formed else None


_RULES: dict[str, Callable[[str], str]] = {
    "onConflict": lambda value: "" if value in ("stop", "overwrite") else "must be 'stop' or 'overwrite'",
    "maxSegments": lambda value: "" if re.fullmatch("[1-9][0-9]?", value) else "must be a whole number from 1 to 99",
    "optOutWarning": lambda value: "" if value.lower() in ("true", "false") else "must be true or false",
    "listingLag": lambda value: "" if _positive(value) else "is not a number of seconds above 0",
    "threads": lambda value: "" if _number(value) in THREADS else "must be a whole number from 4 to 64; 4 leaves it as Pulumi does it",
}
"""Settings that decide something in the life cycle, each with what is wrong with a value, or nothing."""


def _rule_problems(settings: Settings) -> list[Problem]:
    wrong = []
    numbers = settings.of_package("allowedNumbers")
    if numbers and _patterns(settings) is None:
        fix = 'write e.g. ["+1555*", "+442071234567"], or unset it to allow any'
        wrong.append(Problem(numbers.source, f"is not a list of number patterns; {fix}"))
    given = [(settings.of_package(name), check) for name, check in _RULES.items()]
    return [*wrong, *(Problem(setting.source, check(setting.value)) for setting, check in given if setting and check(setting.value))]


def _url_problem(url: Setting) -> Problem | None:
    try:
        parts = urlsplit(url.value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return Problem(url.source, "is not a URL; write it as https://host[:port][/path]")
    if parts.scheme not in ("http", "https") or not host or not url.value.isprintable() or " " in url.value:
        return Problem(url.source, "is not an http(s) URL with a host; write it as https://host[:port][/path]")
    if "@" in parts.netloc or "?" in url.value or "#" in url.value:
        return Problem(url.source, "may not hold a user name, a password, a query or a fragment; leave only https://host[:port][/path]")
    if parts.scheme == "http" and not _is_loopback(host):
        return Problem(url.source, "http would send the key in clear; use https (http is for 127.0.0.1 and localhost only)")
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _limit_problems(vendor: Vendor, settings: Settings) -> list[Problem]:
    given = {name: settings.of_package(option) for name, option in _LIMIT_SETTINGS.items()} | {"": _rate(vendor, settings)}
    found = [(setting, _limit_problem(name, setting.value)) for name, setting in given.items() if setting]
    return [Problem(setting.source, problem) for setting, problem in found if problem]


def _limit_problem(name: str, text: str) -> str:
    if name not in _WHOLE:
        return "" if _positive(text) else "is not a number above 0"
    allowed, problem = _WHOLE[name]
    return "" if _number(text) in allowed else problem


def _rate(vendor: Vendor, settings: Settings) -> Setting | None:
    return settings.find(vendor.name, "RequestsPerSecond", "REQUESTS_PER_SECOND")


def _positive(text: str) -> bool:
    return 0 < _number(text) < float("inf")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _limits(vendor: Vendor, settings: Settings) -> Limits:
    given = {name: settings.of_package(option) for name, option in _LIMIT_SETTINGS.items()}
    numbers = {name: float(setting.value) for name, setting in given.items() if setting}
    numbers |= {name: int(numbers[name]) for name in _WHOLE if name in numbers}
    rate = _rate(vendor, settings)
    return Limits(**numbers, requests_per_second=float(rate.value) if rate else None)  # type: ignore[arg-type]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
