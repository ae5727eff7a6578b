"""What an import writes: whatever a vendor holds comes back out of the program, and people can read it."""

from __future__ import annotations

import ast
import keyword
import runpy
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from imports import ODD

from pulumi_smsagents import prompt_file
from pulumi_smsagents.cli.importing import folder, literals, names, project
from pulumi_smsagents.cli.importing.judge import Entry
from pulumi_smsagents.errors import ConfigurationError
from pulumi_smsagents.values import plain

Plain = dict[str, Any]

# Text as a vendor's JSON can hold it, but for halves of characters, which no program can say.
TEXT = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(exclude_categories=("Cs",)), max_size=60), st.lists(st.sampled_from(ODD)).map("\n".join)
)
JSON = st.recursive(
    st.one_of(TEXT, st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
).map(plain)
ENTRY = st.builds(
    Entry,
    vendor=st.sampled_from(("teli", "bland")),
    kind=st.just("SmsAgent"),
    id=TEXT,
    called=TEXT,
    fields=st.fixed_dictionaries({}, optional={"prompt": TEXT.filter(bool), "summary": TEXT.filter(bool), "text": TEXT, "data": JSON}),
    prose=st.just(frozenset({"prompt", "summary"})),
    on_delete=st.sampled_from(("", "retain")),
    protect=st.booleans(),
)


def written(entries: list[Entry], **more: Any) -> dict[str, str]:
    """The files of a project."""
    return project.files(entries, title="What Teli held", project="shop", requirement="pulumi-smsagents", **more)[0]


def said(place: Path) -> list[tuple[str, str, Plain]]:
    """What the program in this folder asks for: vendor, logical name and fields of each resource."""
    asked: list[tuple[str, str, Plain]] = []

    def vendor(name: str) -> SimpleNamespace:
        return SimpleNamespace(SmsAgent=lambda logical, **fields: asked.append((name, logical, fields)))

    package, engine = ModuleType("pulumi_smsagents"), ModuleType("pulumi")
    package.__dict__.update(teli=vendor("teli"), bland=vendor("bland"), prompt_file=prompt_file)
    engine.__dict__.update(ResourceOptions=lambda **options: options)
    with patch.dict(sys.modules, {"pulumi_smsagents": package, "pulumi": engine}):
        runpy.run_path(str(place / "__main__.py"))
    return asked


@settings(max_examples=100, deadline=None)
@given(entries=st.lists(ENTRY, min_size=1, max_size=4))
def test_a_program_says_what_the_vendor_holds(entries: list[Entry]) -> None:
    """Whatever the texts: no quote, brace or line of theirs becomes a part of the program."""
    with TemporaryDirectory() as place:
        folder.write(Path(place), written(entries))
        found = said(Path(place))
    assert sorted(((vendor, fields) for vendor, _, fields in found), key=repr) == sorted(
        ((entry.vendor, expected(entry)) for entry in entries), key=repr
    )
    assert len({name for _, name, _ in found}) == len(entries)


def expected(entry: Entry) -> Plain:
    kept = {"on_delete": "retain"} if entry.on_delete else {}
    protected = {"opts": {"protect": True}} if entry.protect else {}
    return {"adopt": entry.id, **entry.fields, **kept, **protected}


@settings(max_examples=40, deadline=None)
@given(entries=st.lists(ENTRY, min_size=1, max_size=4))
def test_a_program_is_as_the_formatter_leaves_it(entries: list[Entry]) -> None:
    """Whoever formats on save sees no change. And nothing in it can hide, or turn the text around it."""
    text = written(entries)["__main__.py"]
    assert formatted(text) == text
    assert [character for character in text if not character.isprintable() and character != "\n"] == []


def formatted(text: str) -> str:
    command = [Path(sys.executable).with_name("ruff"), "format", "--isolated", "--stdin-filename", "__main__.py", "-"]
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("", '""'),
        ("plain", '"plain"'),
        ('say "hello"', "'say \"hello\"'"),
        ("it's", '"it\'s"'),
        ("""it's "both\"""", "'it\\'s \"both\"'"),
        ("""it's 'more' "one""", "\"it's 'more' \\\"one\""),
        ("back\\slash\n", '"back\\\\slash\\n"'),
        ("\u202eturned", '"\\u202eturned"'),
        ("\U0001f600", '"\U0001f600"'),
        ("caf\u00e9", '"caf\u00e9"'),
    ],
)
def test_a_text_is_written_as_people_do(text: str, source: str) -> None:
    """In double quotes, with as few backslashes as can be; only what cannot be seen is spelt out."""
    assert literals.text(text) == source
    assert ast.literal_eval(source) == text


# ---- names ----


def entry(called: str = "", id: str = "ag_1", kind: str = "SmsAgent", **fields: Any) -> Entry:
    return Entry("teli", kind, id, called, {"prompt": "x", **fields}, frozenset({"prompt"}))


