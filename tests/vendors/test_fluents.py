"""Fluents' numbers and the dialect vocode: money spent once, no number lost, quirks one by one, every sentence of the checks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from samples.fluents import AGENT, CONNECTION
from worlds import KEY, World, outcome

from pulumi_smsagents.emulator.fluents_views import CREDENTIALS
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import (
    ConflictError,
    NotFoundError,
    ResponseError,
    UnexpectedBodyError,
    UnsupportedError,
    VendorError,
)
from pulumi_smsagents.lifecycle import Rules
from pulumi_smsagents.vendors import fluents as vendor

Plain = dict[str, Any]
NUMBER = "+14155550123"
LINKED: Plain = {"link": True, "phone_number": NUMBER, "telephony_account_connection": CONNECTION}
VOCODE = {"Dialect": "vocode"}


def asked(world: World, since: int = 0) -> list[str]:
    return [call.operation.partition(".")[2] for call in world.calls(since=since)]


def bodies(world: World, operation: str) -> list[Any]:
    return [call.body for call in world.calls(operation)]


def selected(world: World) -> set[str]:
    return {call.query["phone_number"] for call in world.calls() if "phone_number" in call.query}


def data(world: World, id: str) -> Plain:
    return world.emulator.object("fluents", id).data


# ---- create ----


def test_a_purchase_names_what_the_call_takes_and_one_update_the_rest(either: World) -> None:
    made = either.create({"area_code": "212", "label": "Support", "inbound_agent": AGENT, "example_context": {"customer": "Ada"}})
    assert made.id == "+12125550100"
    assert bodies(either, "buy") == [{"area_code": "212", "inbound_agent": AGENT}]
    assert bodies(either, "update") == [{"label": "Support", "example_context": {"customer": "Ada"}}]
    assert asked(either) == ["list", "buy", "update"]  # the list: what was held before is not ours
    assert made.outputs["number"] == made.id
    assert made.outputs["number_id"] == either.emulator.object("fluents", made.id).notes["uuid"]
    assert made.outputs["unverified"] == ["area_code"]
    assert made.warnings == []


def test_a_purchase_of_anything_is_an_empty_body_and_no_update(either: World) -> None:
    made = either.create({"outbound_only": False, "label": "", "example_context": {}})
    assert (asked(either), bodies(either, "buy")) == (["list", "buy"], [{}])
    assert made.outputs["unverified"] == []


def test_a_number_can_be_chosen(fluents: World) -> None:
    made = fluents.create({"phone_number": "+1 (415) 555-0123"})
    assert (made.id, bodies(fluents, "buy")) == (NUMBER, [{"phone_number": NUMBER}])
    assert made.outputs["phone_number"] == NUMBER


def test_a_number_other_than_the_chosen_one_is_recorded_and_told(fluents: World) -> None:
    """It is billed: neither lost nor passed over in silence."""
    fluents.modes(sells="another")
    made = fluents.create({"phone_number": NUMBER})
    assert list(fluents.records()) == [made.id] != [NUMBER]
    assert made.warnings == [
        (
            f"Fluents accepted phone_number but shows another value, which cannot be changed any more; look at {made.id} and decide "
            "whether to keep it"
        )
    ]


def test_an_agent_that_the_purchase_ignores_is_set_by_the_update(either: World) -> None:
    either.modes(agent_on_buy="ignored", default_agent="attached")
    made = either.create({"inbound_agent": AGENT, "label": "Support"})
    assert bodies(either, "update") == [{"label": "Support", "inbound_agent": AGENT}]
    assert data(either, made.id)["inbound_agent"] == AGENT


def test_an_agent_nobody_asked_for_is_left_alone(either: World) -> None:
    either.modes(default_agent="attached")
    made = either.create({})
    assert asked(either) == ["list", "buy"]
    assert data(either, made.id)["inbound_agent"]
    assert "inbound_agent" not in made.outputs


def test_a_link_names_what_the_call_takes_and_one_update_the_rest(either: World) -> None:
    """The number is looked for before: nothing says what linking a held number does."""
    made = either.create({**LINKED, "outbound_only": True, "label": "Desk"})
    spelled = "14155550123" if either.options == VOCODE else NUMBER
    body = {"phone_number": spelled, "telephony_account_connection": CONNECTION, "outbound_only": True}
    assert asked(either) == ["list", "link", "update"]
    assert (bodies(either, "link"), bodies(either, "update")) == ([body], [{"label": "Desk"}])
    assert (made.id, made.outputs["unverified"]) == (NUMBER, [])
    assert data(either, NUMBER)["acquired"] == "linked"


@pytest.mark.parametrize("mode", ["400", "again"])
def test_a_number_that_is_held_is_not_linked_over_somebody(either: World, mode: str) -> None:
    either.modes(link_held=mode)
    either.by_hand({"phone_number": NUMBER, "label": "Theirs"})
    with pytest.raises(ConflictError) as caught:
        either.create({**LINKED, "label": "Ours"})
    assert str(caught.value) == (
        f"fluents: POST /v1/numbers/link -> {NUMBER} is already held, so nothing was sent. To manage it from here set adopt='{NUMBER}'"
    )
    assert asked(either) == ["list"]
    assert data(either, NUMBER)["label"] == "Theirs"


def test_a_number_that_is_held_is_not_bought_again(either: World) -> None:
    either.by_hand({"phone_number": NUMBER, "label": "Theirs"})
    with pytest.raises(ConflictError, match=f"numbers/buy -> {re.escape(NUMBER)} is already held, so nothing was sent"):
        either.process().create({"phone_number": NUMBER, "key": "shop/dev/desk"})
    assert asked(either) == ["list"]


def test_a_number_that_was_cancelled_can_be_linked_again(either: World) -> None:
    """Also where it is still there, inactive."""
    either.modes(cancel="inactive", link_held="again")
    made = either.create(LINKED)
    either.process().delete(made.id, {**either.state(made), "on_delete": "cancel"})
    assert either.create(LINKED).id == NUMBER
    assert data(either, NUMBER)["active"] is True


@pytest.mark.parametrize("kind", ["reset", "hang", "malformed", "empty"])
def test_a_link_whose_answer_is_lost_is_found_and_not_repeated(either: World, kind: str) -> None:
    either.fault(kind, "link", when="after")
    made = either.create({**LINKED, "label": "Desk"})
    assert asked(either) == ["list", "link", "list", "get", "update"]
    assert (made.id, data(either, NUMBER)["label"]) == (NUMBER, "Desk")


def test_a_link_that_did_not_arrive_is_an_error_with_the_way_out_and_made_by_the_next_run(either: World) -> None:
    either.fault("reset", "link", times=1)
    fields = either.checked(LINKED)
    with pytest.raises(VendorError, match="run pulumi up again, which looks for it before it makes another"):
        either.process().create(fields)
    assert len(bodies(either, "link")) == 1
    assert either.records() == {}
    assert either.process().create(fields).id == NUMBER


def test_a_link_of_somebodys_number_is_not_taken_for_ours(either: World) -> None:
    """It may have been somebody's all along."""
    either.by_hand({"phone_number": NUMBER, "label": "Theirs"})
    either.modes(link_held="again")
    either.fault("reset", "link", when="after")
    with pytest.raises(ConflictError, match="is already held"):
        either.create({**LINKED, "label": "Ours"})
    assert data(either, NUMBER)["label"] == "Theirs"


