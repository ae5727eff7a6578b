"""Settings to clients: which value wins, what is refused and in which words, and one client an account."""

from __future__ import annotations

import re
import threading
from dataclasses import fields, replace
from pathlib import Path

import pytest

from pulumi_smsagents import connect, errors
from pulumi_smsagents.client import Client, Limits
from pulumi_smsagents.connect import Setting, Settings, client_for, problems
from pulumi_smsagents.vendors import VENDORS, teli
from pulumi_smsagents.vendors.base import Option

VENDOR = teli.VENDOR
KEY = "canary-key-A9xk2Zq81LmN0p"
SET_IT = "pulumi config set --secret smsagents:teliApiKey, or SMSAGENTS_TELI_API_KEY in the environment"


@pytest.fixture(autouse=True)
def no_clients_of_others(monkeypatch):
    monkeypatch.setattr(connect, "_clients", {})


def settings(stack: dict[str, object] | None = None, /, **environ: str) -> Settings:
    return Settings((stack or {}).get, environ)


def told(found: Settings, vendor=VENDOR) -> list[str]:
    return [str(problem) for problem in problems(vendor, found)]


# ---- which value wins ----

OUTER, STACK, INNER = "SMSAGENTS_{}_API_KEY", "smsagents:{}ApiKey", "{}_API_KEY"


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
@pytest.mark.parametrize(
    ("given", "wins"),
    [
        ((), None),
        ((INNER,), INNER),
        ((STACK,), STACK),
        ((OUTER,), OUTER),
        ((STACK, INNER), STACK),
        ((OUTER, INNER), OUTER),
        ((OUTER, STACK), OUTER),
        ((OUTER, STACK, INNER), OUTER),
    ],
)
@pytest.mark.parametrize("what", ["key", "url"])
def test_the_first_of_three_places_wins(vendor, given, wins, what):
    """The environment's own variable outranks the stack: `destroy` may run with the stack's old key."""

    def name(place: str) -> str:
        found = place.format(vendor.name.upper() if place != STACK else vendor.name)
        return found if what == "key" else found.replace("API_KEY", "BASE_URL").replace("ApiKey", "BaseUrl")

    stack = {name(place): f"https://{place[:4].strip('{}_')}.example" for place in given if place == STACK}
    environ = {name(place): f"https://{place[:4].strip('{}_')}.example" for place in given if place != STACK}
    found = settings(stack, **environ)
    setting = found.api_key(vendor.name) if what == "key" else found.base_url(vendor)
    if wins is None:
        assert setting == (None if what == "key" else Setting(vendor.base_url, "default"))
    else:
        assert setting == Setting({**stack, **environ}[name(wins)], name(wins))


def test_another_vendors_settings_are_not_taken():
    found = settings({"smsagents:blandApiKey": KEY, "teliApiKey": KEY, "other:teliApiKey": KEY}, BLAND_API_KEY=KEY, API_KEY=KEY)
    assert found.api_key("teli") is None


@pytest.mark.parametrize("stack", [{"smsagents:requestTimeout": "3"}, {"smsagents:requestTimeout": 3}, {"smsagents:requestTimeout": 3.0}])
def test_a_number_may_come_as_text_or_as_a_number(stack):
    assert client_for(VENDOR, settings({"smsagents:teliApiKey": KEY, **stack})).limits == Limits(read=3)


def test_the_environment_wins_for_numbers_too():
    found = settings(
        {"smsagents:teliApiKey": KEY, "smsagents:requestTimeout": "3", "smsagents:attempts": "9", "smsagents:teliRequestsPerSecond": "4"},
        SMSAGENTS_REQUEST_TIMEOUT="0.5",
        SMSAGENTS_TELI_REQUESTS_PER_SECOND="2.5",
        SMSAGENTS_CONNECT_TIMEOUT="1",
        SMSAGENTS_OPERATION_TIMEOUT="60",
    )
    assert client_for(VENDOR, found).limits == Limits(connect=1, read=0.5, operation=60, attempts=9, requests_per_second=2.5)


