"""What is said about texts, before any call: their variables, what a message costs, and what a first one must say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pages import fences
from samples import SAMPLES
from worlds import OFFERS

from pulumi_smsagents.lifecycle import Rules, wordings
from pulumi_smsagents.lifecycle.check import Checked, check
from pulumi_smsagents.values import UNKNOWN

Plain = dict[str, Any]
TELI, BLAND, CLEARTALK = "teli:SmsAgent", "bland:SmsConfiguration", "cleartalk:SmsConfiguration"
OUT = "Reply STOP to opt out."


def checked(tag: str, change: Plain, old: Plain | None = None, rules: Rules | None = None) -> Checked:
    vendor, offer = OFFERS[tag]
    return check(offer, f"{vendor.name}.{offer.kind}", old or {}, {**SAMPLES[tag].inputs, **change}, rules or Rules())


def said(tag: str, change: Plain, old: Plain | None = None, rules: Rules | None = None) -> list[str]:
    """The warnings that the sample by itself does not get."""
    usual = checked(tag, {}, old).warnings
    found = checked(tag, change, old, rules)
    assert found.problems == []
    return [str(warning) for warning in found.warnings if warning not in usual]


@pytest.mark.parametrize("tag", OFFERS)
def test_the_samples_are_texts_that_nobody_objects_to(tag: str) -> None:
    """Or the other tests would be about the wrong thing."""
    assert list(wordings.warnings(OFFERS[tag][1], {}, SAMPLES[tag].inputs, Rules())) == []


@pytest.mark.parametrize("tag", OFFERS)
def test_every_wording_is_a_field_with_its_text(tag: str) -> None:
    """Of the inputs, and under a path that leads to it."""
    for wording in OFFERS[tag][1].wordings(SAMPLES[tag].inputs):
        value: Any = SAMPLES[tag].inputs
        for part in wording.path.replace("]", "").replace("[", ".").split("."):
            value = value[int(part)] if part.isdigit() else value[part]
        assert value == wording.text


# ---- segments ----

LACKS = "which the SMS alphabet lacks; write plain characters, or set smsagents:maxSegments to"
LENGTHS = [
    (f"{'x' * 137} {OUT}", ""),
    (f"{'x' * 138} {OUT}", "takes 2 SMS segments (161 characters at 153 each); shorten it, or set smsagents:maxSegments to 2"),
    (f"🎉 Hi. {OUT}", ""),
    (
        f"{'x' * 60}’s {OUT}",
        f"takes 2 SMS segments (85 characters at 67 each), 1 without ’ (U+2019, right single quotation mark), {LACKS} 2",
    ),
    (
        f"{'x' * 200} \u200b’–…🎉 {OUT}",
        (
            "takes 4 SMS segments (230 characters at 67 each), 2 without U+200B, zero width space, "
            f"’ (U+2019, right single quotation mark), – (U+2013, en dash) and 2 more, {LACKS} 4"
        ),
    ),
    # Plain characters would be no gain.
    (f"🎉{'€' * 70}{OUT}", "takes 2 SMS segments (94 characters at 67 each); shorten it, or set smsagents:maxSegments to 2"),
    (f"Hi {{{{first_name}}}}, {'x' * 122} {OUT}", ""),
    (
        f"Hi {{{{first_name}}}}, {'x' * 123} {OUT}",
        "takes 2 SMS segments (161 characters at 153 each, counting 10 for each variable); shorten it, or set smsagents:maxSegments to 2",
    ),
]


@pytest.mark.parametrize(("text", "says"), LENGTHS, ids=range(len(LENGTHS)))
def test_a_message_that_costs_more_than_one_is_told_why(text: str, says: str) -> None:
    assert said(TELI, {"starting_message": text}) == ([f"starting_message: {says}"] if says else [])


def test_the_page_about_it_is_right() -> None:
    """docs/prompts.md quotes what is said of one message."""
    page = Path(__file__).parents[2] / "docs" / "prompts.md"
    message = re.search(r"For `([^`]+)` that is:", page.read_text("utf-8"))
    assert said(TELI, {"starting_message": message[1]}) == [fences(page, "text")[-1].strip()]


def test_every_message_that_is_sent_word_for_word_is_measured() -> None:
    """And no instruction to an agent: those may be long."""
    long = "x" * 161
    drips = [{"delay_hours": 4, "type": "ai"}, {"delay_hours": 24, "type": "custom", "message": long}]
    assert [line.split(":")[0] for line in said(TELI, {"drip_schedule": drips, "prompt": long})] == ["drip_schedule[1].message"]
    fields = {"objective": long, "summary_prompt": long, "warning_message": long, "timeout_message": long}
    assert [line.split(":")[0] for line in said(BLAND, fields)] == ["warning_message", "timeout_message"]
    assert said(CLEARTALK, {"objective": long}) == []


def test_a_stack_says_how_many_segments_are_fine() -> None:
    text = {"starting_message": f"{'x' * 200} {OUT}"}
    assert said(TELI, text, rules=Rules(max_segments=2)) == []
    assert len(said(TELI, {"starting_message": f"{'x' * 300} {OUT}"}, rules=Rules(max_segments=2))) == 1


# ---- opting out ----


@pytest.mark.parametrize(
    "words",
    [
        *("Reply STOP to opt out", "reply stop to end", "Text 'stop' to quit", "Txt STOP2END, or send stop", "STOP=end", "(STOP to quit)"),
        *(
            "You can opt out any time",
            "Opt-out: example.com/o",
            "Opting out is easy",
            "unsubscribe at any time",
            "Responda ALTO",
            "Envoyez ARRÊT",
        ),
    ],
)
def test_a_first_message_that_says_how_to_opt_out_is_fine(words: str) -> None:
    assert said(TELI, {"starting_message": f"Hi! {words}"}) == []


@pytest.mark.parametrize("words", ["", "Stop by our shop", "We never stop", "nonstop offers", "STOPPED", "Opt in now", "{{first_name}}"])
def test_a_first_message_that_does_not_is_warned_of(words: str) -> None:
    (line,) = said(TELI, {"starting_message": f"Hi! {words}"})
    assert line == (
        "starting_message: does not say how to opt out, which carriers want of a first message; "
        "add e.g. 'Reply STOP to opt out', or set smsagents:optOutWarning to false"
    )


def test_only_a_first_message_has_to_say_it() -> None:
    assert said(TELI, {"drip_schedule": [{"delay_hours": 4, "type": "custom", "message": "Still there?"}]}) == []
    assert said(BLAND, {"timeout_message": "Bye", "warning_message": "Still there?", "objective": "Be brief"}) == []


def test_a_stack_may_have_none_of_it() -> None:
    assert said(TELI, {"starting_message": "Hi!"}, rules=Rules(opt_out=False)) == []


# ---- noise ----


def test_a_text_is_objected_to_when_it_is_new() -> None:
    """And not again by every run from then on; other warnings stay."""
    old = {**SAMPLES[TELI].inputs, "starting_message": "x" * 161}
    assert len(said(TELI, {"starting_message": "x" * 161})) == 2
    assert said(TELI, {"starting_message": "x" * 161}, old) == []
    assert said(TELI, {"starting_message": "x" * 161, "prompt": "Another."}, old) == []
    assert len(said(TELI, {"starting_message": "x" * 162}, old)) == 2
    assert len(said(TELI, {"starting_message": "x" * 161}, {**old, "starting_message": UNKNOWN})) == 2


def test_an_odd_old_state_is_no_reason_to_fail() -> None:
    """A refresh records what the vendor shows, in any shape."""
    for odd in (5, ["x"], {"a": 1}, UNKNOWN, None):
        assert len(said(TELI, {"starting_message": "x" * 161}, {"starting_message": odd, "drip_schedule": odd})) == 2


def test_a_text_that_is_not_known_yet_is_not_judged() -> None:
    assert said(TELI, {"starting_message": UNKNOWN}) == []
    assert said(TELI, {"drip_schedule": [{"delay_hours": 4, "type": "custom", "message": UNKNOWN}]}) == []


# ---- variables ----


def test_odd_braces_are_an_error_where_the_vendor_documents_variables() -> None:
    assert [str(problem) for problem in checked(TELI, {"prompt": "Hi {{first_name"}).problems] == [
        "prompt: has a '{{' without its '}}'; write variables as {{first_name}}"
    ]


@pytest.mark.parametrize(
    ("tag", "path", "change"),
    [
        (BLAND, "objective", lambda text: {"objective": text}),
        (BLAND, "timeout_message", lambda text: {"timeout_message": text}),
        (CLEARTALK, "objective", lambda text: {"objective": text}),
        (
            CLEARTALK,
            "follow_up_config.extra_follow_up_prompt",
            lambda text: {"follow_up_config": {**SAMPLES[CLEARTALK].inputs["follow_up_config"], "extra_follow_up_prompt": text}},
        ),
    ],
)
def test_elsewhere_they_are_warned_of_and_any_name_will_do(tag: str, path: str, change: Any) -> None:
    """No page lists the names there."""
    assert said(tag, change("Hi {{name}, {{}} and {{ anything }}")) == [
        f"{path}: has a '{{{{' without its '}}}}'; write variables as {{{{first_name}}}}",
        f"{path}: has an empty '{{{{}}}}'; name the variable, e.g. {{{{first_name}}}}",
    ]
    assert said(tag, change('Hi {{name}} and {first_name}; answer as {"a": {"b": 1}}')) == []
