"""`rgms migrate`: every schema to its newest version."""

from __future__ import annotations

import importlib
import logging

import click

from libs.config import load
from libs.contracts.services import BY_NAME, SCHEMAS
from libs.data import migrations


@click.command()
@click.option(
    "--service",
    "names",
    multiple=True,
    type=click.Choice([service.name for service in SCHEMAS]),
    help="Only this one; repeatable.",
)
def migrate(names: tuple[str, ...]) -> None:
    """Bring every schema to its newest version (needs DATABASE_URL, REDIS_URL and SECRET_KEY).

    \b
    Examples:
      ./rgms migrate
      ./rgms migrate --service grading
    """
    for service in (BY_NAME[name] for name in names) if names else SCHEMAS:
        module, _, factory = service.app.partition(":")
        app = getattr(importlib.import_module(module), factory)(load(service.name, serving=False))
        # One line a schema says it; what alembic does inside is for its own debugging.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        click.echo(f"{service.schema}: up to date, served by {migrations.upgrade(app)}")
