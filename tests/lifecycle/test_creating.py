"""One create, once: whatever came of the last run, and wherever it was cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from worlds import KEY, OFFERS, World, outcome, together

from pulumi_smsagents.emulator.app import VENDORS as EMULATED
from pulumi_smsagents.emulator.bland import DEFAULTS
from pulumi_smsagents.errors import ConflictError, JournalError, ServerError, SmsAgentsError, UncertainError, UnsupportedError, VendorError
from pulumi_smsagents.journal import CREATED, OPEN, Journal
from pulumi_smsagents.lifecycle import Lifecycle, Result, Rules
from pulumi_smsagents.values import ABSENT
from pulumi_smsagents.vendors.base import Live

Plain = dict[str, Any]

ONCE = [tag for tag, (_, offer) in OFFERS.items() if offer.once]
LISTED = [tag for tag in ONCE if OFFERS[tag][1].once.listed]  # type: ignore[union-attr]
CHEAP = [tag for tag in LISTED if not OFFERS[tag][1].once.money]  # type: ignore[union-attr]
SLOW = [tag for tag in LISTED if any(each.name == OFFERS[tag][0].name and "list_lag" in each.modes for each in EMULATED)]
"""Those whose emulator can show a new object late."""

AGENT = "teli:SmsAgent"


class Cut(BaseException):
    """The run ends here, as by a kill."""


def journal(world: World, inputs: Plain) -> Journal:
    return world.journals.of(inputs["key"])


def unfinished(world: World, inputs: Plain) -> list[tuple[str, str]]:
    return [(entry.state, entry.id) for entry in journal(world, inputs).unfinished()]


def begun(world: World, inputs: Plain) -> None:
    """A run that was cut off before its request, so that only the journal knows of it."""
    with cut(Journal, "intend", after=True), pytest.raises(Cut):
        world.process().create(inputs)
    assert unfinished(world, inputs) == [(OPEN, "")]


def lost(world: World, inputs: Plain) -> str:
    """A run that was cut off between the reply and its record; the id."""
    before = set(world.records())
    with cut(Journal, "created"), pytest.raises(Cut):
        world.process().create(inputs)
    (id,) = set(world.records()) - before
    assert unfinished(world, inputs)[-1] == (OPEN, "")
    return id


def unrecorded(world: World, inputs: Plain) -> Result:
    """A run that was cut off before the engine wrote its state."""
    made = world.process().create(inputs)
    assert unfinished(world, inputs) == [(CREATED, made.id)]
    return made


@contextmanager
def cut(owner: Any, name: str, *, after: bool = False) -> Iterator[None]:
    """The run ends when it calls this; `after`: once it has been done."""
    whole = getattr(owner, name)

    def instead(*args: Any, **more: Any) -> Any:
        if after:
            whole(*args, **more)
        raise Cut

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, instead)
        yield


def assert_one(world: World, made: Result, inputs: Plain) -> None:
    """The vendor has the one object that the state holds, as the program says; and nothing is left to do."""
    assert list(world.records()) == [made.id]
    assert world.records()[made.id] == {name: inputs[name] for name in world.sample.inputs if name in inputs}
    assert not world.process().diff(made.id, world.state(made), inputs)
    assert unfinished(world, inputs) == []


def creates(world: World, since: int = 0) -> int:
    return world.counts(since).get(world.sample.create, 0)


# ---- what an earlier run left ----


@pytest.mark.parametrize("tag", ONCE)
def test_with_nothing_unfinished_a_new_one_is_made_each_time(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    first = world.process().create(inputs)
    world.process().diff(first.id, world.state(first), inputs)
    second = world.process().create(inputs)
    assert sorted(world.records()) == sorted([first.id, second.id])
    assert creates(world) == 2


@pytest.mark.parametrize("tag", ONCE)
def test_an_object_that_no_state_holds_is_taken_over(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    world.readable()
    inputs = world.checked()
    first, since = unrecorded(world, inputs), world.mark()
    made = world.process().create(inputs)
    assert made.id == first.id
    assert "no state held it" in made.warnings[0]
    assert world.writes(since) == []
    assert len(world.calls(since=since)) == (1 if world.reads else 0)
    assert_one(world, made, inputs)


@pytest.mark.parametrize(("tag", "name"), [(tag, name) for tag in ONCE for name, rule in OFFERS[tag][1].fields.items() if not rule.replace])
def test_an_object_that_no_state_holds_is_brought_to_the_program_of_today(tag: str, name: str, world_of: Callable[..., World]) -> None:
    """Whether the field has another value by now, is set at last or is not set any more."""
    world = world_of(tag)
    if name not in world.sample.inputs:
        return
    rule = world.offer.fields[name]
    required = name in world.offer.args.model_fields and world.offer.args.model_fields[name].is_required()
    without = {key: value for key, value in world.sample.inputs.items() if key != name}
    pairs = [(world.sample.inputs, world.changed(name))]
    if not required:
        pairs += [(without, world.sample.inputs), (world.sample.inputs, without)]
    for old, new in pairs:
        world.emulator.reset()
        world.emulator.auth.accept(world.vendor.name, [KEY])
        world.modes(**world.sample.modes)
        inputs = world.checked(old)
        first, since = unrecorded(world, inputs), world.mark()
        wanted = world.checked({**new, "key": inputs["key"]})
        made = world.process().create(wanted)
        assert made.id == first.id
        assert creates(world, since) == 0
        # What is not set any more and has no empty value stays, as in any update.
        stays = name not in wanted and rule.clear is ABSENT
        asked = inputs.get(name, rule.clear) if stays else wanted.get(name, rule.clear)
        assert len(world.writes(since)) == (asked != inputs.get(name, rule.clear))
        stored = world.records()[made.id]
        assert stored.get(name) in (asked, asked or None)
        assert {key: stored.get(key) for key in without} == {key: new[key] for key in without}
        assert not world.process().diff(made.id, world.state(made), wanted)


@pytest.mark.parametrize("tag", LISTED)
def test_an_object_that_is_gone_by_now_is_made_anew(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    first = unrecorded(world, inputs)
    world.emulator.remove(world.vendor.name, first.id)
    world.clock.advance(3600)
    made = world.process().create(inputs)
    assert made.id != first.id
    assert_one(world, made, inputs)


@pytest.mark.parametrize("tag", LISTED)
def test_a_create_that_was_cut_off_before_its_request_is_made(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    begun(world, inputs)
    assert world.writes() == []
    made = world.process().create(inputs)
    assert creates(world) == 1
    assert_one(world, made, inputs)


@pytest.mark.parametrize("tag", LISTED)
def test_a_create_whose_reply_was_not_recorded_is_found(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    world.readable()
    inputs = world.checked()
    id, since = lost(world, inputs), world.mark()
    made = world.process().create(inputs)
    assert made.id == id
    assert creates(world, since) == 0
    assert_one(world, made, inputs)


@pytest.mark.parametrize("tag", SLOW)
@pytest.mark.parametrize("later", [0.0, 100.0])
def test_what_the_list_shows_late_is_waited_for_by_the_next_run_too(tag: str, later: float, world_of: Callable[..., World]) -> None:
    """However long ago the create began: its request may have gone out only just now."""
    world = world_of(tag)
    inputs = world.checked()
    world.modes(list_lag=3)
    lost(world, inputs)
    world.clock.advance(later)
    made = world.process().create(inputs)
    assert creates(world) == 1
    assert sum(world.pauses) <= 8.0
    assert_one(world, made, inputs)


@pytest.mark.parametrize("tag", CHEAP)
def test_two_that_may_be_it_are_named_and_neither_is_touched(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    id = lost(world, inputs)
    other = world.by_hand().id
    since = world.mark()
    with pytest.raises(UncertainError, match="--not-created") as caught:
        world.process().create(inputs)
    assert id in str(caught.value)
    assert other in str(caught.value)
    assert world.writes(since) == []
    made = world.process().create({**inputs, "adopt": id})  # the first way out
    assert made.id == id
    assert world.writes(since) == []
    world.process().diff(id, world.state(made), inputs)
    assert unfinished(world, inputs) == []


@pytest.mark.parametrize("tag", CHEAP)
@pytest.mark.parametrize(("older", "adopted"), [(3700.0, True), (600.0, False)])
def test_a_colleagues_look_alike_is_never_taken(tag: str, older: float, adopted: bool, world_of: Callable[..., World]) -> None:
    """One that is surely older does not count; with one that clocks may have made older, a person decides."""
    world = world_of(tag)
    inputs = world.checked()
    theirs = world.by_hand()
    world.clock.advance(older)
    id = lost(world, inputs)
    _dated(world, {theirs.id: -older, id: 0.0})
    since = world.mark()
    found = outcome_of(lambda: world.process().create(inputs))
    assert world.writes(since) == []
    if adopted:
        assert found.id == id
    else:
        assert isinstance(found, UncertainError)
        assert theirs.id in str(found)


@pytest.mark.parametrize("tag", CHEAP)
def test_a_look_alike_without_a_time_is_left_to_a_person(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    theirs = world.by_hand()
    _dated(world, {theirs.id: None})
    begun(world, inputs)
    with pytest.raises(UncertainError, match=theirs.id):
        world.process().create(inputs)
    assert world.writes() == []
    journal(world, inputs).not_created(*journal(world, inputs).unfinished())  # the second way out
    made = world.process().create(inputs)
    assert sorted(world.records()) == sorted([theirs.id, made.id])


@pytest.mark.parametrize("tag", CHEAP)
def test_ones_own_object_of_before_is_never_taken_for_its_successor(tag: str, world_of: Callable[..., World]) -> None:
    """A replacement that a person asked for makes an equal one, while the predecessor is still there."""
    world = world_of(tag)
    inputs = world.checked()
    first = world.process().create(inputs)
    world.process().diff(first.id, world.state(first), inputs)
    begun(world, inputs)
    made = world.process().create(inputs)
    assert made.id != first.id
    assert sorted(world.records()) == sorted([first.id, made.id])


def _dated(world: World, when: dict[str, float | None]) -> None:
    """From now on the list tells when each object was made, in seconds from now; None: it does not tell."""
    once, offer = world.offer.once, world.offer
    assert once
    now = world.clock()

    def born(live: Live) -> float | None:
        known = next((when[id] for id in (live.id, *live.aliases) if id in when), 0.0)
        return None if known is None else now + known

    world.offer = replace(offer, once=replace(once, born=born))


def outcome_of(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except SmsAgentsError as error:
        return error


# ---- the program has changed since ----


@pytest.mark.parametrize("tag", ONCE)
@pytest.mark.parametrize("recorded", [True, False])
def test_what_cannot_be_changed_any_more_is_refused_with_both_ways_out(tag: str, recorded: bool, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    if recorded:
        unrecorded(world, inputs)
    else:
        lost(world, inputs)
    name = next(name for name in world.fields(replace=True) if name in world.sample.others)
    since = world.mark()
    changed = world.checked({**world.changed(name), "key": inputs["key"]})
    with pytest.raises(UncertainError, match=f"another {name}") as caught:
        world.process().create(changed)
    assert f"Set {name} back" in str(caught.value)
    assert f"resolve {inputs['key']} --not-created" in str(caught.value)
    assert world.calls(since=since) == []


# ---- in one call ----


@pytest.mark.parametrize("tag", ONCE)
def test_equal_creates_at_once_make_one_object_each(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    process = world.process()
    every = [world.checked() for _ in range(8)]
    made = together([lambda one=one: process.create(one) for one in every])
    assert len({result.id for result in made}) == 8
    assert sorted(world.records()) == sorted(result.id for result in made)
    assert creates(world) == 8


@pytest.mark.parametrize("tag", LISTED)
def test_equal_creates_at_once_whose_answers_are_lost_make_one_object_each(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    process = world.process()
    world.fault("reset", world.sample.create, when="after", times=3)
    every = [world.checked() for _ in range(6)]
    made = together([lambda one=one: process.create(one) for one in every])
    assert sorted(world.records()) == sorted(result.id for result in made)
    assert creates(world) == 6


@pytest.mark.parametrize("tag", ONCE)
def test_two_runs_at_once_make_one_object(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    made = together([lambda: world.process().create(inputs)] * 4)
    assert {result.id for result in made} == set(world.records())
    assert creates(world) == 1


@pytest.mark.parametrize("tag", ONCE)
def test_a_second_create_of_one_name_in_a_run_is_refused(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    process, inputs = world.process(), world.checked()
    made = process.create(inputs)
    with pytest.raises(UnsupportedError, match="two resources of this program are called"):
        process.create(inputs)
    assert list(world.records()) == [made.id]


@pytest.mark.parametrize("tag", ONCE)
def test_a_create_that_failed_may_be_tried_again_in_a_run(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    process, inputs = world.process(), world.checked()
    world.fault("status", world.sample.create, status=400, times=1)
    with pytest.raises(VendorError):
        process.create(inputs)
    assert unfinished(world, inputs) == []
    assert_one(world, process.create(inputs), inputs)


def test_a_purchase_with_a_lost_answer_is_found_by_the_list_before(world_of: Callable[..., World]) -> None:
    world = world_of("fluents:PhoneNumber")
    theirs = world.by_hand().id
    inputs = world.checked()
    world.fault("reset", "buy", when="after", times=1)
    made = world.process().create(inputs)
    assert made.id != theirs
    assert sorted(world.records()) == sorted([theirs, made.id])
    assert creates(world) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_purchase_is_never_repeated_in_its_run_and_made_by_a_later_one(status: int, world_of: Callable[..., World]) -> None:
    world = world_of("fluents:PhoneNumber")
    inputs = world.checked()
    world.fault("status", "buy", status=status, times=1)
    with pytest.raises(VendorError, match="run pulumi up again"):
        world.process().create(inputs)
    assert (creates(world), unfinished(world, inputs)) == (1, [(OPEN, "")])
    made = world.process().create(inputs)
    assert creates(world) == 2
    assert_one(world, made, inputs)


@pytest.mark.parametrize("status", [429, 500])
def test_a_purchase_that_came_late_is_not_made_again(status: int, world_of: Callable[..., World]) -> None:
    world = world_of("fluents:PhoneNumber")
    inputs = world.checked()
    world.modes(list_lag=30)
    world.fault("status", "buy", status=status, when="after", times=1)
    with pytest.raises(VendorError, match="run pulumi up again"):
        world.process().create(inputs)
    for item in world.items():
        item.notes["unlisted"] = 0
    made = world.process().create(inputs)
    assert creates(world) == 1
    assert_one(world, made, inputs)


def test_a_number_that_another_stack_bought_meanwhile_is_not_taken(world_of: Callable[..., World]) -> None:
    world = world_of("fluents:PhoneNumber")
    inputs = world.checked()
    world.fault("status", "buy", status=503, times=1)
    with pytest.raises(VendorError):
        world.process().create(inputs)
    world.clock.advance(600)
    elsewhere = world.checked({**world.sample.inputs, "key": "bank/prod/line"})
    other = world.process().create(elsewhere)
    for _ in range(3):  # its journal forgets what is over
        world.clock.advance(7200)
        world.process().diff(other.id, world.state(other), elsewhere)
    made = world.process().create(inputs)
    assert made.id != other.id
    assert len(world.records()) == 2


@pytest.mark.parametrize("tag", CHEAP)
def test_a_create_that_did_not_arrive_is_sent_once_more_and_a_late_twin_is_named(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    assert world.offer.once
    assert world.offer.once.again > 0
    inputs = world.checked()
    world.fault("reset", world.sample.create, when="before", times=1)
    twins: list[str] = []

    def late(seconds: float) -> None:
        world.clock.advance(seconds)
        if creates(world) == 2 and not twins:  # the first one was carried out after all
            twins.append(world.by_hand().id)

    process = Lifecycle(world.vendor, world.offer, world.client, world.journals, Rules(options=world.options), pause=late)
    made = process.create(inputs)
    assert creates(world) == 2
    (said,) = [line for line in made.warnings if "it was sent more than once" in line]
    assert twins[0] in said
    assert made.id not in said
    assert sorted(world.records()) == sorted([made.id, *twins])


@pytest.mark.parametrize("tag", CHEAP)
def test_another_create_under_way_of_the_same_name_is_waited_for(tag: str, world_of: Callable[..., World]) -> None:
    """What looks like ours and differs may be another resource's, whose record is a moment away."""
    world = world_of(tag)
    world.readable()
    name = next(name for name in world.fields() if name not in world.offer.once.named)  # type: ignore[union-attr]
    first, second = world.checked(), world.checked(world.changed(name))
    entered, free = threading.Event(), threading.Event()
    created = Journal.created
    made: list[Result] = []

    def held(self: Journal, entry: Any, id: str) -> Any:
        if entry.target.key == second["key"]:
            entered.set()
            assert free.wait(60)
        return created(self, entry, id)

    def pause(seconds: float) -> None:
        world.clock.advance(seconds)
        free.set()
        other.join(60)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "created", held)
        other = threading.Thread(target=lambda: made.append(world.process().create(second)))
        other.start()
        assert entered.wait(60)
        world.fault("reset", world.sample.create, when="after", times=1)
        process = Lifecycle(world.vendor, world.offer, world.client, world.journals, Rules(options=world.options), pause=pause)
        made.append(process.create(first))
    assert sorted(world.records()) == sorted(result.id for result in made)
    assert creates(world) == 2


