"""The quirks of Fluents' numbers and of the dialect vocode, and the switches between the readings of their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator

NUMBER = "+14155550123"
AGENT = "550e8400-e29b-41d4-a716-446655440010"
CONNECTION = "550e8400-e29b-41d4-a716-446655440000"
Post = Callable[..., httpx.Response]


@pytest.fixture
def api(emulator: Emulator) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer canary-key-1f9c"}
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/fluents", headers=headers) as client:
        yield client


@pytest.fixture
def post(api: httpx.Client) -> Post:
    """A call of a verb for a number."""

    def call(verb: str, number: str | None = None, **body: Any) -> httpx.Response:
        return api.post(f"/v1/numbers/{verb}", params={"phone_number": number} if number else None, json=body)

    return call


def play(emulator: Emulator, **modes: Any) -> None:
    emulator.modes["fluents"].set(**modes)


def test_numbers_are_counted_in_their_area(post: Post, emulator: Emulator) -> None:
    """So that a run repeats; an area code that nobody asked for is 415."""
    bought = [post("buy").json()["number"], post("buy", area_code="212").json()["number"], post("buy").json()["number"]]
    assert bought == ["+14155550100", "+12125550100", "+14155550101"]
    assert [item.id for item in emulator.objects("fluents")] == bought


def test_a_chosen_number_is_sold_once(post: Post) -> None:
    assert post("buy", phone_number=NUMBER).json()["number"] == NUMBER
    again = post("buy", phone_number=NUMBER)
    assert (again.status_code, again.json()["error"]) == (400, "Bad Request")


def test_vocode_knows_no_chosen_number_and_ignores_the_field(post: Post, emulator: Emulator) -> None:
    play(emulator, dialect="vocode")
    assert post("buy", phone_number="14155550123").json()["number"] == "14155550100"


def test_neither_call_of_a_create_takes_a_label(post: Post, emulator: Emulator) -> None:
    post("buy", label="x", description="x", example_context={"a": "b"}, outbound_only=True)
    post("link", phone_number=NUMBER, telephony_account_connection=CONNECTION, label="x", outbound_only=True)
    bought, linked = (item.data for item in emulator.objects("fluents"))
    assert not {"label", "description", "example_context", "outbound_only"} & bought.keys()
    assert (linked.get("label"), linked["outbound_only"]) == (None, True)


@pytest.mark.parametrize(("dialect", "status"), [("fluents", 201), ("vocode", 200)])
def test_the_status_of_a_post_is_the_dialects(post: Post, emulator: Emulator, dialect: str, status: int) -> None:
    play(emulator, dialect=dialect)
    number = post("buy").json()["number"]
    assert [post("buy").status_code, post("update", number).status_code, post("cancel", number).status_code] == [status] * 3
    play(emulator, post_status="200")
    assert post("buy").status_code == 200


@pytest.mark.parametrize(("dialect", "good", "bad"), [("fluents", NUMBER, "14155550123"), ("vocode", "14155550123", NUMBER)])
def test_a_number_is_found_as_its_dialect_spells_it(api: httpx.Client, emulator: Emulator, dialect: str, good: str, bad: str) -> None:
    play(emulator, dialect=dialect)
    emulator.add("fluents", phone_number=NUMBER)
    assert api.get("/v1/numbers", params={"phone_number": good}).json()["number"] == good
    assert api.get("/v1/numbers", params={"phone_number": bad}).status_code == 404
    play(emulator, selector="lenient")
    assert api.get("/v1/numbers", params={"phone_number": bad}).status_code == 200


def test_a_raw_plus_arrives_as_a_space_and_finds_nothing(api: httpx.Client, emulator: Emulator) -> None:
    play(emulator, selector="lenient")
    emulator.add("fluents", phone_number=NUMBER)
    assert api.get(f"/v1/numbers?phone_number={NUMBER}").status_code == 404
    assert api.get(f"/v1/numbers?phone_number=%2B{NUMBER[1:]}").status_code == 200


def test_what_an_update_leaves_out_stays(post: Post, emulator: Emulator) -> None:
    emulator.add("fluents", phone_number=NUMBER, label="Support", inbound_agent=AGENT, example_context={"a": "b"})
    post("update", NUMBER, description="Line")
    data = emulator.object("fluents", NUMBER).data
    assert (data["label"], data["inbound_agent"], data["example_context"], data["description"]) == ("Support", AGENT, {"a": "b"}, "Line")


def test_an_empty_context_leaves_it_alone_and_null_clears(post: Post, emulator: Emulator) -> None:
    emulator.add("fluents", phone_number=NUMBER, example_context={"a": "b"})
    assert post("update", NUMBER, example_context={}).json()["example_context"] == {"a": "b"}
    assert post("update", NUMBER, example_context=None).json()["example_context"] == {}
    post("update", NUMBER, example_context={"a": "b"})
    play(emulator, empty_context="clears", empty_context_reads="null")
    assert post("update", NUMBER, example_context={}).json()["example_context"] is None
    play(emulator, empty_context_reads="absent")
    assert "example_context" not in post("update", NUMBER, label="x").json()


@pytest.mark.parametrize(("mode", "status", "left"), [("clears", 201, None), ("ignored", 201, AGENT), ("refused", 400, AGENT)])
def test_what_a_null_agent_does_is_open_at_fluents(post: Post, emulator: Emulator, mode: str, status: int, left: Any) -> None:
    emulator.add("fluents", phone_number=NUMBER, inbound_agent=AGENT)
    play(emulator, null_agent=mode)
    assert post("update", NUMBER, inbound_agent=None).status_code == status
    assert emulator.object("fluents", NUMBER).data["inbound_agent"] == left


def test_an_inline_agent_changes_the_agent_for_all_who_share_it(post: Post, emulator: Emulator) -> None:
    """The trap for which only ids are sent."""
    emulator.add("fluents", phone_number=NUMBER, inbound_agent=AGENT)
    other = emulator.add("fluents", inbound_agent=AGENT)
    post("update", NUMBER, inbound_agent={"name": "Renamed"})
    assert post("update", other.id).json()["inbound_agent_name"] == "Renamed"
    assert emulator.object("fluents", NUMBER).data["inbound_agent"] == AGENT


def test_a_purchase_may_come_with_an_agent_or_lose_the_one_it_named(post: Post, emulator: Emulator) -> None:
    play(emulator, default_agent="attached")
    assert post("buy").json()["inbound_agent_name"] == "Default agent"
    assert post("buy", inbound_agent=AGENT).json()["inbound_agent"] == AGENT
    play(emulator, default_agent="none", agent_on_buy="ignored")
    assert post("buy", inbound_agent=AGENT).json()["inbound_agent"] is None
    play(emulator, agent_on_buy="kept")
    assert post("buy", inbound_agent={"name": "Inline"}).json()["inbound_agent_name"] == "Inline"


@pytest.mark.parametrize(
    ("dialect", "where", "mode", "expanded"),
    [
        ("fluents", "single", "documented", False),
        ("fluents", "list", "documented", True),
        ("vocode", "single", "documented", True),
        ("vocode", "list", "documented", False),
        ("fluents", "single", "objects", True),
        ("vocode", "single", "ids", False),
    ],
)
def test_references_are_ids_or_objects(api: httpx.Client, emulator: Emulator, dialect: str, where: str, mode: str, expanded: bool) -> None:
    play(emulator, dialect=dialect, references=mode, selector="lenient")
    emulator.add("fluents", phone_number=NUMBER, inbound_agent=AGENT, telephony_account_connection=CONNECTION)
    if where == "single":
        seen = api.get("/v1/numbers", params={"phone_number": NUMBER}).json()
    else:
        (seen,) = api.get("/v1/numbers/list").json()["items"]
    for name, id in (("inbound_agent", AGENT), ("telephony_account_connection", CONNECTION)):
        assert (seen[name]["id"] if expanded else seen[name]) == id


@pytest.mark.parametrize(("mode", "shown"), [("present", "emulated-auth-token"), ("masked", "********"), ("absent", None)])
def test_an_expanded_connection_carries_credentials_that_the_log_hides(
    api: httpx.Client, emulator: Emulator, mode: str, shown: str | None
) -> None:
    play(emulator, references="objects", credentials=mode)
    emulator.add("fluents", phone_number=NUMBER, telephony_account_connection=CONNECTION)
    seen = api.get("/v1/numbers", params={"phone_number": NUMBER}).json()["telephony_account_connection"]
    assert seen.get("credentials", {}).get("twilio_auth_token") == shown


@pytest.mark.parametrize("effect", ["gone", "inactive"])
@pytest.mark.parametrize("again", ["404", "400"])
def test_what_a_cancel_does_is_open(api: httpx.Client, post: Post, emulator: Emulator, effect: str, again: str) -> None:
    play(emulator, cancel=effect, cancel_twice=again)
    emulator.add("fluents", phone_number=NUMBER)
    assert post("cancel", NUMBER).json()["number"] == NUMBER
    seen = api.get("/v1/numbers", params={"phone_number": NUMBER})
    assert (seen.status_code, seen.json().get("active")) == ((404, None) if effect == "gone" else (200, False))
    assert post("cancel", NUMBER).status_code == int(again)


def test_a_held_number_is_linked_again_or_refused(post: Post, emulator: Emulator) -> None:
    body = {"phone_number": NUMBER, "telephony_account_connection": CONNECTION}
    assert post("link", **body).json()["telephony_account_connection"] == CONNECTION
    assert post("link", **body).status_code == 400
    play(emulator, link_held="again")
    assert post("link", **{**body, "telephony_account_connection": AGENT}).json()["telephony_account_connection"] == AGENT
    assert len(emulator.objects("fluents")) == 1


def test_a_list_has_pages(api: httpx.Client, emulator: Emulator) -> None:
    made = [emulator.add("fluents").id for _ in range(12)]

    def page(**query: Any) -> dict[str, Any]:
        return dict(api.get("/v1/numbers/list", params=query).json())

    first, second = page(), page(page=2)
    assert [item["number"] for item in first["items"] + second["items"]] == made
    assert [(each["has_more"], each["size"], each["total"], each["total_is_estimated"]) for each in (first, second)] == [
        (True, 10, 12, False),
        (False, 10, 12, False),
    ]
    assert len(page(size=100)["items"]) == 12
    play(emulator, largest_page=5)
    assert [len(page(size=100, page=number)["items"]) for number in (1, 2, 3)] == [5, 5, 2]
    play(emulator, paging="stuck")
    assert page(page=9, size=5)["items"] == page(size=5)["items"]
    assert page(page=9)["has_more"] is True
    play(emulator, paging="estimated")
    assert page()["total_is_estimated"] is True


@pytest.mark.parametrize(("mode", "countdown"), [("list_lag", "list"), ("read_lag", "single")])
def test_a_new_number_may_be_out_of_sight(api: httpx.Client, post: Post, emulator: Emulator, mode: str, countdown: str) -> None:
    play(emulator, **{mode: 1})
    number = post("buy").json()["number"]
    if countdown == "list":
        assert [len(api.get("/v1/numbers/list").json()["items"]) for _ in range(2)] == [0, 1]
    else:
        assert [api.get("/v1/numbers", params={"phone_number": number}).status_code for _ in range(2)] == [404, 200]


@pytest.mark.parametrize(
    "body",
    [
        {"label": None},
        {"label": 5},
        {"outbound_only": "yes"},
        {"outbound_only": None},
        {"example_context": {"a": 5}},
        {"example_context": "a"},
        {"inbound_agent": 5},
    ],
)
@pytest.mark.parametrize(("dialect", "status"), [("fluents", 400), ("vocode", 422)])
def test_bad_values_are_refused_and_change_nothing(post: Post, emulator: Emulator, dialect: str, status: int, body: Any) -> None:
    play(emulator, dialect=dialect, selector="lenient")
    item = emulator.add("fluents", phone_number=NUMBER, label="Support")
    before = dict(item.data)
    answer = post("update", NUMBER, **body)
    assert answer.status_code == status
    assert next(iter(body)) in answer.text
    assert item.data == before


@pytest.mark.parametrize("body", [{"inbound_agent": "agent_123"}, {"telephony_account_connection": "x"}, {"telephony_provider": "telnyx"}])
def test_vocode_wants_uuids_and_known_providers(post: Post, emulator: Emulator, body: Any) -> None:
    assert post("buy", **body).is_success
    play(emulator, dialect="vocode")
    assert post("buy", **body).status_code == 422


def test_vocode_has_no_description(api: httpx.Client, post: Post, emulator: Emulator) -> None:
    play(emulator, dialect="vocode")
    emulator.add("fluents", phone_number=NUMBER)
    seen = post("update", "14155550123", description="x", label="y").json()
    assert not {"description", "inbound_agent_name"} & seen.keys()
    assert "description" not in emulator.object("fluents", NUMBER).data


def test_usage_is_vocodes_only(api: httpx.Client, emulator: Emulator) -> None:
    assert api.get("/v1/usage").status_code == 404
    play(emulator, dialect="vocode")
    assert api.get("/v1/usage").json()["plan_type"] == "plan_developer"


def test_other_switches(api: httpx.Client, post: Post, emulator: Emulator) -> None:
    play(emulator, sells="another", catalogue_keys="present")
    sold = post("buy", phone_number=NUMBER).json()
    assert (sold["number"], sold["tags"]) == ("+14155550100", ["emulated"])
    play(emulator, buy_needs="provider")
    assert (post("buy").status_code, post("buy", telephony_provider="twilio").status_code) == (400, 201)
    play(emulator, missing="422", number_form="digits")
    assert api.get("/v1/numbers", params={"phone_number": NUMBER}).status_code == 422
    assert post("buy", telephony_provider="twilio").json()["number"] == "14155550102"


def test_a_number_without_selector_is_refused(api: httpx.Client, post: Post) -> None:
    assert [post(verb).status_code for verb in ("update", "cancel")] == [400, 400]
    assert api.get("/v1/numbers").status_code == 400


def test_only_a_bearer_is_let_in(emulator: Emulator) -> None:
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/fluents") as client:
        for headers in ({}, {"Authorization": "canary"}, {"Authorization": "Basic canary"}, {"Authorization": "Bearer "}):
            assert client.get("/v1/agents/list", headers=headers).status_code == 401
        assert client.get("/v1/agents/list", headers={"Authorization": "Bearer canary"}).status_code == 200


def test_every_switch_says_what_it_is_about(emulator: Emulator) -> None:
    for name, mode in emulator.modes["fluents"].as_json().items():
        assert mode["about"], name
