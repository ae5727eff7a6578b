"""README and docs: every block runs, every link leads somewhere, every page says what the code says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.engine import Studio
from markdown_it import MarkdownIt
from mocked import mocked, run
from pages import put_down
from walking import Walk

import pulumi_smsagents
from pulumi_smsagents import connect
from pulumi_smsagents.journal import Journals
from pulumi_smsagents.lifecycle import Lifecycle
from pulumi_smsagents.vendors import VENDORS, find
from tools import support_table

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").glob("*/README.md")),
]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if list(path.glob("*.y*ml")))
GETTING_STARTED = ROOT / "docs" / "getting-started.md"
OFFERS = [(vendor, offer) for vendor in VENDORS for offer in vendor.offers]


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    found = (token for token in MarkdownIt().parse(page.read_text("utf-8")) if token.type == "fence" and token.info == language)
    return [Block(page, (token.map or [0])[0] + 1, language, token.content) for token in found]


def every(language: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page, language)]


@pytest.mark.parametrize("block", every("python"), ids=str)
def test_a_program_in_the_docs_runs_and_is_accepted(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is complete, with the prompt files of its page: it registers resources, and the check finds nothing wrong with any of them."""
    put_down(block.page, tmp_path)
    monkeypatch.chdir(tmp_path)
    with mocked(project="docs") as mocks:
        run(lambda: exec(compile(block.text, str(block), "exec"), {"__name__": "__main__"}))
    ours = [(made.typ, made.name, made.inputs) for made in mocks.registered if "smsagents/" in made.typ]
    assert ours, f"{block} registers no resource of ours"
    for kind, name, inputs in ours:
        offer = find(kind.partition("smsagents/")[2])
        lifecycle = Lifecycle(*offer, connect=lambda: pytest.fail("a check makes no call"), journals=Journals(tmp_path))
        fields = {key: value for key, value in inputs.items() if key != "__provider"}
        assert lifecycle.check({}, fields).problems == [], name


@pytest.mark.parametrize("block", every("yaml"), ids=str)
def test_yaml_in_the_docs_is_yaml(block: Block) -> None:
    """And every project file names the virtual environment, without which the provider may run under another Python."""
    parsed = yaml.safe_load(block.text)
    if "runtime" in parsed:
        assert parsed["runtime"]["options"]["virtualenv"]


def _shell_lines() -> list[tuple[Block, str]]:
    return [(block, line) for block in every("sh") for line in block.text.splitlines() if line.strip() and not line.startswith("#")]


def test_shell_commands_in_the_docs_exist() -> None:
    """No page names a command, a subcommand or an extra that is not there."""
    known = {
        r"python3 dev\.py (up|down|test|emulate|env|bench)( .*)?",
        r'eval "\$\(python3 dev\.py env\)"',
        r"python3 -m venv examples/policy/\.venv",
        r"examples/policy/\.venv/bin/pip install -r examples/policy/requirements\.txt",
        r"pip install '<path of the clone>\[emulator\]'",
        r"smsagents (doctor|drift|emulate|resolve|up|destroy|import \w+)( .*)?",  # their options: tests/cli/test_commands_page.py
        r"([A-Z_]+=\S+( key>)? )*pulumi (up|preview|refresh|destroy|stack|config|login|cancel|policy analyze|install)( .*)?",
        r"export PULUMI_CONFIG_PASSPHRASE_FILE=<file>",
        r"export( [A-Z]+_API_KEY=(any|<key>))+",
        r"export( (AWS|PG)[A-Z_]+=<\w+>)+",
        r"curl -X PATCH -d '.+' \"http://127\.0\.0\.1:8790/_emulator/teli/objects/\$\(pulumi stack output agent_id\)\"",
        r"cd texting",
        r"curl -d @existing/\w+\.json http://127\.0\.0\.1:8790/_emulator/\w+/objects",
        r"curl (-X \w+ )?(-d '[^']*' )?'?http://127\.0\.0\.1:8790/_emulator/\S+",  # tried in tests/emulator/test_page_of_faults.py
    }
    known |= {f"cd examples/{path.name}" for path in EXAMPLES}
    unknown = [f"{block}: {line}" for block, line in _shell_lines() if not any(re.fullmatch(form, line) for form in known)]
    assert unknown == []


