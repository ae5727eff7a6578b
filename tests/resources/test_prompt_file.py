"""`prompt_file` in a program: where a path begins, what ends the run, and what it loads."""

from __future__ import annotations

import asyncio
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest

from pulumi_smsagents import prompt_file

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    return to


def program(write: Write, call: str, name: str = "__main__.py") -> str:
    """What a program gets that makes this call, wherever it is run from."""
    file = write(name, f"from pulumi_smsagents import prompt_file\nfound = {call}\n")
    return str(runpy.run_path(str(file), run_name="__main__")["found"])


def refusal(write: Write, call: str, name: str = "__main__.py") -> str:
    with pytest.raises(pulumi.RunError) as caught:
        program(write, call, name)
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_a_path_begins_at_the_file_that_calls(write: Write, tmp_path: Path) -> None:
    """In the program, in a module of it, and whatever the folder is that Pulumi was started in."""
    write("prompts/sales.md", "Sell << offer >>.\n")
    write("team/prompts/sales.md", "The team's.\n")
    assert program(write, 'prompt_file("prompts/sales.md", offer="spring")') == "Sell spring."
    assert program(write, 'prompt_file("prompts/sales.md")', "team/agents.py") == "The team's."
    assert program(write, '(lambda offer: prompt_file("prompts/sales.md", offer=offer))("fall")') == "Sell fall."
    assert program(write, f'prompt_file({str(tmp_path / "prompts" / "sales.md")!r}, offer="x")', "team/agents.py") == "Sell x."
    assert (
        program(write, '__import__("pathlib").Path and prompt_file(__import__("pathlib").Path("prompts") / "sales.md", offer=1)')
        == "Sell 1."
    )


def test_a_program_that_is_no_file_stands_where_it_runs(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook, or a program that is handed over as text."""
    write("sales.md", "Sell.")
    monkeypatch.chdir(tmp_path)
    assert eval('prompt_file("sales.md")', {"prompt_file": prompt_file}) == "Sell."


def test_includes_stay_within_the_project_around_the_program(write: Write, tmp_path: Path) -> None:
    write("shared/tone.md", "Be kind.")
    write("shared/sales.md", "<% include 'tone.md' %>")
    write("stacks/app/prompts/sales.md", "<% include '../../../shared/tone.md' %>")
    write("stacks/app/Pulumi.yaml", "name: app\nruntime: python\n")
    call = 'prompt_file("../prompts/sales.md")'
    assert "is outside of " in refusal(write, call, "stacks/app/src/__main__.py")
    # The program itself may name any file, whose neighbours then count.
    assert program(write, 'prompt_file("../../../shared/sales.md")', "stacks/app/src/__main__.py") == "Be kind."
    write("Pulumi.yaml", "name: all\nruntime: python\n")
    (tmp_path / "stacks" / "app" / "Pulumi.yaml").unlink()
    assert program(write, call, "stacks/app/src/__main__.py") == "Be kind."


def test_whatever_is_wrong_ends_the_run_with_one_line(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pulumi.RunError` is what Pulumi prints without a traceback."""
    write("prompts/sales.md", "Sell\n<< offer >>.\n")
    monkeypatch.chdir(tmp_path)
    assert refusal(write, 'prompt_file("prompts/sales.md")').startswith(
        "prompts/sales.md:2: offer has no value; pass offer=... to prompt_file"
    )
    assert refusal(write, 'prompt_file("prompts/sale.md")') == "prompts/sale.md: there is no such file; did you mean sales.md?"


@pytest.fixture
def _loop() -> Iterator[None]:
    """An Output wants an event loop, and another test may have closed the thread's."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.mark.usefixtures("_loop")
@pytest.mark.parametrize("value", ["it", "[it]", '{"a": [1, it]}', "(it,)"])
def test_an_output_is_refused_with_the_way_to_write_it(write: Write, value: str) -> None:
    """Its text would be a warning about Outputs, sent to customers."""
    write("prompts/sales.md", "Call << number >>")
    call = f'(lambda it: prompt_file("prompts/sales.md", number={value}))(__import__("pulumi").Output.from_input("+1"))'
    assert refusal(write, call) == (
        "prompts/sales.md: number is an output, which is not known when the file is read; "
        "write it as number.apply(lambda number: prompt_file('prompts/sales.md', number=number))"
    )


def test_nothing_is_loaded_before_the_first_call() -> None:
    """A program without prompt files pays nothing for them."""
    code = "import pulumi_smsagents as p, sys; p.prompt_file; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"jinja2", "frontmatter", "smsutil", "pulumi_smsagents.prompts", "pulumi_smsagents.segments"} & set(loaded)
