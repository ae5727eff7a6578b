"""A prompt file as it is written: encodings, line ends, front matter, and the way back from a text to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents.errors import PromptError
from pulumi_smsagents.prompts import as_file, render

Write = Callable[..., Path]


def refusal(file: Path, given: dict[str, Any] | None = None) -> str:
    with pytest.raises(PromptError) as caught:
        render(file, file.parent, given or {})
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---- the same text on every platform ----


@pytest.mark.parametrize(
    "content",
    [
        b"Be brief.\nBe kind.",
        b"Be brief.\nBe kind.\n",
        b"Be brief.\r\nBe kind.\r\n",
        b"Be brief.\rBe kind.\r",
        b"\xef\xbb\xbfBe brief.\nBe kind.\n",
        b"\n\nBe brief.\nBe kind.  \n\n\n",
        b"---\ntitle: Sales\n---\n\nBe brief.\nBe kind.\n",
        b"---\r\ntitle: Sales\r\n---\r\nBe brief.\r\nBe kind.\r\n",
        b"\xef\xbb\xbf---\n---\nBe brief.\nBe kind.",
    ],
    ids=repr,
)
def test_what_an_editor_does_to_a_file_does_not_change_the_text(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sales.md"
    file.write_bytes(content)
    assert render(file, tmp_path) == "Be brief.\nBe kind."


def test_what_is_inside_the_text_stays(write: Write) -> None:
    text = "# Title\n\n    indented\n\ttab  \n\n---\n\nÜ 日本 🎉 {{first_name}} {%x%} ${y} {z}\u2028end"
    assert render(write(text), Path()) == text


def test_a_vendors_variables_are_text(write: Write) -> None:
    text = "Hi {{first_name}}, {{ last_name }}, {{#if}}, {{}} and {{"
    assert render(write(text + " << offer >>"), Path(), {"offer": "{{spring}} << x >>"}) == text + " {{spring}} << x >>"


@pytest.mark.parametrize(("content", "line"), [(b"a\xff", 1), (b"a\nb\n\x92c", 3), ("Hi".encode("utf-16"), 1)], ids=repr)
def test_another_encoding_is_refused_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    file = tmp_path / "sales.md"
    file.write_bytes(content)
    assert refusal(file) == f"{file}:{line}: is not UTF-8; save the file in that encoding"


def test_a_file_that_is_not_there(write: Write, tmp_path: Path) -> None:
    write("x", "prompts/Sales.md")
    rule = "a path is relative to the file that names it"
    assert refusal(tmp_path / "prompts" / "sale.md") == f"{tmp_path}/prompts/sale.md: there is no such file; did you mean Sales.md?"
    assert refusal(tmp_path / "prompts" / "zzz") == f"{tmp_path}/prompts/zzz: there is no such file in {tmp_path}/prompts; {rule}"
    assert refusal(tmp_path / "texts" / "a.md") == f"{tmp_path}/texts/a.md: there is no such file, nor a folder {tmp_path}/texts; {rule}"
    assert refusal(tmp_path / "prompts").endswith(": cannot be read (Is a directory); name a file that you may read")


def test_a_file_in_this_folder_is_called_as_one_would_type_it(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("---\nx", "prompts/sales.md")
    monkeypatch.chdir(tmp_path)
    assert refusal(Path("prompts/sales.md")).startswith("prompts/sales.md:1: the front matter has no end")


# ---- front matter ----


def test_names_that_are_none_of_ours_are_the_authors_own(write: Write) -> None:
    """Also of another type, and misleading ones."""
    assert render(write("---\ntitle: {a: [1, 2]}\nowner: null\nsince: 2026-11-21\nTrim: no\n---\nHi"), Path()) == "Hi"


def test_a_default_holds_where_the_program_says_nothing(write: Write) -> None:
    file = write("---\nvariables:\n  tone: kind\n  offer:\n---\n<< tone >> << offer >>")
    assert render(file, Path(), {"offer": "spring"}) == "kind spring"
    assert render(file, Path(), {"offer": "spring", "tone": "dry"}) == "dry spring"
    assert render(file, Path(), {"offer": "spring", "tone": None}) == "kind spring"


@pytest.mark.parametrize("given_values", [{}, {"offer": None}, {"tone": "dry"}], ids=str)
def test_a_name_without_a_value_is_required(write: Write, given_values: dict[str, Any]) -> None:
    """Also where the text would come about without it."""
    file = write("---\nvariables:\n  tone: kind\n  offer:\n---\n<< tone >><% if false %><< offer >><% endif %>")
    assert refusal(file, given_values) == f"{file}:4: offer is required; pass offer=... to prompt_file, or write a default"


@pytest.mark.parametrize(
    "value", ["9.90", "007", "12:30", "1_000", "no", "Yes", "on", "2026-11-21", "0x1F", "1e3", "null value", ".inf", "NULL"]
)
def test_a_value_of_the_front_matter_is_text_as_it_is_written(write: Write, value: str) -> None:
    """YAML on its own would make 9.9, 7, 750, 1000, False and True of them, and a price or a country would be wrong."""
    assert render(write(f"---\nvariables:\n  it: {value}\n---\n<< it >>"), Path()) == value


def test_flags_lists_and_objects_are_for_blocks(write: Write) -> None:
    head = "---\nvariables:\n  vip: true\n  off: false\n  rules: [be brief, be kind]\n  hours: {mon: 9, tue: 10}\n---\n"
    body = (
        "<% if vip and not off %>\nVIP\n<% endif %>\n<% for rule in rules %>\n- << rule >>\n<% endfor %>\n<< hours.mon >>-<< rules[1] >>\n"
    )
    assert render(write(head + body), Path()) == "VIP\n- be brief\n- be kind\n9-be kind"


WRONG = [
    ("---\nHi", "1: the front matter has no end; close it with a line ---, or put two such lines before a text that begins so"),
    ("---\n- a\n---\nx", "1: the front matter is no list of 'name: value'; write such lines, or none between two lines ---"),
    ("---\nHi\n---\nx", "1: the front matter is no list of 'name: value'; write such lines, or none between two lines ---"),
    ("---\na: 1\nt: a: b\n---\nx", "3: the front matter is not YAML: mapping values are not allowed here; quote texts that hold : or #"),
    ("---\na: !!python/name:os.system ''\n---\nx", "2: the front matter is not YAML: could not determine a constructor for the tag "),
    ("---\na: 1\nvariables: [offer]\n---\nx", "3: variables must be a list of 'name: default', with names as in Python"),
    ("---\nvariables: offer\n---\nx", "2: variables must be a list of 'name: default', with names as in Python"),
    ("---\nvariables:\n  my-offer: 1\n---\nx", "2: variables must be a list of 'name: default', with names as in Python"),
    ("---\na: 1\ntrim: no\n---\nx", "3: trim must be true or false"),
]


@pytest.mark.parametrize(("content", "says"), WRONG, ids=lambda value: repr(value)[:40])
def test_front_matter_that_is_wrong_is_told_with_its_line(write: Write, content: str, says: str) -> None:
    file = write(content)
    assert refusal(file).startswith(f"{file}:{says}")


def test_a_text_may_begin_with_dashes_after_empty_front_matter(write: Write) -> None:
    assert render(write("---\n---\n---\nRules\n---\n"), Path()) == "---\nRules\n---"


@pytest.mark.parametrize("text", ["", "\n", "  a", "a  ", "\n\na\n\n", "a\n", "\t"], ids=repr)
def test_without_trim_the_text_is_exact(write: Write, text: str) -> None:
    assert render(write(f"---\ntrim: false\n---\n{text}\n"), Path()) == text
    assert render(write(f"---\ntrim: true\n---\n{text}\n"), Path()) == text.strip()


# ---- and back ----

_ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=60)
_MARKED = st.lists(
    st.sampled_from(["<<", ">>", "<%", "%>", "<#", "#>", "<", "-", "---", "\n", " ", "{{x}}", "\ufeff", "raw", "<% endraw %>", '"'])
)
ODD = [
    *(
        "",
        "\n",
        " ",
        "---",
        "---\n---\n",
        "<<",
        "<<<",
        "<<%",
        "<%<#",
        "a <<< b",
        "<% raw %>",
        "<# gone #>",
        "\ufeffHi",
        "{}",
        "+++\na\n+++",
    ),
    *("<<-", "-%>", "<% endraw %><% raw %>", "\x00\x0b\x0c\x1c\x85\u2028", "a\n\n\n", "trim: false", "<< '<<' >>", '\\n << "\\\\" >>'),
]


@pytest.mark.parametrize("text", ODD, ids=repr)
@pytest.mark.parametrize("about", [{}, {"title": "no", "price": "9.90", "at": "12:30", "id": "007", "none": None, "yes": True}], ids=len)
def test_any_text_comes_back_from_its_file(write: Write, text: str, about: dict[str, Any]) -> None:
    assert render(write(as_file(text, about)), Path()) == text


@given(text=_ANY | _MARKED.map("".join))
def test_every_text_comes_back_from_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "any.md"
    file.write_bytes(as_file(text).encode())
    assert render(file, tmp_path) == text
    file.write_bytes(as_file(text, {"of": "agent_1"}).encode().replace(b"\n", b"\r\n"))
    assert render(file, tmp_path) == text


@given(text=_ANY.filter(lambda text: "<" not in text and not text.startswith(("---", "\ufeff"))))
def test_a_text_without_marks_is_its_own_file(tmp_path: Path, text: str) -> None:
    """Whatever else is in it; only the white space at both ends goes."""
    file = tmp_path / "any.md"
    file.write_bytes(text.encode())
    assert render(file, tmp_path) == text.strip()
    file.write_bytes(f"{text}\n".replace("\n", "\r\n").encode())
    assert render(file, tmp_path) == text.strip()
    # With Jinja at work, which it is not where nothing is to be filled in.
    file.write_bytes(f"<< x >>{text}<< x >>".encode())
    assert render(file, tmp_path, {"x": "."}) == f".{text}."


def test_a_file_is_one_that_a_person_would_write() -> None:
    assert as_file("Be brief.\nBe kind.") == "Be brief.\nBe kind.\n"
    assert as_file("Be brief.", {"title": "Sales", "id": "007"}) == "---\ntitle: Sales\nid: '007'\n---\n\nBe brief.\n"
    assert as_file("Ends blank.\n", {"title": "Ü"}) == "---\ntitle: Ü\ntrim: false\n---\nEnds blank.\n\n"
    assert as_file("1 << 2") == '1 << "<<" >> 2\n'


def test_a_link_is_as_good_as_its_file(write: Write, tmp_path: Path) -> None:
    file = write("Hi", "real.md")
    (tmp_path / "link.md").symlink_to(file)
    assert render(tmp_path / "link.md", tmp_path) == "Hi"
