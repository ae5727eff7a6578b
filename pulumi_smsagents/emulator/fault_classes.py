"""The sixteen classes of faults that the package is held against, and how each is played."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultClass:
    """A class: what goes wrong, the kinds that play it, and what else does, or why nothing else can."""

    about: str
    kinds: tuple[str, ...] = ()
    otherwise: str = ""


CLASSES: dict[str, FaultClass] = {
    "F1": FaultClass(
        "connection refused, no such host, TLS handshake failed",
        ("refuse",),
        "A name that does not resolve and a failed handshake look the same to a caller: no byte was sent. The emulator speaks plain HTTP.",
    ),
    "F2": FaultClass("connection lost before the call is processed", ("reset", "close")),
    "F3": FaultClass("connection lost after it: the reply is lost", ("reset", "close")),
    "F4": FaultClass("no answer in time, before or after processing; processed late", ("slow", "hang", "late")),
    "F5": FaultClass(
        "429, with and without a time to wait", ("limited", "status"), "`rates` limits all calls to a vendor, as a real limiter does."
    ),
    "F6": FaultClass("500, 502, 503, 504, before and after processing", ("status",)),
    "F7": FaultClass(
        "an answer that is not what the vendor documents",
        ("malformed", "html", "empty", "wrong_content_type", "drop_keys", "truncated", "rewrite"),
    ),
    "F8": FaultClass("a body that is slow, endless, large, or packed", ("slow_body", "endless", "big", "gzip_bomb")),
    "F9": FaultClass(
        "a list with a page missing, repeated, in a loop, or failing half way",
        ("half_list", "page_lost", "page_again", "page_loop", "status"),
        'Half way: `status` with `"where": {"page": "2"}`.',
    ),
    "F10": FaultClass(
        "what was just made is not shown yet", ("unseen",), "The modes `list_lag` and `read_lag` count calls in place of seconds."
    ),
    "F11": FaultClass("the object is gone already", otherwise="Deleted in the dashboard: `DELETE /_emulator/<vendor>/objects/<id>`."),
    "F12": FaultClass(
        "changed by someone else; fields that nobody set",
        ("rewrite",),
        "Edited in the dashboard: `PATCH /_emulator/<vendor>/objects/<id>`. Modes add fields and other spellings.",
    ),
    "F13": FaultClass("two runs at once on one account", otherwise="Run two; `latency` makes them overlap."),
    "F14": FaultClass("the caller is killed", ("hang",), "Kill it while `hang` keeps it waiting: before processing or after."),
    "F15": FaultClass(
        "401, 403, quota, 409",
        ("status",),
        "`PUT /_emulator/keys/<vendor>` says which keys are accepted.",
    ),
    "F16": FaultClass("a redirect to another host", ("redirect",)),
}


def classes_of(kind: str) -> list[str]:
    """The classes that a kind of fault plays."""
    return [name for name, each in CLASSES.items() if kind in each.kinds]
