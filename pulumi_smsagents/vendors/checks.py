"""Checks that several vendors share. Each says which field is wrong and how to mend it; none repeats the value."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard
from urllib.parse import urlsplit

from pydantic import AfterValidator, Strict
from pydantic_core import PydanticCustomError

from .base import Problem

if TYPE_CHECKING:
    import phonenumbers

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TAG = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}", re.DOTALL)
"""A ``{{variable}}``. One that is never closed does not swallow the next."""


def invalid(text: str) -> PydanticCustomError:
    """An error of ours inside a model, in our own words."""
    # The text is passed as a value, so that braces in it are not taken for places to fill in.
    return PydanticCustomError("smsagents", "{text}", {"text": text})


def _not_blank(value: str) -> str:
    if not value.strip():
        raise invalid("is blank; write some text")
    if "\x00" in value:
        raise invalid("contains a NUL character; remove it")
    return value


Text = Annotated[str, Strict(), AfterValidator(_not_blank)]
"""Text that says something."""


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise invalid("is not a finite number; write one")
    return value


Number = Annotated[float, Strict(), AfterValidator(_finite)]
"""A finite number; whole numbers are fine, text and booleans are not."""


def looks_like_uuid(text: str) -> bool:
    """Whether `text` has the shape of an RFC 4122 UUID."""
    return _UUID.fullmatch(text) is not None


def template_problems(path: str, text: str, known: Collection[str]) -> Iterator[Problem]:
    """What is certainly wrong with the vendor's ``{{variables}}`` in `text`: they would reach customers as they stand."""
    rest = _TAG.sub("", text)
    if "{{" in rest:
        yield Problem(path, "has a '{{' without its '}}'; write variables as {{first_name}}")
    for name in _names(text):
        if not name.strip():
            yield Problem(path, "has an empty '{{}}'; name the variable, e.g. {{first_name}}")
    # A single brace is ordinary text (a prompt may quote JSON), unless it surrounds just the name of a variable.
    for name in known:
        if "{" + name + "}" in rest:
            yield Problem(path, f"has '{{{name}}}' with single braces, which is sent as it stands; write {{{{{name}}}}}")


def template_warnings(path: str, text: str, known: Collection[str]) -> Iterator[Problem]:
    """What may be wrong with the ``{{variables}}`` in `text`; custom lead fields resolve too, so no more than a warning."""
    for name in dict.fromkeys(_names(text)):
        inner = name.strip()
        if not inner:
            continue
        if inner != name:
            yield Problem(path, f"{_shown(inner)} has spaces inside the braces, which the vendor does not document; write it without them")
        if inner not in known:
            yield Problem(
                path,
                f"{_shown(inner)} is not a documented variable ({', '.join(known)}); it is filled in only if the leads carry such a field",
            )


def filled(text: str, each: str) -> str:
    """`text` with `each` for every ``{{variable}}``."""
    return _TAG.sub(each, text)


def _shown(name: str) -> str:
    """A variable as a person knows it; anything longer than a name may be text that is nobody's business."""
    return "{{" + name + "}}" if re.fullmatch(r"\w{1,40}", name) else "a variable"


def _names(text: str) -> list[str]:
    return _TAG.findall(text)


def repeated(values: Iterable[Any]) -> list[int]:
    """The places of values that stand earlier already."""
    earlier: set[Any] = set()
    places = []
    for place, value in enumerate(values):
        if value in earlier:
            places.append(place)
        earlier.add(value)
    return places


# ---- phone numbers ----


def _parsed(value: str) -> phonenumbers.PhoneNumber | None:
    lib = _phonenumbers()
    try:
        # No default region: a number without its country code is ambiguous, and guessing could text a stranger.
        parsed: phonenumbers.PhoneNumber = lib.parse(value, None)
    except lib.NumberParseException:
        return None
    return parsed


def _phonenumbers() -> ModuleType:
    """Its tables take 50 ms and 5 MB, and not every vendor has numbers."""
    import phonenumbers  # noqa: PLC0415

    return phonenumbers


def _possible(value: str) -> str:
    number = _parsed(value)
    if number is None or number.extension or not _phonenumbers().is_possible_number(number):
        raise invalid("is not a phone number with its country code; write it as in +14155550123")
    return value


PhoneNumberText = Annotated[str, Strict(), AfterValidator(_possible)]
"""A phone number with ``+`` and country code; spaces, dashes, dots and brackets are allowed."""


def e164(value: str) -> str:
    """A valid `PhoneNumberText` as ``+`` and digits."""
    number, lib = _parsed(value), _phonenumbers()
    return value if number is None else str(lib.format_number(number, lib.PhoneNumberFormat.E164))


def number_warnings(path: str, value: str) -> Iterator[Problem]:
    """A number that no one can have, e.g. +1 555…, which vendors use in tests."""
    number = _parsed(value)
    if number is not None and not _phonenumbers().is_valid_number(number):
        yield Problem(path, "is possible as a number, but is not one that is given out; check the digits")


# ---- addresses and ids ----


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise invalid("is not a URL; write it as https://host/path") from None
    if parts.scheme not in ("http", "https") or not host or value != "".join(value.split()):
        raise invalid("is not an absolute http(s) URL; write it as https://host/path")
    if parts.username or parts.password:
        raise invalid("may not hold a user name or a password; authenticate the webhook by a secret path or by its payload")
    if _is_private(host):
        raise invalid("points to a private address, which the vendor cannot and should not call; use a public host name")
    return value


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # 0x7f.1, 2130706433 and their like are addresses to a resolver: no public host name is all numbers.
        return re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*\.?", host, re.IGNORECASE) is not None
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not mapped.is_global


WebUrl = Annotated[str, Strict(), AfterValidator(_web_url)]
"""An absolute http(s) URL that a vendor on the internet can call. We never call it."""


def url_warnings(path: str, value: str) -> Iterator[Problem]:
    """A webhook in clear carries customers' messages over the open network."""
    if value.lower().startswith("http://"):
        yield Problem(path, "is not https, so customers' messages would travel in clear; use https")


def is_twilio_service_sid(value: str) -> bool:
    """Twilio's own pattern for a Messaging Service SID."""
    return re.fullmatch(r"MG[0-9a-fA-F]{32}", value) is not None


def is_id(value: Any) -> TypeGuard[str]:
    """Whether what an answer holds can be an id. Ids go into paths, messages and files, where a blank, an invisible character or
    pages of text could pass for something else."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable() and " " not in value


_LONGEST_ID = 200


def json_types(value: Any) -> bool:
    """Whether `value` is JSON all the way down."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and json_types(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(json_types, value))
    return value is None or isinstance(value, str | int | float | bool)
