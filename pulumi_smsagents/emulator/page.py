"""The emulator's own page at `/`: what stands at the vendors and what was asked of them. Prompts are untrusted text: all is escaped."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from .app import Emulator
    from .store import Item

FILES = Path(__file__).with_name("page_files")
OBJECTS = 100
REMOVED = 20
CALLS = 100
HEADERS = {
    # Nothing inline and nothing from elsewhere: a prompt that got past the escaping would still not run.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def routes(emulator: Emulator) -> list[BaseRoute]:
    """The page, the part of it that changes, and its files."""
    environment = _environment()

    def answer(template: str) -> Any:
        async def endpoint(request: Request) -> Response:
            with emulator.lock:
                view = _view(emulator, request.query_params.get("q", "").strip())
            html = environment.get_template(template).render(view=view, base=str(request.base_url).rstrip("/"))
            return HTMLResponse(html, headers=HEADERS)

        return endpoint

    return [
        Route("/", answer("page.html")),
        Route("/_emulator/part", answer("part.html")),
        Mount("/_emulator/files", app=StaticFiles(directory=FILES / "static")),
    ]


def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(FILES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"when": _when, "pretty": _pretty, "group": _group}
    return environment


def _view(emulator: Emulator, query: str) -> dict[str, Any]:
    return {
        "query": query,
        "vendors": [_vendor(emulator, name, query) for name in emulator.vendors],
        "calls": emulator.calls.latest(CALLS),
        "call_count": sum(emulator.calls.counts.values()),
        "counts": sorted(emulator.calls.counts.items()),
        "faults": [fault for fault in emulator.faults.all() if not fault.spent],
        "latency": emulator.latency * 1000,
    }


def _vendor(emulator: Emulator, name: str, query: str) -> dict[str, Any]:
    vendor, modes = emulator.vendors[name], emulator.modes[name]
    newest = list(reversed(emulator.objects(name)))
    found = [item for item in newest if not query or _holds(item, query.lower())]
    removed = [item for item in reversed(emulator.stores[name].removed) if item.kind == vendor.kind]
    return {
        "name": name,
        "title": vendor.title,
        "label": vendor.label,
        "kind": vendor.kind,
        "count": len(newest),
        "found": len(found),
        "shown": found[:OBJECTS],
        "removed": removed[:REMOVED],
        "removed_count": len(removed),
        "modes": [(mode, modes[mode]) for mode in modes if modes[mode] != modes.known[mode].default],
        "accepted": emulator.auth.limited(name),
    }


def _holds(item: Item, query: str) -> bool:
    return query in item.id.lower() or any(query in str(value).lower() for value in item.data.values())


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _group(status: int | None) -> str:
    """The class of a status, for its colour."""
    if status is None:
        return "none"
    return "good" if status < 300 else "moved" if status < 400 else "wrong" if status < 500 else "broken"
