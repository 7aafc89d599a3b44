"""Commands of auth: the accounts that no screen can make."""

import sys

import click

from auth_service.app import create_app
from auth_service.client_info import INTERNAL
from auth_service.operations import accounts, users
from auth_service.queries.users import credentials_for
from libs import clock
from libs.acting import Acting, acting
from libs.config import load
from libs.web.errors import AppError

COMMAND = Acting(actor="command line")


@click.group("auth")
def cli() -> None:
    """Accounts from the command line.

    \b
    Example:
      ./rgms auth create-admin --username ana.reyes
    """


@cli.command("create-admin")
@click.option("--username", required=True, help="The name to sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@click.option("--password", hidden=True, help="Kept for scripts of earlier releases.")
@click.option("--reset", is_flag=True, help="Give an existing administrator this password instead.")
def create_admin(username: str, password_stdin: bool, password: str | None, reset: bool) -> None:
    """Make an administrator account; asks for its first password, which may be changed after signing in.

    \b
    Examples:
      ./rgms create-admin --username ana.reyes
      ./rgms create-admin --username ana.reyes --password-stdin < password.txt
    """
    chosen = _password(password, from_stdin=password_stdin)
    acting.set(COMMAND)
    with create_app(load("auth", serving=False)).app_context():
        try:
            made = accounts.create_admin(username=username, password=chosen, now=clock.now(), reset=reset)
        except AppError as error:
            reasons = (text for texts in error.details.values() for text in (texts if isinstance(texts, list) else [texts]))
            click.echo(" ".join(["rgms:", error.message, *map(str, reasons)]), err=True)
            sys.exit(1)
    click.echo(f"{made['username']} {'may now sign in' if made['created'] else 'has the new password'}.")


@cli.command()
@click.option("--username", required=True, help="Whose failed sign-ins are forgotten.")
def unlock(username: str) -> None:
    """Forget the failed sign-ins of an account, from everywhere.

    \b
    Example:
      ./rgms auth unlock --username ana.reyes
    """
    with create_app(load("auth", serving=False)).app_context():
        known = credentials_for(username)
        if known is None:
            click.echo(f"rgms: There is no account named {username}.", err=True)
            sys.exit(1)
        users.unlock_user(user_id=known["id"], actor_id=None, origin=INTERNAL, now=clock.now())
    click.echo(f"{known['username']} may try again at once.")


@cli.command("clear-address")
@click.argument("address")
def clear_address(address: str) -> None:
    """Forget what strangers at an address failed: nobody there waits in line any more.

    \b
    Example:
      ./rgms auth clear-address 203.0.113.7
    """
    with create_app(load("auth", serving=False)).app_context():
        try:
            users.clear_address(address=address, actor_id=None, origin=INTERNAL, now=clock.now())
        except AppError as error:
            click.echo(" ".join(["rgms:", error.message, *error.details.get("address", [])]), err=True)
            sys.exit(1)
    click.echo(f"Nobody at {address} waits any more.")


def _password(given: str | None, *, from_stdin: bool) -> str:
    """Return the password from wherever it comes.

    Raises:
        click.UsageError: it comes from nowhere.
    """
    if given is not None:
        if from_stdin:
            raise click.UsageError("--password and --password-stdin exclude each other.")
        warning = "warning: --password shows the password to every user of this machine (ps); leave it out to be asked"
        click.echo(f"rgms: {warning}, or use --password-stdin.", err=True)
        return given
    # A process may be started without a standard input at all.
    if from_stdin:
        if line := (sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""):
            return line
        raise click.UsageError("--password-stdin found no password on standard input.")
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the password on: give it by --password-stdin.")
    return click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
