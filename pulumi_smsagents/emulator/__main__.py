"""`python -m pulumi_smsagents.emulator`: the vendors' APIs on loopback."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .app import Emulator
from .server import Server, address, listen


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted."""
    options = _parser().parse_args(arguments)
    try:
        emulator = Emulator(options.data, latency=options.latency_ms / 1000)
        listening = listen(options.host, options.port)
    except OSError as problem:
        return _failed(f"{options.host}:{options.port}" if problem.filename is None else problem.filename, problem.strerror or problem)
    except ValueError as problem:
        return _failed("cannot start", problem)
    ready = f"emulator ready: {address(listening)}/"
    server = Server(emulator, log_level=options.log_level, ready=lambda: print(ready, flush=True))
    try:
        server.run([listening])
    except KeyboardInterrupt:
        pass
    finally:
        emulator.close()
    return 0


def _failed(what: str, why: object) -> int:
    print(f"emulator: {what}: {why}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pulumi_smsagents.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8790, help="0 picks a free one (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="a JSON file that keeps the objects over restarts")
    parser.add_argument("--latency-ms", type=float, default=0, help="added to every vendor call")
    parser.add_argument("--log-level", default="warning", choices=["error", "warning", "info", "debug", "trace"])
    return parser


if __name__ == "__main__":
    sys.exit(main())