# ---- a purchase is never repeated, and what was bought is never lost ----


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_no_answer_makes_us_buy_twice(either: World, status: int, when: str) -> None:
    """What was bought is found; what was not is bought by a later run only, once the list has not shown it for long enough."""
    either.fault("status", "buy", status=status, when=when, headers={"retry-after": "1"}, times=1)
    fields = either.checked({"area_code": "415"})
    found = outcome(lambda: either.process().create(fields))
    assert asked(either).count("buy") == 1
    assert len(either.records()) == (when == "after")
    if when == "before":
        assert isinstance(found, VendorError)
        assert "run pulumi up again, which looks for it before it makes another" in str(found)
        found = either.process().create(fields)
    assert list(either.records()) == [found.id]


def test_a_purchase_without_a_connection_is_tried_again(either: World) -> None:
    """Nothing was sent."""
    either.fault("refuse", "buy", times=2)
    made = either.create({})
    assert list(either.records()) == [made.id]
    assert len(either.waits) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset"},
        {"kind": "reset", "when": "after"},
        {"kind": "hang", "when": "after"},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 400},
        {"kind": "status", "status": 404},
        {"kind": "status", "status": 401},
        {"kind": "html"},
    ],
    ids=str,
)
def test_a_number_whose_settings_fail_is_recorded_and_finished_by_the_next_run(either: World, fault: Plain) -> None:
    either.fault(**fault, operation="update")
    made = either.create({"area_code": "415", "label": "Support", "outbound_only": True})
    assert list(either.records()) == [made.id]
    assert "label" not in made.outputs
    assert made.outputs["number"] == made.id
    assert made.warnings[0].startswith(f"{made.id} exists, but label, outbound_only could not be set (fluents: POST /v1/numbers/update -> ")
    assert made.warnings[0].endswith("; run pulumi up again to finish it")
    either.emulator.faults.clear()
    state = either.state(made)
    wanted = either.checked({"area_code": "415", "label": "Support", "outbound_only": True}, state)
    diff = either.process().diff(made.id, state, wanted)
    assert (diff.changed, diff.replaces) == ({"label": "Support", "outbound_only": True}, ())
    finished = either.process().update(made.id, state, wanted)
    assert (data(either, made.id)["label"], finished.outputs["label"]) == ("Support", "Support")
    assert len(bodies(either, "buy")) == 1


