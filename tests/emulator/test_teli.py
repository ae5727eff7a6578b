"""Teli's quirks, and the switches between the readings of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_smsagents.emulator import Emulator

ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"
Create = Callable[..., str]
Listed = Callable[..., list[dict[str, Any]]]
NEW = [{"delay_hours": 12, "type": "ai"}, {"delay_hours": 24, "type": "custom", "message": "Hi"}]
OLD = [{"day": 1, "message": "Hi"}]


def notes(emulator: Emulator, id: str) -> dict[str, Any]:
    return emulator.object("teli", id).notes


def test_ids_are_counted(create: Create, emulator: Emulator) -> None:
    """So that a run repeats."""
    ids = [create(), create()]
    emulator.reset()
    assert [create(), create()] == ids == ["1763070568418x100000000000000001", "1763070568419x100000000000000002"]


def test_an_update_touches_only_what_it_names(create: Create, teli: httpx.Client, listed: Listed) -> None:
    id = create(extraction_fields=["email"], drip_schedule=NEW)
    before = listed()[0]
    teli.patch(f"/v1/agents/{id}", json={"prompt": "Be kind."})
    after = listed()[0]
    assert {name for name in before if before[name] != after[name]} <= {
        "general_prompt",
        "modified_at",
        "last_modification_timestamp",
    }
    assert after["general_prompt"] == "Be kind."


def test_a_patch_is_recorded_key_by_key(create: Create, teli: httpx.Client, emulator: Emulator) -> None:
    id = create()
    teli.patch(f"/v1/agents/{id}", json={"prompt": "a", "agent_name": "b"})
    teli.patch(f"/v1/agents/{id}", json={"user_id": "other", "colour": "red"})
    assert notes(emulator, id)["patches"] == [["prompt", "agent_name"], ["user_id", "colour"]]
    assert notes(emulator, id)["ignored_keys"] == ["colour", "user_id"]
    assert emulator.object("teli", id).data["user_id"] == USER


def test_any_drip_schedule_in_a_patch_resets_the_timers(create: Create, teli: httpx.Client, emulator: Emulator) -> None:
    id = create(drip_schedule=NEW)
    teli.patch(f"/v1/agents/{id}", json={"prompt": "a"})
    assert notes(emulator, id)["drip_resets"] == 0
    teli.patch(f"/v1/agents/{id}", json={"drip_schedule": NEW})
    teli.patch(f"/v1/agents/{id}", json={"drip_schedule": []})
    assert notes(emulator, id)["drip_resets"] == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"prompt": None},
        {"drip_schedule": None},
        {"agent_name": 7},
        {"drip_schedule": [{"delay_hours": 24, "type": "custom"}]},
        {"drip_schedule": [{"delay_hours": 24, "type": "robot", "message": "Hi"}]},
        {"drip_schedule": [{"delay_hours": True, "type": "ai"}]},
        {"extraction_fields": [{"type": "string"}]},
        {"extraction_fields": [{"name": "x", "type": "date"}]},
        {"extraction_fields": "email"},
        ["prompt"],
    ],
)
def test_bad_data_in_a_patch_is_a_500_and_changes_nothing(create: Create, teli: httpx.Client, emulator: Emulator, bad: Any) -> None:
    id = create(drip_schedule=NEW)
    before = dict(emulator.object("teli", id).data)
    answer = teli.patch(f"/v1/agents/{id}", json=bad)
    assert (answer.status_code, answer.json()["error"]) == (500, "Failed to update agent - please check your data")
    assert emulator.object("teli", id).data == before
    assert notes(emulator, id)["drip_resets"] == 0


def test_a_list_without_admin_shows_one_user_only(create: Create, listed: Listed) -> None:
    mine, others = create(), create(user_id="someone else")
    assert [each["agent_id"] for each in listed()] == [mine, others]
    assert [each["agent_id"] for each in listed(is_admin="false", user_id=USER)] == [mine]
    assert listed(is_admin="false") == []
    assert listed(agent_type="voice") == []


def test_a_list_without_user_may_be_refused(teli: httpx.Client, emulator: Emulator) -> None:
    emulator.modes["teli"].set(list_without_user="400")
    assert teli.get("/v1/agents", params={"organization_id": ORGANIZATION}).status_code == 400


def test_a_list_shows_storage_names_and_no_extraction_fields(create: Create, listed: Listed) -> None:
    create(extraction_fields=["email"])
    seen = listed()[0]
    assert (seen["greeting_prompt"], seen["general_prompt"], seen["created_by_user_id"]) == ("Hi {{first_name}}", "Be brief.", USER)
    assert not seen.keys() & {"starting_message", "prompt", "extraction_fields", "user_id"}


def test_a_second_delete_is_a_404(create: Create, teli: httpx.Client) -> None:
    id = create()
    assert teli.delete(f"/v1/agents/{id}").json() == {
        "success": True,
        "message": "Agent deleted successfully",
        "agent_id": id,
        "powered_by": "Teli",
    }
    assert teli.delete(f"/v1/agents/{id}").status_code == 404


def test_a_voice_agent_is_not_emulated(teli: httpx.Client, agent: dict[str, Any]) -> None:
    assert teli.post("/v1/agents", json={**agent, "agent_type": "voice"}).status_code == 501


def test_a_create_with_unusable_values_stores_nothing(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    assert teli.post("/v1/agents", json={**agent, "drip_schedule": [{}]}).status_code == 500
    assert emulator.objects("teli") == []


def test_a_create_may_need_six_fields(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    del agent["prompt"]
    assert teli.post("/v1/agents", json=agent).status_code == 201
    emulator.modes["teli"].set(create_needs="six")
    assert teli.post("/v1/agents", json=agent).status_code == 400


def seen_agents(teli: httpx.Client, id: str) -> dict[str, dict[str, Any]]:
    """The agent by both reads."""
    found = teli.get("/v1/agents", params={"organization_id": ORGANIZATION, "is_admin": "true"}).json()["agents"]
    return {"get": teli.get(f"/v1/agents/{id}").json()["agent"], "list": found[0]}


@pytest.mark.parametrize(
    ("mode", "where", "key", "value"),
    [
        ({"drip_reads": "as_written"}, "list", "drip_schedule", NEW),
        ({"drip_reads": "old"}, "list", "drip_schedule", [{"day": 0.5, "message": ""}, {"day": 1, "message": "Hi"}]),
        ({"drip_hours": "float"}, "get", "drip_schedule", [{**NEW[0], "delay_hours": 12.0}, {**NEW[1], "delay_hours": 24.0}]),
        ({"organization_form": "uuid"}, "get", "organization_id", None),
        ({"user_form": "uuid"}, "list", "created_by_user_id", None),
        ({"text_names": "written"}, "list", "prompt", "Be brief."),
        ({"extraction_in_list": "present"}, "list", "extraction_fields", ["email"]),
        ({"extraction_in_get": "present"}, "get", "extraction_fields", ["email"]),
    ],
)
def test_reads_have_many_faces(
    create: Create, teli: httpx.Client, emulator: Emulator, mode: dict[str, Any], where: str, key: str, value: Any
) -> None:
    id = create(drip_schedule=NEW, extraction_fields=["email"])
    emulator.modes["teli"].set(**mode)
    seen = seen_agents(teli, id)[where][key]
    if mode.get("organization_form") or mode.get("user_form"):
        assert len(seen) == 36
    else:
        assert seen == value


def test_old_drips_can_be_read_in_the_new_shape(create: Create, listed: Listed, emulator: Emulator) -> None:
    create(drip_schedule=OLD)
    assert listed()[0]["drip_schedule"] == OLD
    emulator.modes["teli"].set(drip_reads="new")
    assert listed()[0]["drip_schedule"] == [{"delay_hours": 24, "type": "custom", "message": "Hi"}]


def test_plain_extraction_names_can_come_back_as_objects(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    emulator.modes["teli"].set(extraction_names="expanded")
    echo = teli.post("/v1/agents", json={**agent, "extraction_fields": ["email", {"name": "a", "type": "number"}]}).json()
    assert [each["name"] for each in echo["extraction_fields"]] == ["email", "a"]
    assert echo["extraction_fields"][0]["type"] == "string"


@pytest.mark.parametrize("key", ["unique_id", "id"])
def test_the_list_can_hide_the_agent_id_under_another_key(create: Create, listed: Listed, emulator: Emulator, key: str) -> None:
    id = create()
    emulator.modes["teli"].set(list_id=key)
    assert listed()[0][key] == id
    assert "agent_id" not in listed()[0]


@pytest.mark.parametrize(("status", "code"), [("201", 201), ("200", 200)])
def test_a_create_is_201_or_200(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator, status: str, code: int) -> None:
    emulator.modes["teli"].set(create_status=status)
    assert teli.post("/v1/agents", json=agent).status_code == code


def test_get_one_bare(create: Create, teli: httpx.Client, emulator: Emulator) -> None:
    id = create()
    emulator.modes["teli"].set(get_one="bare")
    assert teli.get(f"/v1/agents/{id}").json()["agent_id"] == id


def test_get_one_in_an_unknown_shape_lacks_our_id(create: Create, teli: httpx.Client, emulator: Emulator) -> None:
    id = create()
    emulator.modes["teli"].set(get_one="unknown")
    answer = teli.get(f"/v1/agents/{id}")
    assert answer.status_code == 200
    assert id not in answer.text


@pytest.mark.parametrize("status", ["500", "405"])
def test_get_one_may_fail_for_an_agent_that_is_there(create: Create, teli: httpx.Client, emulator: Emulator, status: str) -> None:
    id = create()
    emulator.modes["teli"].set(get_one=status)
    assert teli.get(f"/v1/agents/{id}").status_code == int(status)


def test_a_new_agent_may_lag_behind_in_reads(create: Create, teli: httpx.Client, listed: Listed, emulator: Emulator) -> None:
    emulator.modes["teli"].set(list_lag=2, read_lag=1)
    id = create()
    assert [teli.get(f"/v1/agents/{id}").status_code for _ in range(3)] == [404, 200, 200]
    assert [len(listed()) for _ in range(4)] == [0, 0, 1, 1]


@pytest.mark.parametrize("operation", ["create", "get", "list", "update", "delete"])
def test_a_200_can_mean_no(create: Create, teli: httpx.Client, agent: dict[str, Any], emulator: Emulator, operation: str) -> None:
    id = create()
    emulator.modes["teli"].set(refuse_with_200=operation)
    calls = {
        "create": lambda: teli.post("/v1/agents", json=agent),
        "get": lambda: teli.get(f"/v1/agents/{id}"),
        "list": lambda: teli.get("/v1/agents", params={"organization_id": ORGANIZATION}),
        "update": lambda: teli.patch(f"/v1/agents/{id}", json={"prompt": "x"}),
        "delete": lambda: teli.delete(f"/v1/agents/{id}"),
    }
    answer = calls[operation]()
    assert (answer.status_code, answer.json()["success"]) == (200, False)
    assert [item.data["prompt"] for item in emulator.objects("teli")] == ["Be brief."]


def test_answers_may_lack_powered_by(create: Create, teli: httpx.Client, emulator: Emulator) -> None:
    emulator.modes["teli"].set(powered_by="absent")
    assert "powered_by" not in teli.get(f"/v1/agents/{create()}").json()


def test_organizations_appear_with_their_agents(create: Create, teli: httpx.Client) -> None:
    create()
    create(organization_id="1763070568417x2")
    create(organization_id="1763070568417x2")
    found = teli.get("/v1/organizations").json()
    assert (found["count"], [each["unique_id"] for each in found["organizations"]]) == (2, [ORGANIZATION, "1763070568417x2"])


def test_a_wrong_switch_is_refused_and_nothing_is_set(emulator: Emulator) -> None:
    modes = emulator.modes["teli"]
    for wrong in ({"get_one": "sideways"}, {"colour": "red"}, {"list_lag": -1}, {"list_lag": "2"}, {"list_lag": True}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            modes.set(powered_by="absent", **wrong)
    assert modes["powered_by"] == "present"


def test_every_switch_says_what_it_is_about(emulator: Emulator) -> None:
    for name, mode in emulator.modes["teli"].as_json().items():
        assert mode["about"], name
        assert mode["value"] == mode["default"]