LIMITS = {
    "connectTimeout": "connect",
    "requestTimeout": "read",
    "operationTimeout": "operation",
    "attempts": "attempts",
    "retryWait": "base_wait",
    "throttledWait": "throttled_wait",
    "longestWait": "longest_wait",
    "longestRetryAfter": "longest_retry_after",
    "retryQuota": "quota",
}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("place", ["stack", "environment"])
def test_each_limit_is_a_setting(name, place):
    variable = "SMSAGENTS_" + re.sub("([A-Z])", r"_\1", name).upper()
    stack, environ = ({f"smsagents:{name}": "7"}, {}) if place == "stack" else ({}, {variable: "7"})
    found = settings({"smsagents:teliApiKey": KEY, **stack}, **environ)
    assert told(found) == []
    assert client_for(VENDOR, found).limits == replace(Limits(), **{LIMITS[name]: 7})


def test_every_limit_is_a_setting():
    """Also one that will be added."""
    assert {*LIMITS.values(), "requests_per_second"} == {each.name for each in fields(Limits)}


def test_the_defaults_are_those_of_the_documentation():
    page = (Path(__file__).parent.parent / "docs" / "installation-configuration.md").read_text("utf-8")
    shown = dict(re.findall(r"^\| `smsagents:(\w+)` \| ([\d.]+) \|", page, re.MULTILINE))
    assert {name: float(shown[name]) for name in LIMITS} == {name: getattr(Limits(), field) for name, field in LIMITS.items()}


@pytest.mark.parametrize(("attempts", "made"), [("1", 1), ("4.0", 4), ("1e2", 100)])
def test_attempts_are_a_whole_number_however_it_is_written(attempts, made):
    """Pulumi may hand a number over as a float."""
    found = settings({"smsagents:teliApiKey": KEY}, SMSAGENTS_ATTEMPTS=attempts)
    attempts = client_for(VENDOR, found).limits.attempts
    assert attempts == made
    assert isinstance(attempts, int)


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "-inf", "ten", "", "1,5", "0x10", "1s", "0.3", "4.9", "101", "1e400"])
@pytest.mark.parametrize(("name", "most"), [("ATTEMPTS", "from 1 to 100; 1"), ("RETRY_QUOTA", "from 0 to 1000000; 0")])
def test_a_number_that_is_not_whole_is_refused_where_it_has_to_be(name, most, value):
    if name == "RETRY_QUOTA":
        value = {"0": "-0.5", "101": "1000001"}.get(value, value)
    found = settings({"smsagents:teliApiKey": KEY}, **{f"SMSAGENTS_{name}": value})
    assert told(found) == [f"SMSAGENTS_{name}: is not a whole number {most} switches retries off"]
    with pytest.raises(errors.ConfigurationError):
        client_for(VENDOR, found)


# ---- what is refused ----


def test_good_settings_have_no_problem():
    assert told(settings({"smsagents:teliApiKey": KEY})) == []
    assert told(settings(SMSAGENTS_TELI_API_KEY=KEY, SMSAGENTS_TELI_BASE_URL="http://127.0.0.1:8790/teli")) == []


def test_a_missing_key_is_told_with_the_way_to_set_it():
    assert told(settings()) == [f"smsagents:teliApiKey: no API key for Teli; set it with: {SET_IT}"]
    assert told(settings(SMSAGENTS_TELI_API_KEY="")) == [f"SMSAGENTS_TELI_API_KEY: no API key for Teli; set it with: {SET_IT}"]


@pytest.mark.parametrize(
    "key", [KEY + "\n", " " + KEY, KEY[:5] + " " + KEY[5:], KEY + "\r", KEY + "\t", KEY + "\x00", KEY + "\x7f", KEY + "ü", KEY + "\u200b"]
)
def test_a_key_with_what_no_key_has_is_refused_without_being_shown(key):
    """A line end would otherwise start a header of its own."""
    found = settings({"smsagents:teliApiKey": key})
    sentence = "smsagents:teliApiKey: the API key contains white space or characters that no key has; copy it again without them"
    assert told(found) == [sentence]
    with pytest.raises(errors.ConfigurationError) as caught:
        client_for(VENDOR, found)
    assert str(caught.value) == sentence


