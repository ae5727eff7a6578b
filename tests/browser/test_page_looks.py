"""How the page is to read: at any width, light and dark, with any text, and for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from axe_core_python.selenium import Axe
from browser.window import Window

from pulumi_smsagents.emulator import Emulator

EVIL = "<script>globalThis.ran = 1</script><img src=x onerror='globalThis.ran = 1'>\"'</textarea>\u202eabc\u2066"
LONG = "x" * 400


@pytest.fixture
def views(window: Window, emulator: Emulator, create: Callable[..., str], teli: httpx.Client) -> list[str]:
    """Each view, full of what is hard to show."""
    ids = [create(agent_name=name, prompt=f"{name}\n" + "Be brief.\n" * 20, starting_message=name) for name in (EVIL, LONG, "Sales")]
    teli.patch(f"/v1/agents/{ids[0]}", json={"prompt": f"{EVIL}\n2\n{LONG}", "drip_schedule": []})
    teli.delete(f"/v1/agents/{ids[2]}")
    teli.get(f"/v1/agents/{LONG}", params={EVIL: EVIL})
    emulator.edit("teli", ids[1], {"extraction_fields": [EVIL, {"name": LONG, "type": "string"}]})
    emulator.add("bland", phone_number="+15550001111", objective=LONG, request_data={LONG: EVIL})
    emulator.faults.add("status", vendor="teli", times=None, status=503)
    emulator.faults.add("hang", operation="list", probability=0.5)
    emulator.modes["teli"].set(drip_reads="old")
    return [
        "/",
        "/calls",
        "/calls?number=4#call-4",
        "/faults#modes-teli",
        *(f"/objects/teli/{id}" for id in ids),
        "/objects/bland/+15550001111",
    ]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide and light", "narrow and dark"])
def test_every_view_is_fit_to_be_read(window: Window, views: list[str], width: int, dark: bool) -> None:
    """Nothing sticks out to the side, nothing that a vendor wrote runs, and axe finds nothing: contrast, names, landmarks, order."""
    window.look(width, dark=dark, still=True)
    for path in views:
        window.open(path)
        assert window.run("return document.documentElement.scrollWidth") <= width, path
        assert window.run("return globalThis.ran") is None, path
        assert window.all("main img, main script") == [], path
        found = Axe().run(window.chrome, options={"resultTypes": ["violations"]})
        wrong = {each["id"]: [node["html"] for node in each["nodes"]] for each in found["violations"]}
        assert wrong == {}, path


def test_the_dialogs_are_fit_to_be_read(window: Window, create: Callable[..., str]) -> None:
    id = create(agent_name=EVIL)
    for width, dark in ((1280, True), (390, False)):
        window.look(width, dark=dark, still=True)
        for button in ("Edit as in the dashboard …", "Delete as in the dashboard …"):
            window.open(f"/objects/teli/{id}")
            window.press(button)
            window.until(lambda: window.one("dialog[open]").is_displayed())
            found = Axe().run(window.chrome, "dialog[open]", options={"resultTypes": ["violations"]})
            assert [each["id"] for each in found["violations"]] == []
            assert window.run("return globalThis.ran") is None


@pytest.mark.parametrize("still", [False, True], ids=["moving", "still"])
def test_nothing_moves_for_those_who_want_it_still(window: Window, create: Callable[..., str], still: bool) -> None:
    window.look(still=still)
    window.open()
    id = create()
    window.until(lambda: window.all(f"#teli-{id}"))
    assert window.run(f"return getComputedStyle(document.getElementById('teli-{id}')).animationName") == ("none" if still else "fresh")


def test_without_scripts_it_can_still_be_read(window: Window, views: list[str]) -> None:
    """Views and filters are links and forms."""
    window.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        window.chrome.get(window.url + "/calls")
        window.choose("#status", "wrong")
        window.click("#filter button")
        window.until(lambda: window.chrome.current_url.endswith("/calls?vendor=&operation=&status=wrong&number="))
        assert [each.get_attribute("id") for each in window.all(".calls details")] == ["call-6"]
    finally:
        window.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
