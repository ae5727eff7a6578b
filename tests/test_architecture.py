"""Who imports whom. The contracts are in pyproject.toml; here they are kept, and kept complete."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {contract["name"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
PACKAGE = ROOT / "pulumi_smsagents"
ROOMS = {path.stem for path in PACKAGE.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"} - {"__init__"}
SHARED = {"base", "checks"}
"""Modules of `vendors` that belong to no vendor."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("pulumi_smsagents", include_external_packages=True, cache_dir=None)


def test_every_contract_is_kept():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


def rooms(name: str) -> set[str]:
    return {module.removeprefix("pulumi_smsagents.") for module in CONTRACTS[name]["source_modules"]}


def test_no_room_is_left_out():
    """A new module has to be put into each list, or the contract says nothing about it."""
    layers = CONTRACTS["The rooms are layered, and front doors do not know one another"]["layers"]
    layered = set(re.findall(r"\w+", " ".join(layers)))
    assert layered == ROOMS - {"emulator"}
    assert rooms("Only resources know Pulumi") == ROOMS - {"resources"}
    assert rooms("Only the client knows httpx") == ROOMS - {"client"}
    assert rooms("Only cli.emulate knows the emulator") == ROOMS - {"emulator", "cli"}
    forbidden = set(CONTRACTS["The emulator knows the documentation and none of our code"]["forbidden_modules"])
    assert {f"pulumi_smsagents.{room}" for room in ROOMS - {"emulator"}} <= forbidden


def test_only_cli_emulate_among_the_commands_knows_the_emulator(graph):
    knowing = {
        module
        for module in graph.modules
        if module.startswith("pulumi_smsagents.cli")
        and any(imported.startswith("pulumi_smsagents.emulator") for imported in graph.find_modules_directly_imported_by(module))
    }
    assert knowing <= {"pulumi_smsagents.cli.emulate"}


def owner(module: str) -> str:
    """The vendor of ``pulumi_smsagents.vendors.fluents_fields``: fluents."""
    return module.rpartition(".")[2].partition("_")[0]


def test_vendors_do_not_know_one_another(graph):
    """Nor the parts of one another. A vendor is one module, with its parts beside it: fluents, fluents_fields."""
    modules = [f"pulumi_smsagents.vendors.{path.stem}" for path in (PACKAGE / "vendors").glob("*.py") if path.stem != "__init__"]
    for module in modules:
        siblings = {name for name in graph.find_modules_directly_imported_by(module) if name.startswith("pulumi_smsagents.vendors.")}
        others = {name for name in siblings if owner(name) not in SHARED | {owner(module)}}
        assert not others, module
        if owner(module) in SHARED:
            assert {owner(name) for name in siblings} <= SHARED, module


def test_a_broken_rule_is_found(graph):
    """Seeded: the contracts are worth something only if a wrong import breaks them."""
    seeded = [
        ("pulumi_smsagents.vendors.teli", "httpx", "Only the client knows httpx"),
        ("pulumi_smsagents.lifecycle.core", "pulumi", "Only resources know Pulumi"),
    ]
    for module, imported, contract in seeded:
        assert imported not in graph.find_modules_directly_imported_by(module)
        assert imported in CONTRACTS[contract]["forbidden_modules"]
        assert any(module.startswith(source) for source in CONTRACTS[contract]["source_modules"])


def test_every_exception_to_the_linter_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text()
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pylint]")]
    lines = [line for line in section.splitlines() if re.match(r'  "[A-Z]+\d*",', line)]
    assert len(lines) > 10
    assert all(re.search(r"# \w+", line) for line in lines)
    assert 'select = ["ALL"]' in section


def test_every_noqa_names_its_rule():
    for path in sorted(ROOT.glob("pulumi_smsagents/**/*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert "# noqa" not in line or re.search(r"# noqa: [A-Z]+\d+", line), f"{path}:{number}"
            assert "type: ignore" not in line or re.search(r"type: ignore\[[a-z-]+", line), f"{path}:{number}"