NOT_A_URL = "is not a URL; write it as https://host[:port][/path]"
NO_HOST = "is not an http(s) URL with a host; write it as https://host[:port][/path]"
TOO_MUCH = "may not hold a user name, a password, a query or a fragment; leave only https://host[:port][/path]"
IN_CLEAR = "http would send the key in clear; use https (http is for 127.0.0.1 and localhost only)"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://api.teli.ai", IN_CLEAR),
        ("HTTP://api.teli.ai", IN_CLEAR),
        ("http://127.0.0.1.evil.com", IN_CLEAR),
        ("http://localhost.evil.com", IN_CLEAR),
        ("http://evil.com/127.0.0.1", IN_CLEAR),
        ("http://0.0.0.0", IN_CLEAR),
        ("http://10.0.0.1", IN_CLEAR),
        ("http://169.254.169.254", IN_CLEAR),
        ("http://[::2]", IN_CLEAR),
        ("http://127.1", IN_CLEAR),
        ("http://2130706433", IN_CLEAR),
        ("http://user:pass@127.0.0.1", TOO_MUCH),
        ("https://user@api.teli.ai", TOO_MUCH),
        ("https://:pass@api.teli.ai", TOO_MUCH),
        ("https://@api.teli.ai", TOO_MUCH),
        ("http://127.0.0.1@evil.com", TOO_MUCH),
        ("http://127.0.0.1\\@evil.com", TOO_MUCH),
        ("https://api.teli.ai?key=1", TOO_MUCH),
        ("https://api.teli.ai?", TOO_MUCH),
        ("https://api.teli.ai/#part", TOO_MUCH),
        ("https://api.teli.ai#", TOO_MUCH),
        ("api.teli.ai", NO_HOST),
        ("", NO_HOST),
        ("ftp://api.teli.ai", NO_HOST),
        ("file:///etc/passwd", NO_HOST),
        ("javascript:alert(1)", NO_HOST),
        ("https://", NO_HOST),
        ("https:///path", NO_HOST),
        ("//api.teli.ai", NO_HOST),
        ("https://api.teli.ai /x", NO_HOST),
        (" https://api.teli.ai", NO_HOST),
        ("https://api.teli.ai\n", NO_HOST),
        ("https://api\x00.teli.ai", NO_HOST),
        ("https://api.teli.ai/\x7f", NO_HOST),
        ("https://api.teli.ai:port", NOT_A_URL),
        ("https://api.teli.ai:99999", NOT_A_URL),
        ("https://api.teli.ai:-1", NOT_A_URL),
        ("http://[::1", NOT_A_URL),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_its_reason(url, sentence):
    found = settings({"smsagents:teliApiKey": KEY, "smsagents:teliBaseUrl": url})
    assert told(found) == [f"smsagents:teliBaseUrl: {sentence}"]
    with pytest.raises(errors.ConfigurationError):
        client_for(VENDOR, found)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.teli.ai",
        "https://api.teli.ai/",
        "https://api.teli.ai:8443/proxy/teli",
        "https://10.0.0.1",
        "https://[2001:db8::1]/x",
        "http://127.0.0.1",
        "http://127.0.0.1:8790/teli",
        "http://127.8.9.10",
        "http://localhost:1",
        "http://LOCALHOST",
        "http://[::1]:8790/teli",
    ],
)
def test_an_address_that_will_do(url):
    found = settings({"smsagents:teliApiKey": KEY, "smsagents:teliBaseUrl": url})
    assert told(found) == []
    assert client_for(VENDOR, found).account.base_url == url


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "-inf", "ten", "", "1,5", "0x10", "1s", "٣x"])
@pytest.mark.parametrize(
    "name",
    [
        "SMSAGENTS_CONNECT_TIMEOUT",
        "SMSAGENTS_REQUEST_TIMEOUT",
        "SMSAGENTS_OPERATION_TIMEOUT",
        "SMSAGENTS_RETRY_WAIT",
        "SMSAGENTS_THROTTLED_WAIT",
        "SMSAGENTS_LONGEST_WAIT",
        "SMSAGENTS_LONGEST_RETRY_AFTER",
        "SMSAGENTS_TELI_REQUESTS_PER_SECOND",
        "TELI_REQUESTS_PER_SECOND",
    ],
)
def test_a_number_that_is_none_is_refused(name, value):
    found = settings({"smsagents:teliApiKey": KEY}, **{name: value})
    assert told(found) == [f"{name}: is not a number above 0"]
    with pytest.raises(errors.ConfigurationError):
        client_for(VENDOR, found)


