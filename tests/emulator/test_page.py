"""The page at `/`: it shows everything, runs nothing it is given, and answers nobody from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from emulated import InProcess
from samples import SAMPLES

from pulumi_smsagents.emulator import Emulator, events, serve

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'</textarea>{{ 7 * 7 }}"


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def page(emulator: Emulator) -> Callable[..., str]:
    def read(**query: str) -> str:
        with httpx.Client(transport=InProcess(emulator), base_url="http://127.0.0.1") as client:
            answer = client.get("/", params=query)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        return answer.text

    return read


def test_an_empty_page_says_what_to_do(page: Callable[..., str]) -> None:
    assert "smsagents:teliBaseUrl http://127.0.0.1/teli" in page()


def test_a_prompt_does_not_run(create: Callable[..., str], teli: httpx.Client, emulator: Emulator, page: Callable[..., str]) -> None:
    """Every place where vendor text shows up: fields, drips, names, history, calls, errors, removed agents, the search box."""
    drips: list[dict[str, Any]] = [{"delay_hours": 1, "type": "custom", "message": EVIL}]
    fields = [EVIL, {"name": EVIL, "description": EVIL, "type": "string"}]
    ids = [create(agent_name=EVIL, prompt=EVIL, starting_message=EVIL, drip_schedule=drips, extraction_fields=fields) for _ in range(2)]
    teli.patch(f"/v1/agents/{ids[0]}", json={"prompt": EVIL * 2, EVIL: EVIL, "drip_schedule": []})
    teli.delete(f"/v1/agents/{ids[1]}")
    teli.get(f"/v1/{EVIL}", params={EVIL: EVIL})
    teli.post("/v1/agents", content=EVIL)
    emulator.edit("teli", ids[0], {EVIL: EVIL, "drip_schedule": EVIL, "extraction_fields": {"a": EVIL}})
    emulator.faults.add("status", operation=EVIL, times=None)
    html = page(q=EVIL[:8])
    tags = Tags(html).found
    scripts = [attrs for tag, attrs in tags if tag == "script"]
    assert scripts == [{"src": "/_emulator/files/page.js", "defer": None}]
    assert not [tag for tag, _ in tags if tag == "img"]
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert "49" not in re.sub(r"\d{5,}|\d\d:\d\d:\d\d", "", html.split("<main")[1])


@pytest.mark.parametrize("tag", SAMPLES)
def test_an_object_of_any_vendor_is_shown_and_its_end_too(emulator: Emulator, page: Callable[..., str], tag: str) -> None:
    vendor, sample = tag.partition(":")[0], SAMPLES[tag]
    item = emulator.add(vendor, sample.inputs)
    assert f'id="{vendor}-{item.id}"' in page()
    emulator.remove(vendor, item.id)
    assert "1 removed" in page()


def test_nothing_is_loaded_from_elsewhere(page: Callable[..., str], emulator: Emulator) -> None:
    addresses = [attrs.get(name) for _, attrs in Tags(page()).found for name in ("src", "href") if attrs.get(name)]
    assert addresses
    with httpx.Client(transport=InProcess(emulator), base_url="http://127.0.0.1") as client:
        assert all(address.startswith(("/_emulator/", "#", "data:,")) for address in addresses if address)
        assert client.get("/_emulator/part").status_code == 200


def test_agents_can_be_found(create: Callable[..., str], page: Callable[..., str]) -> None:
    create(agent_name="Sales north")
    create(agent_name="Support", prompt="Answer billing questions.")
    found = page(q="BILLING")
    assert "Support" in found
    assert "Sales north" not in found.split("calls-title")[0]


def test_the_page_shows_calls_faults_and_switches(
    create: Callable[..., str], teli: httpx.Client, emulator: Emulator, page: Callable[..., str]
) -> None:
    id = create()
    emulator.faults.add("reset", operation="get")
    with pytest.raises(httpx.ReadError):
        teli.get(f"/v1/agents/{id}")
    emulator.faults.add("hang", operation="list")
    emulator.modes["teli"].set(drip_reads="old")
    emulator.auth.accept("teli", ["a", "b"])
    text = page()
    for shown in ("reset before", "no answer", "hang", "drip_reads: old", "2 keys accepted", "teli.create"):
        assert shown in text


def test_thousands_of_agents_stay_one_page(emulator: Emulator, page: Callable[..., str]) -> None:
    for number in range(150):
        emulator.add("teli", agent_name=f"Agent {number}")
    text = page()
    assert "The newest 100 of 150" in text
    assert "Agent 149" in text


def test_pages_from_elsewhere_are_refused(emulator: Emulator) -> None:
    """A site in the same browser can neither steer the emulator nor read it under a name of its own."""
    with serve(emulator) as url, httpx.Client(base_url=url) as client:
        assert client.get("/").status_code == 200
        assert client.get("/_emulator/files/page.css").status_code == 200
        assert client.post("/_emulator/reset", headers={"Origin": url}).status_code == 200
        assert client.post("/_emulator/reset", headers={"Origin": "http://elsewhere.example"}).status_code == 403
        assert client.get("/_emulator/calls", headers={"Host": "elsewhere.example"}).status_code == 403


def test_an_open_page_is_told_of_changes(emulator: Emulator) -> None:
    with serve(emulator) as url, httpx.Client(base_url=url) as client, client.stream("GET", "/_emulator/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.iter_lines()
        assert (next(lines), next(lines)) == ("data: changed", "")
        emulator.add("teli", agent_name="x")
        assert next(lines) == "data: changed"


def test_an_open_page_is_kept_open(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    """A comment now and then, so that nobody in between closes a quiet line."""
    monkeypatch.setattr(events, "HEARTBEAT", 0.0)
    with serve(emulator) as url, httpx.Client(base_url=url) as client, client.stream("GET", "/_emulator/events") as answer:
        lines = answer.iter_lines()
        assert [next(lines) for _ in range(4)] == ["data: changed", "", ": still here", ""]
