"""The control interface under `/_emulator/`: what tests and people do to the emulator, as JSON over HTTP.

Everything here is a method of `Emulator` first; this module only translates.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from .door import UNDOCUMENTED
from .fault_classes import CLASSES, classes_of
from .fault_kinds import KINDS
from .faults import fault_from
from .rates import rate_from
from .store import Item

if TYPE_CHECKING:
    from .app import Emulator

Answer = Callable[["Emulator", Request], Awaitable[Any]]


async def _objects(emulator: Emulator, request: Request) -> Any:
    """All living objects, or those of `?vendor=` and `?kind=`; with `removed=true` the removed ones."""
    asked = request.query_params
    vendor, kind = asked.get("vendor"), asked.get("kind")
    stores = [store for name, store in emulator.stores.items() if vendor in (None, name)]
    with emulator.lock:
        found = [(store.vendor, item) for store in stores for item in (store.removed if asked.get("removed") == "true" else store)]
        return {"objects": [_shown(name, item) for name, item in found if kind in (None, item.kind)]}


async def _object(emulator: Emulator, request: Request) -> Any:
    vendor, id = _named(emulator, request)
    return _shown(vendor, emulator.object(vendor, id))


async def _add(emulator: Emulator, request: Request) -> Any:
    vendor = _vendor(emulator, request)
    return _shown(vendor, emulator.add(vendor, await _body(request)))


async def _edit(emulator: Emulator, request: Request) -> Any:
    vendor, id = _named(emulator, request)
    return _shown(vendor, emulator.edit(vendor, id, await _body(request)))


async def _remove(emulator: Emulator, request: Request) -> Any:
    vendor, id = _named(emulator, request)
    return _shown(vendor, emulator.remove(vendor, id))


async def _calls(emulator: Emulator, request: Request) -> Any:
    asked = request.query_params
    found = emulator.calls.select(asked.get("vendor"), asked.get("operation"), int(asked.get("since", 0)))
    return {"calls": [call.as_json() for call in found]}


async def _counts(emulator: Emulator, _request: Request) -> Any:
    return {
        "calls": dict(sorted(emulator.calls.counts.items())),
        "objects": {name: len(emulator.objects(name)) for name in emulator.stores},
    }


async def _faults(emulator: Emulator, _request: Request) -> Any:
    """The queue, spent faults too; what there is to choose from, and which class each kind belongs to."""
    return {
        "faults": [fault.as_json() for fault in emulator.faults.all()],
        "kinds": {name: f"{', '.join(classes_of(name))}: {kind.about}" for name, kind in KINDS.items()},
        "classes": {name: asdict(each) for name, each in CLASSES.items()},
    }


async def _add_faults(emulator: Emulator, request: Request) -> Any:
    """One fault, or a list of them."""
    operations = {name: [*(route.operation for route in vendor.routes), UNDOCUMENTED] for name, vendor in emulator.vendors.items()}
    given = [fault_from(each, operations) for each in await _body(request, list)]
    added = [emulator.faults.add(each) for each in given]
    return {"faults": [fault.as_json() for fault in added]}


async def _remove_fault(emulator: Emulator, request: Request) -> Any:
    emulator.faults.remove(request.path_params["number"])
    return {"faults": [fault.as_json() for fault in emulator.faults.all()]}


async def _clear_faults(emulator: Emulator, _request: Request) -> Any:
    emulator.faults.clear()
    return {"faults": []}


async def _reset(emulator: Emulator, _request: Request) -> Any:
    emulator.reset()
    return {"reset": True}


async def _keys(emulator: Emulator, request: Request) -> Any:
    """`{"keys": ["…"]}`: these and no others; `{"keys": null}`: any."""
    vendor, keys = _vendor(emulator, request), (await _body(request)).get("keys")
    if keys is not None and not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
        raise ValueError("keys is a list of strings, or null for any key")
    emulator.auth.accept(vendor, keys)
    return {"vendor": vendor, "accepted": emulator.auth.limited(vendor)}


async def _modes(emulator: Emulator, _request: Request) -> Any:
    return {name: modes.as_json() for name, modes in emulator.modes.items()}


async def _set_modes(emulator: Emulator, request: Request) -> Any:
    """Set the modes named in the body; null puts one back to its default."""
    modes = emulator.modes[_vendor(emulator, request)]
    modes.set(**await _body(request))
    return modes.as_json()


async def _rates(emulator: Emulator, _request: Request) -> Any:
    return {name: limiter.as_json() for name, limiter in emulator.limiters.items()}


async def _set_rate(emulator: Emulator, request: Request) -> Any:
    """`{"calls": 20}`: so many calls a second, and a 429 for each beyond; `{"calls": null}`: no limit."""
    limiter = emulator.limiters[_vendor(emulator, request)]
    limiter.rate = rate_from(await _body(request))
    return limiter.as_json()


async def _latency(emulator: Emulator, request: Request) -> Any:
    """`{"ms": 20}`: every vendor call takes so much longer."""
    emulator.latency = float((await _body(request))["ms"]) / 1000
    return {"ms": emulator.latency * 1000}


async def _events(emulator: Emulator, _request: Request) -> Any:
    return StreamingResponse(emulator.bell.events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


ROUTES: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "/objects", _objects),
    ("GET", "/calls", _calls),
    ("GET", "/counts", _counts),
    ("GET", "/faults", _faults),
    ("POST", "/faults", _add_faults),
    ("DELETE", "/faults", _clear_faults),
    ("DELETE", "/faults/{number:int}", _remove_fault),
    ("POST", "/reset", _reset),
    ("PUT", "/keys/{vendor}", _keys),
    ("GET", "/modes", _modes),
    ("PUT", "/modes/{vendor}", _set_modes),
    ("GET", "/rates", _rates),
    ("PUT", "/rates/{vendor}", _set_rate),
    ("PUT", "/latency", _latency),
    ("GET", "/events", _events),
    ("POST", "/{vendor}/objects", _add),
    ("GET", "/{vendor}/objects/{id:path}", _object),
    ("PATCH", "/{vendor}/objects/{id:path}", _edit),
    ("DELETE", "/{vendor}/objects/{id:path}", _remove),
)


def routes(emulator: Emulator) -> list[Route]:
    """The control interface of this emulator."""
    return [Route(path, _endpoint(emulator, answer), methods=[method]) for method, path, answer in ROUTES]


def _endpoint(emulator: Emulator, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            emulator.settle()
            answered = await answer(emulator, request)
        except KeyError as problem:
            return JSONResponse({"error": str(problem.args[0])}, 404)
        except (TypeError, ValueError) as problem:
            return JSONResponse({"error": str(problem)}, 400)
        if request.method != "GET":
            emulator.bell.ring()
        return answered if isinstance(answered, Response) else JSONResponse(answered)

    return endpoint


def _vendor(emulator: Emulator, request: Request) -> str:
    name = str(request.path_params["vendor"])
    if name not in emulator.vendors:
        raise KeyError(f"no such vendor: {name}; there are {', '.join(emulator.vendors)}")
    return name


def _named(emulator: Emulator, request: Request) -> tuple[str, str]:
    return _vendor(emulator, request), str(request.path_params["id"])


async def _body(request: Request, wanted: type = dict) -> Any:
    raw = await request.body()
    given = json.loads(raw) if raw else {}
    if wanted is list and isinstance(given, dict):
        given = [given]
    if not isinstance(given, wanted):
        raise TypeError("the body is a JSON object")
    return given


def _shown(vendor: str, item: Item) -> dict[str, Any]:
    return {"vendor": vendor, **item.as_json()}
