"""ClearTalk's quirks, one by one, and every sentence of its checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from samples.cleartalk import INPUTS, OTHERS
from worlds import World

from pulumi_smsagents import connect
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import (
    InvalidError,
    LostReplyError,
    NotFoundError,
    ResponseError,
    UnexpectedBodyError,
    UnsupportedError,
    VendorError,
)
from pulumi_smsagents.lifecycle import Lifecycle, Result, Rules
from pulumi_smsagents.values import UNKNOWN
from pulumi_smsagents.vendors import cleartalk as vendor

Plain = dict[str, Any]

NUMBER = INPUTS["phone_number"]
NEEDED = ("phone_number", "webhook", "agent_name", "objective", "time_out", "temperature")
LEAST: Plain = {name: INPUTS[name] for name in NEEDED}
EMPTY = {"request_data": [], "tools": [], "messaging_service_sid": "", "pathway_id": "", "pathway_version": "", "start_node_id": ""}
QUIET: Plain = {**{name: INPUTS[name] for name in NEEDED[1:]}, "objective": "Say that this number is not in use."}
OVERWRITES = "phone_number: whatever ClearTalk holds for this number is overwritten, and nothing can show what it was"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World("cleartalk:SmsConfiguration", monkeypatch)
    yield made
    made.emulator.close()


def settings(world: World, **options: str) -> None:
    """From now on these settings, and no others."""
    world.sample = replace(world.sample, options=options)


def bodies(world: World) -> list[Plain]:
    """What was sent, in order."""
    return [call.body for call in world.calls()]


def stored(world: World) -> Plain:
    (item,) = world.items()
    return item.data


def refusal(world: World, made: Result, fields: Plain) -> str:
    state = world.state(made)
    with pytest.raises(UnsupportedError) as caught:
        world.process().diff(made.id, state, world.checked(fields, state))
    return str(caught.value)


def without(name: str, fields: Plain = INPUTS) -> Plain:
    return {each: value for each, value in fields.items() if each != name}


def warnings(world: World, fields: Plain, old: Plain | None = None) -> list[str]:
    return [str(warning) for warning in world.process().check(old or {}, fields).warnings]


# ---- the whole body ----


def test_a_create_sends_all_twelve_required_fields(world: World) -> None:
    """Empty ones for what the program leaves out, never null, and none of the optional two."""
    made = world.create(LEAST)
    assert bodies(world) == [{**LEAST, **EMPTY}]
    assert made.id == NUMBER
    assert "pathway_id" not in made.outputs


@pytest.mark.parametrize("writes", ["overwrite", "merge"])
@pytest.mark.parametrize("name", sorted(set(OTHERS) - {"phone_number"}))
def test_an_update_sends_the_whole_body(world: World, name: str, writes: str) -> None:
    """Right whether the vendor keeps or drops what is left out."""
    world.modes(writes=writes)
    made = world.create()
    world.update(made, world.changed(name))
    assert bodies(world)[1] == stored(world) == world.changed(name)


@pytest.mark.parametrize("writes", ["overwrite", "merge"])
@pytest.mark.parametrize("unset", ["empty", "omit"])
@pytest.mark.parametrize("name", sorted(EMPTY))
def test_a_field_that_is_removed_is_emptied(world: World, name: str, unset: str, writes: str) -> None:
    """And not just left out, which may keep it."""
    settings(world, Unset=unset)
    world.modes(writes=writes, left_out="accepted")
    made = world.create()
    updated = world.update(made, without(name))
    assert bodies(world)[1][name] == stored(world)[name] == EMPTY[name]
    assert name not in updated.outputs


@pytest.mark.parametrize(("unset", "sent"), [("empty", EMPTY), ("null", dict.fromkeys(EMPTY)), ("omit", {})])
def test_what_is_sent_for_a_value_that_is_not_set_is_a_setting(world: World, unset: str, sent: Plain) -> None:
    settings(world, Unset=unset)
    world.modes(nulls="accepted", left_out="accepted")
    made = world.create(LEAST)
    world.update(made, {**LEAST, "objective": "Other."})
    assert bodies(world) == [{**LEAST, **sent}, {**LEAST, **sent, "objective": "Other."}]


def test_a_refusal_of_an_empty_value_names_the_field_and_the_setting(world: World) -> None:
    world.modes(empty_texts="refused")
    with pytest.raises(InvalidError) as caught:
        world.create({**LEAST, "pathway_id": "p", "pathway_version": "v1", "start_node_id": "n"})
    assert str(caught.value) == (
        "cleartalk: POST /cleartalk-sms/update-sms-configuration -> 400: Bad Request: messaging_service_sid should not be empty. "
        "Set messaging_service_sid; or try another way to say that there is none: pulumi config set smsagents:cleartalkUnset null or omit"
    )


@pytest.mark.parametrize("errors", ["list", "text", "plain"])
def test_any_other_refusal_is_told_as_it_is(world: World, errors: str) -> None:
    world.modes(equal_follow_up="refused", errors=errors)
    with pytest.raises(InvalidError) as caught:
        world.create({**INPUTS, "time_out": 300})
    prefix = "" if errors == "plain" else "Bad Request: "
    assert str(caught.value).endswith(f"400: {prefix}follow-up time must be less than time_out")
    assert world.records() == {}


@pytest.mark.parametrize("writes", ["overwrite", "merge"])
def test_follow_ups_that_are_removed_are_switched_off(world: World, writes: str) -> None:
    world.modes(writes=writes)
    made = world.update(world.create(), without("follow_up_config"))
    assert bodies(world)[1]["follow_up_config"] == {"enable_follow_ups": False, "follow_up_schedule": []}
    assert stored(world)["follow_up_config"]["enable_follow_ups"] is False
    world.update(made, {**without("follow_up_config"), "objective": "Other."})
    assert "follow_up_config" not in bodies(world)[2]


def test_a_member_of_the_follow_ups_that_is_removed_is_reset(world: World) -> None:
    """Also where the vendor merges."""
    world.modes(writes="merge")
    world.update(world.create(), {**INPUTS, "follow_up_config": {"enable_follow_ups": True}})
    assert stored(world)["follow_up_config"] == {
        "enable_follow_ups": True,
        "enable_smart_follow_ups": False,
        "repeat_final_follow_up": False,
        "follow_up_schedule": [],
        "extra_follow_up_prompt": "",
    }


def test_the_trigger_of_the_webhook_cannot_be_unset(world: World) -> None:
    """It has two values and no documented default: neither a guess nor a silence would be true."""
    for value in ("each_message", "final_disposition"):
        made = world.create({**INPUTS, "webhook_trigger_on": value})
        assert refusal(world, made, without("webhook_trigger_on")) == (
            f"cleartalk.SmsConfiguration: webhook_trigger_on of {NUMBER} cannot be unset: ClearTalk documents no default, and without it "
            "the old value may stay; set it to 'each_message' or 'final_disposition'"
        )
    state = world.state(made)
    elsewhere = {**without("webhook_trigger_on"), "phone_number": OTHERS["phone_number"]}
    assert world.process().diff(made.id, state, world.checked(elsewhere, state)).replaces == ("phone_number",)


def test_data_and_tools_go_over_the_wire_as_they_are(world: World) -> None:
    """Objects are not turned into text; an object alone is a list of one, and a version becomes text."""
    data = {"customer_id": "12345", "nested": {"a": [1, 2.5, True]}}
    world.create({**LEAST, "request_data": data, "tools": ["search", {"name": "look"}], "pathway_id": "p", "pathway_version": 2})
    (body,) = bodies(world)
    assert (body["request_data"], body["tools"], body["pathway_version"]) == ([data], ["search", {"name": "look"}], "2")


# ---- nothing can be read ----


def test_nothing_is_called_verified_and_a_refresh_says_once_that_it_checked_nothing(world: World) -> None:
    made = world.create()
    assert made.outputs["unverified"] == sorted(INPUTS)
    world.emulator.edit("cleartalk", NUMBER, objective="By hand.")
    since = world.mark()
    seen = world.refreshed(made)
    assert world.counts(since) == {}
    assert seen.outputs == made.outputs
    assert seen.warnings == []
    assert seen.notes == ("refresh checked nothing and kept the recorded state: ClearTalk documents no way to read an SMS configuration",)


def test_a_lookup_is_an_error(world: World) -> None:
    with pytest.raises(UnsupportedError, match=r"^cleartalk\.SmsConfiguration\.get: ClearTalk documents no way to read"):
        world.process().read(NUMBER, {})


def test_another_text_in_reapply_sends_everything_again(world: World) -> None:
    made = world.create(reapply="1")
    world.emulator.edit("cleartalk", NUMBER, objective="By hand.")
    state = world.state(made)
    assert not world.process().diff(NUMBER, state, world.checked({**INPUTS, "reapply": "1"}, state))
    again = world.update(made, {**INPUTS, "reapply": "2"})
    assert bodies(world) == [INPUTS, INPUTS]
    assert stored(world) == INPUTS
    assert again.outputs["reapply"] == "2"


def test_no_call_texts_anybody(world: World) -> None:
    """Not even to find out whether key and address are right."""
    adapter = vendor.Configurations(world.client())
    with pytest.raises(UnsupportedError, match="ClearTalk documents no call that could be tried without doing something"):
        adapter.probe()
    world.update(world.create(), {**INPUTS, "objective": "Other."})
    assert world.counts() == {"update": 2}


def test_a_create_says_that_it_overwrites_unseen(world: World) -> None:
    assert warnings(world, LEAST) == [OVERWRITES]
    assert warnings(world, LEAST, {"phone_number": NUMBER}) == []
    assert warnings(world, {**LEAST, "adopt": NUMBER}) == []


def test_an_adoption_sends_nothing_and_says_that_nothing_was_compared(world: World) -> None:
    made = world.create(adopt=NUMBER)
    assert world.calls() == []
    assert made.warnings == [f"{NUMBER} was adopted without being compared: ClearTalk documents no way to read an SMS configuration"]
    assert made.outputs["unverified"] == sorted(INPUTS)


# ---- answers ----


@pytest.mark.parametrize("answer", ["empty", "text", "json"])
def test_any_success_will_do(world: World, answer: str) -> None:
    """The page prints it as undefined."""
    world.modes(answer=answer)
    world.create()
    assert stored(world) == INPUTS
    assert world.counts() == {"update": 1}


def test_a_success_that_says_it_failed_is_none(world: World) -> None:
    world.modes(answer="says_failed")
    with pytest.raises(ResponseError, match="201: SMS configuration was not updated"):
        world.create()


def test_a_web_page_is_no_success(world: World) -> None:
    """An address that is not ClearTalk's answers like this."""
    world.fault("rewrite", rewrite=lambda reply: Reply(200, b"<html>Welcome</html>", {}, "text/html"))
    with pytest.raises(UnexpectedBodyError, match="expected JSON, got an HTML page"):
        world.process().create(world.checked())


