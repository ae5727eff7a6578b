"""The author's variables, blocks and includes; and what a person is told where they are wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_smsagents.errors import PromptError
from pulumi_smsagents.prompts import render

Write = Callable[..., Path]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The one line about ``sales.md``, with names as a person in its folder would type them."""
    monkeypatch.chdir(tmp_path)

    def said(**values: Any) -> str:
        with pytest.raises(PromptError) as caught:
            render(tmp_path / "sales.md", tmp_path, values)
        assert caught.value.__suppress_context__
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return said


# ---- variables ----


def test_a_value_is_filled_in_as_it_is(write: Write, tmp_path: Path) -> None:
    """Nothing in it is read again, and no character is escaped."""
    odd = "<< x >> {{y}} <b>&amp;</b> '\" ü\n---\n<% raw %>"
    assert render(write("1\n<< offer >> and <<offer>>\n2\n"), tmp_path, {"offer": odd}) == f"1\n{odd} and {odd}\n2"
    assert render(write("<< a >> << b >>"), tmp_path, {"a": 5, "b": 9.5}) == "5 9.5"
    assert render(write("<< a >>b"), tmp_path, {"a": "x\r\ny\rz"}) == "x\ny\nzb"


def test_what_stands_below_the_front_matter_is_told_by_the_line_of_the_file(write: Write, told: Callable[..., str]) -> None:
    write("---\ntitle: x\n\n---\n\nOne\nTwo << offer >>\n")
    way_out = "pass offer=... to prompt_file, or write a default under variables: in the front matter"
    assert told() == f"sales.md:7: offer has no value; {way_out}"
    write("One\n\n\n  << offer >>\n")
    assert told() == f"sales.md:4: offer has no value; {way_out}"
    assert told(offer=None) == f"sales.md:4: offer has no value; {way_out}"


def test_a_name_that_nothing_uses_is_refused(write: Write, told: Callable[..., str], tmp_path: Path) -> None:
    """The misspelt name is told, and not the gap that it leaves."""
    file = write("Hi << offer >>")
    assert told(ofer="spring") == "sales.md: ofer is passed, but nothing in the file uses it; did you mean offer?"
    assert told(offer="spring", season="x") == (
        "sales.md: season is passed, but nothing in the file uses it; write << season >> in it, or do not pass season"
    )
    write("---\nvariables:\n  offer:\n---\nHi")
    assert told(ofer="spring") == "sales.md: ofer is passed, but nothing in the file uses it; did you mean offer?"
    assert render(file, tmp_path, {"offer": "what is declared is used"}) == "Hi"
    write("Nothing to fill in")
    assert "offer is passed" in told(offer=None)


def test_a_branch_not_taken_uses_a_name_all_the_same(write: Write, tmp_path: Path) -> None:
    write("<< a >>", "more/vip.md")
    file = write("<% if vip %><< tone >><% include 'more/vip.md' %><% endif %>Hi")
    assert render(file, tmp_path, {"vip": False, "tone": "x", "a": "y"}) == "Hi"
    with pytest.raises(PromptError, match="b is passed"):
        render(file, tmp_path, {"vip": False, "b": "y"})


@pytest.mark.parametrize("value", [True, False, [], ["a"], {}, {"a": 1}, object(), len], ids=lambda value: type(value).__name__)
def test_a_value_that_python_would_spell_is_refused(write: Write, told: Callable[..., str], value: Any) -> None:
    """A customer would read "True", or "['a']"."""
    write("Hi\n<< it >>")
    assert told(it=value).startswith("sales.md:2: ")
    assert " no text; " in told(it=value)


def test_none_is_no_text_wherever_it_comes_from(write: Write, told: Callable[..., str]) -> None:
    write("Hi\n<< it.name >>")
    assert told(it={"name": None}).startswith("sales.md:2: true, false and null are no text; ")


# ---- blocks ----


