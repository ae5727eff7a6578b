"""docs/emulator.md: every line runs, and its tables say what the emulator says."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from emulated import InProcess
from markdown_it import MarkdownIt

from pulumi_smsagents.emulator import CLASSES, KINDS, Emulator
from pulumi_smsagents.emulator.rates import FORMS

PAGE = Path(__file__).parents[2] / "docs" / "emulator.md"
TEXT = PAGE.read_text("utf-8")
LINES = [line for line in TEXT.splitlines() if line.startswith("curl ")]


def sent(line: str, emulator: Emulator) -> httpx.Response:
    """The request that curl would send for this line, and its answer."""
    parser = argparse.ArgumentParser(prog="curl", exit_on_error=False)
    parser.add_argument("-X", "--request")
    parser.add_argument("-d", "--data")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("url")
    given = parser.parse_args(shlex.split(line)[1:])
    assert urlsplit(given.url).netloc == "127.0.0.1:8790", line
    headers = dict(header.split(": ", 1) for header in given.header)
    with httpx.Client(transport=InProcess(emulator), headers=headers) as client:
        return client.request(given.request or ("POST" if given.data else "GET"), given.url, content=given.data)


def test_every_curl_line_of_the_page_is_accepted() -> None:
    """In the order of the page, as someone who pastes them one by one."""
    assert len(LINES) > 15
    emulator = Emulator()
    for line in LINES:
        answer = sent(line, emulator)
        assert answer.status_code == 200, f"{line}: {answer.text}"


@pytest.mark.parametrize("line", [line for line in LINES if line.endswith("/faults") and "-d " in line])
def test_every_fault_of_the_page_strikes_what_it_says(line: str) -> None:
    emulator = Emulator()
    (fault,) = sent(line, emulator).json()["faults"]
    (queued,) = emulator.faults.all()
    assert (queued.kind, queued.vendor, queued.operation) == (fault["kind"], fault["vendor"], fault["operation"])


def test_the_tables_of_the_page_are_those_of_the_emulator() -> None:
    """Copy what is printed here."""
    classes = [
        f"| {name} | {each.about} | {', '.join(map(code, each.kinds)) or '–'} | {each.otherwise or '–'} |" for name, each in CLASSES.items()
    ]
    kinds = [f"| `{name}` | {kind.when} | {kind.about} |" for name, kind in KINDS.items()]
    missing = [line for line in (*classes, *kinds) if line not in TEXT.splitlines()]
    assert missing == [], "\n" + "\n".join([*classes, "", *kinds])
    assert [form for form in FORMS if f"`{form}`" not in TEXT] == []


def test_the_lines_for_a_test_run() -> None:
    (program,) = [token.content for token in MarkdownIt().parse(TEXT) if token.info == "python of a test"]
    exec(compile(program, str(PAGE), "exec"), {})


def code(name: str) -> str:
    return f"`{name}`"
