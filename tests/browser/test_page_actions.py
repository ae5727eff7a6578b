"""What a person can do on the page, and what of it arrives at the vendor."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from browser.window import Window
from selenium.webdriver.common.keys import Keys

from pulumi_smsagents.emulator import Emulator


def test_drift_can_be_planted(window: Window, emulator: Emulator, create: Callable[..., str]) -> None:
    """An edit in the dashboard: exactly the field that was touched changes, and no API is called."""
    id = create(prompt="One\r\ntwo – “three”")
    was = dict(emulator.object("teli", id).data)
    window.open(f"/objects/teli/{id}")
    window.press("Edit as in the dashboard …")
    window.type("#field-agent_name", "By a colleague")
    window.press("Save")
    window.until(lambda: "in the dashboard" in window.text(".history"))
    assert emulator.object("teli", id).data == {**was, "agent_name": "By a colleague"}
    assert len(emulator.calls) == 1
    window.said("Edited: agent_name")


def test_a_colleague_makes_an_object_of_their_own(window: Window, emulator: Emulator) -> None:
    """To try `adopt` and `import` on; also a field that nobody had set."""
    window.open()
    window.click("[data-add='teli/objects']")
    window.type("#editor-more", '{"agent_name": "Made by hand"}')
    window.press("Save")
    window.until(lambda: "Made by hand" in window.text("#main"))
    (item,) = emulator.objects("teli")
    window.click(f"#teli-{item.id} a")
    window.press("Edit as in the dashboard …")
    for wrong in ("[1]", "{", "3"):
        window.type("#editor-more", wrong)
        window.press("Save")
        window.until(lambda: "Other fields are a JSON object" in window.text("#editor-problem"))
    window.type("#editor-more", '{"prompt": "Be kind."}')
    window.press("Save")
    window.until(lambda: "Be kind." in window.text(".history"))
    made, edited = emulator.object("teli", item.id).history
    assert (made.by, edited.by) == ("dashboard", "dashboard")
    assert edited.fields == {"prompt": [None, "Be kind."]}
    assert len(emulator.calls) == 0


def test_a_slip_in_json_is_said_and_nothing_is_saved(window: Window, emulator: Emulator, create: Callable[..., str]) -> None:
    id = create()
    was = dict(emulator.object("teli", id).data)
    window.open(f"/objects/teli/{id}")
    window.press("Edit as in the dashboard …")
    window.type("#field-drip_schedule", "[{")
    window.press("Save")
    window.until(lambda: "drip_schedule is no JSON" in window.text("#editor-problem"))
    window.press("Cancel", "#editor")
    assert not window.one("#editor").is_displayed()
    assert emulator.object("teli", id).data == was


def test_an_object_is_deleted_only_when_one_is_sure(window: Window, emulator: Emulator) -> None:
    """Under an id with signs that an address has other uses for."""
    item = emulator.add("bland", phone_number="+15550001111", channel="whatsapp")
    assert "/" in item.id
    window.open()
    window.click(f"[id='bland-{item.id}'] a")
    window.press("Delete as in the dashboard …")
    window.press("Cancel", "#sure")
    window.press("Delete as in the dashboard …")
    assert emulator.object("bland", item.id)
    window.press("Delete", "#sure")
    window.until(lambda: "this is what it was" in window.text("#main"))
    assert emulator.objects("bland") == []


def test_reset_asks_first(window: Window, emulator: Emulator, create: Callable[..., str]) -> None:
    create()
    window.open()
    window.press("Reset everything …")
    window.one("#sure").send_keys(Keys.ESCAPE)
    window.until(lambda: not window.one("#sure").is_displayed())
    assert len(emulator.objects("teli")) == 1
    window.press("Reset everything …")
    window.press("Reset", "#sure")
    window.until(lambda: "No agents yet" in window.text("#main"))
    assert emulator.objects("teli") == []


def test_the_log_is_filtered_and_the_address_says_how(window: Window, create: Callable[..., str], teli: httpx.Client) -> None:
    id = create()
    teli.get("/v1/agents/nobody")
    window.open("/calls")
    window.choose("#status", "wrong")
    window.until(lambda: [each.get_attribute("id") for each in window.all(".calls details")] == ["call-2"])
    assert window.chrome.current_url.endswith("/calls?status=wrong")
    teli.patch(f"/v1/agents/{id}", json={"prompt": "x"})
    teli.get("/v1/agents/nobody")
    window.until(lambda: [each.get_attribute("id") for each in window.all(".calls details")] == ["call-4", "call-2"])


def test_a_link_from_a_history_opens_the_call(window: Window, create: Callable[..., str]) -> None:
    id = create()
    window.open(f"/objects/teli/{id}")
    window.click(".history a")
    window.until(lambda: window.one("#call-1 .curl").is_displayed())


def test_a_call_can_be_copied_for_a_shell(window: Window, create: Callable[..., str]) -> None:
    create()
    permissions = {"origin": window.url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    window.chrome.execute_cdp_cmd("Browser.grantPermissions", permissions)
    window.open("/calls?number=1#call-1")
    window.press("Copy")
    window.said("Copied")
    copied = window.chrome.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied.startswith(f'curl -X POST {window.url}/teli/v1/agents -H "X-API-Key: $SMSAGENTS_TELI_API_KEY"')
    assert copied == window.run("return document.getElementById('curl-1').textContent")
    assert "canary" not in copied


def test_a_fault_is_added_strikes_and_is_cleared(window: Window, emulator: Emulator, teli: httpx.Client) -> None:
    window.open("/faults")
    window.choose("#kind", "status")
    assert len(window.text("#kind-about")) > 5
    window.choose("#fault-vendor", "teli")
    window.choose("#fault-operation", "teli.list")
    window.choose("#when", "after")
    window.type("#nth", "2")
    window.type("#times", "")
    window.type("#fault-status", "503")
    window.type("#more", '{"headers": {"retry-after": "7"}}')
    window.press("Add the fault")
    window.until(lambda: "503 after the call is processed" in window.text(".faults"))
    (fault,) = emulator.faults.all()
    assert (fault.kind, fault.operation, fault.nth, fault.times, fault.when) == ("status", "teli.list", 2, None, "after")
    answers = [teli.get("/v1/agents", params={"organization_id": "x", "is_admin": "true"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 503]
    assert answers[1].headers["retry-after"] == "7"
    window.until(lambda: "struck 1 of 2 calls" in window.text(".faults"))
    others = [emulator.faults.add("hang", vendor="bland").number, emulator.faults.add("hang", vendor="fluents").number]
    window.choose("#kind", "empty")
    window.press("Add the fault")
    window.click(f"#fault-{others[0]} button")
    window.until(lambda: not window.all(f"#fault-{others[0]}"))
    assert others[0] not in [fault.number for fault in emulator.faults.all()]
    assert others[1] in [fault.number for fault in emulator.faults.all()]
    window.press("Clear all faults")
    window.until(lambda: "Nothing goes wrong on purpose" in window.text("#main"))
    assert emulator.faults.all() == []


def test_a_fault_that_cannot_be_is_refused_in_words(window: Window, emulator: Emulator) -> None:
    window.open("/faults")
    for given, problem in (("{", "Other settings are JSON"), ('{"sekonds": 5}', "sekonds")):
        window.type("#more", given)
        window.press("Add the fault")
        window.until(lambda problem=problem: problem in window.text("#fault-problem"))
    assert emulator.faults.all() == []
    # The browser notes every answer that is an error.
    assert all("400" in complaint for complaint in window.complaints())


def test_switches_rates_and_latency_are_set(window: Window, emulator: Emulator) -> None:
    window.open("/faults#modes-teli")
    window.choose("#mode-teli-drip_reads", "old")
    window.said("drip_reads: old")
    window.until(lambda: "drip_reads: old" in window.text("#modes-teli summary"))
    window.type("#mode-teli-list_lag", "3")
    window.one("#mode-teli-list_lag").send_keys(Keys.TAB)
    window.said("list_lag: 3")
    window.type("#rate-bland", "20")
    window.one("#rate-bland").send_keys(Keys.TAB)
    window.said("20 calls a second")
    window.type("#latency", "50")
    window.press("Set")
    window.said("50 ms")
    window.until(lambda: "50 ms added to every call" in window.text(".banner"))
    rate = emulator.limiters["bland"].rate
    assert (emulator.modes["teli"]["drip_reads"], emulator.modes["teli"]["list_lag"]) == ("old", 3)
    assert (rate.calls if rate else None, emulator.latency) == (20, 0.05)


def test_the_page_can_be_used_without_a_mouse(window: Window, emulator: Emulator, create: Callable[..., str]) -> None:
    """From the first key on: past the links to the content, into a dialog, and out of it where one was."""
    id = create()
    window.open(f"/objects/teli/{id}")
    body = window.one("body")
    body.send_keys(Keys.TAB)
    assert window.run("return document.activeElement.innerText") == "Skip to the content"
    window.chrome.switch_to.active_element.send_keys(Keys.ENTER)
    assert window.run("return document.activeElement.id") == "main"
    for _ in range(20):
        window.chrome.switch_to.active_element.send_keys(Keys.TAB)
        if window.run("return 'edit' in document.activeElement.dataset"):
            break
    window.chrome.switch_to.active_element.send_keys(Keys.ENTER)
    window.until(lambda: window.one("#editor").is_displayed())
    window.one("#field-agent_name").send_keys("!", Keys.TAB)
    window.run("document.querySelector('#editor [type=submit]').focus()")
    window.chrome.switch_to.active_element.send_keys(Keys.ENTER)
    window.until(lambda: emulator.object("teli", id).data["agent_name"] == "Sales!")
    window.until(lambda: window.run("return 'edit' in document.activeElement.dataset"))