def test_a_number_of_another_account_is_not_gone(world: World) -> None:
    made = world.create()
    world.emulator.remove("cleartalk", NUMBER)
    world.modes(numbers="known")
    with pytest.raises(ResponseError) as caught:
        world.update(made, world.changed("objective"))
    assert not isinstance(caught.value, NotFoundError)
    assert str(caught.value) == (
        "cleartalk: POST /cleartalk-sms/update-sms-configuration -> 404: Phone number not found. "
        "The number may not belong to this account, or the base URL is wrong"
    )


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "reset", "when": "after"}, {"kind": "hang"}])
def test_the_call_is_repeated_because_it_does_no_harm(world: World, fault: Plain) -> None:
    world.fault(**fault, times=2)
    world.create()
    assert bodies(world) == [INPUTS] * 3
    assert stored(world) == INPUTS


def test_a_create_whose_outcome_stays_unknown_says_what_to_do(world: World) -> None:
    world.fault("reset", when="after")
    with pytest.raises(LostReplyError) as caught:
        world.create()
    assert str(caught.value).endswith(
        "it may have been carried out. The configuration may have been applied; running it again is safe, "
        "because the whole of it is sent again"
    )


def test_an_update_whose_outcome_stays_unknown_does_not_point_to_a_refresh(world: World) -> None:
    """Which sees nothing here."""
    made = world.create()
    world.fault("reset", when="after")
    with pytest.raises(VendorError) as caught:
        world.update(made, world.changed("objective"))
    assert str(caught.value).endswith("Whether it was carried out is not known; run pulumi up again, which sends it again")


