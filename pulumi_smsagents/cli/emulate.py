"""`smsagents emulate`: the vendors' APIs on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ConfigurationError


def emulate(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.", min=0, max=65535)] = 8790,
    data: Annotated[Path | None, typer.Option(help="A JSON file that keeps the objects over restarts.", dir_okay=False)] = None,
    latency_ms: Annotated[float, typer.Option(help="Milliseconds added to every vendor call.", min=0)] = 0,
) -> None:
    """Serve the vendors' APIs as their public pages describe them, with a page to look at, until Ctrl-C.

    Point a stack at it with: pulumi config set smsagents:teliBaseUrl http://127.0.0.1:8790/teli; any key will do.
    """
    try:
        from pulumi_smsagents.emulator.__main__ import main
    except ModuleNotFoundError as missing:  # an optional extra
        name = str(missing.name).partition(".")[0]
        raise ConfigurationError(f"the emulator needs {name}; install pulumi-smsagents with its extra: emulator") from None
    arguments = ["--port", str(port), "--latency-ms", str(latency_ms), *(["--data", str(data)] if data else [])]
    raise typer.Exit(main(arguments))
