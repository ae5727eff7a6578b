"""How an SMS travels: 160 or 70 characters alone, 153 or 67 when linked, and nothing cut in two."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents import segments
from pulumi_smsagents.segments import Size, size

BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
EXTENDED = "\f^{}\\[~]|€"
OTHER = "’“”–—…áçêőśЖ日\u00a0\u200b\u2028"
EMOJI = "😀🎉👍"

_gsm = st.text(st.sampled_from(BASIC + EXTENDED), max_size=700)
_any = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from(BASIC + EXTENDED + OTHER + EMOJI), min_size=1, max_size=400)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Size(1, 0)),
        ("a" * 160, Size(1, 160)),
        ("a" * 161, Size(2, 161)),
        ("a" * 306, Size(2, 306)),
        ("a" * 307, Size(3, 307)),
        ("€" * 80, Size(1, 160)),
        ("€" * 81, Size(2, 162)),
        ("a" * 152 + "€" + "a" * 151, Size(2, 305)),
        ("a" * 152 + "€" + "a" * 152, Size(3, 306)),  # the € does not fit behind 152, and is not cut in two
        ("’" * 70, Size(1, 70, ("’",))),
        ("’" * 71, Size(2, 71, ("’",))),
        ("’" * 134, Size(2, 134, ("’",))),
        ("’" * 135, Size(3, 135, ("’",))),
        ("😀" * 35, Size(1, 70, ("😀",))),
        ("😀" * 36, Size(2, 72, ("😀",))),
        ("a" * 66 + "😀" + "a" * 66, Size(3, 134, ("😀",))),  # nor is an emoji
        ("a’b–c’", Size(1, 6, ("’", "–"))),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_text_travels_as_the_standard_says(text: str, wanted: Size) -> None:
    assert size(text) == wanted


@given(text=_gsm)
def test_the_sms_alphabet_needs_nothing_else(text: str) -> None:
    """An extension character costs two, and is never cut in two."""
    found = size(text)
    cost = len(text) + sum(text.count(each) for each in EXTENDED)
    assert (found.encoding, found.characters, found.forcing) == ("GSM-7", cost, ())
    assert found.segments == (1 if cost <= 160 else counted(text, 153, lambda each: 1 + (each in EXTENDED)))
    assert found.room == (160 if found.segments == 1 else 153)


@given(text=_any)
def test_one_other_character_makes_all_of_it_ucs_2(text: str) -> None:
    """An emoji costs two, and is never cut in two."""
    found = size(text)
    assert found.forcing == tuple(dict.fromkeys(each for each in text if each not in smsutil.codecs.GSM_CHARSET))
    if not found.forcing:
        assert found.encoding == "GSM-7"
        return
    cost = len(text.encode("utf-16-be")) // 2
    assert (found.encoding, found.characters) == ("UCS-2", cost)
    assert found.segments == (1 if cost <= 70 else counted(text, 67, lambda each: 1 + (ord(each) > 0xFFFF)))
    assert found.room == (70 if found.segments == 1 else 67)
    assert size(segments.without(text, found.forcing)).encoding == "GSM-7"


def counted(text: str, room: int, cost) -> int:
    """Segments filled one character after the other."""
    needed, left = 0, 0
    for each in text:
        if cost(each) > left:
            needed, left = needed + 1, room
        left -= cost(each)
    return needed


@given(text=_any)
def test_the_parts_are_the_text(text: str) -> None:
    """What the library cuts it into: each part stands alone, none holds half a character."""
    parts = smsutil.split(text).parts
    assert "".join(part.content for part in parts) == text
    for part in parts:
        part.content.encode("gsm0338" if not size(text).forcing else "utf-16-be")


def test_the_alphabet_is_the_standards() -> None:
    """3GPP TS 23.038: 127 characters beside the escape, and ten more behind it."""
    assert all(size(each).forcing == () for each in BASIC + EXTENDED)
    assert all(size(each).forcing == (each,) for each in OTHER + EMOJI + "ç`\t")
    assert len(smsutil.codecs.GSM_BASIC_CHARSET) == 128
    assert set(smsutil.codecs.GSM_EXT_CHARSET) == set(EXTENDED)
