"""What is sent to Bland: always all that is known of a configuration, with what changes over it.

https://docs.bland.ai/api-v1/post/sms-update, checked 2026-11-20. Whether a field that is not sent is kept or goes back to
its default is on no page, nor what an explicit null does: what stands here is right under every reading.
"""

from __future__ import annotations

from ..values import ABSENT, Plain
from .base import FOUND, Live
from .bland_fields import FIELDS, SETTINGS

LATE = ("response_data", "use_candidate_model")
"""Fields of the newest revision: a server from before it does not know them, so nothing is sent unless a program set them."""

EMPTIES: Plain = {"disposition_ids": [], "citation_schema_ids": [], "response_data": [], "time_out": 0, "warning_time": 0}
"""What may empty a field where null does not; "" for all others. A sister call documents null or "" (…/post/inbound-number-update)."""


def overlay(before: Live | None, new: Plain, changed: Plain) -> Plain:
    """All that is known of the configuration with the changes over it, so that it does not matter whether the server merges
    or overwrites: that is documented nowhere. What is not set is left out, and null stands only for what has to be emptied."""
    seen = before.fields if before else {}
    # A field of ours that someone else changed stays theirs until a run of ours says otherwise.
    ours = {name: value for name, value in new.items() if name not in seen or FIELDS[name].same(value, seen[name])}
    body = {name: value for name, value in {**seen, **ours}.items() if value is not None} | changed
    if "pathway_id" in changed and "pathway_id" in seen and not FIELDS["pathway_id"].same(changed["pathway_id"], seen["pathway_id"]):
        # Both belong to the pathway that goes: at the new one they would name another version and no node.
        body |= {
            name: None
            for name in ("pathway_version", "start_node_id")
            if name not in new and seen.get(name) is not None and name not in changed
        }
    return {name: body[name] for name in SETTINGS if name in body and not (body[name] is None and seen.get(name, ABSENT) is None)}


def defaults(state: Plain) -> Plain:
    """What a configuration nobody touched holds, by the page's own sample."""
    wanted = [name for name in SETTINGS if FIELDS[name].clear is not ABSENT and (name not in LATE or name in state)]
    return {name: FIELDS[name].clear for name in wanted} | _service(state)


def restored(state: Plain, live: Live) -> Plain:
    """What the fields of the resource were before. A field that it no longer sets was put to its default then; where it is
    at something else by now, that is someone else's doing and stays."""
    found, targets = state.get(FOUND, {}), {}
    for name in SETTINGS:
        rule = FIELDS[name]
        if rule.clear is ABSENT:
            continue
        if name in state:
            targets[name] = found.get(name, rule.clear)
        elif name in found and rule.same(rule.clear, live.fields.get(name, rule.clear)):
            targets[name] = found[name]
    return targets | _service(state)


def _service(state: Plain) -> Plain:
    """The Messaging Service of before, where we set another: never null, without it a number may not text at all."""
    sid = state.get(FOUND, {}).get("messaging_service_sid")
    return {"messaging_service_sid": sid} if sid and "messaging_service_sid" in state else {}


def emptied(body: Plain, names: list[str]) -> Plain:
    """The body with empty values in place of null."""
    return {**body, **{name: EMPTIES.get(name, "") for name in names}}


def not_empty(shown: Live | None, names: list[str]) -> list[str]:
    """Which of `names` still show a value."""
    fields = shown.fields if shown else {}
    return [name for name in names if name in fields and not FIELDS[name].same(None, fields[name])]
