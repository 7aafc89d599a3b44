"""`rgms grading`: rebuild the grades from the record, or prove that they equal it."""

from __future__ import annotations

import sys

import click

from grading_service.app import create_app
from grading_service.ledger.replay import Difference, rebuild_terms
from libs.config import load
from libs.web.errors import AppError

_TERM = click.option("--term", "term_id", type=click.IntRange(1, 2**31 - 1), help="Only this term; all when left out.")


@click.group()
def cli() -> None:
    """Rebuild the grades from the record of facts, or check them against it.

    \b
    Example:
      ./rgms grading verify
    """


@cli.command()
@_TERM
def rebuild(term_id: int | None) -> None:
    """Replay the record and put right whatever differs.

    \b
    Example:
      ./rgms grading rebuild --term 3
    """
    _report(_replay(term_id, write=True), "put right")


@cli.command()
@_TERM
def verify(term_id: int | None) -> None:
    """Replay the record and compare; changes nothing, and fails when anything differs.

    \b
    Example:
      ./rgms grading verify
    """
    differences = _replay(term_id, write=False)
    _report(differences, "different")
    if any(difference.total for difference in differences):
        sys.exit(1)


def _replay(term_id: int | None, *, write: bool) -> list[Difference]:
    try:
        with create_app(load("grading", serving=False)).app_context():
            return rebuild_terms(term_id=term_id, write=write)
    except AppError as error:
        raise click.ClickException(error.message) from error


def _report(differences: list[Difference], what: str) -> None:
    for found in differences:
        parts = f"{found.grades} grades, {found.marks} marks, {found.scores} scores, {found.days} days"
        click.echo(f"Term {found.term_id}: {f'{parts} {what}' if found.total else 'equal to the record'}.")
    if not differences:
        click.echo("There is no term yet.")
