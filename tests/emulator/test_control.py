"""The control interface, and edits that stand for a colleague's clicks in a vendor's dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import VENDORS, Emulator, SetClock, calls

Create = Callable[..., str]

NONE = {vendor.name: 0 for vendor in VENDORS}


def test_an_edit_in_the_dashboard_is_seen_by_the_api(create: Create, control: httpx.Client, teli: httpx.Client, emulator: Emulator) -> None:
    id = create()
    assert control.patch(f"/teli/objects/{id}", json={"prompt": "Mine now.", "agent_status": "paused"}).status_code == 200
    seen = teli.get(f"/v1/agents/{id}").json()["agent"]
    assert (seen["general_prompt"], seen["agent_status"]) == ("Mine now.", "paused")
    last = emulator.object("teli", id).history[-1]
    assert (last.by, last.call, last.fields["prompt"]) == ("dashboard", None, ["Be brief.", "Mine now."])


def test_an_edit_under_a_storage_name_is_the_same_field(create: Create, emulator: Emulator) -> None:
    id = create()
    emulator.edit("teli", id, greeting_prompt="Hello")
    assert emulator.object("teli", id).data["starting_message"] == "Hello"


def test_an_agent_made_or_deleted_in_the_dashboard(control: httpx.Client, teli: httpx.Client, agent: dict[str, Any]) -> None:
    id = control.post("/teli/objects", json={"agent_name": "Stray", "organization_id": agent["organization_id"]}).json()["id"]
    assert teli.get(f"/v1/agents/{id}").json()["agent"]["agent_name"] == "Stray"
    assert control.delete(f"/teli/objects/{id}").status_code == 200
    assert teli.get(f"/v1/agents/{id}").status_code == 404
    removed = control.get("/objects", params={"removed": "true"}).json()["objects"]
    assert [each["id"] for each in removed] == [id]


def test_the_history_tells_what_each_call_did(create: Create, teli: httpx.Client, control: httpx.Client, clock: SetClock) -> None:
    id = create()
    clock.advance(60)
    teli.patch(f"/v1/agents/{id}", json={"prompt": "New.", "agent_name": "Sales"})
    history = control.get(f"/teli/objects/{id}").json()["history"]
    assert [(each["action"], each["call"]) for each in history] == [("created", 1), ("changed", 2)]
    assert history[1]["fields"] == {"prompt": ["Be brief.", "New."]}
    assert history[1]["at"] - history[0]["at"] == 60


def test_calls_are_logged_and_filtered(create: Create, teli: httpx.Client, control: httpx.Client) -> None:
    id = create()
    teli.patch(f"/v1/agents/{id}", json={"prompt": "x"})
    teli.get("/v1/nothing")

    def names(**query: Any) -> list[str]:
        return [call["operation"] for call in control.get("/calls", params=query).json()["calls"]]

    assert names() == ["teli.create", "teli.update", "teli.undocumented"]
    assert names(operation="update") == names(operation="teli.update") == ["teli.update"]
    assert names(since=2) == ["teli.undocumented"]
    assert names(vendor="bland") == []
    update = control.get("/calls", params={"operation": "update"}).json()["calls"][0]
    assert (update["body"], update["status"], update["reply"]["agent_id"]) == ({"prompt": "x"}, 200, id)
    assert [(change["action"], list(change["fields"])) for change in update["changes"]] == [("changed", ["prompt"])]


def test_counts(create: Create, control: httpx.Client) -> None:
    create()
    create()
    assert control.get("/counts").json() == {"calls": {"teli.create": 2}, "objects": {**NONE, "teli": 2}}


def test_objects_by_kind(create: Create, control: httpx.Client) -> None:
    create()
    assert {each["kind"] for each in control.get("/objects").json()["objects"]} == {"agent", "organization"}
    assert len(control.get("/objects", params={"vendor": "teli", "kind": "agent"}).json()["objects"]) == 1


def test_faults_over_http(teli: httpx.Client, control: httpx.Client) -> None:
    control.post("/faults", json={"kind": "status", "vendor": "teli", "operation": "organizations", "status": 503})
    control.post("/faults", json=[{"kind": "html", "times": None}, {"kind": "empty"}])
    assert teli.get("/v1/organizations").status_code == 503
    assert [fault["struck"] for fault in control.get("/faults").json()["faults"]] == [1, 0, 0]
    control.delete("/faults")
    assert teli.get("/v1/organizations").json()["success"]


def test_one_fault_is_taken_back_and_the_others_stay(control: httpx.Client) -> None:
    numbers = [fault["number"] for fault in control.post("/faults", json=[{"kind": "hang"}, {"kind": "reset"}]).json()["faults"]]
    assert [fault["number"] for fault in control.delete(f"/faults/{numbers[0]}").json()["faults"]] == numbers[1:]
    again = control.delete(f"/faults/{numbers[0]}")
    assert (again.status_code, again.json()) == (404, {"error": f"there is no fault {numbers[0]}"})


def test_faults_name_their_classes_and_aim_only_at_what_there_is(control: httpx.Client) -> None:
    shown = control.get("/faults").json()
    assert shown["kinds"]["reset"].startswith("F2, F3: ")
    assert shown["classes"]["F16"]["kinds"] == ["redirect"]
    said = control.post("/faults", json=[{"kind": "html"}, {"kind": "status", "vendor": "bland", "operation": "get", "nth": 0}]).json()
    assert said == {"error": "nth must be a whole number from 1"}
    said = control.post("/faults", json={"kind": "html", "vendor": "bland", "operation": "get"}).json()
    assert said == {"error": "no such operation: get; there are update, numbers, me, undocumented, or * for any"}
    assert control.get("/faults").json()["faults"] == []
    assert control.post("/faults", json={"kind": "html", "operation": "teli.get", "times": None}).status_code == 200


def test_rates_over_http(teli: httpx.Client, control: httpx.Client) -> None:
    assert control.put("/rates/teli", json={"calls": 1, "seconds": 60, "form": "reset"}).json() == {
        "calls": 1,
        "seconds": 60,
        "form": "reset",
    }
    assert [teli.get("/v1/organizations").status_code for _ in range(2)] == [200, 429]
    assert control.get("/rates").json()["teli"]["calls"] == 1
    assert control.put("/rates/teli", json={"calls": None}).json() is None
    assert teli.get("/v1/organizations").status_code == 200


def test_keys_and_modes_over_http(teli: httpx.Client, control: httpx.Client, emulator: Emulator) -> None:
    assert control.put("/keys/teli", json={"keys": ["other"]}).json()["accepted"] == 1
    assert teli.get("/v1/organizations").status_code == 401
    assert control.put("/keys/teli", json={"keys": None}).json()["accepted"] is None
    control.put("/modes/teli", json={"get_one": "bare", "list_lag": 3})
    assert (emulator.modes["teli"]["get_one"], emulator.modes["teli"]["list_lag"]) == ("bare", 3)
    control.put("/modes/teli", json={"get_one": None})
    assert control.get("/modes").json()["teli"]["get_one"]["value"] == "wrapped"
    assert control.put("/latency", json={"ms": 20}).json() == {"ms": 20}


def test_reset_forgets_everything(create: Create, control: httpx.Client, emulator: Emulator) -> None:
    create()
    emulator.faults.add("html")
    emulator.modes["teli"].set(get_one="bare")
    emulator.auth.accept("teli", [])
    assert control.post("/reset").json() == {"reset": True}
    assert control.get("/counts").json() == {"calls": {}, "objects": NONE}
    assert control.get("/faults").json()["faults"] == []
    assert emulator.modes["teli"]["get_one"] == "wrapped"
    assert emulator.auth.accepts("teli", "any")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/faults", {"kind": "explode"}, 400),
        ("POST", "/faults", {"kind": "html", "number": 3}, 400),
        ("POST", "/faults", {}, 400),
        ("POST", "/faults", {"kind": "html", "vendor": "nobody"}, 400),
        ("POST", "/faults", {"kind": "html", "operation": "creat"}, 400),
        ("POST", "/faults", {"kind": "html", "operation": "bland.create"}, 400),
        ("POST", "/faults", {"kind": "html", "nth": "2"}, 400),
        ("POST", "/faults", {"kind": "html", "times": 0}, 400),
        ("POST", "/faults", {"kind": "html", "probability": 2}, 400),
        ("POST", "/faults", {"kind": "html", "where": "x"}, 400),
        ("POST", "/faults", {"kind": "status", "status": 99}, 400),
        ("POST", "/faults", {"kind": "limited", "form": "sideways"}, 400),
        ("PUT", "/rates/teli", {}, 400),
        ("PUT", "/rates/teli", {"calls": 0}, 400),
        ("PUT", "/rates/teli", {"calls": 1, "per": "hour"}, 400),
        ("PUT", "/rates/teli", {"calls": 1, "form": "sideways"}, 400),
        ("PUT", "/rates/nobody", {"calls": 1}, 404),
        ("PUT", "/modes/teli", {"get_one": "sideways"}, 400),
        ("PUT", "/modes/teli", [], 400),
        ("PUT", "/keys/teli", {"keys": "one"}, 400),
        ("PUT", "/keys/nobody", {"keys": []}, 404),
        ("PATCH", "/teli/objects/nobody", {}, 404),
        ("GET", "/teli/objects/nobody", None, 404),
        ("DELETE", "/nobody/objects/x", None, 404),
        ("GET", "/calls?since=x", None, 400),
    ],
)
def test_a_wrong_request_is_told_why(control: httpx.Client, method: str, path: str, body: Any, status: int) -> None:
    answer = control.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_large_replies_are_cut_in_the_log(create: Create, listed: Callable[..., Any], emulator: Emulator) -> None:
    create(prompt="p" * 50_000)
    listed()
    reply = list(emulator.calls)[-1].reply
    assert reply["bytes"] > 50_000
    assert len(reply["begins"]) == 200


def test_the_log_keeps_the_last_calls_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "KEPT", 3)
    emulator = Emulator()
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/teli") as client:
        for _ in range(5):
            client.get("/v1/organizations")
    assert [call.number for call in emulator.calls] == [3, 4, 5]
    assert [call.number for call in emulator.calls.latest(2)] == [5, 4]
    assert (len(emulator.calls), emulator.calls.counts["teli.organizations"]) == (3, 5)
