"""ClearTalk's quirks, and the switches between the readings of its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.cleartalk import REQUIRED

PATH = "/cleartalk-sms/update-sms-configuration"
NUMBER = "+13465507166"
FOLLOW_UPS = {"enable_follow_ups": True, "follow_up_schedule": [{"time": 5, "unit": "minutes"}]}
BODY: dict[str, Any] = {
    "phone_number": NUMBER,
    "webhook": "https://hooks.example.com/sms",
    "agent_name": "Alex",
    "request_data": [{"a": "b"}, "plain"],
    "time_out": 300,
    "messaging_service_sid": "",
    "objective": "Be brief.",
    "tools": [],
    "temperature": 0.7,
    "pathway_id": "",
    "pathway_version": "",
    "start_node_id": "",
}


@pytest.fixture
def client(emulator: Emulator, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/cleartalk", headers={"x-api-key": key}) as client:
        yield client


def modes(emulator: Emulator, **values: str) -> None:
    emulator.modes["cleartalk"].set(**values)


def data(emulator: Emulator) -> dict[str, Any]:
    return emulator.object("cleartalk", NUMBER).data


def messages(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    assert set(answer.json()) == {"statusCode", "message", "error"}
    return list(answer.json()["message"])


def test_twelve_fields_are_required(client: httpx.Client, emulator: Emulator) -> None:
    assert len(REQUIRED) == 12
    for name in REQUIRED:
        body = {each: value for each, value in BODY.items() if each != name}
        assert [text.split()[0] for text in messages(client.post(PATH, json=body))] == [name]
    assert emulator.objects("cleartalk") == []
    assert client.post(PATH, json=BODY).status_code == 201
    assert data(emulator) == BODY


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"time_out": "300"}, "time_out must be a number"),
        ({"temperature": True}, "temperature must be a number"),
        ({"tools": {}}, "tools must be an array"),
        ({"objective": 5}, "objective must be a string"),
        ({"pathway_id": None}, "pathway_id must be a string"),
        ({"webhook_trigger_on": "never"}, "webhook_trigger_on must be one of the following values: each_message, final_disposition"),
        ({"follow_up_config": []}, "follow_up_config must be an object"),
        ({"follow_up_config": {"follow_up_schedule": {}}}, "follow_up_config.follow_up_schedule must be an array"),
        ({"follow_up_config": {"colour": 1}}, "follow_up_config.property colour should not exist"),
        ({"timezone": "UTC"}, "property timezone should not exist"),
    ],
)
def test_a_wrong_value_is_a_400_that_names_it(client: httpx.Client, emulator: Emulator, fields: Any, text: str) -> None:
    assert messages(client.post(PATH, json={**BODY, **fields})) == [text]
    assert emulator.objects("cleartalk") == []


def test_each_strictness_can_be_switched(client: httpx.Client, emulator: Emulator) -> None:
    modes(emulator, unknown_fields="ignored", nulls="accepted", left_out="accepted")
    body = {name: value for name, value in {**BODY, "tools": None, "timezone": "UTC"}.items() if name != "pathway_id"}
    assert client.post(PATH, json=body).is_success
    assert "timezone" not in data(emulator)
    modes(emulator, empty_texts="refused")
    assert messages(client.post(PATH, json={**BODY, "messaging_service_sid": "MG", "pathway_id": "p"})) == [
        "pathway_version should not be empty",
        "start_node_id should not be empty",
    ]


@pytest.mark.parametrize(("mode", "kept"), [("overwrite", False), ("merge", True)])
def test_what_is_not_sent_is_dropped_or_kept(client: httpx.Client, emulator: Emulator, mode: str, kept: bool) -> None:
    modes(emulator, writes=mode, left_out="accepted")
    client.post(
        PATH, json={**BODY, "webhook_trigger_on": "each_message", "follow_up_config": {**FOLLOW_UPS, "extra_follow_up_prompt": "x"}}
    )
    client.post(PATH, json={**{name: BODY[name] for name in BODY if name != "tools"}, "follow_up_config": FOLLOW_UPS})
    assert ("webhook_trigger_on" in data(emulator), "tools" in data(emulator)) == (kept, kept)
    assert ("extra_follow_up_prompt" in data(emulator)["follow_up_config"]) == kept


@pytest.mark.parametrize(
    ("mode", "time", "status"), [("accepted", 5, 201), ("refused", 5, 400), ("accepted", 5.1, 400), ("refused", 4.9, 201)]
)
def test_a_follow_up_comes_before_the_time_out(client: httpx.Client, emulator: Emulator, mode: str, time: float, status: int) -> None:
    modes(emulator, equal_follow_up=mode)
    config = {**FOLLOW_UPS, "follow_up_schedule": [{"time": time, "unit": "minutes"}]}
    assert client.post(PATH, json={**BODY, "follow_up_config": config}).status_code == status


@pytest.mark.parametrize(
    ("mode", "content"),
    [
        ("empty", ""),
        ("text", "SMS configuration updated"),
        ("json", '{"success":true}'),
        ("says_failed", '{"success":false,"message":"SMS configuration was not updated"}'),
    ],
)
def test_the_answer_is_what_is_switched_on(client: httpx.Client, emulator: Emulator, mode: str, content: str) -> None:
    modes(emulator, answer=mode)
    answer = client.post(PATH, json=BODY)
    assert (answer.status_code, answer.text) == (201, content)


def test_a_number_can_be_one_that_the_account_does_not_hold(client: httpx.Client, emulator: Emulator) -> None:
    modes(emulator, numbers="known")
    assert client.post(PATH, json=BODY).status_code == 404
    emulator.add("cleartalk", phone_number=NUMBER)
    assert client.post(PATH, json=BODY).status_code == 201
    assert len(emulator.objects("cleartalk")) == 1


def test_every_body_is_kept_as_it_came(client: httpx.Client, emulator: Emulator) -> None:
    client.post(PATH, json=BODY)
    client.post(PATH, json={**BODY, "objective": "Other."})
    assert [body["objective"] for body in emulator.object("cleartalk", NUMBER).notes["bodies"]] == ["Be brief.", "Other."]


def test_nothing_can_be_read_listed_or_removed(client: httpx.Client, emulator: Emulator) -> None:
    """So that nobody comes to depend on it."""
    client.post(PATH, json=BODY)
    for method in ("GET", "DELETE", "PUT", "PATCH"):
        for path in (PATH, "/cleartalk-sms", f"{PATH}/{NUMBER}"):
            assert client.request(method, path).status_code == 404
    assert emulator.calls.counts["cleartalk.undocumented"] == 12
    assert data(emulator) == BODY


def test_a_text_takes_an_object_where_the_configuration_takes_a_list(client: httpx.Client, emulator: Emulator) -> None:
    text = {"user_number": "+12025550123", "agent_number": NUMBER, "agent_message": "Hi", "request_data": {"a": "b"}}
    assert client.post("/cleartalk-sms/send-sms", json=text).status_code == 201
    assert messages(client.post("/cleartalk-sms/send-sms", json={**text, "request_data": []})) == ["request_data must be an object"]
    assert emulator.objects("cleartalk") == []


@pytest.mark.parametrize("headers", [{"x-api-key": ""}, {"x-api-key": "", "authorization": "Bearer canary"}])
def test_the_key_has_its_own_header(client: httpx.Client, emulator: Emulator, headers: dict[str, str]) -> None:
    assert client.post(PATH, json=BODY, headers=headers).json() == {"statusCode": 401, "message": "Unauthorized"}
    assert emulator.objects("cleartalk") == []


@pytest.mark.parametrize(
    ("mode", "content"),
    [
        ("text", '{"statusCode":400,"message":"property x should not exist","error":"Bad Request"}'),
        ("plain", "property x should not exist"),
    ],
)
def test_a_refusal_has_the_shape_that_is_switched_on(client: httpx.Client, emulator: Emulator, mode: str, content: str) -> None:
    modes(emulator, errors=mode)
    assert client.post(PATH, json={**BODY, "x": 1}).text == content


def test_a_number_of_the_dashboard_has_what_was_set_there(emulator: Emulator) -> None:
    first, second = emulator.add("cleartalk"), emulator.add("cleartalk", objective="By hand.")
    assert (first.id, second.id) == ("+15550200001", "+15550200002")
    emulator.edit("cleartalk", second.id, temperature=1)
    assert second.data["objective"] == "By hand."
    assert second.data["temperature"] == 1
