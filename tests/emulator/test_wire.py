"""The emulator answers to the vendors' pages, as written down in tests/wire/."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulated import InProcess

from pulumi_smsagents.emulator import VENDORS, Emulator

WIRE = Path(__file__).parents[1] / "wire"
FILES = [path for vendor in VENDORS for path in sorted((WIRE / vendor.name).glob("*.json"))]
PLACEHOLDER = "agent_abc123"
KEY = "<key>"


@dataclass(frozen=True)
class Wiring:
    """What a vendor's files do not say: under which circumstances the emulator gives each reply."""

    unverified: int
    """The ratchet: how many things no page states. Lower it when the live API has answered, raise it only on purpose."""
    modes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The reading of the pages that a file needs, where it is not the default one."""
    breakdowns: frozenset[str] = frozenset()
    """Failures inside the vendor: the emulator has them only as faults, and shows here that it can."""
    missing: frozenset[str] = frozenset()
    """Files about an object that is not there."""
    wrong_key: frozenset[str] = frozenset()
    """Files about a key that is not accepted."""
    stand_in: dict[str, Any] | None = None
    """The object that is there; made of the first documented create if None."""
    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a file needs it to have besides."""


VOCODE = [path.stem for path in (WIRE / "fluents").glob("vocode_*.json")]

WIRINGS = {
    "bland": Wiring(
        unverified=31,
        modes={
            "update_without_errors": {"success_errors": "empty"},
            "error_update_not_found": {"numbers": "known"},
            "error_update_plan": {"plan": "other"},
        },
        breakdowns=frozenset({"error_update_rate", "error_numbers_failed"}),
        wrong_key=frozenset({"error_key_invalid"}),
        stand_in=json.loads((WIRE / "bland" / "update_all_fields.json").read_text("utf-8"))["request"]["body"],
        there={
            "numbers_with_label": {"label": "Support"},
            "numbers_whatsapp": {"channel": "whatsapp"},
            "numbers_imessage": {"channel": "imessage", "messaging_service": "linq"},
            "numbers_of_none": {"configured": False},
        },
    ),
    "teli": Wiring(
        unverified=39,
        modes={
            "create_older_answer": {"create_answer": "older"},
            "create_old_drips": {"create_answer": "older"},
            "list": {"drip_reads": "old"},
            "list_of_one_user": {"drip_reads": "old"},
            "update_without_powered_by": {"powered_by": "absent"},
            "error_key_without_success": {"auth_error": "without_success", "powered_by": "absent"},
            "error_get_ambiguous": {"get_one_missing": "500"},
        },
        breakdowns=frozenset({"error_create_storage", "error_list_failed", "error_delete_failed"}),
        missing=frozenset({"error_get_missing", "error_get_ambiguous", "error_update_missing", "error_delete_missing"}),
        wrong_key=frozenset({"error_key_invalid", "error_key_without_success"}),
    ),
    "contactswing": Wiring(
        unverified=18,
        modes={"read": {"read_call": "data"}, "delete": {"delete_call": "204"}},
        wrong_key=frozenset({"error_token_invalid"}),
    ),
    "cleartalk": Wiring(unverified=15, wrong_key=frozenset({"error_key_invalid"})),
    "fluents": Wiring(
        unverified=49,
        modes={name: {"dialect": "vocode"} for name in VOCODE},
        missing=frozenset(
            {
                "buy_by_number",
                "link",
                "vocode_link",
                "error_get_missing",
                "error_update_missing",
                "error_cancel_missing",
                "vocode_error_get_missing",
                "vocode_error_update_missing",
                "vocode_error_cancel_missing",
            }
        ),
        wrong_key=frozenset({"error_key", "vocode_error_key"}),
        stand_in={
            "phone_number": "+14155550123",
            "inbound_agent": "agent_123",
            "telephony_account_connection": "550e8400-e29b-41d4-a716-446655440000",
        },
    ),
}


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
    body = WIRINGS[vendor].stand_in or load(WIRE / vendor / "create.json")["request"]["body"]
    return emulator.add(vendor, {**body, **WIRINGS[vendor].there.get(name, {})}).id


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_says_where_it_comes_from(path: Path) -> None:
    wire = load(path)
    assert set(wire) == {"name", "source", "checked", "verified", "operation", "request", "reply", "unverified"}
    assert wire["name"] == path.stem
    assert wire["source"] or wire["unverified"], "a reading of ours is unverified"


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
