"""Commands as a person types them, in this process: `smsagents("doctor", "teli")`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from pulumi_smsagents import cli
from pulumi_smsagents.cli import console


@dataclass(frozen=True)
class Ended:
    """What came of a command."""

    code: int
    out: str
    said: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """Runs commands; remembers nothing. What no command may ever print is looked for every time."""

    never: tuple[str, ...] = ("Traceback", "internal error")

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = patch, capture

    def __call__(self, *words: str) -> Ended:
        self._patch.setattr(sys, "argv", ["smsagents", *words])
        self._capture.readouterr()
        code = console.run(cli.app)
        ended = Ended(code, *self._capture.readouterr())
        for text in self.never:
            assert text not in ended.out + ended.said, ended
        return ended
