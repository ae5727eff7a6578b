"""An open page keeps up with what happens, and the reader keeps the place."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from browser.window import Window


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


def test_what_is_typed_is_kept(window: Window, create: Callable[..., str]) -> None:
    """In each form, while calls come in; and the cursor stays where it is."""
    id = create()
    for path, field in (
        (f"/objects/teli/{id}", "#text"),
        (f"/objects/teli/{id}", "#lead-1"),
        ("/faults", "#more"),
        ("/calls", "#operation"),
    ):
        window.open(path)
        window.type(field, "half a wo")
        before = window.text("#main")
        create()
        create(agent_name="Last")
        if path == "/calls":
            window.until(lambda: "teli.create 1" not in window.text(".counts"))
        elif path == "/faults":
            window.run("fetch('/_emulator/faults', {method: 'POST', body: JSON.stringify({kind: 'hang', vendor: 'bland'})})")
            window.until(lambda before=before: window.text("#main") != before)
        else:
            window.chrome.execute_async_script("import('/_emulator/files/live.js').then((live) => live.now()).then(arguments[0])")
        window.type(field, "rd", over=False)
        assert window.one(field).get_attribute("value") == "half a word"
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
