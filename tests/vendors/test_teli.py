"""Teli's quirks, one by one, and every sentence of its checks."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples.teli import INPUTS, ORGANIZATION, OTHERS, USER
from worlds import KEY, World, outcome

from pulumi_smsagents.client import Account, Client
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import NotFoundError, ResponseError, ServerError, UnexpectedBodyError, VendorError
from pulumi_smsagents.journal import Journals
from pulumi_smsagents.lifecycle import Lifecycle, Result
from pulumi_smsagents.values import UNKNOWN
from pulumi_smsagents.vendors import teli as vendor

Plain = dict[str, Any]

AMBIGUOUS = {"error": "Failed to get agent - agent may not exist", "success": False, "powered_by": "Teli"}


def patches(world: World) -> list[Any]:
    """The bodies of all PATCHes, in order."""
    return [call.body for call in world.calls("update")]


def fields(made: Result) -> Plain:
    """The agent's fields among the outputs."""
    return {name: made.outputs[name] for name in INPUTS if name in made.outputs}


# ---- create ----


@pytest.mark.parametrize(
    "modes",
    [
        {"create_status": "200"},
        {"create_status": "201"},
        {"create_answer": "older"},
        {"create_answer": "newer", "extraction_names": "expanded"},
        {"create_needs": "six"},
        {"powered_by": "absent"},
    ],
    ids=str,
)
def test_every_documented_answer_of_a_create_will_do(teli: World, modes: Plain) -> None:
    teli.modes(**modes)
    made = teli.create()
    assert teli.records() == {made.id: INPUTS}
    assert made.outputs["agent_id"] == made.id


def test_a_create_says_sms_and_sends_no_null_and_no_input_of_ours(teli: World) -> None:
    teli.create(extraction_fields=None, on_delete="retain", key="project/stack/sales")
    (call,) = teli.calls("create")
    wanted = {name: value for name, value in INPUTS.items() if name != "extraction_fields"}
    assert call.body == {"agent_type": "sms", **wanted}


def test_a_create_that_nothing_shows_is_sent_thrice_and_then_names_the_ways_out(teli: World) -> None:
    teli.fault("reset", "create")
    with pytest.raises(VendorError) as caught:
        teli.create()
    assert str(caught.value) == (
        "teli: POST /v1/agents -> the connection to emulator broke: emulated: ResetLineError; it may have been carried out. Whether "
        "shop/dev/1 exists is not known: run pulumi up again, which looks for it before it makes another; or settle it with: "
        "smsagents resolve shop/dev/1"
    )
    assert len(teli.calls("create")) == 3
    assert teli.records() == {}


@pytest.mark.parametrize("lag", [1, 3])
@pytest.mark.parametrize("how", ["404", "500"])
def test_an_agent_that_shows_a_moment_late_is_waited_for(teli: World, lag: int, how: str) -> None:
    teli.modes(read_lag=lag, list_lag=lag, get_one_missing=how)
    made = teli.create()
    assert made.outputs["unverified"] == ["extraction_fields"]
    assert made.warnings == []
    assert teli.pauses == [0.5, 1.0, 2.0][:lag]
    assert len(teli.calls("create")) == 1


@pytest.mark.parametrize("how", ["404", "500"])
def test_an_agent_that_does_not_show_in_time_is_kept_all_the_same(teli: World, how: str) -> None:
    teli.modes(read_lag=9, list_lag=9, get_one_missing=how)
    made = teli.create()
    assert fields(made) == INPUTS
    assert made.outputs["unverified"] == sorted(INPUTS)
    assert made.warnings[0].startswith(f"{made.id} was written, but reading it back failed, so nothing of it is verified (teli: GET ")
    assert list(teli.records()) == [made.id]


# ---- read ----

SHAPES: list[Plain] = [
    {"get_one": "wrapped"},
    {"get_one": "bare"},
    {"get_one": "unknown"},
    {"get_one": "500"},
    {"get_one": "405"},
    {"text_names": "written"},
    {"get_one": "bare", "text_names": "written"},
    {"get_one": "unknown", "list_id": "unique_id"},
    {"get_one": "500", "list_id": "id"},
    {"get_one": "405", "list_id": "unique_id"},
    {"organization_form": "uuid", "user_form": "uuid"},
    {"get_one": "unknown", "organization_form": "uuid", "user_form": "uuid"},
    {"drip_reads": "new"},
    {"drip_reads": "new", "drip_hours": "float"},
    {"drip_hours": "float"},
    {"extraction_in_get": "present"},
    {"extraction_in_get": "present", "extraction_names": "expanded"},
    {"extraction_in_list": "present", "get_one": "unknown", "extraction_names": "expanded"},
    {"powered_by": "absent"},
]


@pytest.mark.parametrize("modes", SHAPES, ids=str)
def test_a_refresh_without_a_change_is_empty_in_every_shape_of_a_read(teli: World, modes: Plain) -> None:
    teli.modes(**modes)
    made = teli.create()
    assert made.warnings == []
    seen = teli.refreshed(made)
    assert fields(seen) == INPUTS
    assert seen.outputs == made.outputs
    assert seen.warnings == []
    state = teli.state(seen)
    assert not teli.process().diff(made.id, state, teli.checked(INPUTS, state))


@pytest.mark.parametrize("modes", SHAPES, ids=str)
def test_an_edit_of_the_prompt_is_seen_in_every_shape_of_a_read(teli: World, modes: Plain) -> None:
    teli.modes(**modes)
    made = teli.create()
    teli.emulator.edit("teli", made.id, general_prompt="Be rude.")
    assert fields(teli.refreshed(made)) == {**INPUTS, "prompt": "Be rude."}


