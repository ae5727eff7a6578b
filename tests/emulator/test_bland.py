"""Bland's quirks, and the switches between the readings of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.bland import DEFAULTS, UNLISTED

NUMBER = "+15550001111"
Plain = dict[str, Any]


@pytest.fixture
def bland(emulator: Emulator) -> Iterator[httpx.Client]:
    headers = {"authorization": "canary-key-1f9c"}
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/bland", headers=headers) as client:
        yield client


@pytest.fixture
def write(bland: httpx.Client) -> Callable[..., httpx.Response]:
    """Send an update of the number."""
    return lambda **fields: bland.post("/v1/sms/number/update", json={"phone_number": NUMBER, **fields})


@pytest.fixture
def rows(bland: httpx.Client) -> Callable[..., list[Plain]]:
    """The list, of a channel."""

    def ask(**query: str) -> list[Plain]:
        answer = bland.get("/v1/sms/numbers", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    return ask


Write = Callable[..., httpx.Response]
Rows = Callable[..., list[Plain]]


def config(answer: httpx.Response, channel: str = "sms") -> Plain:
    assert answer.is_success, answer.text
    return dict(answer.json()["data"][f"{channel}_config"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["error"]


def test_a_first_write_shows_the_documented_defaults(write: Write) -> None:
    assert config(write()) == {name: value for name, value in DEFAULTS.items() if name != "use_candidate_model"}


@pytest.mark.parametrize(("writes", "kept"), [("overwrite", None), ("merge", "https://a.example.com/")])
def test_what_is_not_sent_is_kept_or_lost(write: Write, emulator: Emulator, writes: str, kept: str | None) -> None:
    emulator.modes["bland"].set(writes=writes)
    write(webhook="https://a.example.com/")
    assert config(write(objective="Hi"))["webhook"] == kept


@pytest.mark.parametrize(("nulls", "left"), [("accepted", None), ("ignored", "https://a.example.com/")])
def test_a_null_empties_or_does_nothing(write: Write, emulator: Emulator, nulls: str, left: str | None) -> None:
    emulator.modes["bland"].set(nulls=nulls)
    write(webhook="https://a.example.com/")
    assert config(write(webhook=None))["webhook"] == left


@pytest.mark.parametrize("nulls", ["400", "500"])
def test_a_null_may_be_refused(write: Write, emulator: Emulator, nulls: str) -> None:
    write(webhook="https://a.example.com/")
    emulator.modes["bland"].set(nulls=nulls)
    assert write(webhook=None).status_code == int(nulls)
    assert emulator.objects("bland")[0].data["webhook"] == "https://a.example.com/"
    assert config(write(webhook=""))["webhook"] == ""


def test_an_empty_value_may_do_nothing(write: Write, emulator: Emulator) -> None:
    emulator.modes["bland"].set(empties="ignored", writes="merge")
    write(webhook="https://a.example.com/", tools=["a"])
    assert [config(write(webhook="", tools=[]))[name] for name in ("webhook", "tools")] == ["https://a.example.com/", ["a"]]


@pytest.mark.parametrize(("floor", "seconds"), [("on", 30), ("off", 15)])
def test_a_short_timeout_is_raised(write: Write, emulator: Emulator, floor: str, seconds: int) -> None:
    emulator.modes["bland"].set(floor=floor)
    assert config(write(time_out=15))["time_out"] == seconds
    assert [config(write(time_out=value))["time_out"] for value in (None, 0, 30, 31)] == [None, 0, 30, 31]


@pytest.mark.parametrize(
    ("mode", "status", "said"), [("500", 500, "ERROR_UPDATING_SMS_CONFIG"), ("400", 400, "INVALID_TIMEOUT_CONFIG"), ("none", 200, None)]
)
def test_a_warning_has_to_come_before_the_timeout(write: Write, emulator: Emulator, mode: str, status: int, said: str | None) -> None:
    emulator.modes["bland"].set(timing_error=mode)
    answer = write(time_out=60, warning_time=60)
    assert answer.status_code == status
    assert said is None or code(answer) == (status, said)
    assert write(time_out=60, warning_time=59).status_code == 200


def test_the_names_of_the_error_follow_the_channel(write: Write) -> None:
    assert code(write(channel="whatsapp", time_out=60, warning_time=90)) == (500, "ERROR_UPDATING_WHATSAPP_CONFIG")


@pytest.mark.parametrize("version", [3, "3", "latest", None])
@pytest.mark.parametrize("echo", ["as_written", "number", "string"])
def test_a_version_comes_back_in_either_type(write: Write, emulator: Emulator, echo: str, version: Any) -> None:
    emulator.modes["bland"].set(version_echo=echo)
    shown = config(write(pathway_id="p", pathway_version=version))["pathway_version"]
    spelled = {"as_written": version, "number": 3, "string": "3"}[echo]
    assert shown == (spelled if version in (3, "3") else version)
    assert type(shown) is type(spelled if version in (3, "3") else version)


def test_prompt_and_task_are_other_names_of_objective(write: Write) -> None:
    assert config(write(prompt="a"))["objective"] == "a"
    assert config(write(task="b"))["objective"] == "b"


def test_an_unknown_field_is_ignored_and_noted(write: Write, emulator: Emulator) -> None:
    assert write(colour="red", time_outt=5).status_code == 200
    assert emulator.objects("bland")[0].notes["ignored_keys"] == ["colour", "time_outt"]
    assert emulator.objects("bland")[0].notes["writes"] == [["phone_number", "colour", "time_outt"]]


def test_a_number_has_three_configurations(write: Write, rows: Rows) -> None:
    write(objective="a")
    assert config(write(channel="whatsapp", objective="b"), "whatsapp")["objective"] == "b"
    assert config(write(channel="imessage", objective="c"), "imessage")["objective"] == "c"
    assert rows()[0]["sms_config"]["objective"] == "a"
    assert rows(channel="whatsapp")[0]["whatsapp_config"]["objective"] == "b"
    assert rows(channel="imessage")[0]["imessage_config"]["objective"] == "c"


@pytest.mark.parametrize(("asked", "written"), [({}, "imessage"), ({"channel": "sms"}, "imessage"), ({"channel": "whatsapp"}, "whatsapp")])
def test_a_number_of_imessage_is_written_as_imessage(write: Write, rows: Rows, emulator: Emulator, asked: Plain, written: str) -> None:
    emulator.add("bland", phone_number=NUMBER, messaging_service="linq", configured=False)
    assert config(write(objective="a", **asked), written)["objective"] == "a"
    assert rows() == []


def test_a_server_from_before_the_channels(write: Write, rows: Rows, emulator: Emulator) -> None:
    emulator.modes["bland"].set(channels="unknown")
    assert config(write(channel="whatsapp", objective="a"))["objective"] == "a"
    assert "sms_config" in rows(channel="whatsapp")[0]
    assert write(channel="fax").status_code == 200


@pytest.mark.parametrize(("mode", "shown"), [("documented", set()), ("all", set(UNLISTED))])
def test_the_list_shows_the_documented_keys_or_all(write: Write, rows: Rows, emulator: Emulator, mode: str, shown: set[str]) -> None:
    emulator.modes["bland"].set(read_keys=mode)
    write()
    (row,) = rows()
    assert set(row["sms_config"]) & set(UNLISTED) == shown
    assert set(row) == {"phone_number", "sms_config", "conversation_count", "label", "messaging_service"}


def test_no_answer_to_a_write_shows_the_candidate_model(write: Write, emulator: Emulator) -> None:
    assert "use_candidate_model" not in config(write(use_candidate_model=True))
    assert emulator.objects("bland")[0].data["use_candidate_model"] is True


def test_configurations_may_hold_keys_that_no_page_names(write: Write, emulator: Emulator) -> None:
    emulator.modes["bland"].set(extra_keys="present")
    assert set(config(write())) - set(DEFAULTS) == {"updated_at", "ignore_keywords", "model"}


def test_a_pathway_may_reset_objective_and_tools(write: Write, emulator: Emulator) -> None:
    emulator.modes["bland"].set(pathway_resets="yes")
    shown = config(write(objective="a", tools=["b"], pathway_id="p"))
    assert (shown["objective"], shown["tools"]) == ("Chat with the user", [])
    assert config(write(objective="a", pathway_id="p"))["objective"] == "a"


def test_a_number_is_known_from_its_first_use_on_or_not_at_all(write: Write, emulator: Emulator) -> None:
    emulator.modes["bland"].set(numbers="known")
    assert code(write()) == (404, "INBOUND_NUMBER_NOT_FOUND")
    emulator.add("bland", phone_number=NUMBER, configured=False)
    assert write().status_code == 200


def test_a_number_that_was_released_is_not_ours_any_more(write: Write, rows: Rows, emulator: Emulator) -> None:
    write()
    emulator.remove("bland", f"number:{NUMBER}")
    assert rows() == []
    assert code(write()) == (404, "INBOUND_NUMBER_NOT_FOUND")


def test_a_number_without_a_configuration_is_not_listed(rows: Rows, emulator: Emulator) -> None:
    emulator.add("bland", phone_number=NUMBER, configured=False)
    assert rows() == []


def test_a_plan_without_sms_may_list_but_not_write(write: Write, rows: Rows, emulator: Emulator) -> None:
    emulator.modes["bland"].set(plan="other")
    assert code(write()) == (403, "ENTERPRISE_REQUIRED")
    assert rows() == []


def test_a_write_without_a_number_is_refused(bland: httpx.Client) -> None:
    for body in ({}, {"phone_number": ""}, {"phone_number": 5}, []):
        assert code(bland.post("/v1/sms/number/update", json=body)) == (400, "PHONE_NUMBER_REQUIRED")


@pytest.mark.parametrize("scheme", ["", "Bearer "])
def test_the_key_stands_alone_or_behind_bearer(emulator: Emulator, scheme: str) -> None:
    emulator.auth.accept("bland", ["right"])
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/bland") as client:
        answers = [client.get("/v1/me", headers={"authorization": f"{scheme}{key}"}) for key in ("right", "wrong")]
        assert [answer.status_code for answer in answers] == [200, 401]
        assert code(client.get("/v1/sms/numbers")) == (401, "AUTH_FAILURE")


def test_a_200_can_mean_no(write: Write, bland: httpx.Client, emulator: Emulator) -> None:
    write(objective="a")
    emulator.modes["bland"].set(refuse_with_200="update")
    answer = write(objective="b")
    assert (answer.status_code, bool(answer.json()["errors"])) == (200, True)
    assert emulator.objects("bland")[0].data["objective"] == "a"
    emulator.modes["bland"].set(refuse_with_200="numbers")
    assert bland.get("/v1/sms/numbers").json()["data"] is None


def test_a_success_has_null_or_no_errors(write: Write, emulator: Emulator) -> None:
    assert write().json()["errors"] is None
    emulator.modes["bland"].set(success_errors="empty")
    assert write().json()["errors"] == []


def test_a_new_configuration_may_lag_behind_in_the_list(write: Write, rows: Rows, emulator: Emulator) -> None:
    emulator.modes["bland"].set(list_lag=2)
    write()
    assert [len(rows()) for _ in range(4)] == [0, 0, 1, 1]


def test_a_429_looks_as_on_the_calls_page(write: Write, emulator: Emulator) -> None:
    emulator.faults.add("status", vendor="bland", status=429)
    assert write().json() == {"status": "error", "message": "Rate limit exceeded"}


@pytest.mark.parametrize("path", ["/v1/sms/update", "/v1/sms/webhook/update", "/v1/sms/number", f"/v1/sms/numbers/{NUMBER}", "/v1/inbound"])
def test_an_undocumented_route_says_so(bland: httpx.Client, emulator: Emulator, path: str) -> None:
    """Among them the writers that the vendor has withdrawn."""
    answer = bland.post(path, json={})
    assert answer.status_code == 404
    assert f"no page of Bland documents POST {path}" in answer.json()["error"]
    assert emulator.calls.counts["bland.undocumented"] == 1


def test_a_person_adds_and_edits_by_number(emulator: Emulator, rows: Rows) -> None:
    first = emulator.add("bland", objective="a", label="Desk")
    assert rows()[0]["label"] == "Desk"
    assert emulator.add("bland", phone_number=first.data["phone_number"], objective="b").id == first.id
    emulator.edit("bland", first.id, webhook="https://a.example.com/")
    assert [rows()[0]["sms_config"][name] for name in ("objective", "webhook")] == ["b", "https://a.example.com/"]


def test_every_switch_says_what_it_is_about(emulator: Emulator) -> None:
    for name, mode in emulator.modes["bland"].as_json().items():
        assert mode["about"], name
        assert mode["value"] == mode["default"]
