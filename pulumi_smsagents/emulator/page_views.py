"""What each view of the page shows, as plain values for its template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import page_curl, phone
from .calls import Call
from .fault_kinds import KINDS
from .faults import Fault
from .page_text import group
from .scripts import Script

if TYPE_CHECKING:
    from .app import Emulator
    from .store import Item

OBJECTS = 100
REMOVED = 20
CALLS = 100
LATEST = 8
STATUSES = {"good": "2xx", "moved": "3xx", "wrong": "4xx", "broken": "5xx", "none": "no answer"}
View = dict[str, Any]
Asked = Mapping[str, str]


def common(emulator: Emulator, view: str, base: str) -> View:
    """What every view shows around itself."""
    return {
        "view": view,
        "base": base,
        "titles": {name: vendor.title for name, vendor in emulator.vendors.items()},
        "waiting": len(waiting(emulator)),
        "latency": f"{emulator.latency * 1000:g}",
    }


def overview(emulator: Emulator, asked: Asked) -> View:
    """The vendors, their objects, and the latest calls."""
    query = asked.get("q", "").strip()
    return {
        "query": query,
        "vendors": [_vendor(emulator, name, query) for name in emulator.vendors],
        "calls": [_call(emulator, call) for call in emulator.calls.latest(LATEST)],
        "call_count": sum(emulator.calls.counts.values()),
    }


def calls(emulator: Emulator, asked: Asked, base: str) -> View:
    """The log, newest first: all of it, or what the filter lets through."""
    chosen = {name: asked.get(name, "").strip() for name in ("vendor", "operation", "status", "number")}
    found = [call for call in reversed(list(emulator.calls)) if _wanted(call, chosen)]
    return {
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "calls": [_call(emulator, call) | {"curl": _curl(emulator, call, base)} for call in found[:CALLS]],
        "found": len(found),
        "kept": len(emulator.calls),
        "call_count": sum(emulator.calls.counts.values()),
        "counts": sorted(emulator.calls.counts.items()),
        "operations": sorted(emulator.calls.counts),
        "statuses": STATUSES,
    }


def faults(emulator: Emulator) -> View:
    """What waits to go wrong, and every switch of every vendor."""
    return {
        "faults": [_fault(fault) for fault in emulator.faults.all()],
        "kinds": {name: kind.about for name, kind in KINDS.items()},
        "operations": {name: [route.operation for route in vendor.routes] for name, vendor in emulator.vendors.items()},
        "rates": {name: limiter.as_json() for name, limiter in emulator.limiters.items()},
        "modes": {name: modes.as_json() for name, modes in emulator.modes.items()},
        "accepted": {name: emulator.auth.limited(name) for name in emulator.vendors},
    }


def thing(emulator: Emulator, name: str, id: str) -> View | None:
    """One object, living or removed, with its phone; None if there never was one."""
    vendor, store = emulator.vendors.get(name), emulator.stores.get(name)
    if vendor is None or store is None:
        return None
    item = store.find(id) or next((each for each in reversed(store.removed) if each.id == id), None)
    if item is None:
        return None
    script = script_of(emulator, name, item)
    return {
        "vendor": vendor,
        "item": item,
        "label": vendor.label(item),
        "phone": phone_of(script, {}) if script and item.removed is None else None,
    }


def script_of(emulator: Emulator, name: str, item: Item) -> Script | None:
    """What the object sends unasked; None where it is nothing that texts."""
    vendor = emulator.vendors[name]
    return vendor.script(item) if vendor.script and item.kind == vendor.kind else None


def phone_of(script: Script, given: Mapping[str, Any]) -> View:
    """The phone for what the reader has typed: `lead`, `moves` and `answers`."""
    typed = _texts(given.get("lead"))
    names = phone.names(script)
    lead = {name: typed.get(name, phone.LEAD.get(name, "")) for name in (*phone.LEAD, *script.lead, *names)}
    lead |= {name: typed.get(name, value) for name, value in script.lead.items()}
    answers = given.get("answers", list(phone.ANSWERS))
    moves = given.get("moves", [])
    if not isinstance(answers, list) or not isinstance(moves, list):
        raise TypeError("answers and moves are lists")
    played = phone.play(script, lead, [move if move is None else str(move) for move in moves], [str(each) for each in answers])
    return {"script": script, "lead": lead, "played": played, "answers": list(phone.ANSWERS)}


def waiting(emulator: Emulator) -> list[Fault]:
    """The faults that may still strike."""
    return [fault for fault in emulator.faults.all() if not fault.spent]


def _texts(given: Any) -> dict[str, str]:
    if not isinstance(given, dict | None):
        raise TypeError("lead is an object")
    return {str(name): str(value) for name, value in (given or {}).items()}


def _vendor(emulator: Emulator, name: str, query: str) -> View:
    vendor, modes = emulator.vendors[name], emulator.modes[name]
    newest = list(reversed(emulator.objects(name)))
    found = [item for item in newest if not query or _holds(item, query.lower())]
    removed = [item for item in reversed(emulator.stores[name].removed) if item.kind == vendor.kind]
    changes = [item.history[-1] for item in (*newest, *removed) if item.history]
    return {
        "name": name,
        "title": vendor.title,
        "kind": vendor.kind,
        "count": len(newest),
        "found": len(found),
        "shown": [_row(emulator, name, item) for item in found[:OBJECTS]],
        "removed": [_row(emulator, name, item) for item in removed[:REMOVED]],
        "removed_count": len(removed),
        "call_count": sum(count for operation, count in emulator.calls.counts.items() if operation.startswith(f"{name}.")),
        "last": max(changes, key=lambda change: change.at, default=None),
        "faults": len([fault for fault in waiting(emulator) if fault.vendor in ("*", name)]),
        "modes": [(mode, modes[mode]) for mode in modes if modes[mode] != modes.known[mode].default],
        "accepted": emulator.auth.limited(name),
    }


def _row(emulator: Emulator, name: str, item: Item) -> View:
    return {"vendor": name, "item": item, "label": emulator.vendors[name].label(item)}


def _holds(item: Item, query: str) -> bool:
    return query in item.id.lower() or any(query in str(value).lower() for value in item.data.values())


def _call(emulator: Emulator, call: Call) -> View:
    living = {(call.vendor, change.id) for change in call.changes}
    return {"call": call, "objects": [id for vendor, id in sorted(living) if emulator.stores[vendor].find(id)]}


def _curl(emulator: Emulator, call: Call, base: str) -> str:
    return page_curl.curl(emulator.vendors[call.vendor], call, base)


def _wanted(call: Call, chosen: Asked) -> bool:
    return (
        chosen["vendor"] in ("", call.vendor)
        and chosen["operation"] in ("", call.operation)
        and chosen["status"] in ("", group(call.status))
        and chosen["number"] in ("", str(call.number))
    )


def _fault(fault: Fault) -> View:
    left = "always" if fault.times is None else "spent" if fault.spent else f"{fault.times - fault.struck} more"
    return {"fault": fault, "left": left}