@pytest.mark.parametrize("tag", ONCE)
def test_nothing_is_sent_where_no_journal_can_be_kept(tag: str, world_of: Callable[..., World], tmp_path: Path) -> None:
    world = world_of(tag)
    inputs = world.checked()
    blocked = tmp_path / "a file"
    blocked.write_text("")
    world.journals.folder = blocked
    with pytest.raises(JournalError, match="SMSAGENTS_JOURNAL_DIR"):
        world.process().create(inputs)
    assert world.calls() == []
    found = world.process().check({}, inputs)
    assert [problem.path for problem in found.problems] == ["SMSAGENTS_JOURNAL_DIR"]  # in the preview already


@pytest.mark.parametrize("tag", ONCE)
def test_a_disk_that_is_full_after_the_request_does_not_cost_the_id(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "created", lambda *a: (_ for _ in ()).throw(JournalError("full")))
        made = world.process().create(inputs)
    assert list(world.records()) == [made.id]
    assert f"smsagents resolve {inputs['key']} --adopt {made.id}" in made.warnings[0]
    assert unfinished(world, inputs) == [(OPEN, "")]


@pytest.mark.parametrize("tag", LISTED)
def test_a_file_that_is_rewritten_while_a_lost_create_is_looked_for_makes_no_second_one(tag: str, world_of: Callable[..., World]) -> None:
    """By another run's process, which leaves out what is over."""
    world = world_of(tag)
    inputs = world.checked()
    id = lost(world, inputs)
    world.fault("unseen", world.sample.list, seconds=5, times=1)
    rewritten: list[float] = []

    def pause(seconds: float) -> None:
        world.clock.advance(seconds)
        rewritten.append(seconds)
        other = World.process(world)._journals.of(inputs["key"])
        other.entries()
        other._lines.rewrite(lambda: other._kept(0))

    process = Lifecycle(world.vendor, world.offer, world.client, world.process()._journals, Rules(options=world.options), pause=pause)
    made = process.create(inputs)
    assert rewritten
    assert made.id == id
    assert_one(world, made, inputs)


