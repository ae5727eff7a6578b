"""Filling in the author's variables: Jinja, with delimiters that no vendor uses."""

from __future__ import annotations

import difflib
import functools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import PromptError
from .files import OPENING, Written, read


def render(file: Path, project: Path, given: Mapping[str, Any] = MappingProxyType({})) -> str:
    """The text of `file` with the values `given`; None counts as not given. It may include files of the folder `project`,
    or of its own folder where it lies outside."""
    files = _Files(Path(os.path.abspath(file)), project.resolve())  # noqa: PTH100 - a link stays where its includes are
    try:
        text = _filled(files, given)
    except Exception as error:  # noqa: BLE001 - an expression in a file may raise anything
        raise PromptError(_sentence(error, files)) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip() if files.main.trim else text.removesuffix("\n")


def _filled(files: _Files, given: Mapping[str, Any]) -> str:
    if not given and not OPENING.search(files.main.body):
        files.main.values({})
        return files.main.body
    names, all_of_them = files.names()
    if all_of_them:
        # Said first: a misspelt name explains more than the gap that it leaves.
        _refuse_unused(files.main, given, names)
    text = _environment(files).get_template(str(files.path)).render(files.main.values(given))
    _refuse_unused(files.main, given, files.names()[0])
    return text


def _refuse_unused(main: Written, given: Iterable[str], names: set[str]) -> None:
    """A name that nothing uses is a slip, and the text is not what was meant."""
    for name in (name for name in given if name not in names):
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"write << {name} >> in it, or do not pass {name}"
        raise PromptError(f"{main.shown}: {name} is passed, but nothing in the file uses it; {hint}")


# ---- files that include one another ----


class _Files(BaseLoader):
    """The files that make up one text, by their absolute paths."""

    def __init__(self, path: Path, project: Path) -> None:
        self.path = path
        self._folder = project if path.resolve().is_relative_to(project) else path.parent.resolve()
        self._found: dict[str, Written] = {}

    @property
    def main(self) -> Written:
        """The file that the program names."""
        return self._read(str(self.path))

    def _read(self, template: str) -> Written:
        if template not in self._found:
            self._found[template] = read(Path(template))
        return self._found[template]

    def get_source(self, environment: object, template: str) -> tuple[str, str, None]:
        """Jinja's hook. The lines above the body are a comment there, so that its line numbers are the file's."""
        file = self._read(template)
        body, above = file.body, file.above
        if template != str(self.path):
            if file.variables:
                line = min(file.lines.values())
                raise PromptError(f"{file.shown}:{line}: an included file declares no variables; move them to the file that includes it")
            body, above = _as_lines(file)
        lines = "\n" * above
        return f"<#{lines}+#>{body}" if above else body, template, None

    def beside(self, name: str, parent: str) -> str:
        """The file that `parent` includes as `name`."""
        path = os.path.normpath(Path(parent).parent / name)
        if not Path(path).resolve().is_relative_to(self._folder):
            raise PromptError(f"{name} is outside of {self._folder}; only files in that folder are included")
        return path

    def names(self) -> tuple[set[str], bool]:
        """Every variable that the files use or declare, in branches not taken too; and whether these are all: a name that
        is computed, or a file that is broken, hides some."""
        names, seen, open_files, all_of_them = set(self.main.variables), set[str](), [*self._found], True
        while open_files:
            template = open_files.pop()
            seen.add(template)
            try:
                used, included = _used(self.get_source(None, template)[0])
                parts = {self.beside(name, template) for name in included if name}
            except (PromptError, TemplateSyntaxError):
                all_of_them = False
                continue
            names |= used
            all_of_them = all_of_them and None not in included
            open_files += parts - seen
        return names, all_of_them

    def shown(self, template: str) -> str:
        """The name of a file for a person."""
        return self._found[template].shown

    def __contains__(self, template: object) -> bool:
        return template in self._found


def _as_lines(file: Written) -> tuple[str, int]:
    """The body of an included file as whole lines, whether its last one is ended or not, and the lines above that."""
    if not file.trim:
        return file.body, file.above
    body, lead = file.body.strip(), file.body[: len(file.body) - len(file.body.lstrip())]
    return f"{body}\n" if body else "", file.above + lead.count("\n")


# ---- Jinja ----


class _Environment(ImmutableSandboxedEnvironment):
    """Includes are relative to the file they stand in."""

    def join_path(self, template: str, parent: str) -> str:
        """Jinja's hook."""
        assert isinstance(self.loader, _Files)
        return self.loader.beside(template, parent)


@functools.lru_cache
def _used(source: str) -> tuple[set[str], set[str | None]]:
    """The variables of a source, and the names that it includes, None for a computed one."""
    tree = _environment(None).parse(source)
    return meta.find_undeclared_variables(tree), set(meta.find_referenced_templates(tree))


def _environment(files: _Files | None) -> ImmutableSandboxedEnvironment:
    return _Environment(
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        loader=files,
        undefined=StrictUndefined,
        finalize=_printable,
        autoescape=False,  # a text is no web page
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


class _UnprintableError(Exception):
    """A value that would stand in the text as Python spells it."""


def _printable(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        raise _UnprintableError("true, false and null are no text; quote the value where it is set, or ask for it in <% if %>")
    if not isinstance(value, str | int | float | StrictUndefined):
        raise _UnprintableError(f"a value of the type {type(value).__name__} is no text; pass text, or write a loop")
    return value


# ---- what a person is told ----


def _sentence(error: Exception, files: _Files) -> str:
    if isinstance(error, TemplateSyntaxError):
        where = f"{files.shown(error.filename or str(files.path))}:{error.lineno}"
        said = _first_line(error.message or "").rstrip(".")
        return f"{where}: {said}; where << is meant as text, write << '<<' >>, and likewise for <% and <#"
    where = "".join(f"{place}: " for place in list(_places(error, files))[-1:])
    return where + _reason(error)


def _places(error: Exception, files: _Files) -> Iterator[str]:
    """Where in the files it happened, outermost first."""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in files:
            yield f"{files.shown(name)}:{trace.tb_lineno}"
        trace = trace.tb_next


def _reason(error: Exception) -> str:
    if isinstance(error, PromptError | _UnprintableError):
        return str(error)
    if isinstance(error, UndefinedError):
        name = re.fullmatch(r"'(\w+)' is undefined", error.message or "")
        if name:
            return f"{name[1]} has no value; pass {name[1]}=... to prompt_file, or write a default under variables: in the front matter"
    if isinstance(error, RecursionError):
        return "the files include one another without end; remove one of the includes"
    if isinstance(error, TemplateError):
        return _first_line(str(error))
    return f"{type(error).__name__}: {_first_line(str(error))}"


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:200]
