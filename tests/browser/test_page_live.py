"""An open page keeps up with what happens, and the reader keeps the place."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from browser.window import Window
from selenium import webdriver

from pulumi_smsagents.emulator import Emulator, serve


def test_a_deployment_is_seen_as_it_happens(window: Window, create: Callable[..., str], teli: httpx.Client) -> None:
    window.open()
    assert "No agents yet" in window.text("main")
    id = create()
    window.until(lambda: "Sales" in window.text("#main"))
    window.click(f"#teli-{id} a")
    window.until(lambda: window.text("h1") == "Sales")
    teli.patch(f"/v1/agents/{id}", json={"agent_name": "Support"})
    window.until(lambda: window.text("h1") == "Support")
    assert window.chrome.title.startswith("Support")
    teli.delete(f"/v1/agents/{id}")
    window.until(lambda: "this is what it was" in window.text("#main"))
    assert not window.all("[data-edit]")


FIELDS = [
    ("/objects/teli/{id}", "#text"),
    ("/objects/teli/{id}", "#lead-1"),
    ("/faults", "#more"),
    ("/faults", "#latency"),
    ("/calls", "#operation"),
]


@pytest.mark.parametrize(("path", "field"), FIELDS, ids=[field for _, field in FIELDS])
def test_what_is_typed_is_kept(window: Window, create: Callable[..., str], emulator: Emulator, path: str, field: str) -> None:
    """In each form, sent or not, while the page changes; and the cursor stays where it is."""
    window.open(path.format(id=create()))
    window.type(field, "12")
    emulator.faults.add("hang", vendor="bland")
    create()
    window.until(lambda: "1 fault waiting" in window.text("#banner"))
    window.type(field, "3", over=False)
    assert window.one(field).get_attribute("value") == "123"
    assert window.run("return document.activeElement.id") == field[1:]


def test_the_place_in_the_log_is_kept(window: Window, create: Callable[..., str]) -> None:
    """An open call stays open and where it is, while newer ones come in above it."""
    for _ in range(30):
        create()
    window.open("/calls")
    window.click("#call-5 summary")
    window.until(lambda: window.one("#call-5 .curl").is_displayed())
    window.run("document.getElementById('call-5').scrollIntoView({block: 'center'})")
    place = "return Math.round(document.getElementById('call-5').getBoundingClientRect().top)"
    was = window.run(place)
    for _ in range(4):
        create()
    window.until(lambda: window.all("#call-34"))
    assert window.one("#call-5 .curl").is_displayed()
    assert abs(window.run(place) - was) <= 2


def test_a_selection_in_a_prompt_is_kept(window: Window, create: Callable[..., str], teli: httpx.Client) -> None:
    """The elements that did not change are still the same ones."""
    id = create()
    window.open(f"/objects/teli/{id}")
    window.run("getSelection().selectAllChildren(arguments[0])", window.one(".field:nth-child(3) .text"))
    teli.patch(f"/v1/agents/{id}", json={"agent_name": "Support"})
    window.until(lambda: window.text("h1") == "Support")
    assert "Never promise a price." in window.run("return String(getSelection())")


def test_a_page_says_when_the_emulator_has_gone(chrome: webdriver.Chrome) -> None:
    """What is on it stays to be read."""
    with serve(Emulator()) as url:
        window = Window(chrome, url)
        window.open()
    window.until(lambda: "does not answer" in window.text("#live"))
    assert "No agents yet" in window.text("#main")
    window.chrome.get("about:blank")
    assert all("ERR_" in complaint for complaint in window.complaints())
