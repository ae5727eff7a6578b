"""Text that is safe to show."""

from __future__ import annotations

import base64
import json
import logging
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents.redaction import RedactingFilter, Redactor, quiet_loggers

KEY = "sk-live+A/9xk2'\\Zq81\"LmN0p=="


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS = {
    "itself": KEY,
    "URL": quote(KEY, safe=""),
    "query": quote_plus(KEY),
    "lower-case URL": quote(KEY, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%5C", "%5c").replace("%3D", "%3d"),
    "base64": _base64(KEY),
    "unpadded base64": _base64(KEY).rstrip("="),
    "URL-safe base64": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "basic": _base64(f"user:{KEY}"),
    "basic, one further": _base64(f"user1:{KEY}"),
    "basic, two further": _base64(f"user12:{KEY}"),
    "JSON": json.dumps(KEY)[1:-1],
    "repr": repr(KEY)[1:-1],
    "bytes": repr(KEY.encode())[2:-1],
}


PIECES = {form[i : i + 8] for name, form in FORMS.items() if "basic" not in name for i in range(len(form) - 7)}
"""Every run of 8 characters of any form of the key, but for what base64 shares with its neighbours."""


def _leaks(text: str) -> list[str]:
    return [text[i : i + 8] for i in range(len(text) - 7) if text[i : i + 8] in PIECES]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_hidden_in_every_form(form):
    hidden = Redactor([KEY]).hide(f"before {form} after")
    assert "[secret]" in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")
    assert not _leaks(hidden)


@pytest.mark.parametrize("length", range(8, len(KEY) + 1))
def test_a_part_of_a_secret_is_hidden_too(length):
    redactor = Redactor([KEY])
    for start in range(len(KEY) - length + 1):
        assert redactor.hide(f"key {KEY[start : start + length]}…") == "key [secret]…"


def test_parts_that_touch_are_one_and_parts_apart_are_two():
    redactor = Redactor(["abcdefghijklmnop"])
    assert redactor.hide("x defghijklm y abcdefgh z") == "x [secret] y [secret] z"


def test_less_than_a_part_stays():
    assert Redactor([KEY]).hide("sk-live and others") == "sk-live and others"


def test_the_longest_form_goes_first():
    """A short secret inside a longer one must not leave the longer one's ends."""
    assert Redactor(["abcd1234", "abcd1234-and-more"]).hide("is abcd1234-and-more.") == "is [secret]."


def test_without_secrets_nothing_changes():
    assert Redactor().hide("[\x1b text") == "[\x1b text"
    assert Redactor([""]).hide("text") == "text"


def test_a_short_secret_does_not_eat_ordinary_words():
    """Forms derived from a few characters would be found everywhere."""
    assert Redactor(["key"]).hide("a2V5 is base64 of the key") == "a2V5 is base64 of the [secret]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\text", "text"),
        ("\x9b31mC1", "31mC1"),
        ("a\u202eb\u2066c\u200fd\u061ce", "a b c d e"),
        ("zero\u200bwidth\ufeff", "zero width"),
        ("soft\u00adhyphen", "soft hyphen"),
        ("tag\U000e0041", "tag"),
        ("half\ud800", "half"),
        ("\x00NUL\x7f", "NUL"),
        ("  \n ", ""),
        ("日本語 ünd so", "日本語 ünd so"),
    ],
)
def test_only_one_clean_line_is_shown(text, shown):
    assert Redactor().show(text) == shown


def test_what_is_shown_is_cut():
    shown = Redactor().show("x" * 5_000_000)
    assert shown == "x" * 199 + "…"
    assert Redactor().show("x" * 200) == "x" * 200
    assert Redactor().show("abcdef", limit=4) == "abc…"


@pytest.mark.parametrize("at", [150, 180, 195, 9_980, 9_995])
def test_a_cut_never_leaves_a_half_of_a_secret(at):
    shown = Redactor([KEY]).show("." * at + KEY + "." * 100, limit=20_000)
    assert not _leaks(shown)


@pytest.mark.parametrize("splitter", ["\x1b[0m", "\x1b]0;\x07", "\x1bM"])
def test_a_secret_is_not_put_together_again_by_cleaning(splitter):
    shown = Redactor([KEY]).show(f"key {KEY[:9]}{splitter}{KEY[9:]} end")
    assert not _leaks(shown)


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_surroundings_give_a_secret_away(before, after):
    redactor = Redactor([KEY])
    for form in FORMS.values():
        assert not _leaks(redactor.hide(before + form + after))
        assert not _leaks(redactor.show(before + form + after))


def test_a_redactor_shows_nothing_of_itself():
    assert not _leaks(repr(Redactor([KEY])) + str(vars(Redactor([KEY])).keys()))


def test_log_lines_are_rewritten_and_kept():
    record = logging.LogRecord("httpx", logging.INFO, __file__, 1, "GET %s %r", (f"https://x/?k={KEY}", KEY.encode()), None)
    assert RedactingFilter(Redactor([KEY])).filter(record)
    assert not _leaks(record.getMessage())
    assert record.getMessage().startswith("GET https://x/?k=[secret]")


def test_two_accounts_of_one_process_are_both_kept_out_of_the_log(caplog):
    loggers = [logging.getLogger(name) for name in ("httpx", "httpx_retries.retry", "httpcore.http11")]
    before = [list(logger.filters) for logger in loggers]
    try:
        quiet_loggers(Redactor(["first-account-key"]))
        quiet_loggers(Redactor(["another-one-7722"]))
        with caplog.at_level(logging.DEBUG):
            for logger in loggers:
                logger.debug("%s and %s", "first-account-key", "another-one-7722")
        assert [record.getMessage() for record in caplog.records] == ["[secret] and [secret]"] * 3
    finally:
        for logger, filters in zip(loggers, before, strict=True):
            logger.filters[:] = filters


