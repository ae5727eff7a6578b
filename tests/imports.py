"""Imports over an emulator in process, the programs they write run without an engine, and texts that are hard to write down."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mocked import mocked, run
from worlds import World, as_pulumi

from pulumi_smsagents import connect
from pulumi_smsagents.cli.importing import run as importing
from pulumi_smsagents.lifecycle import Lifecycle, Result
from pulumi_smsagents.values import plain

Plain = dict[str, Any]

HEAVY = 'Be brief. Use {{first_name}}\'s "own" words \\o/.\n' * 210

ODD = [
    "plain",
    'say "hello"',
    "it's",
    """it's "both" of them""",
    '"""triple"""',
    "'''triple'''",
    'ends in a quote"',
    "C:\\new\\temp\\",
    "\\u0041 \\N{BULLET} \\x41 \\",
    "{{first_name}} of {{company}}",
    "a << b >> c",
    "<% if %> <# note #> << >>",
    "<<< <<% <<<< >>>> <%%> <# <#",
    "{% if x %} {# note #}",
    "f{braces} %s %(name)s $HOME ${HOME} `id`",
    "one\ntwo",
    "one\r\ntwo\r\n",
    "one\rtwo",
    "mixed\r\n\rends\n",
    "three ends\n\n\n",
    "\n\nleading",
    "  spaces around  ",
    "\ttab\there",
    "---\nresource: none\n---\nnot front matter",
    "---",
    "# Heading\n\n* list\n* of *things*\n\n```python\nprint('x')\n```",
    "emoji \U0001f600\U0001f469\u200d\U0001f469\u200d\U0001f467 and flags \U0001f1e9\U0001f1ea",
    "\u200fright to left\u200e \u202etxet\u202c \u0634\u0643\u0631\u0627",
    "line\u2028separator\u2029paragraph\x85next\x0bvertical\x0cform",
    "\ufeffa mark before it",
    "bell\x07 escape\x1b[31m delete\x7f",
    "日本語のテキスト",
    "caf\u00e9 and cafe\u0301",
    "null: true # yaml",
    HEAVY,
]
"""Each says something, and is sound for every vendor."""

NAMES = ["class", "import", "None", "list", "pulumi", "teli", "prompt_file", "\U0001f680\U0001f525", "\u200f", "24h", "Con", "-", "Продажи"]
"""What people call things, and what Python, Windows or a terminal makes of it."""


def importing_from(world: World, out: Path, patch: pytest.MonkeyPatch, *ids: str, **given: str) -> importing.Outcome:
    """`smsagents import` of the world's vendor, in a folder without a project."""
    out.parent.mkdir(parents=True, exist_ok=True)
    patch.chdir(out.parent)
    for name, value in world.options.items():
        if value:
            patch.setenv(f"SMSAGENTS_{world.vendor.name.upper()}_{connect._snake(name).lstrip('_').upper()}", value)
    patch.setattr(connect, "client_for", lambda vendor, settings: world.client())
    return importing.run(importing.Wanted(world.vendor.name, ids, out, given))


@dataclass(frozen=True)
class Registered:
    """A resource as a program registers it."""

    tag: str
    name: str
    fields: Plain


def program(folder: Path) -> list[Registered]:
    """What the program in `folder` registers."""
    with mocked(project="imported") as mocks:
        run(lambda: bool(runpy.run_path(str(folder / "__main__.py"), run_name="__main__")))
    return [
        Registered(made.typ.partition("smsagents/")[2], made.name, {k: v for k, v in made.inputs.items() if k not in ("__provider", "key")})
        for made in mocks.registered
    ]


@dataclass(frozen=True)
class Deployed:
    """What came of a first `up`."""

    results: list[Result]
    second: list[Any]
    """The differences of a second preview."""

    refreshed: list[Any]
    """Those after a refresh."""


def deployed(world: World, resources: list[Registered]) -> Deployed:
    """The first `up` of these resources, a second preview, a refresh and a third preview."""
    process = world.process()
    keyed = [{**as_pulumi(each.fields), "key": f"shop/dev/{each.name}"} for each in resources]
    results = [process.create(_checked(process, {}, inputs)) for inputs in keyed]
    second, refreshed = [], []
    process = world.process()
    for made, inputs in zip(results, keyed, strict=True):
        state = world.state(made)
        new = _checked(process, state, inputs)
        second.append(process.diff(made.id, state, new))
        seen = process.read(made.id, state)
        assert seen is not None, f"{made.id} is gone"
        refreshed.append(process.compare(plain(as_pulumi(seen.outputs)), new))
    return Deployed(results, second, refreshed)


def _checked(process: Lifecycle, old: Plain, inputs: Plain) -> Plain:
    checked = process.check(old, inputs)
    assert checked.problems == []
    return checked.inputs
