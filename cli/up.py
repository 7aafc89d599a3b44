"""`rgms up`: the whole system on this machine, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable

import click

from cli.demo.people import LOGINS
from cli.local import client
from cli.local.config import load, refuse_incomplete
from cli.local.logs import Follower
from cli.local.runner import LocalStack

INTERRUPTED = 130


class Interrupted(Exception):
    """SIGINT, SIGTERM or SIGHUP arrived."""


@click.command()
@click.option("--logs", "show_logs", is_flag=True, help="Also print what the processes log.")
def up(show_logs: bool) -> None:
    """Run everything on this machine until Ctrl-C.

    RGMS_PORT (8000), RGMS_DATA_DIR (.rgms) and RGMS_DEMO (1) are honoured; DATABASE_URL and REDIS_URL make it use yours.

    \b
    Examples:
      ./rgms up
      RGMS_PORT=9000 RGMS_DATA_DIR=/tmp/trial RGMS_DEMO=0 ./rgms up --logs
    """
    settings = load()
    refuse_incomplete(settings.environment)
    say = _speaker()
    _listen_to_signals()
    house = LocalStack(
        settings.data_dir,
        settings.port,
        settings.demo,
        settings.database_url,
        settings.redis_url,
        settings.environment,
        say=say,
    )
    try:
        client.build(say, settings.environment)
        house.start()
        click.echo(_welcome(house))
        follower = Follower(house.data_dir) if show_logs else None
        while not house.wait(0.5):
            if follower:
                follower.print_new()
    except Interrupted:
        say("stopping; a moment")
    finally:
        _ignore_signals()
        house.stop()
    say("stopped, nothing is left running")


def _speaker() -> Callable[[str], None]:
    began = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"[{time.monotonic() - began:5.1f} s] {line}")
        sys.stdout.flush()

    return say


def _welcome(house: LocalStack) -> str:
    lines = ["", f"  RGMS is ready at  {house.url}", ""]
    if house.demo_loaded:
        lines += ["  Demo logins:", *(f"    {who:<18} {username:<14} {password}" for who, username, password in LOGINS), ""]
    elif not house.has_accounts:
        lines += ["  Make the first account:  ./rgms create-admin --username NAME", ""]
    if house.mail_stays_here:
        lines += [f"  E-mails land in  {house.mailbox}"]
    lines += [f"  Logs are in      {house.logs}", "  Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _listen_to_signals() -> None:
    def interrupt(_number: int, _frame: object) -> None:
        raise Interrupted

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _ignore_signals() -> None:
    # A second Ctrl-C must not cut the clean end short; every child is killed after its own deadline anyway.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