def test_an_answer_that_does_not_show_everything_is_read_back(either: World) -> None:
    either.fault("drop_keys", "update", keys=["label"])
    made = either.create({"label": "Support"})
    assert asked(either) == ["list", "buy", "update", "get"]
    assert made.outputs["unverified"] == []


# ---- selecting ----


def test_a_number_is_selected_as_its_dialect_spells_it(either: World) -> None:
    """The plus is encoded: raw it would arrive as a space. The emulator finds a number under this spelling only."""
    made = either.create({"label": "Support", "inbound_agent": AGENT})
    either.refreshed(made)
    either.update(made, {})
    either.process().delete(made.id, {**either.state(made), "on_delete": "cancel"})
    assert selected(either) == {made.id.removeprefix("+") if either.options == VOCODE else made.id}
    assert either.records() == {}


@pytest.mark.parametrize("form", ["plus", "digits"])
def test_the_spelling_of_answers_does_not_matter(either: World, form: str) -> None:
    either.modes(number_form=form, selector="lenient")
    made = either.create({"label": "Support"})
    assert made.id.startswith("+1415")
    assert either.refreshed(made).outputs == made.outputs
    assert [live.id for live in numbers(either).list(None)] == [made.id]


def numbers(world: World) -> vendor.Numbers:
    return vendor.Numbers(world.client())


# ---- clearing, references, secrets ----


def test_what_the_program_drops_is_cleared_in_so_many_words(either: World) -> None:
    """Omission means unchanged, and {} may mean it too."""
    fields = {"label": "Support", "outbound_only": True, "example_context": {"customer": "Ada"}, "inbound_agent": AGENT}
    if either.options != VOCODE:
        fields["description"] = "Business line"
    made = either.create(fields)
    updated = either.update(made, {})
    sent = {"label": "", "outbound_only": False, "example_context": None, "inbound_agent": None}
    assert bodies(either, "update")[-1] == (sent if either.options == VOCODE else {**sent, "description": ""})
    kept = data(either, made.id)
    assert [kept.get(name) or None for name in fields] == [None] * len(fields)
    assert not either.process().diff(made.id, either.state(updated), either.checked({}, either.state(updated)))
    assert updated.outputs.get("inbound_agent_name") is None
    assert updated.warnings == []


def test_an_empty_context_is_sent_as_null(either: World) -> None:
    made = either.create({"example_context": {"customer": "Ada"}})
    updated = either.update(made, {"example_context": {}})
    assert bodies(either, "update")[-1] == {"example_context": None}
    assert data(either, made.id)["example_context"] is None
    assert updated.warnings == []


