"""`rgms serve NAME`: one process, in the foreground, as production runs it."""

from __future__ import annotations

import os

import click

from cli.local.programs import command
from libs.contracts.services import BY_NAME


@click.command()
@click.argument("name", type=click.Choice(list(BY_NAME)))
def serve(name: str) -> None:
    """Run one process in the foreground, configured by the environment alone.

    \b
    Example:
      ./rgms serve grading
    """
    arguments = command(BY_NAME[name])
    os.execv(arguments[0], arguments)  # noqa: S606 - becomes the process, so that signals reach it
