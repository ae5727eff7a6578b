"""The files of a Pulumi project that adopts what a vendor holds. Pure: a folder is written elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from ...values import Plain
from . import literals, names, texts
from .judge import Entry

PROGRAM, PROJECT, REQUIREMENTS, PROMPTS = "__main__.py", "Pulumi.yaml", "requirements.txt", "prompts"


@dataclass(frozen=True)
class Resource:
    """An entry under its logical name. `files`: the texts that stand in files, by field."""

    name: str
    entry: Entry
    files: Mapping[str, str]

    @property
    def type_name(self) -> str:
        """As the program spells it."""
        return f"{self.entry.vendor}.{self.entry.kind}"


def files(
    entries: Iterable[Entry],
    *,
    title: str,
    project: str,
    requirement: str,
    settings: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
) -> tuple[dict[str, str], list[Resource]]:
    """The content of each file by its path, and the resources in the order of the program. `title` and `remarks` go into
    its docstring, `settings` into the project file."""
    contents: dict[str, str] = {}
    resources = []
    for name, entry in names.logical_names(entries):
        written = _written(name, entry)
        contents |= dict(written.values())
        resources.append(Resource(name, entry, {field: path for field, (path, _) in written.items()}))
    contents[PROGRAM] = _program(resources, title, remarks)
    contents[PROJECT] = _project(project, title, settings or {})
    contents[REQUIREMENTS] = f"{requirement}\n"
    return contents, resources


def project_name(folder: str) -> str:
    """A name that Pulumi takes for a project."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", folder).strip("-.")[:100] or "imported"


# ---- texts ----


def _written(name: str, entry: Entry) -> dict[str, tuple[str, str]]:
    """Path and content for each long text; the first one has the resource's name."""
    found: dict[str, tuple[str, str]] = {}
    for field in (field for field in entry.fields if field in entry.prose):
        about: Plain = {"resource": f"{entry.vendor}.{entry.kind} {name}", "field": field}
        content = texts.as_file(entry.fields[field], about)
        if content is not None:
            stem = f"{name}.{field}" if found else name
            found[field] = (f"{PROMPTS}/{stem}.md", content)
    return found


# ---- the program ----


def _program(resources: Sequence[Resource], title: str, remarks: Sequence[str]) -> str:
    modules = {resource.entry.vendor for resource in resources}
    if any(resource.files for resource in resources):
        modules.add("prompt_file")
    protects = any(resource.entry.protect for resource in resources)
    variables = names.variables((resource.name for resource in resources), {"pulumi", *modules})
    head = ["import pulumi\n"] if protects else []
    head.append(f"from pulumi_smsagents import {', '.join(sorted(modules))}\n")
    blocks = [_docstring(title, remarks), "\n".join(head)]
    blocks += [f"{variables[resource.name]} = {_call(resource)}\n" for resource in resources]
    return "\n".join(blocks)


def _docstring(title: str, remarks: Sequence[str]) -> str:
    return f'"""{title}.' + "".join(f"\n\n{remark}" for remark in remarks) + ("\n" if remarks else "") + '"""\n'


def _call(resource: Resource) -> str:
    entry = resource.entry
    arguments = [literals.text(resource.name), f"adopt={literals.text(entry.id)}"]
    for field, value in entry.fields.items():
        head = f"{field}="
        path = resource.files.get(field)
        said = f"prompt_file({literals.text(path)})" if path else literals.literal(value, head)
        arguments.append(head + said)
    if entry.on_delete:
        arguments.append(f"on_delete={literals.text(entry.on_delete)}")
    if entry.protect:
        arguments.append("opts=pulumi.ResourceOptions(protect=True)")
    return literals.call(resource.type_name, arguments)


# ---- the project file ----


def _project(name: str, title: str, settings: Mapping[str, str]) -> str:
    # The program and the provider process have to run under the same Python, so the virtual environment is named.
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}
    content: Plain = {"name": name, "description": title, "runtime": runtime}
    if settings:
        content["config"] = {f"smsagents:{key}": {"value": value} for key, value in settings.items()}
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
