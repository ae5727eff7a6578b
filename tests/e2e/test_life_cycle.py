"""An object's whole life at every vendor. Each change has an object of its own, and all happen in the same few commands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from e2e.engine import Run, Stack
from e2e.programs import Case, Plain, Row, cases


@dataclass
class Life:
    """A program with all rows of a case, and what the vendor holds of it."""

    case: Case
    stack: Stack
    before_us: dict[str, Plain] = field(default_factory=dict)
    adopted: dict[str, Plain] = field(default_factory=dict)

    def prepare(self) -> None:
        """What is there without us: settings of numbers, and an object that the program adopts."""
        case, emulator = self.case, self.stack.emulator
        self.stack.configure(case.settings)
        emulator.modes[case.vendor].set(**case.modes)
        for row in self.case.rows.values() if case.found is not None else ():
            for fields in (row.before, row.after):
                place = {name: fields[name] for name in ("phone_number", "channel") if name in fields}
                emulator.add(case.vendor, {**place, **(case.found or {})})
        fields = {**case.fields, **case.own(0)}
        found = emulator.add(case.vendor, fields)
        self.adopted = {"adopted": {**fields, "adopt": found.id}}
        self.before_us = self.store()

    def program(self, rows: Mapping[str, Plain]) -> None:
        self.stack.program({name: (self.case.type, fields) for name, fields in {**rows, **self.adopted}.items()})

    def store(self) -> dict[str, Plain]:
        """What the vendor holds, by id."""
        return {item.id: self.case.stored(item) for item in self.stack.emulator.objects(self.case.vendor)}

    def ids(self) -> dict[str, str]:
        return {name: each["id"] for name, each in self.stack.resources().items()}

    def found(self, id: str) -> Plain:
        return self.before_us.get(id, {})

    def holds(self, rows: Mapping[str, Plain]) -> None:
        """Whether each object stands at the vendor as the program says, and the state says what could not be read."""
        held, resources = self.store(), self.stack.resources()
        for name, fields in {**rows, **self.adopted}.items():
            wanted = self.case.sent(fields)
            stands = {each: held[resources[name]["id"]].get(each) for each in wanted}
            assert stands == wanted, name
            assert resources[name]["outputs"]["unverified"] == self.case.unread(fields), name

    def left(self, id: str, fields: Plain, held: Plain) -> Plain | None:
        """What is to stand there once the resource is gone."""
        return self.case.left(self.case.fate(fields), held, self.found(id), fields)


def total(calls: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum(map(Counter, calls), Counter())


def doing(case: Case, does: str) -> dict[str, Row]:
    return {name: row for name, row in case.rows.items() if row.does == does}


def bodies(case: Case, run: Run, ids: Mapping[str, str]) -> dict[str, list[Any]]:
    """What was sent to change each object, by the name of its row."""
    names = {id: name for name, id in ids.items()}
    sent: dict[str, list[Any]] = {}
    for call in run.calls:
        if call.operation == f"{case.vendor}.{case.update_call}":
            sent.setdefault(names.get(case.about(call), ""), []).append(call.body)
    return sent


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.type)
def test_create_change_edit_and_destroy(case: Case, stack: Stack) -> None:
    life = Life(case, stack)
    life.prepare()
    before = {name: row.before for name, row in case.rows.items()}
    after = {name: row.after for name, row in case.rows.items()}
    comes_to_be(life, before)
    changes(life, before, after)
    is_edited_by_hand(life, after)
    goes(life, after)


def comes_to_be(life: Life, rows: Mapping[str, Plain]) -> None:
    case, stack = life.case, life.stack
    life.program(rows)
    first = stack.preview().ok()
    assert first.ops == dict.fromkeys([*rows, "adopted"], "create")
    assert first.asked == {}
    for name, fields in rows.items():
        says(first, name, [[words] for words in case.said_of_create(fields)])

    assert stack.up().ok().asked == total([*map(case.create, rows.values()), case.adopt])
    life.holds(rows)
    found = life.adopted["adopted"]["adopt"]
    assert stack.id("adopted") == found
    # It was right already, so nothing was sent.
    assert {change.by for change in stack.emulator.object(case.vendor, found).history} == {"dashboard"}
    assert len(life.store()) == len({*life.ids().values(), *life.before_us})
    assert stack.preview("--expect-no-changes").ok().asked == {}


def changes(life: Life, before: Mapping[str, Plain], after: Mapping[str, Plain]) -> None:
    case, stack = life.case, life.stack
    in_place, replaced, noted, again = (doing(case, does) for does in ("changes", "replaces", "noted", "again"))
    for name in again:
        stack.emulator.edit(case.vendor, stack.id(name), case.by_hand)
    was, held = life.ids(), life.store()

    life.program(after)
    shown = stack.preview().ok()
    assert shown.asked == {}
    assert shown.ops == dict.fromkeys([*in_place, *noted, *again], "update") | dict.fromkeys(replaced, "replace")
    for name, row in case.rows.items():
        assert shown.differs(name) == sorted(row.change), shown.report()
        announces(case, shown, name, row, was[name])

    changed = stack.up().ok()
    made = [case.create(after[name]) for name in replaced]
    gone = [case.delete[case.fate(before[name])] for name in replaced]
    assert changed.asked == total([*[case.update] * (len(in_place) + len(again)), *made, *gone])
    sent = bodies(case, changed, was)
    for name, row in {**in_place, **again}.items():
        assert sent[name] == [case.body(life.found(was[name]), case.sent(row.after), case.moved(row))], name

    life.holds(after)
    for name, row in in_place.items():
        stands = {each: life.store()[was[name]].get(each) for each in row.change}
        assert stands == case.moved(row), name
    ids = life.ids()
    assert {name for name in was if ids[name] != was[name]} <= set(replaced)
    # What was replaced; but a number that was given up to be taken again is there once more.
    stays = {was[name]: life.left(was[name], before[name], held[was[name]]) for name in replaced if was[name] not in ids.values()}
    assert {id: life.store().get(id) for id in stays} == stays
    assert stack.preview("--expect-no-changes").ok().asked == {}
    little_of_ours(case, stack)


def is_edited_by_hand(life: Life, rows: dict[str, Plain]) -> None:
    """What a refresh can see is shown and put back; what it cannot see stays as somebody made it."""
    case, stack = life.case, life.stack
    ids = life.ids()
    edits = {f"changes-{each}": each for each in case.by_hand}
    for name, each in edits.items():
        stack.emulator.edit(case.vendor, ids[name], {each: case.by_hand[each]})
    lost = ["taken-away"] if case.delete_by_hand and not case.write_only else []
    for name in lost:
        stack.emulator.remove(case.vendor, ids[name])
    visible = {name: each for name, each in edits.items() if not case.write_only and each not in case.hidden}

    seen = stack.refresh().ok()
    assert seen.ops == dict.fromkeys(visible, "update") | dict.fromkeys(lost, "delete")
    assert {name: seen.differs(name) for name in visible} == {name: [each] for name, each in visible.items()}, seen.report()
    assert set(seen.asked) <= case.sees
    told = [line for line in seen.warnings if "refresh checked nothing" in line]
    assert len(told) == case.write_only
    assert seen.warnings == told

    back = stack.up().ok()
    assert back.ops == dict.fromkeys(visible, "update") | dict.fromkeys(lost, "create")
    anew = [calls for name in lost for calls in (case.create(rows[name]), case.looks)]
    assert back.asked == total([*[case.update] * len(visible), *anew])
    sent = bodies(case, back, ids)
    for name, each in visible.items():
        assert sent[name] == [case.body(life.found(ids[name]), case.sent(rows[name]), {each: rows[name][each]})], name
    held = life.store()
    for name, each in edits.items():
        assert held[ids[name]].get(each) == (rows[name] if name in visible else case.by_hand)[each], name
    same = stack.preview("--refresh", "--expect-no-changes").ok()
    assert set(same.asked) <= case.sees


def goes(life: Life, rows: Mapping[str, Plain]) -> None:
    """Each object by the choice that its state holds; and a person is told of what stays behind."""
    case, stack = life.case, life.stack
    everyone = {**rows, **life.adopted}
    ids, held = life.ids(), life.store()
    assert {case.fate(fields) for fields in everyone.values()} == set(case.delete)

    ended = stack.destroy().ok()
    assert stack.resources() == {}
    assert ended.asked == total(case.delete[case.fate(fields)] for fields in everyone.values())
    left = {ids[name]: life.left(ids[name], fields, held[ids[name]]) for name, fields in everyone.items()}
    assert life.store() == {id: data for id, data in {**held, **left}.items() if data is not None}
    for name, fields in everyone.items():
        told = [case.fates[case.fate(fields)]] if case.fate(fields) in case.leaves else []
        says(ended, name, [[words, ids[name]] for words in told])


def announces(case: Case, run: Run, name: str, row: Row, id: str) -> None:
    """What the change does besides is said, once; and nothing where it does nothing."""
    wanted = [[case.announced[field]] for field in row.change if field in case.announced and row.does == "changes"]
    wanted += [[case.doubted[field]] for field, value in row.change.items() if field in case.doubted and value is not None]
    if row.does == "replaces":
        wanted.append([id, case.fates[case.fate(row.before)], *case.said_of_replacement])
        wanted += [[words] for words in case.said_of_create(row.after)]
    says(run, name, wanted)


def says(run: Run, name: str, wanted: list[list[str]]) -> None:
    """Whether the warnings about a row are these, each holding all of its words."""
    said = [line for line in run.warnings if f" {name}: " in line]
    assert len(said) == len(wanted), said
    for words in wanted:
        assert [line for line in said if all(each in line for each in words)], (words, said)


def little_of_ours(case: Case, stack: Stack) -> None:
    """The state is written again and again: beside the fields, which Pulumi keeps twice, little of ours may stand in it."""
    resources = stack.resources()
    (reference,) = {half["__provider"] for each in resources.values() for half in (each["inputs"], each["outputs"])}
    assert len(reference) <= 80
    resource = resources["untouched"]
    ours = len(json.dumps([resource["inputs"], resource["outputs"]]))
    assert ours - 2 * len(json.dumps(case.rows["untouched"].before)) < case.room, f"{ours} bytes"
