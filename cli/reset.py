"""`rgms reset`: an empty system."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cli.local import lock
from cli.local.config import LocalSettings, load
from cli.local.errors import LocalError

# What RGMS keeps in its data folder, and what is lost with it. Anything else there is somebody else's and stays.
KEPT = {
    "postgres": "the database: every person, record, grade and account",
    "redis": "events and jobs on their way",
    "files": "uploaded files",
    "outbox": "e-mails",
    "logs": "logs",
    "run": "",
    "secret-key": "the signing key: everybody is signed out",
    "demo-loaded": "",
}


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Delete everything that RGMS keeps on this machine, so that `./rgms up` starts from nothing.

    Asks first, and says what will be lost. A database or Redis of your own is never touched.

    \b
    Examples:
      ./rgms reset
      ./rgms reset --yes
    """
    settings = load()
    _refuse_what_is_not_ours(settings)
    folder = settings.data_dir
    if not (folder / lock.LOCK).is_file():
        click.echo(f"Nothing is kept in {folder}.")
        return
    with contextlib.ExitStack() as until:
        lock.occupy(folder, until)
        click.echo(f"This deletes for good, in {folder}:")
        for line in _losses(folder):
            click.echo(f"  {line}")
        if not yes and not _agreed():
            click.echo("Nothing was deleted.")
            sys.exit(1)
        for name in KEPT:
            _delete(folder / name)
        (folder / lock.LOCK).unlink()
    click.echo("Everything is deleted.")


def _refuse_what_is_not_ours(settings: LocalSettings) -> None:
    for name, given in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)):
        if given:
            raise LocalError(
                f"{name} is set: reset deletes only what RGMS keeps itself in {settings.data_dir}, never a server of yours. "
                f"Empty that one by its own means, or take {name} away to delete this machine's own data."
            )


def _losses(folder: Path) -> Iterator[str]:
    for name, loss in KEPT.items():
        sizes = [path.stat().st_size for path in _files(folder / name)]
        if loss and sizes:
            yield f"{loss} ({len(sizes)} file{'s' * (len(sizes) != 1)}, {sum(sizes) / 1e6:.1f} MB)"


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [each for each in path.rglob("*") if each.is_file() and not each.is_symlink()]
    return [path] if path.is_file() else []


def _agreed() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise LocalError("There is no terminal to ask on: say --yes to delete without a question.")
    return click.confirm("Delete it?", default=False)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