# ---- delete ----


def test_by_default_the_configuration_stays_and_a_line_says_so(world: World) -> None:
    made = world.create()
    said = world.process().delete(made.id, world.state(made))
    assert said == [f"the configuration of {NUMBER} stays at ClearTalk, and its agent keeps answering"]
    assert bodies(world) == [INPUTS]


@pytest.mark.parametrize("writes", ["overwrite", "merge"])
@pytest.mark.parametrize("unset", ["empty", "omit"])
def test_a_parked_number_has_the_declared_body_and_no_follow_ups(world: World, unset: str, writes: str) -> None:
    settings(world, Unset=unset)
    world.modes(writes=writes, left_out="accepted")
    made = world.create(on_delete="park", parked=QUIET)
    said = world.process().delete(made.id, world.state(made))
    assert said == [f"the configuration of {NUMBER} is not removed: the number answers with the one declared in parked"]
    assert bodies(world)[1] == {
        "phone_number": NUMBER,
        **QUIET,
        **EMPTY,
        "follow_up_config": bodies(world)[1]["follow_up_config"],
    }
    kept = stored(world)
    assert {name: kept[name] for name in (*QUIET, *EMPTY)} == {**QUIET, **EMPTY}
    assert kept["follow_up_config"]["enable_follow_ups"] is False
    assert kept["follow_up_config"]["follow_up_schedule"] == []


