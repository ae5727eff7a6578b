"""Bland: taking over a number, writing whole bodies, and giving back what was found."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from samples.bland import GENERATED, INPUTS, NUMBER, OTHERS, UNLISTED
from worlds import World, as_pulumi, together

from pulumi_smsagents.emulator.bland import DEFAULTS
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import (
    AuthenticationError,
    ConflictError,
    NotFoundError,
    ResponseError,
    ServerError,
    SmsAgentsError,
    UnexpectedBodyError,
    UnsupportedError,
    VendorError,
)
from pulumi_smsagents.lifecycle import Lifecycle, Result, Rules
from pulumi_smsagents.values import UNKNOWN

Plain = dict[str, Any]

SETTINGS = [name for name in INPUTS if name not in ("phone_number", "channel")]
THEIRS: Plain = {name: OTHERS[name] for name in SETTINGS if name not in UNLISTED}
"""A configuration that somebody made in the dashboard, of fields that the list shows."""

READINGS = [
    dict(zip(("writes", "nulls", "read_keys", "version_echo"), combination, strict=True))
    for combination in itertools.product(
        ("overwrite", "merge"), ("accepted", "ignored", "400", "500"), ("documented", "all"), ("as_written", "number", "string")
    )
]
"""Every combination of what the pages leave open about a write; all must come to the same."""

SAME = ("overwrite", "merge")


@pytest.fixture
def bland(monkeypatch: pytest.MonkeyPatch) -> World:
    return World("bland:SmsConfiguration", monkeypatch)


def at(world: World, id: str = NUMBER) -> Plain:
    """What Bland has for the number."""
    return {name: value for name, value in world.emulator.object("bland", id).data.items() if name in DEFAULTS}


def sent(world: World, since: int = 0) -> list[Plain]:
    """The bodies of all writes, in order."""
    return [call.body for call in world.calls("update", since)]


def few(**fields: Any) -> Plain:
    return {"phone_number": NUMBER, **fields}


def destroy(world: World, made: Result) -> list[str]:
    return world.process().delete(made.id, world.state(made))


# ---- create: list, overlay, POST ----


def test_a_create_lists_first_and_then_posts_once(bland: World) -> None:
    bland.by_hand()
    bland.create(few(objective="Hello"))
    assert [call.operation for call in bland.calls()] == ["bland.numbers", "bland.update"]


@pytest.mark.parametrize("writes", SAME)
def test_what_the_program_does_not_set_stays(bland: World, writes: str) -> None:
    """Whichever way the server reads a field that is not sent."""
    bland.modes(writes=writes)
    bland.emulator.add("bland", few(**THEIRS))
    made = bland.create(few(objective="Hello"))
    assert at(bland) == {**DEFAULTS, **THEIRS, "objective": "Hello"}
    assert made.outputs["unverified"] == []
    assert {name for name in made.outputs if name in SETTINGS} == {"objective"}


def test_a_body_holds_no_null_and_no_key_of_its_own(bland: World) -> None:
    """A null may mean anything; what the list shows besides settings is never sent back."""
    bland.modes(extra_keys="present")
    bland.emulator.add("bland", few(objective="Old", label="Desk"))
    bland.create(few(webhook="https://hooks.example.com/a"))
    (body,) = sent(bland)
    assert None not in body.values()
    assert set(body) <= {"phone_number", *DEFAULTS}
    assert bland.items()[0].notes["ignored_keys"] == []


def test_a_number_that_nobody_configured_is_configured(bland: World) -> None:
    made = bland.create(few(objective="Hello"))
    assert (made.id, at(bland)["objective"], made.outputs["found"]) == (NUMBER, "Hello", {})
    assert made.warnings == []


def test_a_number_of_somebody_else_is_an_error(bland: World) -> None:
    bland.modes(numbers="known")
    with pytest.raises(NotFoundError, match=r"INBOUND_NUMBER_NOT_FOUND.*not on this Bland account.*buy or import it there"):
        bland.create()
    assert bland.records() == {}


def test_a_plan_without_sms_is_not_blamed_on_the_key(bland: World) -> None:
    bland.modes(plan="other")
    with pytest.raises(AuthenticationError) as caught:
        bland.create()
    assert "Enterprise plan" in str(caught.value)
    assert "Set another key" not in str(caught.value)


@pytest.mark.parametrize("channel", ["whatsapp", "imessage"])
def test_another_channel_is_another_configuration(bland: World, channel: str) -> None:
    bland.emulator.add("bland", few(**THEIRS))
    made = bland.create(few(channel=channel, objective="Hello"))
    assert made.id == f"{NUMBER}/{channel}"
    assert sent(bland) == [{"phone_number": NUMBER, "channel": channel, "objective": "Hello"}]
    assert at(bland) == {**DEFAULTS, **THEIRS}
    assert bland.refreshed(made).outputs == made.outputs
    destroy(bland, made)
    assert at(bland, made.id) == DEFAULTS


def test_sms_is_not_named_on_the_wire(bland: World) -> None:
    """Servers from before the channels do not know the field."""
    bland.create(few(channel="sms"))
    assert all("channel" not in call.body for call in bland.calls("update"))
    assert all(call.query == {} for call in bland.calls("numbers") if call.query != {"channel": "imessage"})


def test_the_default_channel_is_the_named_one(bland: World) -> None:
    made = bland.create(few(objective="Hello"))
    assert made.outputs["channel"] == "sms"
    state = bland.state(made)
    assert not bland.process().diff(made.id, state, bland.checked(few(objective="Hello", channel="sms"), state))


@pytest.mark.parametrize("configured", [True, False])
def test_a_number_of_imessage_is_not_overwritten_unseen(bland: World, configured: bool) -> None:
    """Bland writes its iMessage configuration whatever the program says; so nothing is sent."""
    if configured:
        bland.emulator.add("bland", few(channel="imessage", messaging_service="linq", objective="Theirs"))
    else:
        bland.emulator.add("bland", few(messaging_service="linq", objective="Theirs"))
    with pytest.raises(UnsupportedError, match=r"is provisioned for iMessage.*set channel='imessage'"):
        bland.create()
    assert sent(bland) == []


def test_an_answer_under_another_channels_key_is_an_error(bland: World) -> None:
    """The wrong configuration was written, and nobody may take that for success."""
    bland.emulator.add("bland", few(messaging_service="linq", configured=False))
    with pytest.raises(
        ResponseError, match=f"the imessage configuration of \\{NUMBER} was written, not the one for sms.*channel='imessage'"
    ):
        bland.create(few(objective="Hello"))


def test_a_server_from_before_the_channels_is_found_out_before_a_write(bland: World) -> None:
    bland.emulator.add("bland", few(objective="Theirs"))
    bland.modes(channels="unknown")
    with pytest.raises(UnexpectedBodyError, match="the list shows the configurations of another channel than whatsapp"):
        bland.create(few(channel="whatsapp", objective="Hello"))
    assert at(bland)["objective"] == "Theirs"
    assert bland.create(few(objective="Hello")).id == NUMBER


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_create_without_an_answer_is_settled_by_reading(bland: World, when: str) -> None:
    bland.readable()
    bland.fault("html", "update", when=when, times=1)
    if when == "after":
        made = bland.create()
        assert made.outputs["unverified"] == []
        assert len(sent(bland)) == 1
    else:
        with pytest.raises(UnexpectedBodyError):
            bland.create()
        assert bland.records() == {}


def test_what_cannot_be_read_is_no_proof_that_a_create_arrived(bland: World) -> None:
    bland.fault("html", "update", when="after", times=1)
    with pytest.raises(UnexpectedBodyError):
        bland.create()


def test_a_failed_list_stops_a_create_before_it_writes(bland: World) -> None:
    """Writing without having seen what is there would overwrite it."""
    bland.emulator.add("bland", few(**THEIRS))
    for fault in ({"kind": "status", "status": 500}, {"kind": "malformed"}, {"kind": "reset"}):
        bland.emulator.faults.clear()
        bland.fault(fault.pop("kind"), "numbers", **fault)
        with pytest.raises(VendorError):
            bland.create()
    assert sent(bland) == []
    assert at(bland) == {**DEFAULTS, **THEIRS}


# ---- whatever the server does with fields and nulls ----


@pytest.mark.parametrize("modes", READINGS, ids=lambda modes: "-".join(modes.values()))
def test_a_life_comes_to_the_same_under_every_reading_of_the_page(bland: World, modes: Plain) -> None:
    """Create over something, change, remove fields, destroy: at the end is what was at the beginning."""
    bland.modes(**modes)
    prior = {**THEIRS, "pathway_version": 2}
    bland.emulator.add("bland", few(**prior))
    before = at(bland)

    made = bland.create()
    assert bland.records() == {NUMBER: INPUTS}
    assert bland.refreshed(made).outputs == made.outputs

    fewer = {name: value for name, value in INPUTS.items() if name not in ("webhook", "request_data", "tools", "time_out", "warning_time")}
    fewer = {**fewer, "objective": "Other"}
    changed = bland.update(made, fewer)
    now = at(bland)
    assert {name: now[name] for name in fewer if name in now} == {name: fewer[name] for name in fewer if name in now}
    assert [now[name] or None for name in ("webhook", "request_data", "tools", "time_out", "warning_time")] == [None] * 5
    assert changed.warnings == []
    state = bland.state(changed)
    assert not bland.process().diff(NUMBER, state, bland.checked(fewer, state))

    assert destroy(bland, bland.refreshed(changed)) == []
    after = at(bland)
    after["pathway_version"] = int(after["pathway_version"])
    assert {name: after[name] or None for name in after} == {name: before[name] or None for name in before}


@pytest.mark.parametrize("nulls", ["ignored", "400", "500"])
def test_a_null_that_has_no_effect_is_followed_by_an_empty_value_once(bland: World, nulls: str) -> None:
    made = bland.create(few(webhook="https://hooks.example.com/a", disposition_ids=["a"]))
    since = bland.mark()
    bland.modes(nulls=nulls)
    bland.update(made, few())
    first, second = sent(bland, since)
    assert (first["webhook"], first["disposition_ids"]) == (None, None)
    assert (second["webhook"], second["disposition_ids"]) == ("", [])
    assert at(bland)["webhook"] == ""


def test_a_value_that_cannot_be_emptied_is_an_error_that_names_the_field(bland: World) -> None:
    made = bland.create(few(webhook="https://hooks.example.com/a"))
    bland.modes(nulls="ignored", empties="ignored")
    with pytest.raises(
        ResponseError, match="webhook cannot be emptied: Bland kept the old value after null and after an empty one"
    ) as caught:
        bland.update(made, few())
    assert "hooks.example.com" not in str(caught.value)
    bland.modes(nulls=None, empties=None)
    assert bland.update(made, few()).outputs["unverified"] == []


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "messaging_service_sid"])
@pytest.mark.parametrize("writes", SAME)
def test_a_field_removed_from_the_program_goes_to_its_default_by_name(bland: World, writes: str, name: str) -> None:
    """Never by leaving it out."""
    bland.modes(writes=writes)
    made = bland.create()
    since = bland.mark()
    without = {key: value for key, value in INPUTS.items() if key not in {name, "warning_time" if name == "time_out" else name}}
    bland.update(made, without)
    assert sent(bland, since)[0][name] == DEFAULTS[name]
    assert at(bland)[name] == DEFAULTS[name]


@pytest.mark.parametrize("writes", SAME)
def test_the_messaging_service_is_never_emptied(bland: World, writes: str) -> None:
    """Without it a number may not text at all."""
    bland.modes(writes=writes)
    made = bland.create()
    sid = INPUTS["messaging_service_sid"]
    without = {name: value for name, value in INPUTS.items() if name != "messaging_service_sid"}
    made = bland.update(made, without)
    assert sent(bland)[1:] == []
    bland.update(made, {**without, "objective": "Other"})
    for how in ("restore", "reset"):
        bland.process().delete(NUMBER, {**bland.state(made), "on_delete": how})
        assert at(bland)["messaging_service_sid"] == sid
    assert all(body["messaging_service_sid"] == sid for body in sent(bland))


def test_an_update_sends_everything_also_what_cannot_be_read(bland: World) -> None:
    made = bland.create()
    since = bland.mark()
    bland.update(made, bland.changed("objective"))
    assert sent(bland, since) == [{name: value for name, value in bland.changed("objective").items() if name != "channel"}]
    assert bland.counts(since) == {"numbers": 1, "update": 1}


def test_another_pathway_takes_the_old_ones_version_and_node_along(bland: World) -> None:
    """They would name another version, and a node that is not there."""
    bland.emulator.add("bland", few(pathway_id="theirs", pathway_version=7, start_node_id="n1"))
    made = bland.create(few(pathway_id="ours"))
    assert [at(bland)[name] for name in ("pathway_id", "pathway_version", "start_node_id")] == ["ours", None, None]
    assert made.outputs["found"] == {"pathway_id": "theirs", "pathway_version": 7, "start_node_id": "n1"}
    assert "changed at Bland along with this, in fields that the program does not set: pathway_version, start_node_id" in " ".join(
        made.warnings
    )
    destroy(bland, made)
    assert [at(bland)[name] for name in ("pathway_id", "pathway_version", "start_node_id")] == ["theirs", 7, "n1"]


def test_what_bland_changes_besides_is_said_and_given_back(bland: World) -> None:
    bland.modes(pathway_resets="yes")
    bland.emulator.add("bland", few(objective="Theirs", tools=["lookup"]))
    made = bland.create(few(pathway_id="ours"))
    assert "in fields that the program does not set: objective, tools" in " ".join(made.warnings)
    destroy(bland, made)
    assert (at(bland)["objective"], at(bland)["tools"], at(bland)["pathway_id"]) == ("Theirs", ["lookup"], None)


# ---- somebody else's edits ----


def test_an_edit_of_the_same_field_stops_the_update(bland: World) -> None:
    made = bland.create(few(objective="One"))
    bland.emulator.edit("bland", NUMBER, objective="Theirs")
    since = bland.mark()
    with pytest.raises(ConflictError, match="objective -> was changed by someone else since the last run") as caught:
        bland.update(made, few(objective="Two"))
    assert sent(bland, since) == []
    assert "Theirs" not in str(caught.value)
    over = Lifecycle(bland.vendor, bland.offer, bland.client, bland.journals, Rules(on_conflict="overwrite"))
    over.update(NUMBER, bland.state(made), bland.checked(few(objective="Two")))
    assert at(bland)["objective"] == "Two"


def test_after_a_refresh_the_edit_is_known_and_may_be_overwritten(bland: World) -> None:
    made = bland.create(few(objective="One"))
    bland.emulator.edit("bland", NUMBER, objective="Theirs")
    seen = bland.refreshed(made)
    assert seen.outputs["objective"] == "Theirs"
    bland.update(seen, few(objective="Two"))
    assert at(bland)["objective"] == "Two"


@pytest.mark.parametrize("writes", SAME)
def test_edits_of_other_fields_survive_an_update(bland: World, writes: str) -> None:
    """Of fields that the program never set, and of those it sets but does not change now."""
    bland.modes(writes=writes)
    made = bland.create(few(objective="One", summary_prompt="Ours"))
    bland.emulator.edit("bland", NUMBER, webhook="https://theirs.example.com/", summary_prompt="Theirs")
    updated = bland.update(made, few(objective="Two", summary_prompt="Ours"))
    assert (at(bland)["webhook"], at(bland)["summary_prompt"]) == ("https://theirs.example.com/", "Theirs")
    assert updated.outputs["summary_prompt"] == "Theirs"
    assert updated.warnings == ["summary_prompt was changed by someone else since the last run and was left so; the next run puts it back"]
    state = bland.state(updated)
    assert bland.process().diff(NUMBER, state, bland.checked(few(objective="Two", summary_prompt="Ours"), state)).changed == {
        "summary_prompt": "Ours"
    }


def test_a_field_that_the_program_begins_to_set_is_no_conflict_and_is_kept(bland: World) -> None:
    bland.emulator.add("bland", few(webhook="https://theirs.example.com/1"))
    made = bland.create(few(objective="One"))
    bland.emulator.edit("bland", NUMBER, webhook="https://theirs.example.com/2")
    updated = bland.update(made, few(objective="One", webhook="https://ours.example.com/"))
    assert updated.outputs["found"] == {"objective": "Chat with the user", "webhook": "https://theirs.example.com/2"}
    assert updated.warnings == [f"{NUMBER} had other settings, which are overwritten and kept in the output found: webhook"]
    destroy(bland, updated)
    assert at(bland)["webhook"] == "https://theirs.example.com/2"


def test_a_dashboard_that_empties_a_field_is_drift(bland: World) -> None:
    made = bland.create(few(webhook="https://ours.example.com/"))
    bland.emulator.edit("bland", NUMBER, webhook=None)
    seen = bland.refreshed(made)
    assert seen.outputs["webhook"] is None
    state = bland.state(seen)
    assert bland.process().diff(NUMBER, state, bland.checked(few(webhook="https://ours.example.com/"), state)).changed
    bland.update(seen, few(webhook="https://ours.example.com/"))
    assert at(bland)["webhook"] == "https://ours.example.com/"


# ---- delete ----


@pytest.mark.parametrize("writes", SAME)
def test_restore_gives_back_what_the_resource_took_and_leaves_the_rest(bland: World, writes: str) -> None:
    bland.modes(writes=writes)
    bland.emulator.add("bland", few(**THEIRS))
    made = bland.create(few(objective="Ours", time_out=300, pathway_id="ours"))
    bland.emulator.edit("bland", NUMBER, webhook="https://new.example.com/")
    assert destroy(bland, made) == []
    assert at(bland) == {**DEFAULTS, **THEIRS, "webhook": "https://new.example.com/"}


def test_restore_of_what_could_not_be_seen_is_the_default(bland: World) -> None:
    made = bland.create(few(time_out=300, warning_time=60, timeout_message="Ours"))
    destroy(bland, made)
    assert at(bland) == DEFAULTS


def test_restore_after_a_field_was_removed_gives_its_first_value_back(bland: World) -> None:
    bland.emulator.add("bland", few(webhook="https://theirs.example.com/"))
    made = bland.create(few(webhook="https://ours.example.com/"))
    made = bland.update(made, few())
    assert at(bland)["webhook"] is None
    destroy(bland, made)
    assert at(bland)["webhook"] == "https://theirs.example.com/"


def test_restore_leaves_alone_what_somebody_set_after_the_field_was_removed(bland: World) -> None:
    bland.emulator.add("bland", few(webhook="https://theirs.example.com/"))
    made = bland.update(bland.create(few(webhook="https://ours.example.com/")), few())
    bland.emulator.edit("bland", NUMBER, webhook="https://later.example.com/")
    destroy(bland, made)
    assert at(bland)["webhook"] == "https://later.example.com/"


@pytest.mark.parametrize("writes", SAME)
def test_reset_sends_every_default_by_name_and_says_what_answers_now(bland: World, writes: str) -> None:
    bland.modes(writes=writes)
    bland.emulator.add("bland", few(**THEIRS))
    made = bland.create(few(objective="Ours", on_delete="reset"))
    since = bland.mark()
    said = destroy(bland, made)
    assert said == [bland.offer.on_delete["reset"].format(id=NUMBER)]
    assert "'Chat with the user'" in said[0]
    (body,) = sent(bland, since)
    assert set(DEFAULTS) - set(body) == {"response_data", "use_candidate_model"}
    assert at(bland) == {**DEFAULTS, "messaging_service_sid": THEIRS["messaging_service_sid"]}


def test_retain_sends_nothing(bland: World) -> None:
    made = bland.create(on_delete="retain")
    since = bland.mark()
    assert destroy(bland, made) == [bland.offer.on_delete["retain"].format(id=NUMBER)]
    assert bland.counts(since) == {}


def test_a_number_that_left_the_account_needs_no_delete(bland: World) -> None:
    made = bland.create()
    bland.emulator.remove("bland", f"number:{NUMBER}")
    assert destroy(bland, made) == []
    assert bland.refresh(made) is None


def test_a_number_that_leaves_between_list_and_write_needs_no_delete(bland: World) -> None:
    made = bland.create()
    gone = {"data": None, "errors": [{"error": "INBOUND_NUMBER_NOT_FOUND", "message": "Inbound number not found"}]}
    bland.fault("status", "update", status=404, body=gone)
    assert destroy(bland, made) == []


def test_a_404_in_other_words_is_no_proof_of_anything(bland: World) -> None:
    made = bland.create()
    bland.fault("status", "update", status=404, body={"message": "Cannot POST"})
    for verb in (lambda: destroy(bland, made), lambda: bland.update(made, bland.changed("objective"))):
        with pytest.raises(ResponseError, match="Check the base URL") as caught:
            verb()
        assert not isinstance(caught.value, NotFoundError)


def test_a_resource_renamed_without_an_alias_does_not_undo_its_successor(bland: World) -> None:
    """The engine creates the new one and then deletes the old one, of the same number."""
    old = bland.create(few(objective="Ours", key="p/s/old"))
    process = bland.process()
    inputs = process.check({}, few(objective="Ours", key="p/s/new")).inputs
    process.create(inputs)
    since = bland.mark()
    assert process.delete(NUMBER, bland.state(old)) == [f"{NUMBER} is set by the resource p/s/new now, so nothing was sent"]
    assert bland.counts(since) == {}
    assert at(bland)["objective"] == "Ours"


def test_a_replacement_asked_for_by_hand_does_not_undo_itself(bland: World) -> None:
    """`pulumi up --replace`: create, then delete the old one, which is this very configuration."""
    made = bland.create(few(objective="Ours", key="p/s/a"))
    process = bland.process()
    again = process.create(process.check({}, few(objective="Ours", key="p/s/a")).inputs)
    since = bland.mark()
    assert process.delete(made.id, bland.state(made)) == [f"{NUMBER} was set again in this run, so nothing was sent"]
    assert bland.counts(since) == {}
    assert bland.refreshed(again).outputs == again.outputs


def test_two_resources_may_swap_their_numbers(bland: World) -> None:
    """Neither takes what it had from the other, and each number ends as the program says."""
    other = "+15550002222"
    had = {
        name: bland.create({"phone_number": phone, "objective": name, "key": f"p/s/{name}"})
        for name, phone in (("a", NUMBER), ("b", other))
    }
    process = bland.process()
    wants: dict[str, Plain] = {}
    for name, phone in (("a", other), ("b", NUMBER)):
        state = bland.state(had[name])
        found = process.check(state, {"phone_number": phone, "objective": name, "key": f"p/s/{name}"})
        assert found.problems == []
        wants[name] = found.inputs
        assert process.diff(had[name].id, state, wants[name]).replaces == ("phone_number",)
    for name in ("a", "b"):
        process.create(wants[name])
    for name in ("a", "b"):
        assert len(process.delete(had[name].id, bland.state(had[name]))) == 1
    assert (at(bland, other)["objective"], at(bland)["objective"]) == ("a", "b")


def test_two_resources_of_one_program_for_one_configuration_are_refused(bland: World) -> None:
    process = bland.process()
    assert process.check({}, few(key="p/s/a")).problems == []
    assert process.check({}, few(key="p/s/a")).problems == []
    (problem,) = process.check({}, few(key="p/s/b", channel="sms")).problems
    assert str(problem) == f"phone_number: {NUMBER} is set by the resource p/s/a of this program already; remove one of the two"
    assert process.check({}, few(key="p/s/c", channel="whatsapp")).problems == []
    assert process.check({}, {"key": "p/s/d", "phone_number": UNKNOWN}).problems == []


# ---- reads ----


def test_a_row_with_other_spellings_is_the_same(bland: World) -> None:
    """Empty values, versions, the floor of time_out, line ends: no drift for ever."""
    made = bland.create(
        few(request_data={}, tools=[], time_out=0, disposition_ids=[], pathway_id="p", pathway_version="3", objective="a\r\nb")
    )
    assert made.outputs["pathway_version"] == 3
    assert sent(bland)[0]["pathway_version"] == 3
    bland.emulator.edit(
        "bland", NUMBER, request_data=[], tools=None, time_out=None, disposition_ids=None, pathway_version="3", objective="a\r\nb"
    )
    assert bland.refreshed(made).outputs == made.outputs


@pytest.mark.parametrize("echo", ["as_written", "number", "string"])
@pytest.mark.parametrize("version", [3, "3", "latest", 0])
def test_a_version_is_one_whatever_its_type(bland: World, echo: str, version: Any) -> None:
    bland.modes(version_echo=echo)
    made = bland.create(few(pathway_id="p", pathway_version=version))
    assert made.warnings == []
    assert bland.refreshed(made).outputs == made.outputs


def test_a_true_is_not_a_one(bland: World) -> None:
    made = bland.create(few(request_data={"vip": True}))
    bland.emulator.edit("bland", NUMBER, request_data={"vip": 1})
    assert bland.refreshed(made).outputs["request_data"] == {"vip": 1}


def test_many_reads_are_one_list_and_a_second_one_alone_is_none(bland: World) -> None:
    made = [bland.create({"phone_number": f"+1555000{number:04d}", "objective": "Hello"}) for number in range(20)]
    since = bland.mark()
    process = bland.process()
    seen = together([lambda result=result: process.read(result.id, bland.state(result)) for result in made])
    assert [result.outputs for result in seen] == [result.outputs for result in made]
    process.read(made[0].id, bland.state(made[0]))
    assert bland.counts(since) == {"numbers": 1}


def test_an_outage_is_asked_about_once(bland: World) -> None:
    made = [bland.create({"phone_number": f"+1555000{number:04d}"}) for number in range(20)]
    bland.fault("status", "numbers", status=503)
    since = bland.mark()
    process = bland.process()
    for result in made:
        with pytest.raises(ServerError):
            process.read(result.id, bland.state(result))
    assert bland.counts(since) == {"numbers": 4}


BROKEN_LISTS: dict[str, Any] = {
    "rows without numbers": {"data": [{"sms_config": {}}], "errors": None},
    "a page of more": {"data": [], "errors": None, "extra": {"pagination": {"totalItems": 40}}},
    "a count of more": {"data": [], "count": 2},
    "no list": {"data": {"numbers": []}},
    "no data": {"errors": []},
    "null": {"data": None, "errors": None},
    "errors": {"data": [], "errors": [{"error": "ERROR", "message": "no"}]},
}


@pytest.mark.parametrize("body", BROKEN_LISTS)
def test_a_list_that_is_not_whole_proves_nothing(bland: World, body: str) -> None:
    made = bland.create()
    bland.fault("rewrite", "numbers", rewrite=lambda reply: Reply(200, BROKEN_LISTS[body]))
    for verb in (lambda: bland.refresh(made), lambda: destroy(bland, made), bland.create):
        with pytest.raises(VendorError) as caught:
            verb()
        assert not isinstance(caught.value, NotFoundError)


def test_a_row_without_a_configuration_verifies_nothing(bland: World) -> None:
    made = bland.create()
    bland.fault("drop_keys", "numbers", keys=["sms_config"])
    seen = bland.refreshed(made)
    assert set(seen.outputs["unverified"]) == set(SETTINGS)
    assert {name: seen.outputs[name] for name in INPUTS} == INPUTS


def test_the_label_is_an_output_and_the_count_of_conversations_is_not(bland: World) -> None:
    """It would show a change at every refresh."""
    bland.emulator.add("bland", few(label="Desk"))
    made = bland.create(few(objective="Hello"))
    assert made.outputs["label"] == "Desk"
    bland.items()[0].notes["conversations"] = 7
    assert bland.refreshed(made).outputs == made.outputs


def test_get_shows_a_configuration_of_any_channel(bland: World) -> None:
    bland.emulator.add("bland", few(channel="whatsapp", objective="Theirs"))
    seen = bland.process().read(f"{NUMBER}/whatsapp", {})
    assert seen is not None
    assert (seen.outputs["phone_number"], seen.outputs["channel"], seen.outputs["objective"]) == (NUMBER, "whatsapp", "Theirs")
    assert set(seen.outputs["unverified"]) == UNLISTED
    with pytest.raises(NotFoundError):
        bland.process().read(NUMBER, {})


# ---- adopt ----


def test_adopt_sends_nothing_where_all_is_as_it_should_be(bland: World) -> None:
    """So that a program made from an account changes nothing at its first run."""
    bland.emulator.add("bland", few(**THEIRS))
    wanted = few(**THEIRS, adopt=NUMBER)
    made = bland.create(wanted)
    assert sent(bland) == []
    assert made.outputs["found"] == THEIRS
    updated = bland.update(made, {**wanted, "objective": "Ours"})
    destroy(bland, updated)
    assert at(bland) == {**DEFAULTS, **THEIRS}


def test_adopt_of_another_id_fails_at_check(bland: World) -> None:
    for adopt in ("+15550009999", f"{NUMBER}/whatsapp", "pathway"):
        found = bland.process().check({}, few(adopt=adopt))
        assert [problem.path for problem in found.problems] == ["adopt"]
    assert bland.process().check({}, few(channel="whatsapp", adopt=f"{NUMBER}/whatsapp")).problems == []


# ---- secrets ----


def test_no_value_of_a_field_in_any_error_or_warning(bland: World) -> None:
    """A webhook, data or what was found may be secret."""
    canary = "canary-5d1f"
    bland.emulator.add("bland", few(webhook=f"https://theirs.example.com/{canary}", summary_prompt=canary))
    fields = few(
        webhook=f"https://ours.example.com/{canary}?a",
        request_data={"token": canary},
        response_data=[canary],
        summary_prompt=f"{canary}!",
        pathway_id="p",
        warning_message=canary,
    )
    made = bland.create(fields)
    said = [*made.warnings, *map(str, bland.process().check({}, as_pulumi(fields)).warnings)]
    bland.emulator.edit("bland", NUMBER, webhook=f"https://x.example.com/{canary}", summary_prompt=f"{canary}?")
    for change in ({"webhook": f"https://{canary}.example.com/"}, {"objective": "Other"}):
        try:
            said += bland.update(made, {**fields, **change}).warnings
        except SmsAgentsError as error:
            said.append(str(error))
    bad = {**fields, "time_out": 20, "warning_time": 5, canary[:6] + "x": 1, "webhook": f"ftp://{canary}", "timezone": canary, "tools": [5]}
    said += map(str, bland.process().check({}, bad).problems)
    assert len(said) > 6
    assert [line for line in said if canary in line] == []


def test_found_is_secret_in_every_state(bland: World) -> None:
    from pulumi_smsagents import bland as module

    assert bland.offer.secret_outputs == ("found",)
    assert module.SmsConfiguration._secret_outputs == ("found",)


# ---- errors ----


@pytest.mark.parametrize("status", ["500", "400"])
def test_a_timing_error_with_what_only_the_dashboard_knows_is_explained(bland: World, status: str) -> None:
    """A server that merges holds a warning_time that no list shows."""
    bland.modes(writes="merge", timing_error=status)
    bland.emulator.add("bland", few(warning_time=200, time_out=400))
    with pytest.raises(ResponseError) as caught:
        bland.create(few(time_out=60))
    assert "warning_time must be less than time_out" in str(caught.value)
    assert ("may have been set in the dashboard" in str(caught.value)) == (status == "500")
    assert len(sent(bland)) == 1
    assert at(bland)["time_out"] == 400


def test_a_200_with_errors_is_a_failure(bland: World) -> None:
    made = bland.create()
    bland.modes(refuse_with_200="update")
    with pytest.raises(ResponseError, match="The request could not be completed"):
        bland.update(made, bland.changed("objective"))
    assert at(bland)["objective"] == INPUTS["objective"]


def test_errors_may_be_an_empty_list(bland: World) -> None:
    bland.modes(success_errors="empty")
    assert bland.refreshed(bland.create()).warnings == []


def test_a_number_that_is_listed_late_is_created_all_the_same(bland: World) -> None:
    bland.modes(list_lag=3)
    made = bland.create()
    assert bland.records() == {NUMBER: INPUTS}
    assert set(made.outputs["unverified"]) == UNLISTED


def test_a_server_without_the_floor_is_fine(bland: World) -> None:
    bland.modes(floor="off")
    bland.emulator.add("bland", few(time_out=15))
    bland.create(few(objective="Hello"))
    assert at(bland)["time_out"] == 15


# ---- every sentence of the checks ----

BAD: list[tuple[Plain, str]] = [
    ({"phone_number": "555-0100"}, "phone_number: is not a phone number with its country code; write it as in +14155550123"),
    ({"channel": "fax"}, "channel: must be 'sms', 'whatsapp' or 'imessage'"),
    ({"webhook": "hooks.example.com"}, "webhook: is not an absolute http(s) URL; write it as https://host/path"),
    (
        {"webhook": "https://127.0.0.1/x"},
        "webhook: points to a private address, which the vendor cannot and should not call; use a public host name",
    ),
    (
        {"webhook": "https://u:p@hooks.example.com/"},
        "webhook: may not hold a user name or a password; authenticate the webhook by a secret path or by its payload",
    ),
    ({"request_data": "a=b"}, "request_data: must be a JSON object or array"),
    ({"request_data": {"a": float("nan")}}, "request_data: must be a JSON object or array"),
    ({"response_data": 5}, "response_data: must be a JSON object or array"),
    ({"time_out": 20}, "time_out: must be 30 or more, because Bland raises what is less to 30; write 0 or remove it for no timeout"),
    ({"time_out": -1}, "time_out: must be 30 or more, because Bland raises what is less to 30; write 0 or remove it for no timeout"),
    ({"time_out": "60"}, "time_out: must be a number"),
    ({"time_out": True}, "time_out: must be a number"),
    ({"warning_time": 30}, "warning_time: needs time_out, which it must be less than; set time_out too"),
    ({"warning_time": 60, "time_out": 60}, "warning_time: must be less than time_out; lower it or raise time_out"),
    ({"warning_time": 60, "time_out": 0}, "warning_time: needs a timeout, but time_out is 0, which is off; remove it or set time_out"),
    ({"warning_time": 0, "time_out": 60}, "warning_time: must be above 0; remove it to send no warning"),
    ({"temperature": -0.1}, "temperature: must be 0 or more"),
    ({"temperature": float("inf")}, "temperature: is not a finite number; write one"),
    ({"pathway_id": "p", "pathway_version": "v1.0"}, "pathway_version: must be a whole number from 0 up, or 'latest'"),
    ({"pathway_id": "p", "pathway_version": -1}, "pathway_version: must be a whole number from 0 up, or 'latest'"),
    ({"pathway_id": "p", "pathway_version": 1.5}, "pathway_version: must be a whole number from 0 up, or 'latest'"),
    ({"timezone": "New York"}, "timezone: is not a time zone of the IANA database; write it as in America/New_York"),
    ({"timezone": "../../etc/passwd"}, "timezone: is not a time zone of the IANA database; write it as in America/New_York"),
    ({"disposition_ids": [""]}, "disposition_ids[0]: is blank; write some text"),
    ({"disposition_ids": "a"}, "disposition_ids: must be a list"),
    ({"tools": [7]}, "tools[0]: must be a tool's name or id as text, or an object"),
    ({"objective": "a\x00b"}, "objective: contains a NUL character; remove it"),
    ({"objective": " "}, "objective: is blank; write some text"),
    ({"restart_after_end_call": "yes"}, "restart_after_end_call: must be true or false"),
    ({"prompt": "Hi"}, "prompt: is another name that Bland takes for objective; write objective"),
    ({"time_outt": 60}, "time_outt: is not a field of bland.SmsConfiguration; did you mean time_out?"),
    ({"on_delete": "delete"}, "on_delete: must be one of 'restore', 'reset', 'retain'"),
    ({"adopt": "+15550009999"}, "adopt: must be the resource's own id: its phone_number, followed by /<channel> where that is not sms"),
]


@pytest.mark.parametrize(("fields", "said"), BAD, ids=lambda value: repr(value)[:50])
def test_a_wrong_field_is_told_in_these_words(bland: World, fields: Plain, said: str) -> None:
    found = bland.process().check({}, {**few(), **fields})
    assert list(map(str, found.problems)) == [said]
    assert bland.counts() == {}


def test_all_problems_are_told_at_once(bland: World) -> None:
    bad = {name: object() for name in INPUTS}
    assert [problem.path for problem in bland.process().check({}, bad).problems] == list(INPUTS)


@pytest.mark.parametrize(
    "fields",
    [
        {"time_out": UNKNOWN, "warning_time": 60},
        {"time_out": 60, "warning_time": UNKNOWN},
        {"request_data": {"ref": UNKNOWN}},
        {"tools": [UNKNOWN, {"name": UNKNOWN}]},
        {"pathway_id": UNKNOWN, "pathway_version": UNKNOWN},
        {"phone_number": UNKNOWN, "adopt": NUMBER},
        {"timezone": UNKNOWN, "webhook": UNKNOWN},
        {"time_out": 0},
        {"time_out": 30.5},
        {"temperature": 0},
        {"request_data": []},
        {"timezone": "Asia/Kolkata"},
    ],
    ids=repr,
)
def test_what_is_not_known_yet_is_not_wrong(bland: World, fields: Plain) -> None:
    assert bland.process().check({}, {**few(), **fields}).problems == []


WARNED: list[tuple[Plain, str]] = [
    ({"webhook": "http://hooks.example.com/"}, "webhook: is not https"),
    ({"messaging_service_sid": "MG123"}, "messaging_service_sid: is not what Twilio calls a Messaging Service SID"),
    (
        {"messaging_service_sid": INPUTS["messaging_service_sid"], "channel": "imessage"},
        "messaging_service_sid: is ignored for the channel imessage",
    ),
    ({"timeout_message": "Hi"}, "timeout_message: has no effect without time_out"),
    ({"time_out": 60, "timeout_action": "send_sms"}, "timeout_action: 'send_sms' sends timeout_message, which is not set"),
    ({"time_out": 60, "timeout_action": "close"}, "timeout_action: is not 'send_sms'"),
    ({"warning_message": "Hi"}, "warning_message: has no effect without warning_time"),
    ({"temperature": 1.5}, "temperature: is above 1"),
    ({"start_node_id": "n"}, "start_node_id: belongs to a pathway, but pathway_id is not set"),
    ({"pathway_id": "p", "objective": "Hi"}, "objective: is not used while a pathway answers"),
    ({"citation_schema_ids": ["x"]}, "citation_schema_ids: holds an id that is not a UUID"),
    ({"objective": "a" * 20_001}, "objective: is longer than 20000 characters"),
]


@pytest.mark.parametrize(("fields", "said"), WARNED, ids=lambda value: repr(value)[:50])
def test_what_may_be_wrong_is_a_warning(bland: World, fields: Plain, said: str) -> None:
    found = bland.process().check({}, {"phone_number": "+14155552671", **fields})
    assert found.problems == []
    first, taken = found.warnings
    assert str(first).startswith(said)
    assert str(taken).startswith("phone_number: its SMS settings that this resource names are overwritten")


def test_a_number_is_normalised(bland: World) -> None:
    assert bland.create(few(phone_number="+1 (555) 000-1111")).id == NUMBER


def test_the_environments_wall_holds(bland: World) -> None:
    walled = Lifecycle(bland.vendor, bland.offer, bland.client, bland.journals, Rules(allowed_numbers=("+4420*",)))
    assert [problem.path for problem in walled.check({}, few()).problems] == ["phone_number"]


@given(fields=GENERATED)
def test_whatever_a_program_says_is_so_at_bland_and_stays(fields: Plain) -> None:
    """Checked, created, refreshed: no warning, no difference, and back to the defaults at the end."""
    with pytest.MonkeyPatch.context() as patch:
        world = World("bland:SmsConfiguration", patch)
        made = world.create(fields)
        assert [line for line in made.warnings if "shows another value" in line] == []
        refreshed = world.refreshed(made)
        assert refreshed.outputs == made.outputs
        state = world.state(refreshed)
        assert not world.process().diff(made.id, state, world.checked(fields, state))
        destroy(world, refreshed)
        left = {name: value for name, value in at(world, made.id).items() if name != "messaging_service_sid"}
        assert left == {name: value for name, value in DEFAULTS.items() if name != "messaging_service_sid"}
        world.emulator.close()
