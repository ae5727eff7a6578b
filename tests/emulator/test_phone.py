"""The conversation on the lead's phone: what is sent unasked, what it costs, and what carriers do to STOP and HELP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from emulated import InProcess
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents.emulator import Emulator, phone
from pulumi_smsagents.emulator.page_text import delay
from pulumi_smsagents.emulator.phone import HELPED, LEAD, STARTED, STOPPED, Conversation, play
from pulumi_smsagents.emulator.phone_text import Filled, fill, size
from pulumi_smsagents.emulator.scripts import HOUR, Later, Script

DRIPS = (Later(24 * HOUR, "custom", "Still there, {{first_name}}?"), Later(72 * HOUR, "ai"))
SALES = Script("Hi {{first_name}}, still interested in {{company}}?", DRIPS)


def said(played: Conversation) -> list[tuple[str, str]]:
    """Who said what, without the notes."""
    return [(line.by, line.text) for line in played.lines if line.by != "note"]


def notes(played: Conversation) -> str:
    return " ".join(line.text for line in played.lines if line.by == "note")


# ---- texts ----


def test_a_first_message_is_filled_in_for_the_lead() -> None:
    played = play(SALES, LEAD, [])
    assert said(played) == [("agent", "Hi Ada, still interested in Analytical Engines?")]
    assert played.pending[0].text == "Still there, Ada?"


def test_a_name_that_the_lead_lacks_is_left_as_it_is_and_named() -> None:
    filled = fill("Hi {{first_name}}, {{offer}} and {{offer}} until {{day}}", {"first_name": "Ada", "day": ""})
    assert filled.text == "Hi Ada, {{offer}} and {{offer}} until {{day}}"
    assert filled.missing == ("offer", "day")
    assert phone.names(Script("{{offer}} {{first_name}}", (Later(1, "custom", "{{day}}"),))) == ("offer", "day")


@pytest.mark.parametrize(
    "broken",
    [
        "{{first_name",
        "first_name}}",
        "{{}}",
        "{{ }}",
        "{{#a}}",
        "{{/a}}",
        "{{> /etc/passwd}}",
        "{{#a}}x{{/a}}",
        "{{=<% %>=}}",
        "{{.}}",
        "{{{a}}}",
    ],
)
def test_what_is_no_variable_is_shown_as_it_is_with_a_word_about_it(broken: str) -> None:
    """Mustache knows more than vendors document; nothing is lost, and no file is read."""
    filled = fill(f"Hi {broken}", LEAD)
    assert filled.text == f"Hi {broken}"
    assert "shown as written" in filled.problem


def test_a_name_with_dots_is_a_name() -> None:
    assert fill("{{lead.offer}}, {{lead.day}}", {"lead.day": "Monday"}) == Filled("{{lead.offer}}, Monday", ("lead.offer",))
    assert "shown as written" in fill("{{first_name.x}}", LEAD).problem


def test_a_text_is_not_escaped_as_a_web_page_is() -> None:
    assert fill("{{first_name}} & <b>", {"first_name": "O'Neil & Co"}).text == "O'Neil & Co & <b>"


def test_a_value_is_no_template() -> None:
    assert fill("{{first_name}}", {"first_name": "{{company}}", "company": "x"}).text == "{{company}}"


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_any_text_can_be_shown(text: str, lead: Mapping[str, str]) -> None:
    """Whatever a dashboard holds."""
    filled = fill(text, lead)
    assert size(filled.text).segments >= 1


@pytest.mark.parametrize(
    ("text", "segments", "encoding", "forcing"),
    [
        ("x" * 160, 1, "GSM-7", ()),
        ("x" * 161, 2, "GSM-7", ()),
        ("€" * 80, 1, "GSM-7", ()),
        ("€" * 81, 2, "GSM-7", ()),
        ("x" * 307, 3, "GSM-7", ()),
        ("’" + "x" * 69, 1, "UCS-2", ("’",)),
        ("’" + "x" * 70, 2, "UCS-2", ("’",)),
        ("Hi – 🙂 – 🙂", 1, "UCS-2", ("–", "🙂")),
    ],
)
def test_segments_and_alphabet_are_those_of_a_carrier(text: str, segments: int, encoding: str, forcing: tuple[str, ...]) -> None:
    found = size(text)
    assert (found.segments, found.encoding, found.forcing) == (segments, encoding, forcing)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "at once"),
        (45, "45 s"),
        (90, "1 min 30 s"),
        (4 * HOUR, "4 h"),
        (72 * HOUR, "72 h"),
        (168 * HOUR, "7 d"),
        (100 * HOUR, "4 d 4 h"),
    ],
)
def test_a_delay_reads_as_in_a_schedule(seconds: float, words: str) -> None:
    assert delay(seconds) == words


# ---- the conversation ----


def test_time_brings_what_is_due_in_order() -> None:
    late_first = Script("Hi", tuple(reversed(DRIPS)))
    played = play(late_first, LEAD, [None])
    assert [(line.text, line.seconds) for line in played.lines[1:]] == [("Still there, Ada?", 24 * HOUR)]
    assert [line.kind for line in played.pending] == ["ai"]
    assert play(late_first, LEAD, [None] * 9).pending == []


def test_a_silence_may_begin_anew_with_each_text_of_the_lead() -> None:
    """At Teli delays are counted from the first message, elsewhere from the last text."""
    given = (Later(60, "warning", "Soon"), Later(300, "timeout", "Bye"))
    played = play(Script(later=given, anew=True), LEAD, [None, "Wait", None], ["Sure"])
    assert said(played) == [("agent", "Soon"), ("lead", "Wait"), ("agent", "Sure"), ("agent", "Soon")]
    assert [line.seconds for line in (*played.lines, *played.pending)] == [60, 60, 60, 120, 360]
    assert [line.text for line in play(Script(later=given), LEAD, [None, "Wait"]).pending] == ["Bye"]


def test_time_that_brings_nothing_is_said_once() -> None:
    assert notes(play(Script("Hi"), LEAD, [None, None])) == "Nothing more is due."
    assert notes(play(Script("Hi"), LEAD, ["STOP", None, None])).endswith("Time passes, and nothing is sent.")


def test_a_text_is_answered_from_the_script_and_then_no_more() -> None:
    played = play(SALES, LEAD, ["Yes", "Who?"], ["Great, {{first_name}}!"])
    assert said(played)[1:] == [("lead", "Yes"), ("agent", "Great, Ada!"), ("lead", "Who?")]
    assert "the vendor’s model would answer" in notes(played)


@pytest.mark.parametrize("word", [*sorted(phone.STOP), "stop", " Stop "])
def test_stop_ends_the_thread(word: str) -> None:
    """One confirmation, and nothing after it: no drip, no answer, no help."""
    played = play(SALES, LEAD, [word, "Hello?", None, None, "HELP"])
    assert said(played)[1:] == [("lead", word.strip()), ("carrier", STOPPED), ("lead", "Hello?"), ("lead", "HELP")]
    assert played.stopped
    assert len(played.pending) == 2


@pytest.mark.parametrize("word", sorted(phone.START))
def test_start_resumes_it(word: str) -> None:
    played = play(SALES, LEAD, ["STOP", word, None, "Hello"], ["Hi again"])
    texts = said(played)
    assert texts[3:5] == [("lead", word), ("carrier", STARTED)]
    assert ("agent", "Still there, Ada?") in texts
    assert texts[-1] == ("agent", "Hi again")
    assert not played.stopped


def test_start_without_a_stop_is_an_ordinary_text() -> None:
    assert said(play(SALES, LEAD, ["yes"], ["Great"]))[-1] == ("agent", "Great")


@pytest.mark.parametrize("word", ["HELP", "info"])
def test_help_is_answered_and_the_conversation_goes_on(word: str) -> None:
    played = play(SALES, LEAD, [word, "Hello"], ["Hi"])
    assert said(played)[1:] == [("lead", word), ("carrier", HELPED), ("lead", "Hello"), ("agent", "Hi")]


@pytest.mark.parametrize("text", ["Please stop texting me", "stop.", "I want to cancel!"])
def test_a_sentence_with_the_word_is_no_opt_out_to_a_carrier(text: str) -> None:
    """It is the agent that has to understand it, and the page says so."""
    played = play(SALES, LEAD, [text], ["Sorry"])
    assert not played.stopped
    assert "has to be understood by the agent" in notes(played)


def test_moves_without_end_are_cut() -> None:
    assert len(play(Script(), LEAD, ["x"] * 10_000, ["y"] * 10_000).lines) == 2 * phone.MOVES


# ---- what each vendor's object sends ----


def script_of(emulator: Emulator, vendor: str, **fields: Any) -> Script:
    item = emulator.add(vendor, fields)
    script = emulator.vendors[vendor].script
    assert script is not None
    return script(item)


def test_teli_sends_a_first_message_and_drips(emulator: Emulator) -> None:
    drips = [{"delay_hours": 4, "type": "ai"}, {"delay_hours": 24.5, "type": "custom", "message": "B"}, {"day": 3, "message": "C"}]
    script = script_of(emulator, "teli", starting_message="A", drip_schedule=drips)
    assert script.opening == "A"
    assert script.later == (Later(4 * HOUR, "ai"), Later(24.5 * HOUR, "custom", "B"), Later(72 * HOUR, "custom", "C"))


def test_bland_sends_a_warning_and_a_timeout_only(emulator: Emulator) -> None:
    given = {
        "warning_time": 60,
        "warning_message": "Soon",
        "time_out": 300,
        "timeout_message": "Bye",
        "request_data": {"ref": "x", "vip": True},
    }
    script = script_of(emulator, "bland", phone_number="+15550001111", timeout_action="send_sms", **given)
    assert (script.opening, script.later) == (None, (Later(60, "warning", "Soon"), Later(300, "timeout", "Bye")))
    assert script.lead == {"ref": "x", "vip": "true"}
    other = script_of(emulator, "bland", phone_number="+15550001112", timeout_action="close", **given)
    assert other.later == (Later(60, "warning", "Soon"),)


def test_whatsapp_is_no_sms(emulator: Emulator) -> None:
    """No segments, and STOP is a text like any other."""
    script = script_of(emulator, "bland", phone_number="+15550001111", channel="whatsapp", warning_time=60, warning_message="Soon")
    played = play(script, LEAD, [None, "STOP", "HELP"], ["Sorry to see you go."])
    assert said(played)[1:] == [("lead", "STOP"), ("agent", "Sorry to see you go."), ("lead", "HELP")]
    assert not played.stopped
    assert [line.size for line in played.lines] == [None] * len(played.lines)
    assert "On WhatsApp there are no segments" in script.notes[1]


def test_cleartalk_sends_follow_ups_that_its_model_writes(emulator: Emulator) -> None:
    schedule = [{"time": 5, "unit": "minutes"}, {"time": 2, "unit": "hours", "repeat_forever": True}, {"time": 1, "unit": "fortnights"}]
    config = {"enable_follow_ups": True, "follow_up_schedule": schedule}
    script = script_of(emulator, "cleartalk", phone_number="+15550001111", follow_up_config=config)
    assert script.later == (Later(300, "follow-up"), Later(2 * HOUR, "follow-up, repeated"))
    off = script_of(emulator, "cleartalk", phone_number="+15550001112", follow_up_config={**config, "enable_follow_ups": False})
    assert off.later == ()


def test_contactswing_says_that_its_model_writes_everything(emulator: Emulator) -> None:
    script = script_of(emulator, "contactswing", additional_settings={"idle_time": 86400, "max_messages": 10})
    assert (script.opening, script.later) == (None, ())
    assert "86400 seconds of silence end the conversation (idle_time)." in script.notes


NONSENSE: list[Any] = [None, "", 3, True, [], {}, [None], [[]], [{}], {"a": [1]}, [{"delay_hours": "x", "time": {}, "day": None}]]


@pytest.mark.parametrize("vendor", ["teli", "bland", "cleartalk", "contactswing"])
def test_whatever_stands_in_a_dashboard_can_be_shown(emulator: Emulator, vendor: str) -> None:
    """Each field of the other kind: the page is no judge."""
    item = emulator.add(vendor, {"phone_number": "+15550001111"})
    names = ("starting_message", "drip_schedule", "request_data", "follow_up_config", "additional_settings", "time_out", "warning_time")
    with httpx.Client(transport=InProcess(emulator), base_url="http://127.0.0.1") as client:
        for value in NONSENSE:
            emulator.edit(vendor, item.id, dict.fromkeys(names, value))
            assert client.get(f"/objects/{vendor}/{item.id}").status_code == 200


# ---- over HTTP, as the page asks ----


@pytest.fixture
def ask(emulator: Emulator) -> Callable[..., httpx.Response]:
    def asked(id: str, vendor: str = "teli", **given: Any) -> httpx.Response:
        with httpx.Client(transport=InProcess(emulator), base_url="http://127.0.0.1") as client:
            return client.post(f"/_emulator/phone/{vendor}/{id}", json=given)

    return asked


def test_the_page_asks_with_what_was_typed(create: Callable[..., str], ask: Callable[..., httpx.Response]) -> None:
    id = create(starting_message="Hi {{first_name}} from {{offer}}")
    answer = ask(id, lead={"first_name": "Grace"}, moves=["Hello", None], answers=["So {{first_name}}?"])
    assert answer.status_code == 200
    assert "Hi Grace from {{offer}}" in answer.text
    assert "not in the sample lead: offer" in answer.text
    assert "So Grace?" in answer.text


def test_asking_changes_nothing(create: Callable[..., str], ask: Callable[..., httpx.Response], emulator: Emulator) -> None:
    """A preview texts nobody, and is no call to a vendor."""
    id = create()
    was = emulator.object("teli", id).as_json()
    ask(id, moves=["STOP"])
    assert (emulator.object("teli", id).as_json(), len(emulator.calls)) == (was, 1)


@pytest.mark.parametrize("given", [{"lead": []}, {"lead": "x"}, {"moves": "STOP"}, {"answers": {}}, {"answers": None}])
def test_nonsense_is_refused_in_words(create: Callable[..., str], ask: Callable[..., httpx.Response], given: Any) -> None:
    answer = ask(create(), **given)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("lead is an object", "answers and moves are lists")


def test_an_object_that_is_gone_has_no_phone(create: Callable[..., str], ask: Callable[..., httpx.Response], emulator: Emulator) -> None:
    id = create()
    emulator.remove("teli", id)
    assert ask(id).status_code == 404
    assert ask("x", "nowhere").status_code == 404
