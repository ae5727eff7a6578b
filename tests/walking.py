"""A page of the documentation, done word for word: its commands in a shell, its edits in the files, its quoted output looked for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from markdown_it import MarkdownIt

PATIENCE = 300  # seconds; a command takes about three
READY = re.compile(r"http://127\.0\.0\.1:(\d+)/")
CURL = f'''#!{sys.executable}
"""curl, for a computer that has none: -X, -d and an address on the emulator, whose port is the one of this walk."""
import argparse, os, httpx
parser = argparse.ArgumentParser()
parser.add_argument("-X", dest="method", default=None)
parser.add_argument("-d", dest="data", default=None)
parser.add_argument("url")
given = parser.parse_args()
url = given.url.replace("127.0.0.1:8790", "127.0.0.1:" + os.environ["EMULATOR_PORT"])
print(httpx.request(given.method or ("POST" if given.data else "GET"), url, content=given.data).raise_for_status().text)
'''


@dataclass
class Walk:
    """Someone who follows a page in `folder`. Each step yields its words, and `said` is what the last command printed."""

    page: Path
    folder: Path
    env: Mapping[str, str]
    said: str = ""
    port: int = 0
    _settings: list[str] = field(default_factory=list)

    def steps(self) -> Iterator[str]:
        for token in MarkdownIt().parse(self.page.read_text("utf-8")):
            if token.type == "fence":
                getattr(self, f"_{token.info}")(token.content)
                yield token.content.strip()

    def shown(self, path: str = "/") -> str:
        """What the emulator's page shows."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}").raise_for_status().text

    def run(self, command: str) -> str:
        """A command in the shell as the page has left it."""
        script = "\n".join(["set -e", *self._settings, command])
        env = {**self.env, "PATH": os.pathsep.join([str(self._programs()), self.env["PATH"]]), "EMULATOR_PORT": str(self.port)}
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{command}\n{said}"
        return said

    def _sh(self, block: str) -> None:
        if block.startswith(("eval ", "export ", "cd ")):
            self._settings.append(block)
            return
        self.said = self.run(block)
        ready = READY.search(self.said)
        self.port = self.port or (int(ready[1]) if ready else 0)

    def _text(self, block: str) -> None:
        """Quoted output may leave out lines, and nothing else."""
        said = [line.rstrip() for line in self.said.splitlines()]
        missing = [line for line in block.splitlines() if line.rstrip() not in said]
        assert missing == [], self.said

    def _diff(self, block: str) -> None:
        """In the one file that has the lines to be changed."""
        old, new = ("\n".join(line[1:] for line in block.splitlines() if line.startswith(sign)) for sign in "-+")
        (path,) = [
            path
            for path in [*self.folder.glob("examples/*/__main__.py"), *self.folder.glob("examples/*/prompts/*.md")]
            if old in path.read_text("utf-8") and str(path.relative_to(self.folder)) in self._told(block)
        ]
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    def _told(self, block: str) -> str:
        return self.page.read_text("utf-8").partition(block)[0]

    def _programs(self) -> Path:
        folder = self.folder / ".programs"
        if not folder.exists():
            folder.mkdir()
            (folder / "curl").write_text(CURL)
            (folder / "curl").chmod(0o755)
        return folder
