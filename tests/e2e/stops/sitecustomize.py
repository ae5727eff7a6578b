"""Stops a provider process at a point of a create, until it is killed. Python loads it where this folder is on the path.

``STOP`` in the environment says where: ``<point> <port> <resource>,<resource>``. Each that comes to the point tells so at the port.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import threading
from typing import Any

WHERE = threading.local()
POINT, PORT, NAMES = os.environ["STOP"].split(" ")


def at(point: str) -> None:
    if point != POINT or WHERE.name not in NAMES.split(","):
        return
    with socket.create_connection(("127.0.0.1", int(PORT))) as line:
        line.sendall(WHERE.name.encode() + b"\n")
        line.recv(1)  # nobody answers


def stopping(adapter: Any) -> None:
    create = adapter.create

    @functools.wraps(create)
    def stopped(self: Any, *args: Any) -> Any:
        at("begun")
        made = create(self, *args)
        at("replied")
        return made

    adapter.create = stopped


def install() -> None:
    from pulumi_smsagents.resources.provider import Provider
    from pulumi_smsagents.vendors import VENDORS

    for vendor in VENDORS:
        for offer in vendor.offers:
            stopping(offer.adapter)
    create = Provider.create

    @functools.wraps(create)
    def stopped(self: Provider, props: dict[str, Any]) -> Any:
        WHERE.name = props["key"].rpartition("/")[2]
        made = create(self, props)
        at("recorded")
        return made

    Provider.create = stopped  # type: ignore[method-assign]


# Programs and language hosts are left alone.
if "pulumi.dynamic" in sys.orig_argv:
    install()
