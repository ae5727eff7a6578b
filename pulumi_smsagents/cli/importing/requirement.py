"""What the program needs installed: this package, from where it came."""

from __future__ import annotations

import json
from importlib import metadata

NAME = "pulumi-smsagents"


def requirement() -> str:
    """A line for requirements.txt: the version from an index, or the folder or address that it was installed from."""
    ours = metadata.distribution(NAME)
    origin = json.loads(ours.read_text("direct_url.json") or "{}")
    url = origin.get("url", "")
    if not url:
        return f"{NAME}>={ours.version}"
    vcs = origin.get("vcs_info", {})
    return f"{NAME} @ {vcs['vcs']}+{url}@{vcs['commit_id']}" if vcs else f"{NAME} @ {url}"