@pytest.mark.parametrize("value", ["", "[]", "5551234", '["+1555*", 7]', "[", '{"a": "b"}', '["+1(555)"]', "+1555*;+44*", '[["+1*"]]'])
def test_a_wall_that_cannot_be_read_is_refused(value):
    """It must not count as no wall."""
    found = settings({"smsagents:teliApiKey": KEY, "smsagents:allowedNumbers": value})
    assert told(found) == [
        'smsagents:allowedNumbers: is not a list of number patterns; write e.g. ["+1555*", "+442071234567"], or unset it to allow any',
    ]
    with pytest.raises(errors.ConfigurationError):
        client_for(VENDOR, found)


@pytest.mark.parametrize("value", ['["+1555*", "+44207123456?"]', "+1555*,+44207123456?", " +1555* , +44207123456? "])
def test_a_wall_is_a_list_or_a_line(value):
    found = settings({"smsagents:teliApiKey": KEY, "smsagents:allowedNumbers": value})
    assert told(found) == []
    assert connect.rules(VENDOR, found).allowed_numbers == ("+1555*", "+44207123456?")


def test_a_conflict_stops_unless_told_otherwise():
    assert connect.rules(VENDOR, settings()).on_conflict == "stop"
    assert connect.rules(VENDOR, settings({"smsagents:onConflict": "overwrite"})).on_conflict == "overwrite"
    wrong = settings({"smsagents:teliApiKey": KEY, "smsagents:onConflict": "ask"})
    assert told(wrong) == ["smsagents:onConflict: must be 'stop' or 'overwrite'"]
    assert connect.rules(VENDOR, wrong).on_conflict == "stop"


def test_a_message_may_take_one_segment_unless_told_otherwise():
    assert connect.rules(VENDOR, settings()).max_segments == 1
    assert connect.rules(VENDOR, settings({"smsagents:maxSegments": "2"})).max_segments == 2
    assert connect.rules(VENDOR, settings({"smsagents:maxSegments": "2"}, SMSAGENTS_MAX_SEGMENTS="3")).max_segments == 3


def test_a_first_message_says_how_to_opt_out_unless_told_otherwise():
    """Pulumi hands a flag over as text, whichever way the stack's file spells it."""
    assert connect.rules(VENDOR, settings()).opt_out
    assert connect.rules(VENDOR, settings({"smsagents:optOutWarning": "true"})).opt_out
    assert not connect.rules(VENDOR, settings({"smsagents:optOutWarning": "false"})).opt_out
    assert not connect.rules(VENDOR, settings({"smsagents:optOutWarning": False})).opt_out


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("maxSegments", ["0", "-1", "1.5", "100", "two", ""], "must be a whole number from 1 to 99"),
        ("optOutWarning", ["no", "0", ""], "must be true or false"),
    ],
)
def test_a_setting_about_texts_that_cannot_be_read_is_refused(name, values, says):
    """And counts as not set where nobody is told, as in a diff."""
    for value in values:
        wrong = settings({"smsagents:teliApiKey": KEY, f"smsagents:{name}": value})
        assert told(wrong) == [f"smsagents:{name}: {says}"]
        assert (connect.rules(VENDOR, wrong).max_segments, connect.rules(VENDOR, wrong).opt_out) == (1, True)