# ---- where nothing can be listed ----


def test_contactswing_refuses_and_each_way_out_works(world_of: Callable[..., World]) -> None:
    for way in ("adopt", "not-created"):
        world = world_of("contactswing:SmsAgent")
        inputs = world.checked()
        id = lost(world, inputs)
        since = world.mark()
        for _ in range(2):
            with pytest.raises(UncertainError, match=f"smsagents resolve {inputs['key']} --not-created") as caught:
                world.process().create(inputs)
            assert "adopt=" in str(caught.value)
        assert world.calls(since=since) == []
        if way == "adopt":
            made = world.process().create({**inputs, "adopt": id})
            world.process().diff(id, world.state(made), {**inputs, "adopt": id})
            assert (made.id, list(world.records())) == (id, [id])
        else:
            journal(world, inputs).not_created(*journal(world, inputs).unfinished())
            made = world.process().create(inputs)
            assert sorted(world.records()) == sorted([id, made.id])
            world.process().diff(made.id, world.state(made), inputs)
        assert unfinished(world, inputs) == []


@pytest.mark.parametrize("tag", ONCE)
def test_adopt_ends_what_was_open_and_names_what_else_was_made(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    other = world.by_hand().id
    first = unrecorded(world, inputs)
    made = world.process().create({**inputs, "adopt": other})
    assert made.id == other
    assert any(first.id in line and f"resolve {inputs['key']}" in line for line in made.warnings)


# ---- cut off anywhere ----


def steps(world: World, patch: pytest.MonkeyPatch, at: int) -> list[str]:
    """From now on every step that leaves the process counts, and the run ends at step `at`: odd ones before, even ones after."""
    done: list[str] = []

    def counted(owner: Any, name: str) -> None:
        whole = getattr(owner, name)

        def step(*args: Any, **more: Any) -> Any:
            done.append(f"before {name}")
            if len(done) == at:
                raise Cut
            found = whole(*args, **more)
            done.append(f"after {name}")
            if len(done) == at:
                raise Cut
            return found

        patch.setattr(owner, name, step)

    for name in ("intend", "found", "created", "not_created"):
        counted(Journal, name)
    adapter = type(world.offer.adapter(world.client()))
    for name in ("create", "update", "list", "read"):
        counted(adapter, name)
    return done


@pytest.mark.parametrize("tag", OFFERS)
@pytest.mark.parametrize("answer", ["whole", "lost"])
def test_a_run_that_is_cut_off_at_any_step_is_mended_by_the_next(tag: str, answer: str, world_of: Callable[..., World]) -> None:
    """One object, and the state is what the vendor has; where nothing can be listed a person decides in between."""
    for at in range(1, 60):
        world = world_of(tag)
        inputs = world.checked()
        if answer == "lost":
            world.fault("reset", world.sample.create, when="after", times=1)
        with pytest.MonkeyPatch.context() as patch:
            done = steps(world, patch, at)
            found = None
            try:
                found = world.process().create(inputs)
            except Cut:
                pass
            except SmsAgentsError:
                assert world.offer.once
                assert not world.offer.once.listed
        assert len(done) <= at
        if len(done) < at:
            assert at > 2
            if found is not None:
                assert list(world.records()) == [found.id]
            return
        world.emulator.faults.clear()
        made = mended(world, inputs)
        assert list(world.records()) == [made.id], done
        assert world.records()[made.id] == world.sample.inputs, done
        assert not world.process().diff(made.id, world.state(made), inputs).sends, done
        assert unfinished(world, inputs) == [], done
    raise AssertionError("a create has no end")


def mended(world: World, inputs: Plain) -> Result:
    found = outcome_of(lambda: world.process().create(inputs))
    if not isinstance(found, UncertainError):
        assert isinstance(found, Result), found
        return found
    assert world.offer.once
    assert not world.offer.once.listed
    there = list(world.records())
    if there:
        return world.process().create({**inputs, "adopt": there[0]})
    journal(world, inputs).not_created(*journal(world, inputs).unfinished())
    return world.process().create(inputs)


# ---- what was there before us ----


@pytest.mark.parametrize("configured", [True, False])
def test_what_a_number_was_set_to_survives_a_first_write_that_was_cut_off(configured: bool, world_of: Callable[..., World]) -> None:
    world = world_of("bland:SmsConfiguration")
    inputs = world.checked()
    theirs = {"objective": "Their own.", "time_out": 90, "webhook": "https://hooks.example.com/theirs"}
    number = world.sample.inputs["phone_number"]
    world.emulator.add("bland", {"phone_number": number, **theirs} if configured else {"phone_number": number, "configured": False})
    adapter = type(world.offer.adapter(world.client()))
    with cut(adapter, "create", after=True), pytest.raises(Cut):
        world.process().create(inputs)
    assert world.records()[number] == world.sample.inputs
    made = world.process().create(inputs)
    world.process().diff(made.id, world.state(made), inputs)
    assert unfinished(world, inputs) == []
    world.process().delete(made.id, world.state(made))
    after = world.records()[number]
    assert {name: after[name] for name in theirs} == (theirs if configured else {name: DEFAULTS.get(name) for name in theirs})


def test_what_is_changed_after_a_first_write_was_refused_is_what_a_destroy_gives_back(world_of: Callable[..., World]) -> None:
    """The run that was refused has written nothing, so what it found is no longer what was there before us."""
    world = world_of("bland:SmsConfiguration")
    inputs = world.checked()
    number = world.emulator.add("bland", {"phone_number": world.sample.inputs["phone_number"], "objective": "Theirs.", "time_out": 90}).id
    world.fault("status", world.sample.update, status=402, times=1)
    with pytest.raises(VendorError):
        world.process().create(inputs)
    assert unfinished(world, inputs) == []
    world.emulator.edit("bland", number, {"objective": "Theirs, by now."})
    made = world.process().create(inputs)
    world.process().delete(made.id, world.state(made))
    assert world.records()[number]["objective"] == "Theirs, by now."


# ---- shown late ----


@pytest.mark.parametrize("tag", LISTED)
def test_a_refresh_right_after_a_create_drops_nothing_that_shows_late(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    made = world.process().create(inputs)
    world.fault("unseen", seconds=6, times=None)
    assert world.refreshed(made).id == made.id
    assert sum(world.pauses) <= 8.0
    world.emulator.faults.clear()
    world.emulator.remove(world.vendor.name, made.id)
    world.clock.advance(9)
    assert world.refresh(made) is None


@pytest.mark.parametrize("tag", LISTED)
def test_an_object_that_no_state_holds_is_not_made_anew_because_it_shows_late(tag: str, world_of: Callable[..., World]) -> None:
    world = world_of(tag)
    inputs = world.checked()
    first = unrecorded(world, inputs)
    world.fault("unseen", seconds=6, times=None)
    made = world.process().create(inputs)
    assert made.id == first.id
    assert creates(world) == 1


def test_a_number_that_is_held_already_is_not_bought_again(world_of: Callable[..., World]) -> None:
    world = world_of("fluents:PhoneNumber")
    theirs = world.by_hand({"phone_number": "+14155550123"}).id
    world.sample = replace(world.sample, inputs={"phone_number": "+14155550123", "telephony_provider": "twilio"})
    inputs = world.checked()
    with pytest.raises(ConflictError, match=r"adopt='\+14155550123'"):
        world.process().create(inputs)
    assert world.writes() == []
    assert unfinished(world, inputs) == []
    assert list(world.records()) == [theirs]


def test_an_error_while_looking_leaves_the_create_open(world_of: Callable[..., World]) -> None:
    for tag in LISTED:
        world = world_of(tag)
        inputs = world.checked()
        lost(world, inputs)
        world.fault("status", world.sample.list, status=503, times=None)
        with pytest.raises(ServerError):
            world.process().create(inputs)
        world.emulator.faults.clear()
        assert unfinished(world, inputs) == [(OPEN, "")]
        assert_one(world, world.process().create(inputs), inputs)
        assert isinstance(outcome(lambda w=world, i=inputs: w.process().create(i)), Result)