def test_every_other_block_is_held_to_something() -> None:
    """A page that quotes output or shows files has a test of its own, which names it; README's program comes with its prompt."""
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py") if path.name != Path(__file__).name]
    walked = {"README.md", "CONTRIBUTING.md", GETTING_STARTED.name}
    quoting = {
        page.name
        for page in PAGES
        for token in MarkdownIt().parse(page.read_text("utf-8"))
        if token.type in ("fence", "code_block") and token.info not in ("python", "yaml", "sh")
    }
    assert {name for name in quoting - walked if not any(re.search(rf'["/]{name}"', text) for text in tests)} == set()


def test_settings_in_the_docs_exist() -> None:
    """Every `smsagents:…` setting that a page names is one that the code reads."""
    per_vendor = {f"{vendor.name}{name}" for vendor in VENDORS for name in ("ApiKey", "BaseUrl", "RequestsPerSecond", *vendor.options)}
    package = {*connect._LIMIT_SETTINGS.values(), "allowedNumbers", *connect._RULES}
    named = {name for page in PAGES for name in re.findall(r"smsagents:([a-z]\w+)", page.read_text("utf-8"))}
    named -= {name for name in named if name.startswith("smsagents")}
    assert named <= per_vendor | package | {vendor.name for vendor in VENDORS}
    assert package <= named, "and every one that the code reads is on a page"


def test_every_link_leads_somewhere() -> None:
    """Relative links only; those to other sites cannot be tried here."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}" for page in PAGES for target in _links(page) if not (page.parent / target).resolve().exists()
    ]
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """By following links."""
    reached, open_pages = set(), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            open_pages += [(page.parent / target).resolve() for target in _links(page)]
    assert {str(page) for page in PAGES} - {str(page) for page in reached} == set()


def test_the_readme_leads_to_every_example() -> None:
    """To the page that says what it shows, or to the program."""
    linked = {(ROOT / target).resolve().parent for target in _links(ROOT / "README.md")}
    assert {path.name for path in EXAMPLES} - {path.name for path in linked} == set()


@pytest.mark.parametrize(("vendor", "offer"), OFFERS, ids=lambda each: getattr(each, "name", getattr(each, "kind", "")))
@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_the_readme_and_the_changelog_name_every_resource(page, vendor, offer) -> None:
    assert f"`{vendor.name}.{offer.kind}`" in (ROOT / page).read_text("utf-8")


def test_every_link_into_a_page_leads_to_a_heading() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in _targets(page)
        if "#" in target and target.partition("#")[2] not in _anchors((page.parent / (target.partition("#")[0] or page.name)).resolve())
    ]
    assert broken == []


def _anchors(page: Path) -> set[str]:
    """The headings as GitHub names them."""
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    headings = (after.content for token, after in pairwise(tokens) if token.type == "heading_open")
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links(page: Path) -> list[str]:
    return [target.partition("#")[0] for target in _targets(page) if not target.startswith("#")]


def _targets(page: Path) -> list[str]:
    inline = (child for token in MarkdownIt().enable("table").parse(page.read_text("utf-8")) for child in token.children or [])
    targets = [str(child.attrs["href"]) for child in inline if child.type == "link_open"]
    return [target for target in targets if "://" not in target]


def test_the_support_table_is_current() -> None:
    """Written again with: .venv/bin/python -m tools.support_table."""
    assert support_table.PAGE.read_text("utf-8") == support_table.page()


@pytest.mark.parametrize(("vendor", "offer"), OFFERS, ids=lambda each: getattr(each, "name", getattr(each, "kind", "")))
def test_a_resource_page_names_every_input_output_and_call(vendor, offer) -> None:
    """What a program can write and read, and what is asked of the vendor."""
    page = (ROOT / "docs" / "resources" / f"{vendor.name}-{offer.kind.lower()}.md").read_text("utf-8")
    cls = getattr(getattr(pulumi_smsagents, vendor.name), offer.kind)
    names = {*cls._fields, *cls._outputs, "unverified", *offer.on_delete}
    assert {name for name in names if f"`{name}`" not in page} == set()
    paths = {call.split("{id}")[0].split("?")[0] for call in offer.calls.values()}
    assert {path for path in paths if path not in page} == set()


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_going_live_says_for_every_vendor_how_its_key_is_sent(vendor) -> None:
    rows = [line.lower() for line in (ROOT / "docs" / "going-live.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    (row,) = [row for row in rows if row.startswith(f"| {vendor.title.lower()} |")]
    ((header, value),) = vendor.sign("key").items()
    assert f"`{header.lower()}" in row
    assert ("bearer" in row) is (value == "Bearer key")


def test_getting_started_works_word_for_word(tmp_path: Path) -> None:
    """In a copy of the repository; and whoever looks at the emulator's page meanwhile sees each step."""
    walk = Walk(GETTING_STARTED, _copy_of_the_repository(tmp_path / "clone"), _environment())
    seen = {
        "python3 dev.py up": "Be brief and friendly.",
        "pulumi preview --diff": "Be brief and friendly.",
        "pulumi up --yes": "Never promise a price.",
        "curl": "Promise them a discount.",
        "pulumi preview --refresh --diff": "Promise them a discount.",
        "pulumi up --refresh --yes": "Never promise a price.",
    }
    asked: dict[str, list[Any]] = {}
    try:
        for step in walk.steps():
            if words := seen.get(step.partition(" -X")[0]):
                ((id, agent),) = _agents(walk).items()
                assert agent["prompt"].count(words) == 1, step
                assert words in walk.shown(f"/objects/teli/{id}"), step
                assert "Sales follow-up" in walk.shown(), step
                asked[step] = _calls(walk)
            if step == "python3 dev.py up":
                assert f"agent_id = {id}" in walk.said
                assert "smsagents:teliApiKey" in walk.said
        assert not (walk.folder / ".local").exists()
    finally:
        walk.run("python3 dev.py down")
    made, previewed, changed, *_ = asked.values()
    assert made == previewed
    assert [call["body"] for call in changed if call["operation"] == "teli.update"] == [{"prompt": agent["prompt"]}]


