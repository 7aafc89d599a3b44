"""`rgms lint`: what a reviewer should never have to say."""

from __future__ import annotations

import sys

import click

from cli import sections
from cli.local import client
from cli.local.config import environment


@click.command()
def lint() -> None:
    """Check style and types: ruff and mypy over the Python, prettier, tsc and eslint over the client.

    \b
    Example:
      ./rgms lint
    """
    variables = environment()
    client.install(click.echo, variables)
    count = sections.lint(variables)
    click.echo(str(count))
    sys.exit(1 if count.failed else 0)
