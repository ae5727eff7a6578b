"""PostgreSQL's own programs, for the tests of a state that is shared by a team."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools import debian

PACKAGES = ("postgresql",)
PROGRAMS = ("initdb", "pg_ctl", "postgres")
DEBIAN = Path("/usr/lib/postgresql")  # a folder for each version, none of them on PATH
CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


def existing() -> Path | None:
    """The folder of the newest one, or None."""
    found = shutil.which("initdb")
    versions = sorted(DEBIAN.glob("[0-9]*"), key=lambda folder: float(folder.name), reverse=True)
    folders = [*([Path(found).resolve().parent] if found else []), *(folder / "bin" for folder in versions)]
    return next((folder for folder in folders if all((folder / name).exists() for name in PROGRAMS)), None)


def ensure() -> Path:
    """Its folder; installed where it is missing and that is possible."""
    if existing() is None and debian.is_possible():
        # The package would make a data base of its own and start a server, which nobody here asks for.
        debian.install("what all versions of PostgreSQL share", ["postgresql-common"])
        CLUSTER.write_text("create_main_cluster = false\n")
    return debian.ensure("PostgreSQL", existing, PACKAGES)
