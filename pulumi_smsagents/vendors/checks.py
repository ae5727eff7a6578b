"""Checks that several vendors share. Each says which field is wrong and how to mend it; none repeats the value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Strict
from pydantic_core import PydanticCustomError

from .base import Problem

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


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
    if value != value or value in (float("inf"), float("-inf")):
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
            yield Problem(path, f"{{{{{name}}}}} has spaces inside the braces, which the vendor does not document; write {{{{{inner}}}}}")
        if inner not in known:
            yield Problem(
                path,
                f"{{{{{inner}}}}} is not a documented variable ({', '.join(known)}); it is filled in only if the leads carry such a field",
            )


def _names(text: str) -> list[str]:
    return _TAG.findall(text)


def duplicates(names: Iterable[Any]) -> list[Any]:
    """The values that occur more than once, each once, in order."""
    seen: set[Any] = set()
    again: dict[Any, None] = {}
    for name in names:
        if name in seen:
            again[name] = None
        seen.add(name)
    return list(again)
