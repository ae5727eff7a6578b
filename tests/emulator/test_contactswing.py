"""ContactSwing's quirks, and the switches between the readings of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.contactswing import VENDOR

Create = Callable[..., str]
PATH = "/v2/path-not-shown"
BODY: dict[str, Any] = {
    "name": "Orders",
    "type": "SMS",
    "model": "cw-llm-1",
    "api_keys": [{"api_key_id": 134, "type": "SMS"}],
    "instructions": "Be brief.",
    "sms_type": "OUTBOUND",
}


@pytest.fixture
def client(emulator: Emulator, key: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/contactswing", headers=headers) as client:
        yield client


@pytest.fixture
def create(client: httpx.Client) -> Create:
    def make(**fields: Any) -> str:
        answer = client.post("/v2/_new_assistants", json={**BODY, **fields})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["assistant_id"])

    return make


def test_ids_are_counted_and_larger_than_a_float_can_hold(create: Create, emulator: Emulator) -> None:
    assert [create(), create()] == ["9007199254740994", "9007199254740995"]
    emulator.modes["contactswing"].set(ids="integer")
    assert create() == "9007199254740996"


def test_an_answer_echoes_id_and_name_only(client: httpx.Client) -> None:
    answer = client.post("/v2/_new_assistants", json=BODY).json()
    assert set(answer) == {"ctx_id", "data"}
    assert set(answer["data"]) == {"assistant_id", "name"}


@pytest.mark.parametrize("keys", [None, []])
def test_a_create_without_keys_is_a_400(client: httpx.Client, emulator: Emulator, keys: Any) -> None:
    body = {name: value for name, value in {**BODY, "api_keys": keys}.items() if value is not None}
    assert client.post("/v2/_new_assistants", json=body).status_code == 400
    assert emulator.objects("contactswing") == []


@pytest.mark.parametrize("settings", [{"additional_settings.idle_time": 5}, {"idle_time": 5, "additional_settings.max_messages": 5}])
def test_dotted_settings_are_refused(client: httpx.Client, emulator: Emulator, settings: Any) -> None:
    assert client.post("/v2/_new_assistants", json={**BODY, "additional_settings": settings}).status_code == 400
    assert emulator.objects("contactswing") == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"name": None}, ["body", "name"]),
        ({"model": 5}, ["body", "model"]),
        ({"phone_number": 5}, ["body", "phone_number"]),
        ({"api_keys": ["134"]}, ["body", "api_keys"]),
        ({"api_keys": [{"api_key_id": "134", "type": "SMS"}]}, ["body", "api_keys"]),
        ({"action_ids": [{}]}, ["body", "action_ids"]),
        ({"prompts": []}, ["body", "prompts"]),
        ({"prompts": {"goal": 5}}, ["body", "prompts", "goal"]),
        ({"additional_settings": {"idle_time": True}}, ["body", "additional_settings", "idle_time"]),
    ],
)
def test_a_wrong_type_is_a_422_with_its_place(client: httpx.Client, emulator: Emulator, fields: Any, place: list[str]) -> None:
    answer = client.post("/v2/_new_assistants", json={**BODY, **fields})
    assert answer.status_code == 422
    assert [each["loc"] for each in answer.json()["detail"]] == [place]
    assert emulator.objects("contactswing") == []


def test_body_and_query_are_kept_as_they_came(create: Create, client: httpx.Client, emulator: Emulator) -> None:
    id = create()
    assert emulator.object("contactswing", id).notes["bodies"] == [BODY]
    assert emulator.object("contactswing", id).notes["queries"] == [{}]
    client.post("/v2/_new_assistants?force=true", json=BODY)
    assert emulator.object("contactswing", id).notes["queries"] == [{}, {"force": "true"}]


@pytest.mark.parametrize("mode", ["same_id", "new_id"])
def test_force_overwrites_by_name(create: Create, client: httpx.Client, emulator: Emulator, mode: str) -> None:
    emulator.modes["contactswing"].set(force=mode, same_name="400")
    id = create()
    assert client.post("/v2/_new_assistants", json=BODY).status_code == 400
    made = client.post("/v2/_new_assistants?force=true", json={**BODY, "model": "other"}).json()["data"]["assistant_id"]
    assert (made == id) == (mode == "same_id")
    assert [(item.id, item.data["model"]) for item in emulator.objects("contactswing")] == [(made, "other")]


@pytest.mark.parametrize(("mode", "model", "actions"), [("kept", "cw-llm-1", ["a"]), ("blanked", "", [])])
def test_an_update_keeps_or_blanks_what_is_left_out(
    create: Create, client: httpx.Client, emulator: Emulator, mode: str, model: str, actions: list[str]
) -> None:
    emulator.modes["contactswing"].set(update_leaves=mode)
    id = create(action_ids=["a"])
    answer = client.put(f"{PATH}/{id}", json={"name": "Other"})
    assert answer.json()["data"] == {"id": id, "name": "Other"}
    data = emulator.object("contactswing", id).data
    assert (data["name"], data["model"], data["action_ids"], data["instructions"]) == ("Other", model, actions, "Be brief.")


def test_an_update_calls_actions_otherwise_than_a_create(create: Create, client: httpx.Client, emulator: Emulator) -> None:
    id = create()
    client.put(f"{PATH}/{id}", json={"actions": ["b"], "action_ids": ["c"]})
    assert emulator.object("contactswing", id).data["action_ids"] == ["b"]
    assert client.put(f"{PATH}/{id}", json={"actions": None}).status_code == 422


def test_there_is_no_read_no_list_and_no_deletion(create: Create, client: httpx.Client, emulator: Emulator) -> None:
    """Which is the documented state."""
    id = create()
    for method, path in (("GET", f"{PATH}/{id}"), ("DELETE", f"{PATH}/{id}"), ("GET", "/v2/_new_assistants"), ("GET", "/v2/_assistants")):
        assert client.request(method, path).status_code == 404
    assert emulator.object("contactswing", id)


@pytest.mark.parametrize(("mode", "depth"), [("data", 1), ("data.data", 2)])
def test_a_read_can_be_switched_on(create: Create, client: httpx.Client, emulator: Emulator, mode: str, depth: int) -> None:
    emulator.modes["contactswing"].set(read_call=mode)
    id = create()
    found = client.get(f"{PATH}/{id}").json()
    for _ in range(depth):
        found = found["data"]
    assert found == {"id": id, **BODY}
    assert client.get(f"{PATH}/1").status_code == 404


@pytest.mark.parametrize("mode", ["200", "204"])
def test_a_deletion_can_be_switched_on(create: Create, client: httpx.Client, emulator: Emulator, mode: str) -> None:
    emulator.modes["contactswing"].set(delete_call=mode)
    id = create()
    assert client.delete(f"{PATH}/{id}").status_code == int(mode)
    assert emulator.objects("contactswing") == []
    assert client.delete(f"{PATH}/{id}").json() == {"detail": "Assistant not found"}


def test_actions_come_in_pages(create: Create, client: httpx.Client) -> None:
    create(action_ids=["a", "b"])
    create(action_ids=["b", "c"])
    answer = client.get("/v2/_actions", params={"page": "2", "per_page": "2"}).json()["data"]
    assert [row["id"] for row in answer["data"]] == ["c"]
    assert answer["pagination"] == {"current_page": 2, "per_page": 2, "total_records": 3, "total_pages": 2, "has_next": False}
    assert client.get("/v2/_actions", params={"per_page": "101"}).status_code == 422


@pytest.mark.parametrize(
    "header", ["", "canary", "Bearer", "Bearer ", "Basic canary", "Bearer Bearer canary", "bearer"], ids=lambda header: header or "none"
)
def test_a_token_needs_its_one_scheme_word(client: httpx.Client, emulator: Emulator, header: str) -> None:
    answer = client.post("/v2/_new_assistants", json=BODY, headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid token"})
    assert emulator.objects("contactswing") == []


@pytest.mark.parametrize(("shape", "body"), [("detail", '{"detail":"Assistant not found"}'), ("text", "Assistant not found")])
def test_errors_have_the_shape_that_is_switched_on(client: httpx.Client, emulator: Emulator, shape: str, body: str) -> None:
    emulator.modes["contactswing"].set(errors=shape)
    assert client.put(f"{PATH}/1", json={}).text == body


def test_an_error_may_carry_the_request_id(client: httpx.Client, emulator: Emulator) -> None:
    emulator.modes["contactswing"].set(error_ctx_id="present", errors="message")
    answer = client.put(f"{PATH}/1", json={}).json()
    assert answer == {"ctx_id": "c0000000-0000-4000-8000-000000000001", "message": "Assistant not found"}


def test_the_dashboard_makes_and_edits_assistants(emulator: Emulator, client: httpx.Client) -> None:
    item = emulator.add("contactswing", name="Made by hand")
    emulator.edit("contactswing", item.id, model="gpt-4o")
    assert client.put(f"{PATH}/{item.id}", json={"name": "x"}).is_success
    assert item.data["model"] == "gpt-4o"
    assert VENDOR.label(item) == "x"
