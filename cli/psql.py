"""`rgms psql`: a look into the database, as its owner."""

from __future__ import annotations

import os
import shutil
import sys

import click
from psycopg2.extensions import make_dsn, parse_dsn

from cli.local.environment import hand_over
from cli.local.errors import LocalError
from cli.local.postgres import packaged_programs
from libs.config import Env


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database of the RGMS on this machine, or of DATABASE_URL; arguments go to psql.

    \b
    Examples:
      ./rgms psql
      ./rgms psql -c 'SELECT count(*) FROM roster.cadet'
    """
    variables = Env.of_process().values
    parts = parse_dsn("postgresql://" + variables["DATABASE_URL"].partition("://")[2])
    # Not on the command line, where every user of this machine could read it.
    password = parts.pop("password", "")
    address = make_dsn(**parts)
    more = {"PGPASSWORD": password} if password else {}
    sys.exit(hand_over([_program(address), address, *arguments], {**variables, **more}))


def _program(address: str) -> str:
    packaged = packaged_programs()
    if packaged and os.access(packaged / "psql", os.X_OK):
        return str(packaged / "psql")
    if found := shutil.which("psql"):
        return found
    raise LocalError(
        "There is no psql on this machine. Install one (Debian, Ubuntu: apt-get install postgresql-client; macOS: brew install "
        f"libpq), or point a tool of yours at: {address} (./rgms status --json shows the password)."
    )