def test_all_problems_are_told_at_once():
    found = settings({"smsagents:teliApiKey": "a b", "smsagents:teliBaseUrl": "x", "smsagents:onConflict": "ask"}, SMSAGENTS_ATTEMPTS="0")
    assert [problem.path for problem in problems(VENDOR, found)] == [
        "smsagents:teliApiKey",
        "smsagents:teliBaseUrl",
        "SMSAGENTS_ATTEMPTS",
        "smsagents:onConflict",
    ]
    with pytest.raises(errors.ConfigurationError) as caught:
        client_for(VENDOR, found)
    assert str(caught.value).count("; ") >= 3
    assert "\n" not in str(caught.value)


def test_a_vendors_own_settings_are_read_checked_and_given_to_its_adapter():
    options = {"CreatePath": Option("/v2/make", lambda value: "" if value.startswith("/") else "must start with /"), "Mode": Option("a")}
    vendor = replace(VENDOR, options=options)
    key = {"smsagents:teliApiKey": KEY}
    assert client_for(vendor, settings(key)).account.options == {"CreatePath": "/v2/make", "Mode": "a"}
    found = settings({**key, "smsagents:teliCreatePath": "/x"}, SMSAGENTS_TELI_MODE="b")
    assert client_for(vendor, found).account.options == {"CreatePath": "/x", "Mode": "b"}
    assert client_for(vendor, found) is not client_for(vendor, settings(key))
    wrong = settings(key, SMSAGENTS_TELI_CREATE_PATH="x")
    assert told(wrong, vendor) == ["SMSAGENTS_TELI_CREATE_PATH: must start with /"]


# ---- one client an account ----


def test_one_account_has_one_client():
    found = settings({"smsagents:teliApiKey": KEY})
    assert client_for(VENDOR, found) is client_for(VENDOR, found)
    assert client_for(VENDOR, settings(TELI_API_KEY=KEY)) is client_for(VENDOR, found)


@pytest.mark.parametrize(
    "other",
    [
        {"SMSAGENTS_TELI_API_KEY": KEY + "2"},
        {"SMSAGENTS_TELI_BASE_URL": "https://other.example"},
        {"SMSAGENTS_REQUEST_TIMEOUT": "3"},
        {"SMSAGENTS_TELI_REQUESTS_PER_SECOND": "3"},
    ],
)
def test_another_account_has_another(other):
    first = client_for(VENDOR, settings({"smsagents:teliApiKey": KEY}))
    assert client_for(VENDOR, settings({"smsagents:teliApiKey": KEY}, **other)) is not first
    assert client_for(VENDOR, settings({"smsagents:teliApiKey": KEY})) is first


def test_a_key_that_changes_while_the_process_runs_is_taken(monkeypatch):
    monkeypatch.setenv("SMSAGENTS_TELI_API_KEY", KEY)
    found = Settings({}.get)
    assert client_for(VENDOR, found).account.headers == {"x-api-key": KEY}
    monkeypatch.setenv("SMSAGENTS_TELI_API_KEY", "rotated-key")
    assert client_for(VENDOR, found).account.headers == {"x-api-key": "rotated-key"}


def test_many_threads_get_the_same_client(monkeypatch):
    made = []
    monkeypatch.setattr(connect, "Client", lambda *args: made.append(Client(*args)) or made[-1])
    found, start, got = settings({"smsagents:teliApiKey": KEY}), threading.Barrier(32), []

    def work() -> None:
        start.wait()
        got.append(client_for(VENDOR, found))

    threads = [threading.Thread(target=work) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert got == made * 32


# ---- the key ----


def test_nothing_shows_the_key():
    found = settings({"smsagents:teliApiKey": KEY})
    client = client_for(VENDOR, found)
    for shown in (found, found.api_key("teli"), client, client.account, client.redactor, connect._clients):
        assert KEY not in repr(shown)
        assert KEY not in str(shown)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_refusal_names_where_the_key_came_from(vendor):
    advice = client_for(vendor, settings(**{f"{vendor.name.upper()}_API_KEY": KEY})).account.key_advice
    assert f"came from {vendor.name.upper()}_API_KEY" in advice
    assert f"smsagents:{vendor.name}ApiKey" in advice
    assert advice.endswith(f"; check with: smsagents doctor {vendor.name}")
    assert KEY not in advice