def test_parked_follow_ups_are_sent_as_declared(world: World) -> None:
    config = {"enable_follow_ups": True, "follow_up_schedule": [{"time": 1, "unit": "minutes"}]}
    made = world.create(on_delete="park", parked={**QUIET, "follow_up_config": config, "request_data": {"a": "b"}})
    world.process().delete(made.id, world.state(made))
    assert stored(world)["follow_up_config"].items() >= config.items()
    assert stored(world)["request_data"] == [{"a": "b"}]


def test_parking_twice_is_fine_and_a_failed_one_is_an_error(world: World) -> None:
    made = world.create(on_delete="park", parked=QUIET)
    world.fault("status", status=500, times=1)
    with pytest.raises(VendorError):
        world.process().delete(made.id, world.state(made))
    assert stored(world) == INPUTS
    for _ in range(2):
        world.process().delete(made.id, world.state(made))
    assert stored(world)["objective"] == QUIET["objective"]


def test_another_parked_body_is_recorded_and_sent_to_nobody(world: World) -> None:
    made = world.create(on_delete="park", parked=QUIET)
    since = world.mark()
    updated = world.update(made, {**INPUTS, "on_delete": "park", "parked": {**QUIET, "agent_name": "Nobody"}})
    assert world.counts(since) == {}
    assert updated.outputs["parked"]["agent_name"] == "Nobody"


def test_a_park_without_a_body_in_the_state_is_an_error_without_a_call(world: World) -> None:
    """A state edited by hand."""
    made = world.create()
    since = world.mark()
    with pytest.raises(UnsupportedError, match="cannot be parked, because the state holds no body for it"):
        world.process().delete(made.id, {**world.state(made), "on_delete": "park"})
    assert world.counts(since) == {}


