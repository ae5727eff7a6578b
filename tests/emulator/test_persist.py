"""Objects that outlive the process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import Emulator, persist


def client(emulator: Emulator) -> httpx.Client:
    return httpx.Client(transport=InProcess(emulator), base_url="http://emulator/teli", headers={"X-API-Key": "k"})


def test_objects_histories_and_counters_come_back(tmp_path: Path, agent: dict[str, Any]) -> None:
    data = tmp_path / "data.json"
    first = Emulator(data)
    with client(first) as teli:
        kept, gone = (teli.post("/v1/agents", json=agent).json()["agent_id"] for _ in range(2))
        teli.patch(f"/v1/agents/{kept}", json={"drip_schedule": []})
        teli.delete(f"/v1/agents/{gone}")
    first.close()
    second = Emulator(data)
    assert [item.as_json() for item in second.objects("teli")] == [item.as_json() for item in first.objects("teli")]
    assert second.object("teli", kept).notes["drip_resets"] == 1
    assert [item.id for item in second.stores["teli"].removed] == [gone]
    with client(second) as teli:
        query = {"organization_id": agent["organization_id"], "is_admin": "true"}
        assert [each["agent_id"] for each in teli.get("/v1/agents", params=query).json()["agents"]] == [kept]
        assert teli.post("/v1/agents", json=agent).json()["agent_id"] not in (kept, gone)


def test_the_file_is_whole_after_each_change(tmp_path: Path, agent: dict[str, Any]) -> None:
    data = tmp_path / "data.json"
    emulator = Emulator(data)
    with client(emulator) as teli:
        for count in range(1, 4):
            teli.post("/v1/agents", json=agent)
            emulator.close()
            items = json.loads(data.read_text("utf-8"))["teli"]["items"]
            assert sum(item["kind"] == "agent" for item in items) == count
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]


def test_many_changes_are_written_together_when_writing_is_slow(
    tmp_path: Path, agent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One timer for all of them, and `close` writes what waits."""
    timers: list[float] = []

    class Waiting:
        def __init__(self, delay: float, _write: object) -> None:
            timers.append(delay)

        def start(self) -> None: ...

        def cancel(self) -> None: ...

    monkeypatch.setattr(persist, "QUICK", -1.0)
    monkeypatch.setattr(persist, "Timer", Waiting)
    data = tmp_path / "data.json"
    emulator = Emulator(data)
    with client(emulator) as teli:
        for _ in range(5):
            teli.post("/v1/agents", json=agent)
    assert len(timers) == 1
    assert not data.exists()
    emulator.close()
    assert len(Emulator(data).objects("teli")) == 5


def test_a_reset_is_kept_too(tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    emulator = Emulator(data)
    emulator.add("teli", agent_name="x")
    emulator.reset()
    emulator.close()
    assert Emulator(data).objects("teli") == []