@pytest.mark.parametrize("shown", ["object", "null", "absent"])
def test_every_spelling_of_an_empty_context_is_the_same(either: World, shown: str) -> None:
    either.modes(empty_context_reads=shown)
    made = either.create({"example_context": {}, "label": "x"})
    seen = either.refreshed(made)
    state = either.state(seen)
    assert not either.process().diff(made.id, state, either.checked({"example_context": {}, "label": "x"}, state))
    assert seen.warnings == []


@pytest.mark.parametrize("references", ["documented", "ids", "objects"])
def test_references_are_ids_however_they_are_shown(either: World, references: str) -> None:
    either.modes(references=references)
    made = either.create({"telephony_account_connection": CONNECTION, "inbound_agent": AGENT})
    assert made.outputs["unverified"] == []
    seen = either.refreshed(made)
    assert (seen.outputs["telephony_account_connection"], seen.outputs["inbound_agent"]) == (CONNECTION, AGENT)
    (listed,) = numbers(either).list(None)
    assert (listed.fields["telephony_account_connection"], listed.fields["inbound_agent"]) == (CONNECTION, AGENT)


def test_credentials_in_answers_are_neither_kept_nor_said(either: World, caplog: pytest.LogCaptureFixture) -> None:
    """Of an expanded connection, or of an agent's model account, only the id is taken."""
    caplog.set_level("DEBUG")
    either.modes(references="objects", credentials="present")
    made = either.create({"telephony_account_connection": CONNECTION, "inbound_agent": AGENT})
    seen = either.refreshed(made)
    live = numbers(either).read(made.id, {}, list)
    item = either.by_hand({"inbound_agent": AGENT, "telephony_account_connection": CONNECTION})
    found = either.create({"telephony_account_connection": CONNECTION, "adopt": item.id})
    either.fault("rewrite", "get", rewrite=lambda reply: Reply(200, {**CREDENTIALS, "number": None, "credentials": CREDENTIALS}))
    odd = outcome(lambda: either.refresh(made))
    assert isinstance(odd, UnexpectedBodyError)
    said = f"{made} {seen} {live} {found} {odd!r} {odd} {caplog.text}"
    for secret in (*CREDENTIALS.values(), "emulated-model-key", KEY):
        assert secret not in said


def test_nobody_answering_is_drift_that_the_next_run_repairs(either: World) -> None:
    made = either.create({"inbound_agent": AGENT})
    either.emulator.edit("fluents", made.id, inbound_agent=None)
    seen = either.refreshed(made)
    assert seen.outputs["inbound_agent"] is None
    diff = either.process().diff(made.id, either.state(seen), either.checked({"inbound_agent": AGENT}, either.state(seen)))
    assert diff.changed == {"inbound_agent": AGENT}


# ---- gone, inactive, the list ----


def test_an_inactive_number_is_a_warning_and_not_gone(either: World) -> None:
    made = either.create({})
    either.emulator.edit("fluents", made.id, active=False)
    seen = either.refreshed(made)
    assert seen.outputs["active"] is False
    assert seen.warnings == [
        f"{made.id} is not active (active: false), and no call makes it active again; look at it in the vendor's dashboard"
    ]


def test_not_found_is_believed_with_the_whole_list_only(either: World) -> None:
    kept, lost = either.create({}), either.create({})
    either.emulator.remove("fluents", lost.id)
    either.clock.advance(60)  # right after its purchase it might only not be shown yet
    since = either.mark()
    assert either.refresh(lost) is None
    assert asked(either, since) == ["get", "list"]
    either.fault("status", "get", status=404, body={"statusCode": 404, "message": "Number not found", "error": "Not Found"})
    assert either.refreshed(kept).outputs == kept.outputs


@pytest.mark.parametrize("status", ["400", "422"])
def test_how_vocode_says_not_found_is_open_and_settled_by_the_list(vocode: World, status: str) -> None:
    vocode.modes(missing=status)
    kept, lost = vocode.create({}), vocode.create({})
    vocode.emulator.remove("fluents", lost.id)
    assert vocode.refresh(lost) is None
    assert vocode.refresh(kept) is not None


@pytest.mark.parametrize("status", ["400", "422"])
def test_another_refusal_at_fluents_is_not_gone(fluents: World, status: str) -> None:
    fluents.modes(missing=status)
    made = fluents.create({})
    fluents.emulator.remove("fluents", made.id)
    with pytest.raises(ResponseError, match=status):
        fluents.refresh(made)