def test_another_number_leaves_the_old_one_as_its_state_says(world: World) -> None:
    made = world.create()
    state = world.state(made)
    process = world.process()
    diff = process.diff(made.id, state, world.checked(world.changed("phone_number"), state))
    assert diff.replaces == ("phone_number",)
    told = f"the configuration of {NUMBER} stays at ClearTalk, and its agent keeps answering"
    assert process.announcements(made.id, state, diff) == [f"changing phone_number sets up another configuration; {told}"]


def test_two_resources_cannot_set_up_one_number(world: World) -> None:
    """They would overwrite each other unseen."""
    process = world.process()
    assert process.check({}, {**LEAST, "key": "shop/dev/one"}).problems == []
    twice = process.check({}, {**LEAST, "key": "shop/dev/two"}).problems
    assert len(twice) == 1
    assert "phone_number" in str(twice[0]) or NUMBER in str(twice[0])


def test_a_number_of_another_environment_is_refused_before_any_call(world: World) -> None:
    fenced = Lifecycle(world.vendor, world.offer, world.client, world.journals, Rules(allowed_numbers=("+1555*",)))
    for fields in (LEAST, {**LEAST, "adopt": NUMBER}):
        assert {problem.path for problem in fenced.check({}, fields).problems} <= {"phone_number", "adopt"}
        assert "phone_number" in {problem.path for problem in fenced.check({}, fields).problems}


# ---- settings ----


@pytest.mark.parametrize("value", ["", "Empty", "none"])
def test_a_way_to_say_unset_that_does_not_exist_is_refused(value: str) -> None:
    stack = {"smsagents:cleartalkApiKey": "k", "smsagents:cleartalkUnset": value}
    assert [str(problem) for problem in connect.problems(vendor.VENDOR, connect.Settings(stack.get, {}))] == [
        "smsagents:cleartalkUnset: must be one of empty, null, omit"
    ]


# ---- checks ----

SECRET = "canary-value"
SCHEDULE = "follow_up_config.follow_up_schedule[0]"


def follow_up(**fields: Any) -> Plain:
    return {"follow_up_config": {"enable_follow_ups": True, "follow_up_schedule": [{"time": 5, "unit": "minutes", **fields}]}}


BAD = [
    ({"phone_number": "3465507166"}, "phone_number: is not a phone number with its country code; write it as in +14155550123"),
    ({"webhook": f"hooks.example.com/{SECRET}"}, "webhook: is not an absolute http(s) URL; write it as https://host/path"),
    ({"webhook": None}, "webhook: is required; set it"),
    ({"agent_name": "\n"}, "agent_name: is blank; write some text"),
    ({"objective": 5}, "objective: must be text"),
    ({"time_out": -1}, "time_out: must not be negative"),
    ({"time_out": float("inf")}, "time_out: is not a finite number; write one"),
    ({"temperature": True}, "temperature: must be a number"),
    ({"temperature": -0.1}, "temperature: must not be negative"),
    (
        {"messaging_service_sid": SECRET},
        "messaging_service_sid: is not a Twilio Messaging Service SID: MG and 32 hexadecimal digits; an empty text means none",
    ),
    ({"webhook_trigger_on": SECRET}, "webhook_trigger_on: must be 'each_message' or 'final_disposition'"),
    ({"request_data": SECRET}, "request_data: must be a list of objects, or of texts"),
    ({"request_data": [5]}, "request_data: must be a list of objects, or of texts"),
    ({"tools": {"name": "one"}}, "tools: must be a list of objects, or of texts"),
    ({"pathway_version": True}, "pathway_version: must be text, e.g. 'v1.0.0'"),
    ({"pathway_id": 7}, "pathway_id: must be text"),
    (follow_up(time=0), f"{SCHEDULE}.time: must be above 0"),
    (follow_up(unit=" "), f"{SCHEDULE}.unit: is blank; write some text"),
    (
        follow_up(time=11),
        f"{SCHEDULE}.time: is later than time_out, and ClearTalk wants each follow-up before it; raise time_out or shorten this",
    ),
    (follow_up(colour=SECRET), f"{SCHEDULE}.colour: is not a field that the vendor documents here; remove it or correct its name"),
    ({"follow_up_config": {"follow_up_schedule": []}}, "follow_up_config.enable_follow_ups: is required; set it"),
    ({"timezone": SECRET}, "timezone: is a field of Bland, another vendor; ClearTalk has none of this name, so remove it"),
    ({"warning_time": 5}, "warning_time: is a field of Bland, another vendor; ClearTalk has none of this name, so remove it"),
    ({"objektive": SECRET}, "objektive: is not a field of cleartalk.SmsConfiguration; did you mean objective?"),
    (
        {"on_delete": "park"},
        "parked: is required with on_delete='park': the whole configuration that is sent in place of a deletion",
    ),
    ({"parked": {**QUIET, "webhook": None}}, "parked.webhook: is required; set it"),
    (
        {"parked": {**QUIET, "timezone": "UTC"}},
        "parked.timezone: is a field of Bland, another vendor; ClearTalk has none of this name, so remove it",
    ),
    (
        {"parked": {**QUIET, **follow_up(time=1, unit="hours")}},
        f"parked.{SCHEDULE}.time: is later than time_out, and ClearTalk wants each follow-up before it; raise time_out or shorten this",
    ),
    ({"adopt": "+13465507167"}, "adopt: must be the same number as phone_number, which is the id of a configuration"),
    ({"reapply": ""}, "reapply: is blank; write some text"),
    ({"on_delete": "delete"}, "on_delete: must be one of 'retain', 'park'"),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD, ids=[sentence.partition(": ")[0] for _, sentence in BAD])
