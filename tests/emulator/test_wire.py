"""The emulator answers to the vendors' pages, as written down in tests/wire/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulated import InProcess
from samples import WIRINGS

from pulumi_smsagents.emulator import VENDORS, Emulator

WIRE = Path(__file__).parents[1] / "wire"
FILES = [path for vendor in VENDORS for path in sorted((WIRE / vendor.name).glob("*.json"))]
PLACEHOLDER = "agent_abc123"
KEY = "<key>"


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def conforms(documented: Any, given: Any, where: str = "reply") -> None:
    """Every documented key is there, with a value of the documented type; a documented null says nothing about the type."""
    if documented is None:
        return
    if isinstance(documented, bool) or not isinstance(documented, int | float):
        assert type(given) is type(documented), f"{where}: {given!r} is no {type(documented).__name__}"
    else:
        assert isinstance(given, int | float), f"{where}: {given!r} is no number"
    if isinstance(documented, dict):
        for name, value in documented.items():
            assert name in given, f"{where}.{name} is missing"
            conforms(value, given[name], f"{where}.{name}")
    if isinstance(documented, list) and documented and given:
        conforms(documented[0], given[0], f"{where}[0]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_emulator_gives_the_documented_reply(path: Path, emulator: Emulator) -> None:
    vendor, wire = path.parent.name, load(path)
    name, request, reply = wire["name"], wire["request"], wire["reply"]
    wiring = WIRINGS[vendor]
    id = "nobody" if name in wiring.missing else stand_in(emulator, vendor, name)
    emulator.modes[vendor].set(**wiring.modes.get(name, {}))
    emulator.auth.accept(vendor, ["another key"] if name in wiring.wrong_key else [KEY])
    if name in wiring.breakdowns:
        emulator.faults.add("status", operation=wire["operation"], status=reply["status"], body=reply["body"])

    with httpx.Client(transport=InProcess(emulator), base_url=f"http://emulator/{vendor}", headers=request["headers"]) as client:
        address = request["path"].replace(PLACEHOLDER, id)
        answer = client.request(request["method"], address, params=request.get("query"), json=request.get("body"))

    assert answer.status_code == reply["status"] or (reply["status"] == "2xx" and answer.is_success), answer.text
    conforms(reply["body"], answer.json() if answer.content else None)
    if not answer.is_success:
        assert answer.json() == reply["body"]
    assert list(emulator.calls)[-1].operation == f"{vendor}.{wire['operation']}"


def stand_in(emulator: Emulator, vendor: str, name: str) -> str:
    """An object for calls about one that is there."""
    given = WIRINGS[vendor].stand_in
    body = load(WIRE / vendor / f"{given}.json")["request"]["body"] if isinstance(given, str) else given
    return emulator.add(vendor, {**body, **WIRINGS[vendor].there.get(name, {})}).id


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_says_where_it_comes_from(path: Path) -> None:
    wire = load(path)
    assert set(wire) == {"name", "source", "checked", "verified", "operation", "request", "reply", "unverified"}
    assert wire["name"] == path.stem
    assert wire["source"] or wire["unverified"], "a reading of ours is unverified"


def test_every_vendor_with_documented_calls_is_emulated() -> None:
    assert {vendor.name for vendor in VENDORS} == {path.name for path in WIRE.iterdir() if path.is_dir()}


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_documented_call_has_a_file(vendor: Any) -> None:
    written = {load(path)["operation"] for path in (WIRE / vendor.name).glob("*.json")}
    assert {route.operation for route in vendor.routes} == written


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_what_no_page_states_does_not_grow_unseen(vendor: Any) -> None:
    entries = [entry for path in (WIRE / vendor.name).glob("*.json") for entry in load(path)["unverified"]]
    assert len(entries) == WIRINGS[vendor.name].unverified


@pytest.mark.parametrize("path", ["/v1/agents/x/tools", "/v1/agents/x/y", "/v2/agents", "/", ""])
def test_an_undocumented_route_says_so(teli: httpx.Client, emulator: Emulator, path: str) -> None:
    answer = teli.get(path)
    assert answer.status_code == 404
    assert "no page of Teli documents GET" in answer.json()["error"]
    assert emulator.calls.counts["teli.undocumented"] == 1


def test_an_undocumented_method_says_so(teli: httpx.Client) -> None:
    assert "no page of Teli documents PUT /v1/agents/x" in teli.put("/v1/agents/x", json={}).json()["error"]
