"""Keys: which are let in, and that none can be found anywhere afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator


def test_no_key_and_a_wrong_key(teli: httpx.Client, emulator: Emulator) -> None:
    emulator.auth.accept("teli", ["right"])
    wrong = teli.get("/v1/organizations")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "Invalid API key")
    del teli.headers["X-API-Key"]
    absent = teli.get("/v1/organizations")
    assert (absent.status_code, absent.json()["error"]) == (401, "API key is required")


def test_a_scheme_word_is_part_of_no_key(teli: httpx.Client, key: str) -> None:
    """Teli's header is X-API-Key without a scheme word; an Authorization header is nothing to it."""
    del teli.headers["X-API-Key"]
    assert teli.get("/v1/organizations", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_keys_rotate(teli: httpx.Client, emulator: Emulator, key: str) -> None:
    emulator.auth.accept("teli", [key, "next"])
    assert teli.get("/v1/organizations").status_code == 200
    emulator.auth.accept("teli", ["next"])
    assert teli.get("/v1/organizations").status_code == 401
    emulator.auth.accept("teli", None)
    assert teli.get("/v1/organizations").status_code == 200


def test_an_unlet_call_does_nothing(teli: httpx.Client, agent: dict[str, Any], emulator: Emulator) -> None:
    emulator.auth.accept("teli", [])
    teli.post("/v1/agents", json=agent)
    assert emulator.objects("teli") == []


def test_the_log_names_keys_without_telling_them(teli: httpx.Client, emulator: Emulator) -> None:
    teli.get("/v1/organizations")
    teli.get("/v1/organizations", headers={"X-API-Key": "other"})
    teli.get("/v1/organizations")
    assert [call.key for call in emulator.calls] == ["key 1", "key 2", "key 1"]


def test_no_key_is_kept_anywhere(agent: dict[str, Any], tmp_path: Path, key: str) -> None:
    """Not even one that was put where it does not belong."""
    emulator = Emulator(tmp_path / "data.json")
    headers = {"X-API-Key": key, "Authorization": f"Bearer {key}", "Cookie": f"session={key}", "X-Other": key}
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator", headers=headers) as client:
        emulator.auth.accept("teli", [key])
        assert client.post("/teli/v1/agents", json=agent).status_code == 201
        client.get("/teli/v1/organizations", params={"api_key": key, key: "x"})
        client.get(f"/teli/v1/agents/{key}")
        client.post("/teli/v1/nowhere", content=f"not JSON {key}")
        client.post("/teli/v1/nowhere", json={"nested": [{"name": f"a {key} b"}]})
        client.put("/_emulator/keys/teli", json={"keys": [key]})
        id = emulator.objects("teli")[0].id
        views = ("/", "/calls", "/faults", f"/objects/teli/{id}")
        pages = [
            client.get(path).text for path in (*views, "/_emulator/calls", "/_emulator/objects", "/_emulator/faults", "/_emulator/modes")
        ]
    emulator.close()
    kept = [
        *pages,
        json.dumps([call.as_json() for call in emulator.calls]),
        (tmp_path / "data.json").read_text("utf-8"),
        str(vars(emulator.auth)),
    ]
    assert all(key not in text for text in kept)
    assert all("[credential]" in kept[at] for at in (0, 1, 4))


def test_only_harmless_headers_are_kept(teli: httpx.Client, emulator: Emulator) -> None:
    teli.get("/v1/organizations", headers={"X-Request-Id": "r-1", "X-Anything": "else"})
    kept = next(iter(emulator.calls)).headers
    assert kept["x-request-id"] == "r-1"
    assert not kept.keys() & {"x-api-key", "x-anything", "host"}


def test_no_half_of_a_key_is_left_where_a_long_answer_is_cut(teli: httpx.Client, emulator: Emulator, key: str) -> None:
    for body in ("x" * (200 - len(key) // 2) + key + "x" * 20_000, {"a": "x" * (194 - len(key) // 2) + key, "more": "x" * 20_000}):
        emulator.faults.add("status", status=200, body=body)
        teli.get("/v1/organizations")
        kept = list(emulator.calls)[-1].reply
        assert kept["bytes"] > 20_000
        assert key[: len(key) // 2 - 1] not in kept["begins"]


def test_no_secret_field_stands_in_the_beginning_of_a_long_answer(emulator: Emulator, key: str) -> None:
    emulator.faults.add("status", status=200, body={"credentials": {"token": "emulated"}, "more": "x" * 20_000})
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator/fluents") as client:
        client.get("/v1/numbers/list", headers={"Authorization": f"Bearer {key}"})
    assert list(emulator.calls)[-1].reply["begins"].startswith('{"credentials":"[credential]","more":"xxx')
