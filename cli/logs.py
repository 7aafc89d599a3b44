"""`rgms logs`: what the processes print."""

from __future__ import annotations

import time

import click

from cli.local.config import load
from cli.local.errors import LocalError
from cli.local.logs import NAMES, Follower, files, show, tail

PAUSE_SECONDS = 0.3


@click.command()
@click.argument("names", metavar="[SERVICE]...", nargs=-1, type=click.Choice(NAMES))
@click.option("-f", "--follow", is_flag=True, help="Go on printing what is added, until Ctrl-C.")
@click.option(
    "-n", "--lines", type=click.IntRange(0, 100_000), default=20, show_default=True, help="How many of each to begin with."
)
def logs(names: tuple[str, ...], follow: bool, lines: int) -> None:
    """Show what the processes of RGMS on this machine printed, all of them or those named.

    \b
    Examples:
      ./rgms logs
      ./rgms logs grading worker -f
    """
    chosen = names or NAMES
    data_dir = load().data_dir
    found = files(data_dir, chosen)
    if not found and not follow:
        raise LocalError(f"There are no logs in {data_dir} yet: ./rgms up writes them.")
    follower = Follower(data_dir, chosen)
    for name, path in found.items():
        for line in tail(path, lines):
            show(name, line)
    while follow:
        follower.print_new()
        time.sleep(PAUSE_SECONDS)