ODD = [
    "\"'\\ é/+\n" * 2,  # each way of writing it changes nearly every character
    "/ +" * 4,
    "é" * 8,
    "''''\"\"\"\"",
]
WAYS = {
    "itself": str,
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "repr": lambda secret: repr(secret)[1:-1],
    "URL": lambda secret: quote(secret, safe=""),
    "lower-case URL": lambda secret: re.sub("%..", lambda code: code[0].lower(), quote(secret, safe="")),
    "query": quote_plus,
    "lower-case query": lambda secret: re.sub("%..", lambda code: code[0].lower(), quote_plus(secret)),
}


@pytest.mark.parametrize("write", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("secret", ODD, ids=range(len(ODD)))
def test_a_secret_of_odd_characters_goes_as_a_whole(secret, write):
    """Nothing here is hidden by what the secret and its form have in common."""
    assert Redactor([secret]).hide(f"<{write(secret)}>") == "<[secret]>"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("before", range(5))
def test_of_base64_only_what_the_neighbours_share_is_left(before, after, encode):
    secret = b"\xfb\xef\xbe?>~".decode("latin-1") * 2
    raw = secret.encode()
    text = encode(b"u" * before + raw + b"p" * after).decode()
    left, right = -(-before * 8 // 6), len(text) - (before + len(raw)) * 8 // 6
    assert Redactor([secret]).hide(text) == text[:left] + "[secret]" + text[len(text) - right :]


def test_a_form_that_is_just_long_enough_is_hidden():
    assert Redactor(["s3cret"]).hide(f"basic {_base64('s3cret')}") == "basic [secret]"


def test_short_secrets_do_not_hinder_each_other():
    assert Redactor(["abc123", "xyz789", "mno456"]).hide("abc123, xyz789, mno456") == "[secret], [secret], [secret]"


def test_parts_next_to_each_other_are_one():
    assert Redactor(["abcdefghijklmnop"]).hide("x abcdefghabcdefghijk y") == "x [secret] y"


def test_a_redactor_says_what_it_is():
    assert repr(Redactor([KEY])) == "Redactor(…)"


def test_every_character_that_hides_or_turns_text_is_a_gap():
    """First, last and single ones of what terminals and readers act on."""
    unsafe = "\x00\x1f\x7f\x80\x9f\u00ad\u061c\u180e\u200b\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u206f"
    unsafe += "\ud800\udbff\udc00\udfff\ufeff\ufff9\ufffb\U000e0000\U000e0020\U000e007f"
    assert [sign for sign in unsafe if Redactor().show(f"a{sign}b") not in ("a b", "ab")] == []
    harmless = "~\u00a1\u00ac\u00ae\u2010\u2027\u2030\u205e\u2070\ufffd\U000e0100😀"
    assert [sign for sign in harmless if Redactor().show(f"a{sign}b") != f"a{sign}b"] == []


@pytest.mark.parametrize(
    "name",
    [
        "httpx",
        *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
        "httpx_retries.retry",
        "httpx_retries.transport",
    ],
)
def test_every_logger_below_us_that_could_print_a_key_is_kept_quiet(name, caplog):
    quiet_loggers(Redactor([KEY]))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(name).debug("x-api-key: %s", KEY)
    assert [record.getMessage() for record in caplog.records] == ["x-api-key: [secret]"]


# ---- what a vendor repeats ----


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot reach https://hooks.example.com/sms?token=t-1&a=2", "cannot reach https://hooks.example.com/sms?[secret]"),
        ("HTTP://x.example:8080/a/b#t-1, or https://y.example?t-1", "HTTP://x.example:8080/a/b#[secret] or https://y.example?[secret]"),
        ('"https://ann:t-1@x.example/a" and <https://t-1@y.example>', '"https://x.example/a" and <https://y.example>'),
        ("https://x.example/?t\x1b[1m-1", "https://x.example/?[secret]"),
        ("htt\x1b[1mps://x.example/?t-1", "https://x.example/?[secret]"),
        ("see https://docs.example.com/errors/12.", "see https://docs.example.com/errors/12."),
        ("is it so? ann@x.example says #1", "is it so? ann@x.example says #1"),
    ],
)
def test_what_a_url_carries_is_hidden_and_where_it_leads_is_not(text, shown):
    """A vendor may repeat a webhook, whose token only its owner knows."""
    assert Redactor([KEY]).show(text) == shown


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_answer_holds_no_secret(form):
    body = {"label": f"of {form}", "tags": ["a", {form: [form, 1, None, True]}]}
    found = Redactor([KEY]).clear(body, json.dumps(body).encode())
    assert not _leaks(json.dumps(found, ensure_ascii=False))
    assert found["label"].startswith("of ")
    assert [found["tags"][0], *found["tags"][1].values()][1][1:] == [1, None, True]


def test_an_answer_that_spells_it_otherwise_holds_none_either():
    content = json.dumps({"label": KEY}).replace("+", "\\u002b").replace("/", "\\/").encode()
    assert Redactor([KEY]).clear(json.loads(content), content) == {"label": "[secret]"}


def test_an_answer_with_a_part_or_with_a_short_secret_stays_as_it_is():
    """People's texts: a part may stand there by chance, and whoever tries the emulator may have "sales" for a key."""
    part = {"prompt": f"Sell {KEY[:-1]}"}
    assert Redactor([KEY]).clear(part, json.dumps(part).encode()) == part
    short = {"prompt": "Be brief, fifteen-letters"}
    assert Redactor(["fifteen-letters"]).clear(short, json.dumps(short).encode()) == short
    assert Redactor([""]).clear(short, b"{}") == short