@pytest.mark.parametrize("modes", SHAPES, ids=str)
@pytest.mark.parametrize("missing", ["404", "500"])
def test_an_agent_deleted_in_the_dashboard_is_gone_in_every_shape_of_a_read(teli: World, modes: Plain, missing: str) -> None:
    teli.modes(**modes, get_one_missing=missing)
    made, other = teli.create(), teli.create()
    teli.emulator.remove("teli", made.id)
    assert teli.refresh(made) is None
    assert teli.refreshed(other).id == other.id
    assert teli.process().delete(made.id, teli.state(made)) == []


def test_an_id_of_another_form_is_not_drift(teli: World) -> None:
    """organization_id and user_id come back as UUIDs: another id space, not another owner."""
    made = teli.create()
    teli.modes(organization_form="uuid", user_form="uuid")
    seen = teli.refreshed(made)
    assert (seen.outputs["organization_id"], seen.outputs["user_id"]) == (ORGANIZATION, USER)
    assert seen.warnings == []
    assert seen.outputs["unverified"] == ["extraction_fields", "organization_id", "user_id"]


def test_another_owner_is_reported_and_never_replaces(teli: World) -> None:
    """A refresh that showed another organization_id would delete the agent at the next up."""
    made = teli.create()
    teli.emulator.edit("teli", made.id, user_id=OTHERS["user_id"])
    seen = teli.refreshed(made)
    assert seen.outputs == made.outputs
    assert seen.warnings == [f"{made.id} shows another user_id, which cannot change; the recorded one is kept"]


@pytest.mark.parametrize("struck", ["list", "*"])
def test_the_ambiguous_500_without_a_list_is_an_error(teli: World, struck: str) -> None:
    made = teli.create()
    teli.modes(get_one="500")
    teli.fault("status", struck if struck == "*" else "list", status=500, body={"error": "Failed to list agents"})
    with pytest.raises(ServerError, match="Failed to list agents" if struck == "list" else "Failed"):
        teli.refresh(made)


def test_the_ambiguous_500_is_not_asked_again(teli: World) -> None:
    """It is an answer at this endpoint, and its four attempts would slow every refresh down."""
    made = teli.create()
    teli.modes(get_one="500")
    since = teli.mark()
    teli.refreshed(made)
    assert teli.counts(since) == {"get": 1, "list": 1}
    assert teli.waits == []


@pytest.mark.parametrize("doubt", [{"get_one": "500"}, {"get_one": "405"}])
def test_without_an_organisation_a_doubt_stays_a_doubt(teli: World, doubt: Plain) -> None:
    made = teli.create()
    teli.modes(**doubt)
    with pytest.raises(ResponseError, match="Without organization_id the list cannot be asked whether the agent exists"):
        teli.process().read(made.id, {"unverified": []})


ELSEWHERE: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "a page": lambda request: httpx.Response(404, html="<h1>404 Not Found</h1>"),
    "an empty body": lambda request: httpx.Response(404),
    "other words": lambda request: httpx.Response(404, json={"error": "Not Found"}),
    "words of a gateway": lambda request: httpx.Response(404, json={"message": "no Route matched with those values"}),
    "405": lambda request: httpx.Response(405, json={"error": "Method Not Allowed"}),
    "500": lambda request: httpx.Response(500, json={"error": "Internal"}),
    "a site that answers 200 to everything": lambda request: httpx.Response(200, html="<html></html>"),
    "a JSON site that answers 200 to everything": lambda request: httpx.Response(200, json={"status": "ok"}),
    "a list of something else": lambda request: httpx.Response(200, json=[{"name": "x"}]),
}


def lifecycle_over(answer: Callable[[httpx.Request], httpx.Response], folder: Path = Path("nowhere")) -> Lifecycle:
    """A life cycle over a server that is not Teli."""
    account = Account("teli", "https://elsewhere.example", vendor.VENDOR.sign(KEY), (KEY,))
    client = Client(account, transport=httpx.MockTransport(answer), sleep=lambda seconds: None)
    return Lifecycle(vendor.VENDOR, vendor.VENDOR.offers[0], lambda: client, Journals(folder), pause=lambda seconds: None)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_wrong_base_url_never_drops_or_creates_anything(elsewhere: str, tmp_path: Path) -> None:
    process = lifecycle_over(ELSEWHERE[elsewhere], tmp_path)
    state = {**INPUTS, "agent_id": "a", "on_delete": "delete", "unverified": []}
    for attempt in (
        lambda: process.read("a", state),
        lambda: process.read("b", state),  # by the shared list
        lambda: process.create({**INPUTS, "adopt": "a"}),
        lambda: process.create({**INPUTS, "key": "shop/dev/a"}),
    ):
        found = outcome(attempt)
        assert isinstance(found, VendorError), found
        assert not isinstance(found, NotFoundError) or found.asked == "teli: POST /v1/agents"
    if "200" not in elsewhere and "list of" not in elsewhere:
        assert isinstance(outcome(lambda: process.delete("a", state)), VendorError)


def test_a_404_in_other_words_is_settled_by_the_list(teli: World) -> None:
    made = teli.create()
    teli.fault("status", "get", status=404, body={"error": "Not Found"})
    assert fields(teli.refreshed(made)) == INPUTS
    teli.emulator.remove("teli", made.id)
    assert teli.refresh(made) is None


