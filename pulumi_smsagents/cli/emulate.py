"""`smsagents emulate`: the vendors' APIs on this computer."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ConfigurationError
from . import console


def emulate(
    *,
    port: Annotated[
        int, typer.Option("--port", "-p", metavar="PORT", help="Port on 127.0.0.1; 0 picks a free one.", min=0, max=65535)
    ] = 8790,
    data: Annotated[Path | None, typer.Option("--data", metavar="FILE", help="A JSON file that keeps the objects over restarts.")] = None,
    latency_ms: Annotated[float, typer.Option("--latency-ms", metavar="MS", help="Milliseconds added to every vendor call.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the addresses as JSON.")] = False,
) -> None:
    """Serve the vendors' APIs on this computer, until Ctrl-C.

    They are as the vendors' public pages describe them. Its first line says where; a browser finds a page there that
    shows what each vendor holds and was asked. Point a stack at it with, for example: pulumi config set
    smsagents:teliBaseUrl http://127.0.0.1:8790/teli; any key will do.

    Exit code: 0 it was ended, 1 it could not start.
    """
    try:
        from pulumi_smsagents.emulator import Emulator
        from pulumi_smsagents.emulator.server import Server, address, listen
    except ModuleNotFoundError as missing:  # an optional extra
        name = str(missing.name).partition(".")[0]
        raise ConfigurationError(f"the emulator needs {name}; install pulumi-smsagents with its extra: emulator") from None
    try:
        emulator = Emulator(data, latency=latency_ms / 1000)
    except ValueError as wrong:
        raise ConfigurationError(f"--data: {wrong}") from None
    try:
        listening = listen("127.0.0.1", port)
    except OSError as taken:
        raise ConfigurationError(f"--port {port}: {taken.strerror}; give another, or 0 for a free one") from None
    server = Server(emulator, log_level="warning", ready=lambda: _ready(address(listening), emulator.vendors, as_json=as_json))
    with suppress(KeyboardInterrupt):
        server.run([listening])
    emulator.close()


def _ready(url: str, vendors: Iterable[str], *, as_json: bool) -> None:
    names = list(vendors)
    if as_json:
        console.show_json({"url": f"{url}/", "vendors": {name: f"{url}/{name}" for name in names}})
    else:
        console.write(f"emulator ready: {url}/\n")
    console.say(f"Point a stack at it, with any key: pulumi config set smsagents:{names[0]}BaseUrl {url}/{names[0]}")
    console.say(f"Likewise: {', '.join(names[1:])}. Ctrl-C ends it.")
