"""The page at `/`: it shows everything, runs nothing it is given, and answers nobody from elsewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from emulated import InProcess
from samples import SAMPLES

from pulumi_smsagents.emulator import KINDS, Emulator, SetClock, events, serve

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'</textarea>{{ 7 * 7 }}"
TURNED = "abc\u202edef\u200b"
"""Seen as `abcfed`, were it not for the page."""


class Tags(HTMLParser):
    """Collects the tags and attributes of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.text += " " if tag in ("dd", "div", "li", "p") else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def words(html: str) -> str:
    """What a reader sees, without line ends and double spaces."""
    return " ".join(Tags(html).text.split())


@pytest.fixture
def browser(emulator: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(transport=InProcess(emulator), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def page(browser: httpx.Client) -> Callable[..., str]:
    def read(path: str = "/", **query: str) -> str:
        answer = browser.get(path, params=query)
        assert answer.status_code == 200
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
        return answer.text

    return read


def test_an_empty_page_says_what_to_do(page: Callable[..., str]) -> None:
    assert "smsagents:teliBaseUrl http://127.0.0.1/teli" in page()


def test_a_prompt_does_not_run(create: Callable[..., str], teli: httpx.Client, emulator: Emulator, page: Callable[..., str]) -> None:
    """Every place where vendor text shows up: fields, drips, names, history, calls, errors, removed agents, the phone, the search box."""
    drips: list[dict[str, Any]] = [{"delay_hours": 1, "type": "custom", "message": EVIL}]
    fields = [EVIL, {"name": EVIL, "description": EVIL, "type": "string"}]
    ids = [create(agent_name=EVIL, prompt=EVIL, starting_message=EVIL, drip_schedule=drips, extraction_fields=fields) for _ in range(2)]
    teli.patch(f"/v1/agents/{ids[0]}", json={"prompt": f"{EVIL}\n{EVIL}", EVIL: EVIL, "drip_schedule": drips * 2})
    teli.delete(f"/v1/agents/{ids[1]}")
    teli.get(f"/v1/{EVIL}", params={EVIL: EVIL})
    teli.post("/v1/agents", content=EVIL)
    emulator.edit("teli", ids[0], {EVIL: EVIL, "extraction_fields": {"a": EVIL}})
    emulator.faults.add("status", operation=EVIL, times=None)
    views = [page(q=EVIL[:8]), page("/calls"), page("/faults"), *(page(f"/objects/teli/{id}") for id in ids)]
    for html in views:
        tags = Tags(html).found
        assert [attrs for tag, attrs in tags if tag == "script"] == [{"type": "module", "src": "/_emulator/files/page.js"}]
        assert not [tag for tag, _ in tags if tag in ("img", "style", "iframe")]
        assert not [name for _, attrs in tags for name in attrs if name.startswith("on") or name == "style"]
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html
        assert "{{ 7 * 7 }}" in html
        assert "49" not in re.sub(r"\d{5,}|\d\d:\d\d:\d\d", "", html.split("<main")[1])


def test_a_mark_that_turns_text_around_is_shown_as_what_it_is(create: Callable[..., str], page: Callable[..., str]) -> None:
    id = create(agent_name=TURNED, prompt=TURNED)
    for html in (page(), page(f"/objects/teli/{id}"), page("/calls")):
        assert "\u202e" not in html.split("<body>")[1]
        assert "U+202E" in html
        assert 'title="right-to-left override"' in html
        assert "U+200B" in html


def test_on_the_phone_a_text_turns_nothing_but_itself(create: Callable[..., str], page: Callable[..., str]) -> None:
    """There it is sent as it is; the element around it ends its effect."""
    html = page(f"/objects/teli/{create(starting_message=TURNED)}")
    assert f"<bdi>{TURNED}</bdi>" in html


@pytest.mark.parametrize("tag", SAMPLES)
def test_an_object_of_any_vendor_is_shown_and_its_end_too(emulator: Emulator, page: Callable[..., str], tag: str) -> None:
    vendor, sample = tag.partition(":")[0], SAMPLES[tag]
    item = emulator.add(vendor, sample.inputs)
    assert f'id="{vendor}-{item.id}"' in page()
    shown = page(f"/objects/{vendor}/{item.id}")
    names = re.findall(r"<dt><bdi>(\w+)</bdi></dt>", shown)
    assert set(sample.inputs) <= set(names)
    emulator.remove(vendor, item.id)
    assert "1 removed" in page()
    assert "this is what it was" in page(f"/objects/{vendor}/{item.id}")


def test_what_never_was_is_not_there(browser: httpx.Client) -> None:
    for path in ("/objects/teli/nobody", "/objects/nowhere/1"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "No such object" in answer.text


@pytest.fixture
def served(emulator: Emulator) -> Iterator[httpx.Client]:
    with serve(emulator) as url, httpx.Client(base_url=url) as client:
        yield client


def test_nothing_is_loaded_from_elsewhere(served: httpx.Client, create: Callable[..., str]) -> None:
    """Nor is anything missing that the page loads, or that its scripts import."""
    create()
    for path in ("/", "/calls", "/faults"):
        attributes = [attrs.get(name) for _, attrs in Tags(served.get(path).text).found for name in ("src", "href", "action")]
        addresses = [address for address in attributes if address]
        assert all(re.match(r"/(?!/)|#|data:,", address) for address in addresses)
        files = [address for address in addresses if address.startswith("/_emulator/files/")]
        assert len(files) == 2
        assert all(served.get(file).status_code == 200 for file in files)
    waiting, seen = ["page.js"], set()
    while waiting:
        name = waiting.pop()
        script = served.get(f"/_emulator/files/{name}")
        assert script.status_code == 200
        seen.add(name)
        imported = re.findall(r'^import .* from "(.+)";$', script.text, re.MULTILINE)
        assert all(each.startswith("./") for each in imported)
        waiting += [each[2:] for each in imported if each[2:] not in seen]
    assert {"live.js", "idiomorph.js"} <= seen


def test_agents_can_be_found(create: Callable[..., str], page: Callable[..., str]) -> None:
    create(agent_name="Sales north")
    create(agent_name="Support", prompt="Answer billing questions.")
    found = page(q="BILLING")
    assert "Support" in found
    assert "Sales north" not in found.split("calls-title")[0]


def test_the_overview_counts_what_each_vendor_has(
    create: Callable[..., str], emulator: Emulator, clock: SetClock, page: Callable[..., str]
) -> None:
    create()
    clock.advance(90)
    id = create()
    emulator.edit("teli", id, prompt="Edited.")
    emulator.faults.add("hang", vendor="teli")
    emulator.faults.add("hang", times=None)
    emulator.modes["teli"].set(drip_reads="old")
    emulator.auth.accept("teli", ["a", "b"])
    card = words(page().split('id="card-teli"')[1].split("</li>")[0])
    assert "agents 2 calls 2 last change changed 00:01:30 in the dashboard faults on 2 waiting drip_reads: old 2 keys accepted" in card
    assert "faults on 1 waiting" in words(page().split('id="card-bland"')[1].split("</li>")[0])


def test_a_history_says_who_changed_what_in_which_call(
    create: Callable[..., str], teli: httpx.Client, emulator: Emulator, page: Callable[..., str]
) -> None:
    id = create(prompt="one\ntwo\nthree")
    teli.patch(f"/v1/agents/{id}", json={"prompt": "one\n2\nthree"})
    teli.patch(f"/v1/agents/{id}", json={"agent_name": "Sales"})
    emulator.edit("teli", id, agent_name="Support")
    history = page(f"/objects/teli/{id}").split('id="history-title"')[1]
    said = words(history.split('id="phone-side"')[0])
    assert "changed in the dashboard agent_name was Sales is Support" in said
    assert "changed by call 3: nothing differs" in said
    assert "changed by call 2 prompt … one - two + 2 three" in said
    assert re.search(r"created by call 1 with \d+ fields", said)
    assert 'href="/calls?number=2#call-2"' in history


def test_the_log_shows_calls_faults_and_switches(
    create: Callable[..., str], teli: httpx.Client, emulator: Emulator, page: Callable[..., str]
) -> None:
    id = create()
    emulator.faults.add("reset", operation="get")
    with pytest.raises(httpx.ReadError):
        teli.get(f"/v1/agents/{id}")
    text = page("/calls")
    for shown in ("reset before", "no answer", "teli.create", "agent created", "signed with"):
        assert shown in text


def test_the_log_can_be_filtered(create: Callable[..., str], teli: httpx.Client, page: Callable[..., str]) -> None:
    id = create()
    teli.patch(f"/v1/agents/{id}", json={"prompt": "Be kind."})
    teli.get("/v1/agents/nobody")

    def numbers(**chosen: str) -> list[str]:
        return re.findall(r'id="call-(\d+)"', page("/calls", **chosen))

    assert numbers() == ["3", "2", "1"]
    assert numbers(vendor="teli") == ["3", "2", "1"]
    assert numbers(vendor="bland") == []
    assert numbers(operation="teli.update") == ["2"]
    assert numbers(status="wrong") == ["3"]
    assert numbers(status="good", operation="teli.create") == ["1"]
    assert numbers(number="2") == ["2"]


def test_a_line_for_the_shell_makes_the_same_call_again(
    create: Callable[..., str], teli: httpx.Client, emulator: Emulator, page: Callable[..., str], key: str
) -> None:
    """For every vendor: its address, its way to take the key, and the body, quotes and all; without the key."""
    id = create()
    teli.patch(f"/v1/agents/{id}", params={"a b": "c&d"}, json={"prompt": 'It\'s $HOME `ls` \\ "x" \n– ok'})
    with httpx.Client(transport=InProcess(emulator), base_url="http://emulator", headers={"authorization": f"Bearer {key}"}) as client:
        client.post("/contactswing/v2/_new_assistants", json={"name": "it's"})
        client.get("/fluents/v1/numbers", params={"phone_number": "+15550001111"})
        client.post("/cleartalk/cleartalk-sms/send-sms", json={}, headers={"x-api-key": key})
        client.get("/bland/v1/me", headers={"authorization": key})
    made = list(emulator.calls)
    lines = [Tags(f"<p>{line}</p>").text for line in re.findall(r'id="curl-\d+"[^>]*>(.*?)</pre>', page("/calls"), re.DOTALL)]
    assert key not in "".join(lines)
    for call, line in zip(made, reversed(lines), strict=True):
        argv = shlex.split(line.replace(f"$SMSAGENTS_{call.vendor.upper()}_API_KEY", key))
        headers = dict(argv[at + 1].split(": ", 1) for at, word in enumerate(argv) if word == "-H")
        body = argv[argv.index("--data-raw") + 1] if "--data-raw" in argv else None
        with httpx.Client(transport=InProcess(emulator)) as again:
            again.request(argv[2], argv[3], headers=headers, content=body)
        repeated = list(emulator.calls)[-1]
        assert (repeated.operation, repeated.path, repeated.query, repeated.body) == (call.operation, call.path, call.query, call.body)
        assert repeated.key == call.key
        assert repeated.status == call.status or call.operation == "teli.create"


def test_every_fault_and_switch_there_is_can_be_chosen(emulator: Emulator, page: Callable[..., str]) -> None:
    """From the one list each: nothing is written down twice."""
    emulator.faults.add("status", vendor="bland", operation="me", status=503, nth=3, probability=0.5)
    html = page("/faults")
    assert [attrs["value"] for tag, attrs in Tags(html).found if tag == "option" and "data-about" in attrs] == list(KINDS)
    modes = {(attrs["data-mode"], attrs["data-name"]) for _, attrs in Tags(html).found if "data-mode" in attrs}
    assert modes == {(name, mode) for name, each in emulator.modes.items() for mode in each}
    assert {attrs["data-rate"] for _, attrs in Tags(html).found if "data-rate" in attrs} == set(emulator.vendors)
    routes = {f"{name}.{route.operation}" for name, vendor in emulator.vendors.items() for route in vendor.routes}
    assert routes <= {attrs.get("value") for tag, attrs in Tags(html).found if tag == "option"}
    shown = "status 503 before the call is processed, at bland.me, from its call 3 on, with probability 0.5 1 more struck 0 of 0 calls"
    assert shown in words(html)


def test_thousands_of_agents_stay_one_page(emulator: Emulator, page: Callable[..., str]) -> None:
    for number in range(150):
        emulator.add("teli", agent_name=f"Agent {number}")
    text = page()
    assert "The newest 100 of 150" in text
    assert "Agent 149" in text


def test_thousands_of_calls_stay_one_page(create: Callable[..., str], page: Callable[..., str]) -> None:
    for _ in range(105):
        create()
    assert "The newest 100 of 105" in page("/calls")


def test_pages_from_elsewhere_are_refused(emulator: Emulator) -> None:
    """A site in the same browser can neither steer the emulator nor read it under a name of its own."""
    id = emulator.add("teli", agent_name="x").id
    with serve(emulator) as url, httpx.Client(base_url=url) as client:
        assert client.get("/").status_code == 200
        assert client.get("/_emulator/files/page.css").status_code == 200
        assert client.post("/_emulator/reset", headers={"Origin": "http://elsewhere.example"}).status_code == 403
        for path in ("/_emulator/calls", "/", "/calls", "/faults", f"/objects/teli/{id}"):
            assert client.get(path, headers={"Host": "elsewhere.example"}).status_code == 403
            assert client.get(path).status_code == 200
        phone = f"/_emulator/phone/teli/{id}"
        assert client.post(phone, json={}, headers={"Origin": "http://elsewhere.example"}).status_code == 403
        assert client.post(phone, json={}, headers={"Origin": url}).status_code == 200
        assert client.post("/_emulator/reset", headers={"Origin": url}).status_code == 200


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