def test_a_bad_input_is_told_with_its_place_and_its_mending(world: World, fields: Plain, sentence: str) -> None:
    found = world.process().check({}, {**LEAST, **fields})
    assert [str(problem) for problem in found.problems] == [sentence]
    assert SECRET not in sentence
    assert world.calls() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"phone_number": "+15550001111"}, "phone_number: is possible as a number, but is not one that is given out; check the digits"),
        ({"webhook": "http://hooks.example.com/x"}, "webhook: is not https, so customers' messages would travel in clear; use https"),
        ({"time_out": 0}, "time_out: is 0, whose meaning no page states; write the seconds to wait for a reply"),
        ({"temperature": 1.5}, "temperature: is above 1; no page gives a range, and 0.7 is the page's example"),
        ({"pathway_version": "v1"}, "pathway_version: has no effect without pathway_id; set that too"),
        ({"start_node_id": "n"}, "start_node_id: has no effect without pathway_id; set that too"),
        ({"tools": [{"description": "x"}]}, "tools[0]: has no name; the page's example has one"),
        (follow_up(time=10), f"{SCHEDULE}.time: equals time_out; the page says less, though its own example is equal"),
        (follow_up(unit="fortnights"), f"{SCHEDULE}.unit: is not one that the page shows (minutes)"),
        (
            {"follow_up_config": {"enable_follow_ups": True}},
            "follow_up_config: is enabled with an empty schedule, so nothing is sent; add a follow-up",
        ),
        ({"parked": {**QUIET, "temperature": 2}}, "parked.temperature: is above 1; no page gives a range, and 0.7 is the page's example"),
    ],
)
def test_a_doubtful_input_is_a_warning(world: World, fields: Plain, sentence: str) -> None:
    found = world.process().check({}, {**LEAST, **fields})
    assert found.problems == []
    assert [str(warning) for warning in found.warnings if str(warning) != OVERWRITES] == [sentence]


def test_the_pages_own_example_is_accepted(world: World) -> None:
    """Its follow-up equals its time-out."""
    world.create({**INPUTS, "time_out": 300})
    assert stored(world)["time_out"] == 300


def test_values_not_known_yet_are_no_problem(world: World) -> None:
    fields = {**LEAST, "time_out": UNKNOWN, **follow_up(time=11), "parked": {**QUIET, "webhook": UNKNOWN}, "on_delete": "park"}
    assert world.process().check({}, fields).problems == []
