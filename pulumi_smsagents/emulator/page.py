"""The emulator's own page at `/`: what stands at the vendors, what was asked of them, and every switch there is.

Prompts are untrusted text: the templates escape all of it, and nothing that got past them would run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from . import page_views as views
from .page_text import FILTERS

if TYPE_CHECKING:
    from .app import Emulator

FILES = Path(__file__).with_name("page_files")
HEADERS = {
    # Nothing inline and nothing from elsewhere: a prompt that got past the escaping would still not run.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def routes(emulator: Emulator) -> list[BaseRoute]:
    """The views, the phone of an object, and their files."""
    page = Page(emulator)
    return [
        Route("/", page.overview),
        Route("/calls", page.calls),
        Route("/faults", page.faults),
        Route("/objects/{vendor}/{id:path}", page.thing),
        Route("/_emulator/phone/{vendor}/{id:path}", page.phone, methods=["POST"]),
        Mount("/_emulator/files", app=StaticFiles(directory=FILES / "static")),
    ]


class Page:
    """Each view of one emulator. A page that is open fetches its view again whenever something has changed."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._templates = Environment(loader=FileSystemLoader(FILES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._templates.filters |= FILTERS

    async def overview(self, request: Request) -> Response:
        """All vendors at a glance."""
        return self._answer("overview", request, lambda: views.overview(self._emulator, request.query_params))

    async def calls(self, request: Request) -> Response:
        """The log of calls."""
        return self._answer("calls", request, lambda: views.calls(self._emulator, request.query_params, _base(request)))

    async def faults(self, request: Request) -> Response:
        """Faults and switches."""
        return self._answer("faults", request, lambda: views.faults(self._emulator))

    async def thing(self, request: Request) -> Response:
        """One object."""
        named = request.path_params["vendor"], request.path_params["id"]
        return self._answer("thing", request, lambda: views.thing(self._emulator, *named))

    async def phone(self, request: Request) -> Response:
        """The phone of one object, for the lead, the moves and the answers that the reader has typed."""
        name, id = request.path_params["vendor"], request.path_params["id"]
        try:
            given = json.loads(await request.body())
            with self._emulator.lock:
                script = views.script_of(self._emulator, name, self._emulator.object(name, id))
                shown = views.phone_of(script, given) if script else None
        except KeyError:
            return JSONResponse({"error": "there is no such object any more"}, 404)
        except (AttributeError, TypeError, ValueError) as problem:
            return JSONResponse({"error": str(problem)}, 400)
        return HTMLResponse(self._templates.get_template("phone.html").render(phone=shown), headers=HEADERS)

    def _answer(self, template: str, request: Request, view: Callable[[], dict[str, Any] | None]) -> Response:
        # Under the lock to the end: a history that grows while it is written out is an error.
        with self._emulator.lock:
            found = view()
            values = {**views.common(self._emulator, template, _base(request)), **(found or {})}
            html = self._templates.get_template(f"{template if found is not None else 'unknown'}.html").render(values)
        return HTMLResponse(html, 200 if found is not None else 404, headers=HEADERS)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
