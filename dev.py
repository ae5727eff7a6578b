"""Development in one command. `python3 dev.py up` ends in a finished `pulumi up`; `python3 dev.py test` runs every check."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

OLDEST = (3, 11)


def main(arguments: Sequence[str] | None = None) -> int:
    from tools import progress  # noqa: PLC0415  after the version check below

    options = _parser().parse_args(arguments)
    try:
        return _do(options, sys.argv[1:] if arguments is None else arguments)
    except progress.StepError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _do(options: argparse.Namespace, words: Sequence[str]) -> int:
    from tools import bench, checks, emulator, mutation, quickstart, venv  # noqa: PLC0415

    if options.command == "up":
        quickstart.up()
    elif options.command == "down":
        quickstart.down()
    elif options.command == "test":
        return checks.run(options.only, options.pytest)
    elif options.command == "mutate":
        return mutation.mutate(options.part, options.sample, options.seed, options.jobs)
    elif options.command == "bench":
        return bench.run(words[1:])
    elif options.command == "emulate":
        command = emulator.command(venv.ensure(), emulator.DEFAULT_PORT)
        os.execv(command[0], [*command, *options.more])  # in its place, so that Ctrl-C is the emulator's
    elif options.command == "env":
        with redirect_stdout(sys.stderr):  # the shell evaluates the rest
            lines = quickstart.shell_lines()
        print(lines)
    return 0


def _parser() -> argparse.ArgumentParser:
    from benchmarks import options as benchmark_options  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("up", help="install, start the emulator, and `pulumi up` the quick start against it")
    commands.add_parser("down", help="undo `up`: destroy the stack, stop the emulator, remove .local/")
    test = commands.add_parser("test", help="lint, types, import contracts and tests, with the real Pulumi")
    test.add_argument("--only", choices=["lint", "types", "pytest"], help="one kind of check")
    test.add_argument("pytest", nargs="*", metavar="-- ARGUMENT", help="for pytest, after --")
    mutate = commands.add_parser("mutate", help="do the tests notice mistakes? makes small ones in a copy of a room of the code")
    mutate.add_argument("part", metavar="ROOM", help="redaction, client, journal or lifecycle, or a module there: lifecycle.creating")
    mutate.add_argument("--sample", type=int, default=0, metavar="N", help="try N of the mutants (default: all)")
    mutate.add_argument("--seed", type=int, default=1, help="which N (default: 1)")
    mutate.add_argument("--jobs", type=int, default=1, metavar="N", help="how many at once (default: 1)")
    benchmark = commands.add_parser("bench", help="measure: ours, the tutorials' way, Terraform, and the least that is possible")
    benchmark_options.add_to(benchmark)
    emulate = commands.add_parser("emulate", help="run the emulator in the foreground")
    emulate.add_argument("more", nargs="*", metavar="-- ARGUMENT", help="for the emulator, after --")
    commands.add_parser("env", help='for plain `pulumi` commands in this folder: eval "$(python3 dev.py env)"')
    return parser


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"dev.py needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    if os.name == "nt":
        sys.exit("dev.py needs Linux or macOS; on Windows, use it within WSL.")
    sys.exit(main())