@pytest.mark.parametrize(
    ("modes", "fault", "says"),
    [
        ({"paging": "stuck", "largest_page": 2}, None, "shows a number twice"),
        ({"largest_page": 2}, {"kind": "status", "status": 500, "nth": 2}, "500: .*Injected"),
        ({"largest_page": 2}, {"kind": "status", "status": 404, "nth": 2}, "404: .*Check the base URL"),
        ({"largest_page": 2}, {"kind": "truncated", "nth": 2}, "the connection to"),
        ({"largest_page": 2}, {"kind": "drop_keys", "keys": ["has_more"], "nth": 2}, "is no page of a list"),
        ({"largest_page": 2}, {"kind": "drop_keys", "keys": ["number"], "nth": 2}, "something that is no number"),
        ({}, {"kind": "rewrite", "rewrite": lambda reply: Reply(200, {**reply.body, "items": [], "has_more": True})}, "is empty, but says"),
        ({}, {"kind": "rewrite", "rewrite": lambda reply: Reply(200, {**reply.body, "items": []})}, "ends after 0 of 4 numbers"),
    ],
    ids=["repeated", "page missing", "page not found", "cut", "no has_more", "no number", "empty page", "short"],
)
def test_a_list_that_is_not_whole_proves_nothing(either: World, modes: Plain, fault: Plain | None, says: str) -> None:
    made = [either.create({}) for _ in range(5)]
    either.emulator.remove("fluents", made[0].id)
    either.modes(**modes)
    if fault:
        either.fault(**fault, operation="list")
    with pytest.raises(VendorError, match=says) as caught:
        either.refresh(made[0])
    assert not isinstance(caught.value, NotFoundError)


def test_a_list_of_many_pages_is_read_to_its_end(either: World) -> None:
    made = {either.create({}).id for _ in range(7)}
    either.modes(largest_page=3, paging="estimated")
    since = either.mark()
    assert {live.id for live in numbers(either).list(None)} == made
    assert [call.query["page"] for call in either.calls("list", since)] == ["1", "2", "3"]


def test_a_list_without_end_is_cut(either: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "MOST_PAGES", 3)
    for _ in range(5):
        either.create({})
    either.modes(largest_page=1)
    with pytest.raises(UnexpectedBodyError, match="does not end within 3 pages"):
        numbers(either).list(None)


def test_the_key_of_another_environment_does_not_empty_the_state(either: World) -> None:
    """There every number of ours would seem to be gone, and be bought again."""
    made = either.create({})
    either.emulator.remove("fluents", made.id)
    either.by_hand({"user_id": "b" * 8})
    with pytest.raises(ResponseError, match=r"shows the numbers of another user than the recorded one\. Check that the key") as caught:
        either.refresh(made)
    assert not isinstance(caught.value, NotFoundError)


def test_a_refresh_of_many_shares_the_pages_of_one_list(either: World) -> None:
    made = [either.create({"label": f"Line {index}"}) for index in range(4)]
    since = either.mark()
    process = either.process()
    either.company(0.0)
    for result in made:
        assert process.read(result.id, either.state(result)).outputs == result.outputs  # type: ignore[union-attr]
    assert set(asked(either, since)) <= {"list", "get"}


# ---- delete ----


def test_by_default_a_number_is_kept_and_a_person_told(either: World) -> None:
    fields = either.process().check({}, {"key": "p/s/n"})
    made = either.process().create(fields.inputs)
    assert made.outputs["on_delete"] == "retain"
    since = either.mark()
    assert either.process().delete(made.id, either.state(made)) == [f"number {made.id} stays held at Fluents and goes on costing money"]
    assert asked(either, since) == []
    assert list(either.records()) == [made.id]


@pytest.mark.parametrize("effect", ["gone", "inactive"])
@pytest.mark.parametrize("fault", [None, "reset", "hang", "html", "malformed", "empty"])
@pytest.mark.parametrize("again", ["404", "400"])
def test_a_cancel_is_done_once_whatever_it_means(either: World, effect: str, fault: str | None, again: str) -> None:
    either.modes(cancel=effect, cancel_twice=again)
    made, other = either.create({}), either.create({})
    if fault:
        either.fault(fault, "cancel", when="after", times=1)
    for _ in range(2):
        either.process().delete(made.id, {**either.state(made), "on_delete": "cancel"})
    assert [item.id for item in either.items() if item.data.get("active", True)] == [other.id]


