"""A prompt file as it is written: bytes to text, and what its front matter says. And back: a text as a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from ..errors import PromptError

OPENING = re.compile("<[<%#]")
"""What begins an expression, a block or a comment."""

_FRONT = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE))
"""A boundary is its line and nothing else: the empty lines after it may be text."""


@dataclass(frozen=True)
class Written:
    """A file. `shown` is its name for a person; `body` follows the first `above` lines; `variables` are those that the
    front matter declares, each with its line in `lines`; `trim` says whether white space at both ends is no text."""

    shown: str
    body: str
    above: int = 0
    variables: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    trim: bool = True

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What the variables stand for. None means that there is no value."""
        values = {name: value for name, value in {**self.variables, **_some(given)}.items() if value is not None}
        for name in self.variables:
            if name not in values:
                raise PromptError(
                    f"{self.shown}:{self.lines[name]}: {name} is required; pass {name}=... to prompt_file, or write a default"
                )
        return values


def read(path: Path) -> Written:
    """The file at `path`."""
    shown = _shown(path)
    text = _decoded(path, shown)
    if not _FRONT.detect(text):
        return Written(shown, text)
    try:
        front, body = _FRONT.split(text)
    except ValueError:
        raise PromptError(
            f"{shown}:1: the front matter has no end; close it with a line ---, or put two such lines before a text that begins so"
        ) from None
    return _declared(front, Written(shown, body, above=text.count("\n") - body.count("\n")))


def as_file(text: str, about: Mapping[str, Any] | None = None) -> str:
    r"""The content of a file which `render` makes exactly `text` of, with ``\n`` for every line end. Its front matter says
    `about`, in which the names ``variables`` and ``trim`` are ours."""
    body = OPENING.sub(lambda found: f'<< "{found[0]}" >>', text)
    if text != text.strip():
        return f"---\n{_exported({**(about or {}), 'trim': False})}---\n{body}\n"
    if about or body.startswith(("---", "\ufeff")):
        return f"---\n{_exported(about or {})}---\n\n{body}\n"
    return f"{body}\n"


def _exported(about: Mapping[str, Any]) -> str:
    return f"{_FRONT.export(dict(about), sort_keys=False)}\n" if about else ""


def _some(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _shown(path: Path) -> str:
    """As a person in this folder would type it."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _decoded(path: Path, shown: str) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise PromptError(f"{shown}: there is no such file{_hint(path)}") from None
    except OSError as error:
        raise PromptError(f"{shown}: cannot be read ({error.strerror}); name a file that you may read") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PromptError(f"{shown}:{line}: is not UTF-8; save the file in that encoding") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hint(path: Path) -> str:
    """The nearest name in its folder, or which folder that is: it need not be the one that was meant."""
    rule = "a path is relative to the file that names it"
    if not path.parent.is_dir():
        return f", nor a folder {path.parent}; {rule}"
    names = {each.name.lower(): each.name for each in path.parent.iterdir()}
    near = difflib.get_close_matches(path.name.lower(), names, n=1)
    return f"; did you mean {names[near[0]]}?" if near else f" in {path.parent}; {rule}"


# ---- front matter ----


class _AsWritten(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
    """YAML in which 9.90, 12:30, 007, no and 2026-11-21 are what they look like: text. Only null, true and false are not."""


_AsWritten.yaml_implicit_resolvers = {}
_AsWritten.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_AsWritten.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


def _declared(front: str, file: Written) -> Written:
    """What the front matter says; names other than ours are the author's business."""
    try:
        found = _FRONT.load(front, Loader=_AsWritten) or {}
        root = yaml.compose(front, Loader=_AsWritten)
    except yaml.YAMLError as error:
        raise PromptError(
            f"{file.shown}:{_line_of(error)}: the front matter is not YAML: {_words(error)}; quote texts that hold : or #"
        ) from None
    if not isinstance(found, Mapping):
        raise PromptError(f"{file.shown}:1: the front matter is no list of 'name: value'; write such lines, or none between two lines ---")
    variables, trim = found.get("variables") or {}, found.get("trim", True)
    if not isinstance(variables, Mapping) or not all(isinstance(name, str) and name.isidentifier() for name in variables):
        raise PromptError(f"{file.shown}:{_line(root, 'variables')}: variables must be a list of 'name: default', with names as in Python")
    if not isinstance(trim, bool):
        raise PromptError(f"{file.shown}:{_line(root, 'trim')}: trim must be true or false")
    lines = {name: _line(root, "variables", name) for name in variables}
    return Written(file.shown, file.body, file.above, variables, lines, trim)


def _line(node: Any, *names: str) -> int:
    """The line of the file in which the front matter says this; its own first line is the file's second."""
    line = 1
    for name in names:
        key, node = next((key, value) for key, value in node.value if key.value == name)
        line = key.start_mark.line + 2
    return line


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 2 if mark else 1


def _words(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or "it cannot be read").partition("\n")[0]
