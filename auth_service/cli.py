"""Commands of auth: the accounts that no screen can make."""

import sys

import click

from auth_service.app import create_app
from auth_service.operations import accounts
from libs.config import load
from libs.web.errors import AppError


@click.group("auth", help="Accounts from the command line.")
def cli() -> None:
    """Group the commands of auth."""


@cli.command("create-admin")
@click.option("--username", required=True, help="The name to sign in with.")
@click.option("--password", required=True, help="The first password; it may be changed after signing in.")
@click.option("--reset", is_flag=True, help="Give an existing administrator this password instead.")
def create_admin(username: str, password: str, reset: bool) -> None:
    """Make an administrator account."""
    with create_app(load("auth", serving=False)).app_context():
        try:
            made = accounts.create_admin(username=username, password=password, reset=reset)
        except AppError as error:
            reasons = (text for texts in error.details.values() for text in (texts if isinstance(texts, list) else [texts]))
            click.echo(" ".join(["rgms:", error.message, *map(str, reasons)]), err=True)
            sys.exit(1)
    click.echo(f"{made['username']} {'may now sign in' if made['created'] else 'has the new password'}.")