def test_a_block_on_a_line_of_its_own_leaves_no_line(write: Write, tmp_path: Path) -> None:
    body = "One\n<# for us #>\n  <% if vip %>\n  Two\n  <% else %>\nThree\n  <% endif %>\n<% for x in 'ab' %>\n<< x >>\n<% endfor %>\n"
    assert render(write(body), tmp_path, {"vip": True}) == "One\n  Two\na\nb"
    assert render(write(body), tmp_path, {"vip": False}) == "One\nThree\na\nb"
    assert render(write("<% raw %>\n<< x >>\n<% endraw %>"), tmp_path) == "<< x >>"


WRONG = [
    ("a\nb << x", "2: unexpected end of template, expected 'end of print statement'"),
    ("a << x + >> b", "1: unexpected 'end of print statement'"),
    ("a\n<% if x %>\n", "2: Unexpected end of template. Jinja was looking for"),
    ("a\n\n<# x", "3: Missing end of comment tag"),
    ("a\n<% nope %>", "2: Encountered unknown tag 'nope'"),
    ("a\n1 <<< 2", "2: unexpected '<'"),
]


@pytest.mark.parametrize(("body", "says"), WRONG, ids=repr)
def test_what_cannot_be_read_is_told_with_its_line_and_the_way_to_write_it(
    write: Write, told: Callable[..., str], body: str, says: str
) -> None:
    write(body)
    assert told().startswith(f"sales.md:{says}")
    assert told().endswith("; where << is meant as text, write << '<<' >>, and likewise for <% and <#")
    write(f"---\na: 1\n---\n{body}")
    number, _, rest = says.partition(":")
    assert told().startswith(f"sales.md:{int(number) + 3}:{rest}")


@pytest.mark.parametrize(
    ("body", "values", "says"),
    [
        ("a\n<< it + 1 >>", {"it": "x"}, "sales.md:2: TypeError: can only concatenate str"),
        ("a\n<< it.b.c >>", {"it": {}}, "sales.md:2: 'dict object' has no attribute 'b'"),
        ("<< 1 / it >>", {"it": 0}, "sales.md:1: ZeroDivisionError: division by zero"),
        ("<< it | nope >>", {"it": 0}, "sales.md:1: No filter named 'nope'"),
    ],
)
def test_an_expression_that_fails_is_told_with_its_line(
    write: Write, told: Callable[..., str], body: str, values: dict[str, Any], says: str
) -> None:
    write(body)
    assert told(**values).startswith(says)


@pytest.mark.parametrize(
    "attack",
    [
        "<< it.__class__.__mro__ >>",
        "<< it.__init__.__globals__ >>",
        "<< ''.__class__ >>",
        "<% set x = it.append(1) %><< x >>",
        "<< range(10 ** 9) | list | length >>",
        "<< cycler.__init__.__globals__.os.environ.PATH >>",
        "<< '{0.__class__}'.format(it) >>",
    ],
)
def test_a_file_reaches_nothing_of_the_program(write: Write, told: Callable[..., str], attack: str) -> None:
    """Texts may come from people who may not change the program."""
    write(attack + "<< it | length >>")
    assert told(it=[1]).startswith("sales.md:1: ")


# ---- files that include others ----


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"], ids=repr)
def test_an_included_file_stands_on_lines_of_its_own(write: Write, tmp_path: Path, ending: str) -> None:
    """Whether its last line is ended or not; editors differ."""
    write(f"---\nowner: legal\n---\n\nBe kind to << name >>.{ending}", "parts/tone.md")
    assert render(write("One\n<% include 'parts/tone.md' %>\nTwo\n"), tmp_path, {"name": "Ann"}) == "One\nBe kind to Ann.\nTwo"
    write("", "parts/tone.md")
    assert render(write("One\n<% include 'parts/tone.md' %>\nTwo\n"), tmp_path) == "One\nTwo"