def _calls(walk: Walk) -> list[Any]:
    return list(json.loads(walk.shown("/_emulator/calls?vendor=teli"))["calls"])


def _agents(walk: Walk) -> dict[str, dict[str, Any]]:
    found = json.loads(walk.shown("/_emulator/objects?vendor=teli"))
    return {item["id"]: item["data"] for item in found["objects"] if item["kind"] == "agent"}


def test_what_the_readme_says_to_try_is_part_of_getting_started() -> None:
    """So that it is tried too."""
    tried = [line for block in blocks(GETTING_STARTED, "sh") for line in block.text.splitlines()]
    text = (ROOT / "README.md").read_text("utf-8")
    lines = re.findall(r"^(?:python3 dev\.py|eval|pulumi) .+$", text.partition("## Try it")[2].partition("\n## ")[0], re.MULTILINE)
    assert len(lines) >= 4
    assert [line for line in tried if line in lines] == lines


def test_the_program_of_the_readme_deploys(tmp_path: Path) -> None:
    """On the real engine: the agent is at the vendor, and a second preview is empty."""
    (program,) = blocks(ROOT / "README.md", "python")
    studio = Studio.furnished(tmp_path / "studio")
    with studio.stack(tmp_path / "project") as stack:
        stack.program(program.text)
        put_down(program.page, stack.folder)
        stack.up().ok()
        (agent,) = stack.emulator.objects("teli")
        assert agent.data["agent_name"] == "Sales follow-up"
        assert agent.data["prompt"] == "Follow up on the spring offer.\nBe brief and friendly."
        assert stack.preview("--expect-no-changes").ok().calls == []


def _copy_of_the_repository(folder: Path) -> Path:
    """What git knows of it, as it stands now, with this Python's environment for its own."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if (ROOT / ".venv").exists():
        (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def _environment() -> dict[str, str]:
    """A shell of someone who has nothing set, but finds this Python as python3."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "SMSAGENTS_", "VIRTUAL_ENV"))}
    return {**kept, "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])}
