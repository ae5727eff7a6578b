"""What a program wrote, normalised and judged: all problems at once, without a call."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..values import ABSENT, UNKNOWN, Plain, is_known, plain
from ..vendors.base import Offer, Problem
from . import wordings
from .rules import Rules

COMMON = ("key", "adopt", "on_delete")
"""Inputs of every resource that no vendor ever sees."""

_NO_RULES = Rules()


@dataclass(frozen=True)
class Checked:
    """`inputs` as they go on; `problems` stop the run, `warnings` do not."""

    inputs: Plain
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def check(offer: Offer, type_name: str, old: Plain, new: Plain, rules: Rules = _NO_RULES) -> Checked:
    """Normalise and judge `new`; `old` is empty where it will be created. Values that contain UNKNOWN are judged as far
    as they are known."""
    inputs: Plain = plain(new)
    if "key" in old:
        # A resource renamed with an alias keeps the key it was created under.
        inputs["key"] = old["key"]
    if not offer.on_delete_spoken:
        inputs.setdefault("on_delete", next(iter(offer.on_delete)))
    for name, rule in offer.fields.items():
        if rule.default is not ABSENT:
            inputs.setdefault(name, rule.default)
    given = {name: value for name, value in inputs.items() if name not in COMMON}
    problems = [*_common_problems(offer, inputs), *_model_problems(offer, type_name, given)]
    known = {name: value for name, value in given.items() if name in offer.fields}
    sound = {name: offer.fields[name].normal(value) for name, value in _sound(known, problems).items()}
    inputs.update(sound)
    common = _sound({name: inputs[name] for name in ("adopt", "on_delete") if name in inputs}, problems)
    problems += [
        *offer.judge(rules.options, {name: value for name, value in inputs.items() if name != "key"}),
        *offer.check({**sound, **common}),
        *wordings.problems(offer, sound),
        *_walled_off(offer, {**sound, **common}, rules.allowed_numbers),
    ]
    sound = _sound({**sound, **common}, problems)
    warnings = [*wordings.warnings(offer, old, sound, rules), *offer.warn(sound), *([] if old else offer.on_create(sound))]
    return Checked(inputs, list(dict.fromkeys(problems)), warnings)


def _sound(given: Plain, problems: Iterable[Problem]) -> Plain:
    """The fields that are wholly known and have no problem yet: what a check over several values may look at."""
    bad = {problem.path.split("[")[0].split(".")[0] for problem in problems}
    return {name: value for name, value in given.items() if name not in bad and is_known(value)}


def _walled_off(offer: Offer, sound: Plain, allowed: tuple[str, ...]) -> Iterator[Problem]:
    """An environment's wall: a number of another environment is refused before any call."""
    numbers = {name for name, rule in offer.fields.items() if rule.number} | ({"adopt"} if offer.number_ids else set())
    for name in sound if allowed else ():
        if name in numbers and not any(fnmatch.fnmatchcase(str(sound[name]), pattern) for pattern in allowed):
            yield Problem(name, "is not among the numbers this stack may touch (smsagents:allowedNumbers); use one of its own")


def _common_problems(offer: Offer, inputs: Plain) -> Iterator[Problem]:
    how = inputs.get("on_delete", UNKNOWN)
    if how is not UNKNOWN and how not in offer.on_delete:
        yield Problem("on_delete", f"must be one of {', '.join(map(repr, offer.on_delete))}")
    adopt = inputs.get("adopt", "-")
    if adopt is not UNKNOWN and (not isinstance(adopt, str) or not adopt or adopt != "".join(adopt.split())):
        yield Problem("adopt", "must be the id of an existing object at the vendor, as text without spaces")
    elif "adopt" in inputs and adopt is not UNKNOWN and offer.number_ids and not re.fullmatch(r"\+[1-9][0-9]{6,14}", adopt):
        yield Problem("adopt", "must be the number itself, with its country code and without spaces, as in +14155550123")


def _model_problems(offer: Offer, type_name: str, given: Plain) -> Iterator[Problem]:
    try:
        offer.args.model_validate(given)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if detail["input"] is not UNKNOWN:
                yield Problem(_path(detail["loc"]), _sentence(detail, offer, type_name))


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for depth, part in enumerate(location):
        if isinstance(part, int):
            path += f"[{part}]"
        elif depth == 0 or not part.startswith("<"):  # the name of a union's branch, not a place in the value
            path += f".{part}" if path else part
    return path


# From the type of the error only, never from pydantic's own text or input: those would repeat the value.
_SENTENCES = {
    "missing": "is required; set it",
    "string_type": "must be text",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
}


def _sentence(detail: ErrorDetails, offer: Offer, type_name: str) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "smsagents":
        return str(context["text"])
    if kind == "extra_forbidden":
        return _unknown_field(detail["loc"], offer, type_name)
    if kind == "literal_error":
        return f"must be {context['expected']}"
    return _SENTENCES.get(kind, f"is not valid ({kind.replace('_', ' ')})")


def _unknown_field(location: tuple[int | str, ...], offer: Offer, type_name: str) -> str:
    foreign = offer.foreign.get(_path(location))
    if foreign:
        return foreign
    if len(location) > 1:
        return "is not a field that the vendor documents here; remove it or correct its name"
    known = [*offer.args.model_fields, "adopt", "on_delete"]
    near = difflib.get_close_matches(str(location[0]), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"its fields are {', '.join(known)}"
    return f"is not a field of {type_name}; {hint}"