def names_of(*entries: Entry) -> dict[str, str]:
    """The logical name of each id."""
    return {each.id: name for name, each in names.logical_names(entries)}


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("Sales follow-up", "sales-follow-up"),
        ("  Sales / EU_1 ", "sales-eu-1"),
        ("class", "class"),
        ("\U0001f680\U0001f525", "rocket-fire"),
        ("Продажи", "prodazhi"),
        ("Größe", "grosse"),
        ("24h", "24h"),
        ("con", "con-agent"),
        ("", "agent-ag-1"),
        ("\u200f - ", "agent-ag-1"),
        ("A name that goes on and on and on until nobody reads it", "a-name-that-goes-on-and-on-and-on-until"),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_name_is_readable(called: str, name: str) -> None:
    assert names_of(entry(called)) == {"ag_1": name}


def test_what_has_no_name_is_known_by_its_number() -> None:
    assert names_of(entry(id="+14155550123", kind="PhoneNumber")) == {"+14155550123": "number-14155550123"}


def test_names_that_collide_are_numbered() -> None:
    """By their ids, in whatever order they come; and who is really called "Sales 2" keeps that name."""
    entries = [entry("Sales", "c"), entry("sales!", "a"), entry("Sales 2", "d"), entry("SALES", "b")]
    assert names_of(*entries) == names_of(*reversed(entries)) == {"a": "sales", "b": "sales-3", "c": "sales-4", "d": "sales-2"}


@settings(max_examples=50, deadline=None)
@given(called=st.lists(TEXT, min_size=1, max_size=6))
def test_variables_hide_nothing(called: list[str]) -> None:
    """Each is an identifier of its own, and none is a keyword, a builtin or a module of the program."""
    entries = [entry(text, id=str(place)) for place, text in enumerate(called)]
    tree = ast.parse(written(entries)["__main__.py"])
    variables = [node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)]
    assert len(set(variables)) == len(entries)
    reserved = {*keyword.kwlist, *keyword.softkwlist, *dir(__builtins__), "teli", "prompt_file", "pulumi"}
    assert not set(variables) & reserved
    assert all(variable.isascii() and variable.isidentifier() for variable in variables)


# ---- the other files ----


def test_long_texts_are_files_that_say_whose_they_are() -> None:
    """And a resource with two of them has two files."""
    both = Entry("bland", "SmsConfiguration", "+14155550123", "Desk", {"objective": "Answer.", "summary_prompt": " Sum up. "})
    contents = written([Entry(**{**vars(both), "prose": frozenset(both.fields)})])
    assert contents["prompts/desk.md"] == "---\nresource: bland.SmsConfiguration desk\nfield: objective\n---\n\nAnswer.\n"
    assert "trim: false" in contents["prompts/desk.summary_prompt.md"]
    assert "prompt_file" not in written([both])["__main__.py"]


def test_the_project_names_its_environment_and_the_way_to_the_account() -> None:
    """The address and the dialect, as they were when it was read; never a key."""
    found = yaml.safe_load(
        written([entry()], settings={"fluentsDialect": "vocode", "fluentsBaseUrl": "http://127.0.0.1:1/x"})["Pulumi.yaml"]
    )
    assert found["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}
    assert found["config"] == {
        "smsagents:fluentsDialect": {"value": "vocode"},
        "smsagents:fluentsBaseUrl": {"value": "http://127.0.0.1:1/x"},
    }
    assert "config" not in yaml.safe_load(written([entry()])["Pulumi.yaml"])


@pytest.mark.parametrize(("folder_name", "name"), [("shop", "shop"), ("My agents!", "My-agents"), ("..", "imported"), ("日本", "imported")])
def test_the_project_is_named_after_its_folder(folder_name: str, name: str) -> None:
    assert project.project_name(folder_name) == name


# ---- the folder ----


def test_hidden_entries_may_wait_in_the_folder(tmp_path: Path) -> None:
    """A virtual environment, a repository."""
    (tmp_path / ".git").mkdir()
    folder.write(tmp_path, {"a/b.md": "x\r\n", "c.py": "y"})
    assert (tmp_path / "a" / "b.md").read_bytes() == b"x\r\n"
    assert (tmp_path / "c.py").read_bytes() == b"y"


@pytest.mark.parametrize("there", ["__main__.py", "notes.txt"])
def test_nothing_is_ever_overwritten(there: str, tmp_path: Path) -> None:
    """Nor written beside what is there."""
    (tmp_path / there).write_text("mine")
    with pytest.raises(ConfigurationError, match="is not empty, and nothing is ever overwritten"):
        folder.write(tmp_path, {"__main__.py": "y"})
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [(there, "mine")]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ConfigurationError, match="out is a file; name a new or an empty folder"):
        folder.write(tmp_path / "out", {"__main__.py": "y"})


def test_half_a_project_is_not_left_behind(tmp_path: Path) -> None:
    """The disk was full, or a name does not fit it."""
    with pytest.raises(OSError, match="name too long"):
        folder.write(tmp_path / "out", {"a.py": "x", "prompts/b.md": "y", "c" * 300: "z"})
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []
