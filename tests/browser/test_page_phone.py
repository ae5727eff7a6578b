"""The phone of an agent, in the hand of a person."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from browser.window import Window

from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.phone import HELPED, STARTED, STOPPED


def bubbles(window: Window) -> list[str]:
    return [each.text for each in window.all(".talk .bubble")]


def test_the_first_message_is_that_of_the_sample_lead(window: Window, create: Callable[..., str]) -> None:
    id = create(starting_message="Hi {{first_name}}, the {{offer}} ends – soon")
    window.open(f"/objects/teli/{id}")
    assert bubbles(window) == ["Hi Ada, the {{offer}} ends – soon"]
    assert "not in the sample lead: offer" in window.text("#line-1")
    window.type("[data-lead='first_name']", "Grace")
    window.type("[data-lead='offer']", "spring sale")
    window.until(lambda: bubbles(window) == ["Hi Grace, the spring sale ends – soon"])
    assert window.text("#line-1 .size") == "1 segment · UCS-2 · 37 characters · because of – U+2013"


def test_stop_and_help_and_start_are_what_carriers_make_of_them(window: Window, create: Callable[..., str]) -> None:
    window.open(f"/objects/teli/{create()}")
    hello = "Hi Ada, still interested in Analytical Engines?"
    window.press("HELP")
    window.until(lambda: bubbles(window) == [hello, "HELP", HELPED])
    window.type("#text", "stop\n")
    window.until(lambda: bubbles(window)[3:] == ["stop", STOPPED])
    assert "Held back by STOP" in window.text("#phone")
    window.press("Let time pass to the next message")
    window.type("#text", "Are you there?\n")
    window.until(lambda: bubbles(window)[5:] == ["Are you there?"])
    window.press("START")
    window.press("Let time pass to the next message")
    window.until(lambda: bubbles(window)[6:] == ["START", STARTED, "Still there, Ada?"])
    window.press("Start again")
    window.until(lambda: bubbles(window) == [hello])


def test_answers_are_scripted_by_the_reader(window: Window, create: Callable[..., str]) -> None:
    window.open(f"/objects/teli/{create()}")
    window.click("#scripted summary")
    window.type("#answers", "Great, {{first_name}}!")
    window.type("#text", "Yes please\n")
    window.until(lambda: bubbles(window)[1:] == ["Yes please", "Great, Ada!"])
    assert window.one("#text").get_attribute("value") == ""


def test_a_deployed_change_shows_at_once_and_the_conversation_stays(window: Window, create: Callable[..., str], teli: httpx.Client) -> None:
    id = create()
    window.open(f"/objects/teli/{id}")
    window.type("[data-lead='first_name']", "Grace")
    window.type("#text", "Yes\n")
    window.until(lambda: len(bubbles(window)) == 3)
    window.type("#text", "not sent yet")
    teli.patch(f"/v1/agents/{id}", json={"starting_message": "Good day, {{first_name}}."})
    window.until(lambda: bubbles(window)[:2] == ["Good day, Grace.", "Yes"])
    assert len(bubbles(window)) == 3
    assert window.one("#text").get_attribute("value") == "not sent yet"


def test_a_configuration_shows_what_follows_a_silence(window: Window, emulator: Emulator) -> None:
    given = {"warning_time": 60, "warning_message": "Soon, {{ref}}.", "request_data": {"ref": "R-1"}}
    item = emulator.add("bland", phone_number="+15550001111", **given)
    window.open(f"/objects/bland/{item.id}")
    assert "Nothing is sent before the lead writes" in window.text(".talk")
    window.press("Let time pass to the next message")
    window.until(lambda: bubbles(window) == ["Soon, R-1."])