def test_an_included_file_that_is_exact_may_stand_within_a_line(write: Write, tmp_path: Path) -> None:
    write("---\ntrim: false\n---\nAnn\n", "name.md")
    assert render(write("Hi <% include 'name.md' %>!"), tmp_path) == "Hi Ann\n!"


def test_a_path_is_relative_to_the_file_it_stands_in(write: Write, tmp_path: Path) -> None:
    write("[<% include '../tone.md' %>]", "parts/b/outer.md")
    write("inner", "parts/tone.md")
    write("wrong one", "tone.md")
    assert render(write("<% include 'b/outer.md' %>", "parts/main.md"), tmp_path) == "[inner\n]"


def test_a_computed_name_is_fine(write: Write, told: Callable[..., str], tmp_path: Path) -> None:
    write("Hallo << name >>", "de.md")
    file = write("<% include market ~ '.md' %>")
    assert render(file, tmp_path, {"market": "de", "name": "Ann"}) == "Hallo Ann"
    assert told(market="de", name="Ann", offer="x").startswith("sales.md: offer is passed, but nothing in the file uses it; ")
    assert told(market="fr", name="Ann").startswith("sales.md:1: fr.md: there is no such file")


def test_mistakes_in_an_included_file_are_told_with_its_name(write: Write, told: Callable[..., str]) -> None:
    write("One\n<% include 'parts/tone.md' %>")
    assert told().startswith("sales.md:2: parts/tone.md: there is no such file, nor a folder ")
    write("\n\nBe\n<< tone >>", "parts/tone.md")
    assert told().startswith("parts/tone.md:4: tone has no value; ")
    write("---\na: 1\n---\n\nBe\n<% if %>", "parts/tone.md")
    assert told().startswith("parts/tone.md:6: Expected an expression, got 'end of statement block'; ")
    write("---\na: 1\nvariables:\n  tone: x\n---\n\nBe", "parts/tone.md")
    assert told() == "sales.md:2: parts/tone.md:4: an included file declares no variables; move them to the file that includes it"


@pytest.mark.parametrize("name", ["../secret.md", "/etc/hostname", "parts/../../secret.md", "out/secret.md", "link.md"])
def test_nothing_outside_of_the_project_is_included(write: Write, told: Callable[..., str], tmp_path: Path, name: str) -> None:
    """Not by a path, and not by a link."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (tmp_path.parent / "secret.md").write_text("secret")
    (tmp_path / "out").symlink_to(outside)
    (tmp_path / "link.md").symlink_to(outside / "secret.md")
    write(f"One\n<% include '{name}' %>")
    assert told() == f"sales.md:2: {name} is outside of {tmp_path}; only files in that folder are included"
    write("One\n<% include which %>")
    assert told(which=name).startswith("sales.md:2: ")


def test_a_file_outside_of_the_project_includes_its_neighbours_only(write: Write, tmp_path: Path) -> None:
    """The program may name any file; what that one includes stays in its folder."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "own.md").write_text("own")
    write("tone", "shared/tone.md")
    assert render(write("<% include 'tone.md' %>", "shared/sales.md"), project) == "tone"
    with pytest.raises(PromptError, match=r"own\.md is outside of "):
        render(write("<% include '../project/own.md' %>", "shared/sales.md"), project)


def test_files_that_include_one_another_without_end(write: Write, told: Callable[..., str]) -> None:
    write("<% include 'b.md' %>")
    write("<% include 'sales.md' %>", "b.md")
    assert told().endswith(": the files include one another without end; remove one of the includes")


# ---- files that change ----


def test_a_changed_file_is_read_again(write: Write, tmp_path: Path) -> None:
    """In a program that runs for long, as one with the Automation API."""
    write("one << x >>", "part.md")
    file = write("<% include 'part.md' %>")
    assert render(file, tmp_path, {"x": 1}) == "one 1"
    write("two << x >>", "part.md")
    assert render(file, tmp_path, {"x": 1}) == "two 1"
    file = write("three << x >>")
    assert render(file, tmp_path, {"x": 1}) == "three 1"