@pytest.mark.parametrize(
    "agents",
    [
        {"count": 2, "agents": []},
        {"count": 3, "agents": [{"agent_id": "other"}]},
        {"agents": [None]},
        {"agents": [5, "x", []]},
        {"agents": [{"agent_name": "without an id"}]},
        {"agents": {"a": {"agent_id": "other"}}},
        {"agents": None},
        {"count": 0},
    ],
    ids=str,
)
def test_a_list_with_gaps_proves_nothing(teli: World, agents: Plain) -> None:
    """The ambiguous 500 with a list that cannot be complete: an error, not gone."""
    made = teli.create()
    teli.modes(get_one="500")
    teli.fault("rewrite", "list", rewrite=lambda reply: Reply(200, {"success": True, **agents}))
    with pytest.raises(UnexpectedBodyError):
        teli.refresh(made)
    teli.fault("status", "delete", status=500, body={"error": "Failed to delete agent"})
    with pytest.raises(VendorError):
        teli.process().delete(made.id, teli.state(made))
    assert list(teli.records()) == [made.id]


def test_an_agent_in_a_list_with_gaps_is_found_all_the_same(teli: World) -> None:
    made = teli.create()
    teli.modes(get_one="500")

    def with_gap(reply: Reply) -> Reply:
        return Reply(200, {**reply.body, "agents": [None, *reply.body["agents"]], "count": 9})

    teli.fault("rewrite", "list", rewrite=with_gap)
    assert fields(teli.refreshed(made)) == INPUTS


def test_agents_of_other_organisations_and_users_are_told_apart(teli: World) -> None:
    mine = teli.create()
    theirs = teli.create({**INPUTS, "organization_id": OTHERS["organization_id"]})
    other_user = teli.create({**INPUTS, "user_id": OTHERS["user_id"]})
    teli.modes(get_one="500")
    process = teli.process()
    for made in (mine, theirs, other_user):
        assert process.read(made.id, teli.state(made)) is not None
    assert {call.query["organization_id"] for call in teli.calls("list")} == {ORGANIZATION, OTHERS["organization_id"]}
    assert all(call.query["is_admin"] == "true" and call.query["user_id"] for call in teli.calls("list"))


def test_a_field_that_only_get_shows_stays_verified_in_a_refresh_of_many(teli: World) -> None:
    """The list does not show it, so each agent is asked: an edit of it may not go unseen."""
    teli.readable()
    made = [teli.create() for _ in range(4)]
    teli.emulator.edit("teli", made[3].id, extraction_fields=["email"])
    since = teli.mark()
    process = teli.process()
    seen = [process.read(result.id, teli.state(result)) for result in made]
    assert [result.outputs["extraction_fields"] for result in seen if result] == [INPUTS["extraction_fields"]] * 3 + [["email"]]
    assert all(result and result.outputs["unverified"] == [] for result in seen)
    assert teli.counts(since) == {"get": 4, "list": 1}


@pytest.mark.parametrize("shape", ["wrapped", "bare"])
def test_an_answer_about_another_agent_is_not_ours(teli: World, shape: str) -> None:
    """The list is asked instead; nothing of the other's values gets into the state."""
    made, other = teli.create(), teli.create({**INPUTS, "prompt": "Of another agent."})
    teli.modes(get_one=shape)
    theirs = teli.process().read(other.id, {**teli.state(other)})
    assert theirs is not None
    foreign = teli.calls("get")[-1].reply
    teli.fault("rewrite", "get", rewrite=lambda reply: Reply(200, foreign))
    seen = teli.refreshed(made)
    assert fields(seen) == INPUTS
    assert seen.outputs["unique_id"] == made.outputs["unique_id"]


# ---- odd values in a read ----

ODD: list[Any] = [
    "",
    0,
    False,
    {},
    "x",
    5,
    -1,
    1.5,
    True,
    [None],
    [5],
    ["", None],
    [[]],
    [{}],
    [{"day": "1", "message": "x"}],
    [{"day": True, "message": "x"}],
    [{"day": 10**400, "message": "x"}],
    [{"day": 1, "message": ["x"]}],
    [{"delay_hours": 1, "type": "later"}],
    [{"delay_hours": "1", "type": "ai"}],
    [{"delay_hours": 1e300, "type": "ai"}],
    [{"delay_hours": 1, "day": 1}],
    [{"delay_hours": 4, "type": "ai"}, {"surprise": 1}],
    {"0": {"delay_hours": 4, "type": "ai"}},
    {"a": {"b": [None, {"c": None}]}},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:40])
@pytest.mark.parametrize("shape", ["wrapped", "bare", "unknown"])
def test_a_field_in_a_shape_that_no_page_shows_keeps_its_recorded_value(teli: World, odd: Any, shape: str) -> None:
    """It is unverified, not changed: half an understanding would reset the timers of every lead."""
    teli.readable()
    teli.modes(extraction_in_list="present")
    made = teli.create()
    teli.modes(get_one=shape)

    def oddly(agent: Plain) -> Plain:
        return {**agent, **dict.fromkeys(("drip_schedule", "extraction_fields"), odd)} if "drip_schedule" in agent else agent

    def rewrite(reply: Reply) -> Reply:
        body = oddly(reply.body)
        if "agent" in body:
            body["agent"] = oddly(body["agent"])
        if "agents" in body:
            body["agents"] = [oddly(agent) for agent in body["agents"]]
        return Reply(200, body)

    teli.fault("rewrite", "get", rewrite=rewrite)
    teli.fault("rewrite", "list", rewrite=rewrite)
    seen = teli.refreshed(made)
    assert fields(seen) == INPUTS
    assert {"drip_schedule", "extraction_fields"} <= set(seen.outputs["unverified"])
    assert {"agent_name", "prompt"}.isdisjoint(seen.outputs["unverified"])


