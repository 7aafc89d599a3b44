"""Where a PgBouncer for the tests behind a pooler comes from: the machine's own, else apt as root."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from cli.local.config import ROOT, environment
from cli.local.errors import LocalError
from cli.local.subprocess_step import run

# Debian keeps it where only root's PATH looks.
PLACES = os.pathsep.join(("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"))
MISSING = "the tests behind a pooler need PgBouncer; type: sudo apt-get install pgbouncer (macOS: brew install pgbouncer)"


def pgbouncer(say: Callable[[str], None]) -> str | None:
    """Return the path of PgBouncer, installing it with apt when this is root on Debian or Ubuntu; None where there is none."""
    found = _find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            _install(say)
        except LocalError as error:
            # Without a network, say: the other tests go on.
            say(str(error))
        found = _find()
    return found


def _find() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path=PLACES)


def _install(say: Callable[[str], None]) -> None:
    quietly = environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    for text, arguments in (
        ("reading apt's lists", ["update", "-qq"]),
        ("installing PgBouncer with apt", ["install", "-y", "-qq", "--no-install-recommends", "pgbouncer"]),
    ):
        run(text, ["apt-get", *arguments], directory=ROOT, environment=quietly, log=ROOT / ".rgms-apt.log", say=say)