def test_a_cancel_that_did_not_happen_is_an_error(either: World) -> None:
    made = either.create({})
    for fault in ({"kind": "status", "status": 404}, {"kind": "empty", "when": "before"}, {"kind": "status", "status": 400}):
        either.emulator.faults.clear()
        either.fault(**fault, operation="cancel")
        with pytest.raises(VendorError) as caught:
            either.process().delete(made.id, {**either.state(made), "on_delete": "cancel"})
        assert not isinstance(caught.value, NotFoundError)
    assert list(either.records()) == [made.id]


def test_a_number_that_was_inactive_before_proves_no_cancel(either: World) -> None:
    made = either.create({})
    either.emulator.edit("fluents", made.id, active=False)
    seen = either.refreshed(made)
    either.fault("status", "cancel", status=500)
    with pytest.raises(VendorError):
        either.process().delete(made.id, {**either.state(seen), "on_delete": "cancel"})


# ---- adoption, the wall, lookups ----


def test_an_existing_number_is_adopted_with_what_differs(either: World) -> None:
    item = either.by_hand({"label": "Theirs", "phone_number": NUMBER})
    made = either.create({"phone_number": NUMBER, "telephony_account_connection": CONNECTION, "label": "Ours", "adopt": NUMBER})
    assert (made.id, asked(either)) == (item.id, ["get", "update"])
    assert bodies(either, "update") == [{"label": "Ours"}]


def test_an_adopted_number_has_to_be_the_one_that_is_named(either: World) -> None:
    either.by_hand({"phone_number": NUMBER})
    with pytest.raises(UnsupportedError, match="has another phone_number, which Fluents cannot change"):
        either.create({"phone_number": "+14155559999", "adopt": NUMBER})


def test_the_wall_holds_for_bought_linked_and_adopted_numbers(fluents: World) -> None:
    process = fluents.process()
    process.rules = Rules(allowed_numbers=("+1555*",))
    says = "is not among the numbers this stack may touch (smsagents:allowedNumbers); use one of its own"
    for fields, path in (({"phone_number": NUMBER}, "phone_number"), (LINKED, "phone_number"), ({"adopt": NUMBER}, "adopt")):
        assert [str(problem) for problem in process.check({}, fields).problems] == [f"{path}: {says}"]
    assert process.check({}, {"adopt": "+15550001111"}).problems == []


def test_a_lookup_shows_the_number(either: World) -> None:
    item = either.by_hand({"label": "Theirs"})
    found = either.process().read(item.id, {})
    assert found is not None
    assert (found.id, found.outputs["number"], found.outputs["label"]) == (item.id, item.id, "Theirs")


def test_the_probe_is_harmless(either: World) -> None:
    said = "fluents: GET /v1/usage" if either.options == VOCODE else "fluents: GET /v1/agents/list"
    assert numbers(either).probe() == said
    assert asked(either) == ["usage" if either.options == VOCODE else "agents"]


def test_keys_of_a_third_partys_catalogue_are_outputs_where_they_come(fluents: World) -> None:
    fluents.modes(catalogue_keys="present")
    made = fluents.create({})
    assert (made.outputs["sms_enabled"], made.outputs["is_routing_number"], made.outputs["tags"]) == (True, False, ["emulated"])
    assert "config" not in made.outputs


def test_each_dialect_has_an_address_and_a_setting() -> None:
    address = vendor.VENDOR.address
    assert address is not None
    assert address({}) == address({"Dialect": "fluents"}) == "https://api.fluents.ai"
    assert address(VOCODE) == "https://api.vocode.dev"
    check = vendor.VENDOR.options["Dialect"].check
    assert [check(value) for value in ("fluents", "vocode", "Vocode")] == ["", "", "must be one of 'fluents', 'vocode'"]
    assert vendor.VENDOR.clean_key(" Bearer abc\n") == "abc"