@pytest.mark.parametrize("odd", [None, 5, [], {}, True, ["x"], math.pi])
def test_a_text_that_is_none_keeps_its_recorded_value(teli: World, odd: Any) -> None:
    made = teli.create()
    keys = ("agent_name", "greeting_prompt", "general_prompt", "organization_id", "created_by_user_id", "agent_status", "created_at")
    teli.fault("rewrite", "get", rewrite=lambda reply: Reply(200, {"agent": {**reply.body["agent"], **dict.fromkeys(keys, odd)}}))
    seen = teli.refreshed(made)
    assert fields(seen) == INPUTS
    assert {"agent_name", "starting_message", "prompt", "organization_id", "user_id"} <= set(seen.outputs["unverified"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
IDS = ("agent_id", "unique_id", "id", "agent", "agents", "count", "organization_id", "created_by_user_id")
OTHER_KEYS = ("agent_name", "prompt", "general_prompt", "extraction_fields", "drip_schedule", "agent_type", "agent_status")
INNER_KEYS = ("day", "delay_hours", "type", "message", "name", "description")
KEYS = st.sampled_from((*IDS, *OTHER_KEYS, *INNER_KEYS))
ANSWERS = st.recursive(JSON, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20)


@given(got=ANSWERS, listed=ANSWERS)
def test_no_answer_whatever_breaks_a_read_or_means_gone(got: Any, listed: Any) -> None:
    """A value of the vendor's is understood, kept out or an error of ours; never an exception of Python's."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=listed if request.url.path.endswith("/agents") else got)

    process = lifecycle_over(answer)
    state = {**copy.deepcopy(INPUTS), "agent_id": "a", "on_delete": "delete", "unverified": []}
    for _ in range(2):  # alone, and by the shared list
        found = outcome(lambda: process.read("a", state))
        assert isinstance(found, Result | VendorError)
        assert not isinstance(found, NotFoundError)


# ---- update ----


def test_an_unrelated_change_does_not_reset_the_drip_timers(teli: World) -> None:
    """Any PATCH that carries drip_schedule does, changed or not."""
    made = teli.create()
    for name in ("agent_name", "starting_message", "prompt", "extraction_fields"):
        made = teli.update(made, {**INPUTS, name: OTHERS[name]})
    for modes in ({"drip_hours": "float"}, {"drip_reads": "new"}):
        teli.modes(**modes)
        made = teli.update(teli.refreshed(made), {**INPUTS, "prompt": f"Something new: {modes}"})
    assert teli.items()[0].notes["drip_resets"] == 0
    assert not any("drip_schedule" in patch for patch in patches(teli))


@pytest.mark.parametrize(
    "same",
    [
        [{"type": "ai", "delay_hours": 4.0}, {"message": "Just checking in, {{first_name}}!", "type": "custom", "delay_hours": 24.5}],
        [{"delay_hours": 4, "type": "ai", "message": None}, INPUTS["drip_schedule"][1]],
    ],
)
def test_key_order_floats_and_nulls_do_not_count_as_a_change_of_drips(teli: World, same: Any) -> None:
    made = teli.create()
    state = teli.state(made)
    assert not teli.process().diff(made.id, state, teli.checked({**INPUTS, "drip_schedule": same}, state))


def test_the_order_of_drips_is_a_change_and_that_of_extraction_fields_is_none(teli: World) -> None:
    made = teli.create()
    state = teli.state(made)
    turned = {**INPUTS, **{name: list(reversed(INPUTS[name])) for name in ("drip_schedule", "extraction_fields")}}
    assert set(teli.process().diff(made.id, state, teli.checked(turned, state)).changed) == {"drip_schedule"}


def test_old_drips_of_the_list_are_the_same_drips(teli: World) -> None:
    """{day, message} is {delay_hours: 24 a day, type: custom, message}; without a message it is an ai drip."""
    teli.modes(get_one="unknown", drip_reads="old")
    drips = [
        {"delay_hours": 24, "type": "custom", "message": "One"},
        {"delay_hours": 36, "type": "ai"},
        {"delay_hours": 4, "type": "custom", "message": "Four hours"},
    ]
    made = teli.create({**INPUTS, "drip_schedule": drips})
    assert made.warnings == []
    seen = teli.refreshed(made)
    assert seen.outputs["drip_schedule"] == drips
    assert "drip_schedule" not in seen.outputs["unverified"]
    teli.emulator.edit("teli", made.id, drip_schedule=[{"day": 2, "message": "Two"}])
    assert teli.refreshed(made).outputs["drip_schedule"] == [{"delay_hours": 48, "type": "custom", "message": "Two"}]


@pytest.mark.parametrize("name", ["drip_schedule", "extraction_fields"])
def test_a_list_removed_from_the_program_is_sent_as_empty(teli: World, name: str) -> None:
    """The documented off switch; a null is never sent."""
    teli.readable()
    made = teli.create()
    without = {field: value for field, value in INPUTS.items() if field != name}
    updated = teli.update(made, without)
    assert patches(teli) == [{name: []}]
    assert teli.items()[0].data[name] == []
    assert name not in updated.outputs
    state = teli.state(updated)
    assert not teli.process().diff(made.id, state, teli.checked(without, state))
    again = teli.update(teli.refreshed(updated), {**without, "prompt": "New."})
    assert patches(teli)[1:] == [{"prompt": "New."}]
    assert name not in again.outputs


@pytest.mark.parametrize("name", ["drip_schedule", "extraction_fields"])
def test_a_list_that_was_never_set_is_never_sent(teli: World, name: str) -> None:
    without = {field: value for field, value in INPUTS.items() if field != name}
    made = teli.create(without)
    teli.update(made, {**without, "prompt": "New."})
    assert all(name not in (call.body or {}) for call in teli.calls())


@pytest.mark.parametrize("name", ["drip_schedule", "extraction_fields"])
def test_an_empty_list_taken_out_of_the_program_asks_nobody(teli: World, name: str) -> None:
    """It is switched off already, and drips would be reset."""
    made = teli.create({**INPUTS, name: []})
    since = teli.mark()
    updated = teli.update(made, {field: value for field, value in INPUTS.items() if field != name})
    assert teli.counts(since) == {}
    assert name not in updated.outputs


def test_names_that_the_server_expands_are_not_drift(teli: World) -> None:
    teli.readable()
    teli.modes(extraction_names="expanded")
    made = teli.create()
    assert made.warnings == []
    seen = teli.refreshed(made)
    assert seen.outputs["extraction_fields"] == INPUTS["extraction_fields"]
    assert seen.outputs["unverified"] == []


@pytest.mark.parametrize(
    "edited",
    [
        ["credit_score"],
        ["credit_score", {**INPUTS["extraction_fields"][1], "description": "Something else"}],
        ["credit_score", {**INPUTS["extraction_fields"][1], "type": "number"}],
        ["credit_score", {**INPUTS["extraction_fields"][1], "name": "when"}],
        [*INPUTS["extraction_fields"], "email"],
        [],
    ],
)
def test_a_real_edit_of_extraction_fields_is_drift(teli: World, edited: Any) -> None:
    teli.readable()
    made = teli.create()
    teli.emulator.edit("teli", made.id, extraction_fields=edited)
    assert teli.refreshed(made).outputs["extraction_fields"] == edited


def test_a_type_left_to_its_default_is_the_default(teli: World) -> None:
    teli.readable()
    made = teli.create({**INPUTS, "extraction_fields": [{"name": "budget", "type": "string"}]})
    teli.emulator.edit("teli", made.id, extraction_fields=[{"name": "budget"}])
    assert teli.refreshed(made).outputs["extraction_fields"] == [{"name": "budget", "type": "string"}]
    teli.emulator.edit("teli", made.id, extraction_fields=[{"name": "budget", "type": "number"}])
    assert teli.refreshed(made).outputs["extraction_fields"] == [{"name": "budget", "type": "number"}]


def test_windows_line_ends_are_the_same_text(teli: World) -> None:
    made = teli.create({**INPUTS, "prompt": "One\r\nTwo"})
    assert teli.items()[0].data["prompt"] == "One\nTwo"
    teli.emulator.edit("teli", made.id, prompt="One\r\nTwo", starting_message=INPUTS["starting_message"])
    assert teli.refreshed(made).outputs["prompt"] == "One\nTwo"


def test_a_500_of_an_update_is_read_back_and_not_sent_again(teli: World) -> None:
    """It can mean bad input, and it can come after the work."""
    made = teli.create()
    teli.fault("status", "update", status=500, when="after", body={"error": "Failed to update agent - please check your data"})
    updated = teli.update(made, {**INPUTS, "prompt": "New."})
    assert updated.outputs["prompt"] == teli.items()[0].data["prompt"] == "New."
    assert patches(teli) == [{"prompt": "New."}]


def test_a_500_of_an_update_that_was_not_done_is_the_vendors_words(teli: World) -> None:
    made = teli.create()
    teli.fault("status", "update", status=500, body={"error": "Failed to update agent - please check your data"})
    with pytest.raises(ServerError) as caught:
        teli.update(made, {**INPUTS, "prompt": "New."})
    assert str(caught.value) == f"teli: PATCH /v1/agents/{made.id} -> 500: Failed to update agent - please check your data"
    assert len(patches(teli)) == 1
    assert teli.items()[0].data["prompt"] == INPUTS["prompt"]


@pytest.mark.parametrize("kind", ["reset", "hang", "close"])
def test_drips_that_may_have_arrived_are_not_sent_again(teli: World, kind: str) -> None:
    """A second PATCH would reset the timers a second time."""
    made = teli.create()
    teli.fault(kind, "update", when="after")
    updated = teli.update(made, {**INPUTS, "drip_schedule": OTHERS["drip_schedule"]})
    assert updated.outputs["drip_schedule"] == OTHERS["drip_schedule"]
    assert len(patches(teli)) == 1
    assert teli.items()[0].notes["drip_resets"] == 1


def test_texts_that_may_not_have_arrived_are_sent_again(teli: World) -> None:
    made = teli.create()
    teli.fault("reset", "update", times=2)
    teli.update(made, {**INPUTS, "prompt": "New."})
    assert patches(teli) == [{"prompt": "New."}] * 3
    assert teli.items()[0].data["prompt"] == "New."


def test_an_update_does_not_lose_what_the_vendor_computes(teli: World) -> None:
    """A read back that shows less than before keeps what was recorded."""
    made = teli.create()
    teli.modes(get_one="unknown", list_lag=9)
    teli.emulator.remove("teli", made.id)
    with pytest.raises(NotFoundError):
        teli.update(made, {**INPUTS, "prompt": "New."})
    other = teli.create()
    teli.modes(get_one="wrapped", list_lag=0)
    seen = teli.refreshed(other)
    teli.modes(get_one="unknown", list_lag=9)
    teli.items()[0].notes["unlisted"] = 99
    updated = teli.update(seen, {**INPUTS, "prompt": "New."})
    assert updated.outputs["unique_id"] == seen.outputs["unique_id"]
    assert updated.outputs["created_at"] == seen.outputs["created_at"]
    assert updated.outputs["unverified"] == sorted(INPUTS)


# ---- delete ----


def test_a_500_of_a_delete_is_settled_by_reading(teli: World) -> None:
    made = teli.create()
    teli.fault("status", "delete", status=500, when="after", body={"error": "Failed to delete agent"}, times=1)
    assert teli.process().delete(made.id, teli.state(made)) == []
    assert teli.records() == {}


def test_a_500_of_a_delete_that_was_not_done_is_an_error(teli: World) -> None:
    made = teli.create()
    teli.fault("status", "delete", status=500, body={"error": "Failed to delete agent"})
    with pytest.raises(ServerError) as caught:
        teli.process().delete(made.id, teli.state(made))
    assert str(caught.value) == f"teli: DELETE /v1/agents/{made.id} -> 500: Failed to delete agent"
    assert len(teli.calls("delete")) == 1


def test_a_delete_repeated_after_a_lost_answer_is_success(teli: World) -> None:
    """The second one meets the documented 404."""
    made = teli.create()
    teli.fault("reset", "delete", when="after", times=1)
    assert teli.process().delete(made.id, teli.state(made)) == []
    assert teli.counts()["delete"] == 2


# ---- refusals in a 200, and keys ----


@pytest.mark.parametrize("verb", ["create", "get", "update", "delete"])
def test_a_200_that_says_it_failed_has_failed(teli: World, verb: str) -> None:
    made = teli.create()
    teli.modes(refuse_with_200=verb)
    verbs: dict[str, Callable[[], Any]] = {
        "create": teli.create,
        "get": lambda: teli.refresh(made),
        "update": lambda: teli.update(made, {**INPUTS, "prompt": "New."}),
        "delete": lambda: teli.process().delete(made.id, teli.state(made)),
    }
    with pytest.raises(ResponseError, match="200: The request could not be completed"):
        verbs[verb]()
    assert teli.records() == {made.id: INPUTS}


def test_a_list_that_says_it_failed_in_a_200_proves_nothing(teli: World) -> None:
    made = teli.create()
    teli.modes(get_one="500", refuse_with_200="list")
    with pytest.raises(ResponseError, match="200: The request could not be completed"):
        teli.refresh(made)


def test_a_refused_key_is_understood_with_and_without_success(teli: World) -> None:
    teli.emulator.auth.accept("teli", ["another"])
    for mode in ("full", "without_success"):
        teli.modes(auth_error=mode)
        with pytest.raises(VendorError, match="401: Invalid API key"):
            teli.create()


# ---- adoption ----


@pytest.mark.parametrize("field", ["drip_schedule", "extraction_fields"])
def test_a_field_that_cannot_be_compared_is_not_sent_to_an_adopted_agent(teli: World, field: str) -> None:
    """Nobody has seen the value that would be overwritten; sending drips would reset the timers of a live campaign, too."""
    teli.readable()
    item = teli.by_hand({field: [] if field == "drip_schedule" else ["email"]})
    teli.fault("drop_keys", keys=[field])
    made = teli.create(adopt=item.id)
    assert teli.writes() == []
    assert made.outputs["unverified"] == [field]
    assert made.warnings == [f"{field} of {item.id} could not be read, so it was neither compared nor sent; change it once to send it"]


def test_adopting_over_an_id_of_another_form_never_replaces_nor_sends_it(teli: World) -> None:
    teli.readable()
    teli.modes(organization_form="uuid", user_form="uuid")
    item = teli.by_hand()
    made = teli.create(adopt=item.id)
    assert teli.writes() == []
    assert made.outputs["unverified"] == ["organization_id", "user_id"]


# ---- checks ----

DRIP = {"delay_hours": 4, "type": "ai"}
CUSTOM = {"delay_hours": 4, "type": "custom", "message": "Hi"}
FIELD = {"name": "budget"}

BAD: list[tuple[Plain, list[str]]] = [
    ({"agent_name": ""}, ["agent_name: is blank; write some text"]),
    ({"agent_name": " \t\n"}, ["agent_name: is blank; write some text"]),
    ({"starting_message": "  "}, ["starting_message: is blank; write some text"]),
    ({"prompt": ""}, ["prompt: is blank; write some text"]),
    ({"organization_id": ""}, ["organization_id: is blank; write some text"]),
    ({"user_id": " "}, ["user_id: is blank; write some text"]),
    ({"prompt": "a\x00b"}, ["prompt: contains a NUL character; remove it"]),
    ({"agent_name": 5}, ["agent_name: must be text"]),
    ({"agent_name": True}, ["agent_name: must be text"]),
    ({"agent_name": ["x"]}, ["agent_name: must be text"]),
    ({"agent_name": None}, ["agent_name: is required; set it"]),
    ({"prompt": None, "user_id": None}, ["user_id: is required; set it", "prompt: is required; set it"]),
    ({"voice_id": "x"}, [f"voice_id: is not a field of teli.SmsAgent; its fields are {', '.join(INPUTS)}, adopt, on_delete"]),
    ({"agentname": "x"}, ["agentname: is not a field of teli.SmsAgent; did you mean agent_name?"]),
    ({"drip_shedule": []}, ["drip_shedule: is not a field of teli.SmsAgent; did you mean drip_schedule?"]),
    ({"on_delete": "destroy"}, ["on_delete: must be one of 'delete', 'retain'"]),
    ({"adopt": ""}, ["adopt: must be the id of an existing object at the vendor, as text without spaces"]),
    ({"adopt": "a b"}, ["adopt: must be the id of an existing object at the vendor, as text without spaces"]),
    ({"drip_schedule": "daily"}, ["drip_schedule: must be a list"]),
    ({"drip_schedule": DRIP}, ["drip_schedule: must be a list"]),
    ({"drip_schedule": ["daily"]}, ["drip_schedule[0]: must be an object"]),
    ({"drip_schedule": [None]}, ["drip_schedule[0]: must be an object"]),
    (
        {"drip_schedule": [{}]},
        ["drip_schedule[0].delay_hours: is required; set it", "drip_schedule[0].type: is required; set it"],
    ),
    ({"drip_schedule": [{**DRIP, "delay_hours": "4"}]}, ["drip_schedule[0].delay_hours: must be a number"]),
    ({"drip_schedule": [{**DRIP, "delay_hours": True}]}, ["drip_schedule[0].delay_hours: must be a number"]),
    (
        {"drip_schedule": [{**DRIP, "delay_hours": 0}]},
        ["drip_schedule[0]: delay_hours must be above 0; write the hours to wait, e.g. 24"],
    ),
    (
        {"drip_schedule": [DRIP, {**CUSTOM, "delay_hours": -3}]},
        ["drip_schedule[1]: delay_hours must be above 0; write the hours to wait, e.g. 24"],
    ),
    (
        {"drip_schedule": [{**DRIP, "delay_hours": float("nan")}]},
        ["drip_schedule[0].delay_hours: is not a finite number; write one"],
    ),
    (
        {"drip_schedule": [{**DRIP, "delay_hours": float("inf")}]},
        ["drip_schedule[0].delay_hours: is not a finite number; write one"],
    ),
    ({"drip_schedule": [{**DRIP, "type": "AI"}]}, ["drip_schedule[0].type: must be 'ai' or 'custom'"]),
    (
        {"drip_schedule": [{"delay_hours": 4, "type": "custom"}]},
        ["drip_schedule[0]: message is required when type is 'custom'; write it, or use type 'ai'"],
    ),
    ({"drip_schedule": [{**CUSTOM, "message": " "}]}, ["drip_schedule[0].message: is blank; write some text"]),
    (
        {"drip_schedule": [{**DRIP, "message": "Hi"}]},
        ["drip_schedule[0]: message has no documented effect when type is 'ai'; remove it, or use type 'custom'"],
    ),
    (
        {"drip_schedule": [{"day": 1, "message": "Hi"}]},
        [
            "drip_schedule[0].delay_hours: is required; set it",
            "drip_schedule[0].type: is required; set it",
            "drip_schedule[0].day: is not a field that the vendor documents here; remove it or correct its name",
        ],
    ),
    ({"extraction_fields": "email"}, ["extraction_fields: must be a list"]),
    ({"extraction_fields": [5]}, ["extraction_fields[0]: must be text"]),
    ({"extraction_fields": [""]}, ["extraction_fields[0]: is blank; write some text"]),
    ({"extraction_fields": [{}]}, ["extraction_fields[0].name: is required; set it"]),
    ({"extraction_fields": ["email", {"name": " "}]}, ["extraction_fields[1].name: is blank; write some text"]),
    ({"extraction_fields": [{**FIELD, "type": "date"}]}, ["extraction_fields[0].type: must be 'string', 'number' or 'boolean'"]),
    ({"extraction_fields": [{**FIELD, "description": ""}]}, ["extraction_fields[0].description: is blank; write some text"]),
    (
        {"extraction_fields": [{**FIELD, "required": True}]},
        ["extraction_fields[0].required: is not a field that the vendor documents here; remove it or correct its name"],
    ),
    ({"extraction_fields": ["budget", FIELD]}, ["extraction_fields[1]: has the name of an earlier one; keep one of them"]),
    ({"prompt": "Hi {{first_name"}, ["prompt: has a '{{' without its '}}'; write variables as {{first_name}}"]),
    (
        {"prompt": "Hi {{first_name, from {{company}}"},
        ["prompt: has a '{{' without its '}}'; write variables as {{first_name}}"],
    ),
    ({"prompt": "Hi {{}}"}, ["prompt: has an empty '{{}}'; name the variable, e.g. {{first_name}}"]),
    ({"prompt": "Hi {{ }}"}, ["prompt: has an empty '{{}}'; name the variable, e.g. {{first_name}}"]),
    (
        {"starting_message": "Hi {first_name}"},
        ["starting_message: has '{first_name}' with single braces, which is sent as it stands; write {{first_name}}"],
    ),
    (
        {"drip_schedule": [{**CUSTOM, "message": "Hi {{"}]},
        ["drip_schedule[0].message: has a '{{' without its '}}'; write variables as {{first_name}}"],
    ),
]


@pytest.mark.parametrize(("given_fields", "said"), BAD, ids=lambda value: repr(value)[:50])
def test_a_bad_input_gets_its_sentence(teli: World, given_fields: Plain, said: list[str]) -> None:
    found = teli.process().check({}, {**INPUTS, **given_fields})
    assert list(map(str, found.problems)) == said
    assert teli.calls() == []


GOOD: list[Plain] = [
    {"prompt": 'Answer as JSON: {"name": {"first": 1}}'},
    {"prompt": "}} alone is text"},
    {"prompt": "{{first_name}} {{last_name}} {{phone_number}} {{email}} {{company}}"},
    {"prompt": "{someone} in single braces is text"},
    {"prompt": "x" * 100_000},
    {"agent_name": "Ünïcode ✨ 日本"},
    {"drip_schedule": []},
    {"extraction_fields": []},
    {"drip_schedule": [{"delay_hours": 0.01, "type": "ai"}]},
    {"drip_schedule": [{"delay_hours": 24.0, "type": "ai", "message": None}]},
    {"extraction_fields": ["credit_score", {"name": "a", "description": None, "type": None}]},
    {"adopt": "agent_abc123"},
    {"adopt": None, "on_delete": None},
]


@pytest.mark.parametrize("given_fields", GOOD, ids=lambda value: repr(value)[:50])
def test_a_good_input_is_left_alone(teli: World, given_fields: Plain) -> None:
    found = teli.process().check({}, {**INPUTS, **given_fields})
    assert (found.problems, found.warnings) == ([], [])


WARNED: list[tuple[Plain, list[str]]] = [
    (
        {"organization_id": "owner@example.com"},
        [
            "organization_id: looks like an e-mail address or a UUID; Teli wants the unique_id, e.g. 1763070568417x631086913669115287",
        ],
    ),
    (
        {"user_id": "A0000000-0000-4000-8000-000000000001"},
        ["user_id: looks like an e-mail address or a UUID; Teli wants the unique_id, e.g. 1763070568417x631086913669115287"],
    ),
    (
        {"drip_schedule": [{"delay_hours": 24, "type": "ai"}, {"delay_hours": 24, "type": "ai"}]},
        ["drip_schedule: the delays do not increase; Teli's examples count each from the first message (4, 24, 72 hours)"],
    ),
    (
        {"drip_schedule": [{"delay_hours": hours, "type": "ai"} for hours in (1, 2, 3, 4, 5)]},
        ["drip_schedule: has more than 4 messages; Teli advises 2 to 4"],
    ),
    (
        {"prompt": "Hi {{ first_name }}"},
        ["prompt: {{first_name}} has spaces inside the braces, which the vendor does not document; write it without them"],
    ),
    (
        {"starting_message": "Your {{loan}} and {{loan}}. Reply STOP to opt out."},
        [
            (
                "starting_message: {{loan}} is not a documented variable (first_name, last_name, phone_number, email, company); "
                "it is filled in only if the leads carry such a field"
            ),
        ],
    ),
]


@pytest.mark.parametrize(("given_fields", "said"), WARNED, ids=lambda value: repr(value)[:50])
def test_a_doubtful_input_is_warned_of_and_let_pass(teli: World, given_fields: Plain, said: list[str]) -> None:
    found = teli.process().check({}, {**INPUTS, **given_fields})
    assert list(map(str, found.warnings)) == said
    assert found.problems == []


# ---- previews ----


def test_the_preview_announces_what_a_change_does_besides(teli: World) -> None:
    made = teli.create()
    state = teli.state(made)

    def said(changes: Plain) -> list[str]:
        process = teli.process()
        return process.announcements(made.id, state, process.diff(made.id, state, teli.checked({**INPUTS, **changes}, state)))

    drips = "changing drip_schedule restarts the follow-up timer of every active lead in every campaign that uses the agent"
    assert said({"prompt": "New."}) == []
    assert said({"drip_schedule": [DRIP]}) == [drips]
    assert said({"drip_schedule": []}) == [drips]
    assert said({"drip_schedule": None}) == [drips]
    (replacing,) = said({"user_id": OTHERS["user_id"], "drip_schedule": [DRIP]})
    assert replacing == (
        f"changing user_id makes a new one; agent {made.id} is deleted for good; "
        "campaigns that use it keep the old id and have to be pointed at the new one by hand"
    )
    assert said({"adopt": "x"}) == []


def test_a_preview_with_values_not_known_yet_shows_them_as_changes(teli: World) -> None:
    made = teli.create()
    state = teli.state(made)
    process = teli.process()
    found = process.check(state, {**INPUTS, "prompt": UNKNOWN, "drip_schedule": [{"delay_hours": UNKNOWN, "type": "ai"}]})
    assert found.problems == []
    assert set(process.diff(made.id, state, found.inputs).changed) == {"prompt", "drip_schedule"}


def test_an_edit_of_a_colleague_that_an_update_meets_is_told_and_recorded(teli: World) -> None:
    """The read after the write shows it: the state holds what is there, and the next preview puts it back in sight."""
    made = teli.create()
    teli.emulator.edit("teli", made.id, agent_name="Renamed by hand")
    updated = teli.process().update(made.id, teli.state(made), {**teli.state(made), "prompt": "Be brief."})
    assert updated.outputs["agent_name"] == "Renamed by hand"
    assert updated.inputs["agent_name"] == INPUTS["agent_name"]
    assert updated.warnings == ["agent_name was changed by someone else since the last run and was left so; the next run puts it back"]
    assert patches(teli) == [{"prompt": "Be brief."}]


def test_a_type_that_the_program_gives_is_compared_with_a_plain_name(teli: World) -> None:
    """A plain name has no description and the default type."""
    teli.readable()
    made = teli.create(extraction_fields=[{"name": "budget", "type": "number"}])
    teli.emulator.edit("teli", made.id, extraction_fields=["budget"])
    assert teli.refresh(made).outputs["extraction_fields"] == ["budget"]


def test_an_outage_is_not_asked_about_again_by_every_read(teli: World) -> None:
    """Ten reads at once: each agent is asked for once, with its retries, and the list once for all of them."""
    made = [teli.create() for _ in range(10)]
    teli.company(1.0)
    teli.emulator.faults.add("status", vendor="teli", operation="*", status=500, times=None)
    process = teli.process()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda each: outcome(lambda: process.read(each.id, teli.state(each))), made))
    assert all(isinstance(answer, VendorError) for answer in answers)
    counts = teli.emulator.calls.counts
    assert counts["teli.list"] <= 4  # one call with its retries
    assert counts["teli.get"] - 10 <= 10  # ten of the creates' own; a 500 is an answer here and is not retried
