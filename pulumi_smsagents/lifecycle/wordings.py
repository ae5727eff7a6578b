"""The texts of a resource, judged alike for every vendor: their ``{{variables}}``, and what a text message costs and must say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .. import segments
from ..values import Plain
from ..vendors.base import Offer, Problem, Wording
from ..vendors.checks import filled, template_problems, template_warnings
from .rules import Rules

_FILLED_IN = "x" * 10
"""What a variable is counted as. Names and companies are about that long."""

_OPT_OUT = re.compile(
    r"""
    \b (?:STOP|ALTO|ARR[EÊ]T|BAJA|PARAR|SAIR) \b       # as a keyword: "I will stop by" is none
    | (?i: \b (?:reply|text|txt|send) \s+ \W? stop \b
         | \b opt(?:ing)? [\s-]? out \b
         | \b unsubscribe \b )
    """,
    re.VERBOSE,
)


def problems(offer: Offer, sound: Plain) -> Iterator[Problem]:
    """What is certainly wrong with variables that the vendor documents."""
    for wording in offer.wordings(sound) if offer.variables else ():
        yield from template_problems(wording.path, wording.text, offer.variables)


def warnings(offer: Offer, old: Plain, sound: Plain, rules: Rules) -> Iterator[Problem]:
    """What may be wrong. What a message costs and lacks is said when it is new, and not again by every later run."""
    for wording in offer.wordings(sound):
        if offer.variables:
            yield from template_warnings(wording.path, wording.text, offer.variables)
        else:
            yield from template_problems(wording.path, wording.text, ())
        field = wording.path.partition("[")[0].partition(".")[0]
        if old.get(field) == sound[field]:
            continue
        if wording.sent:
            yield from _too_long(wording, rules.max_segments)
        if wording.first and rules.opt_out and not _OPT_OUT.search(wording.text):
            yield Problem(
                wording.path,
                "does not say how to opt out, which carriers want of a first message; add e.g. 'Reply STOP to opt out', "
                "or set smsagents:optOutWarning to false",
            )


# ---- segments ----


def _too_long(wording: Wording, most: int) -> Iterator[Problem]:
    text = filled(wording.text, _FILLED_IN)
    size = segments.size(text)
    if size.segments <= most:
        return
    plain = segments.size(segments.without(text, size.forcing))
    counted = "" if text == wording.text else f", counting {len(_FILLED_IN)} for each variable"
    what = f"takes {size.segments} SMS segments ({size.characters} characters at {size.room} each{counted})"
    if plain.segments == size.segments:
        yield Problem(wording.path, f"{what}; shorten it, or set smsagents:maxSegments to {size.segments}")
    else:
        yield Problem(
            wording.path,
            f"{what}, {plain.segments} without {_named(size.forcing)}, which the SMS alphabet lacks; "
            f"write plain characters, or set smsagents:maxSegments to {size.segments}",
        )


def _named(characters: tuple[str, ...], most: int = 3) -> str:
    """The first few, each with its code and its name; an invisible one by these alone."""
    names = [_name(each) for each in characters[:most]]
    more = f" and {len(characters) - most} more" if len(characters) > most else ""
    return ", ".join(names) + more


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "").lower()
    said = f"{code}, {name}" if name else code
    return f"{character} ({said})" if character.isprintable() and not character.isspace() else said
