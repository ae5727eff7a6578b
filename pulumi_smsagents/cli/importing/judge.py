"""How an object at a vendor stands in a program, so that adopting it sends nothing.

What is written is what a preview accepts and an adoption finds unchanged; both are asked, not guessed: the same check, and
the same comparison with what the vendor shows. A field that fails is left out, which leaves it as it is at the vendor; an
object that cannot do without the field is left out whole.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ...lifecycle import Lifecycle
from ...lifecycle.shape import Shape
from ...values import ABSENT, Plain, plain
from ...vendors.base import FOUND, PHONE_NUMBER, Field, Live, Offer, Problem

_EMPTY: tuple[Any, ...] = (None, "", [], {})
_TOO_ODD = "cannot be carried by Pulumi unchanged (half a character, or a whole number beyond 2^53)"


@dataclass(frozen=True)
class Entry:
    """One resource of the program. `fields` are the inputs in the order of the vendor's table; those in `prose` are long
    texts. `left_out`: fields that the vendor shows and the program does not say, each with the reason."""

    vendor: str
    kind: str
    id: str
    called: str
    fields: Plain
    prose: frozenset[str] = frozenset()
    on_delete: str = ""
    protect: bool = False
    left_out: tuple[Problem, ...] = ()


class LeftOutError(Exception):
    """Why the object cannot stand in a program."""


@dataclass
class Judge:
    """For the objects of one kind at one vendor. `given`: inputs that the vendor may not show, e.g. the owner.
    `unseen` collects the fields that it did not show of some object, but for those that only a creation has."""

    lifecycle: Lifecycle
    given: Plain = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)

    @property
    def _offer(self) -> Offer:
        return self.lifecycle.offer

    def entry(self, live: Live) -> Entry:
        """The resource for `live`, or a `LeftOutError`."""
        if live.mismatch:
            raise LeftOutError(live.mismatch)
        shown = {name: value for name, value in ((name, self._shown(name, live)) for name in self._sent()) if value is not ABSENT}
        self.unseen |= {name for name in self._sent() if name not in live.fields and not self._offer.fields[name].replace}
        told = {name: value for name, value in shown.items() if self._required(name) or not self._goes_without_saying(name, value)}
        left: list[Problem] = []
        said = self._settled(live, told, left)
        return Entry(
            vendor=self.lifecycle.vendor.name,
            kind=self._offer.kind,
            id=live.id,
            called=self._called(live, said),
            fields=said,
            prose=frozenset(name for name in said if self._offer.fields[name].prose),
            on_delete=self._fate().get("on_delete", ""),
            protect=self._offer.kind == PHONE_NUMBER,
            left_out=tuple(left),
        )

    def _sent(self) -> list[str]:
        return [name for name, rule in self._offer.fields.items() if rule.role == "sent"]

    def _required(self, name: str) -> bool:
        return self._offer.args.model_fields[name].is_required()

    def _shown(self, name: str, live: Live) -> Any:
        value = live.fields.get(name, self.given.get(name, ABSENT))
        if value is not ABSENT and value is not None:
            return value
        if not self._required(name):
            return ABSENT
        way_out = f"; add --{name.replace('_', '-')}" if name in self._offer.listed_by else ""
        raise LeftOutError(f"{self.lifecycle.vendor.title} does not show its {name}, which a program has to set{way_out}")

    def _goes_without_saying(self, name: str, value: Any) -> bool:
        """Empty, at the vendor's default, or said by `adopt` already: a number that is said twice would be bought if one
        day `adopt` were removed."""
        rule: Field = self._offer.fields[name]
        said = rule.number and self._offer.number_ids
        return said or value in _EMPTY or value == rule.default or (rule.clear is not ABSENT and rule.same(rule.clear, value))

    def _called(self, live: Live, said: Plain) -> str:
        """What people call it; and its variant, where a thing of one name has several, as a number has channels."""
        name = {**live.computed, **live.fields}.get(self._offer.called)
        if not isinstance(name, str) or not name.strip():
            return ""
        variants = [str(value) for field, value in said.items() if self._offer.fields[field].replace and self._is_variant(field, value)]
        return " ".join([name, *variants])

    def _is_variant(self, name: str, value: Any) -> bool:
        default = self._offer.fields[name].default
        return default is not ABSENT and value != default

    def _fate(self) -> Plain:
        """What was there before the program must not go with it, unless the vendor's default already sees to that."""
        default = next(iter(self._offer.on_delete))
        return {} if default == "retain" or FOUND in self._offer.kept else {"on_delete": "retain"}

    def _settled(self, live: Live, told: Plain, left: list[Problem]) -> Plain:
        """The fields that stand the check and the comparison; the others go to `left`."""
        while True:
            said, problems = self._tried(live, told)
            if not problems:
                return said
            for problem in problems:
                name = problem.path.partition("[")[0].partition(".")[0]
                if name not in told or self._required(name):
                    raise LeftOutError(str(problem))
            first = {problem.path.partition("[")[0].partition(".")[0]: problem for problem in reversed(problems)}
            left += first.values()
            told = {name: value for name, value in told.items() if name not in first}

    def _tried(self, live: Live, told: Plain) -> tuple[Plain, list[Problem]]:
        carried = {name: _carried(value) for name, value in told.items()}
        problems = [Problem(name, _TOO_ODD) for name, value in carried.items() if value is ABSENT]
        if problems:
            return {}, problems
        checked = self.lifecycle.check({}, {"adopt": live.id, **self._fate(), **carried})
        if checked.problems:
            return {}, checked.problems
        said = {name: checked.inputs[name] for name in told}
        shape = Shape(self._offer)
        differing = [name for name in said if name in live.fields and not shape.shows(live, name, said[name])]
        return said, [Problem(name, _TOO_ODD) for name in differing]


def _carried(value: Any) -> Any:
    """`value` as it arrives from a program: every number passes as a double, every text as UTF-8. ABSENT where that fails."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except (UnicodeEncodeError, ValueError, TypeError):
        return ABSENT
    return plain(json.loads(text, parse_int=float))
