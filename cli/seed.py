"""`rgms seed`: the demo data."""

from __future__ import annotations

import subprocess
import sys

import click

from cli.demo import seed as demo
from cli.demo.api import Api
from cli.demo.people import ADMIN
from cli.local.config import ROOT, environment, load
from cli.local.errors import LocalError
from cli.local.ports import LOOPBACK
from libs.clock import today_manila
from libs.config import REAL, Env


@click.command()
@click.option("--url", help="The address of the gateway; by default the RGMS on this machine.")
def seed(url: str | None) -> None:
    """Load demo data into the running system: 320 cadets, staff, two terms, marks and scores.

    It goes through the public interface, and a second run adds nothing.

    \b
    Examples:
      ./rgms seed
      ./rgms seed --url http://127.0.0.1:9000
    """
    if (where := Env(environment()).text("RGMS_ENV")) in REAL:
        raise LocalError(f"RGMS_ENV is {where}: the demo accounts have a password that everybody knows, so they stay out of it.")
    api = Api(url or f"http://{LOOPBACK}:{load().port}")
    if not api.try_sign_in(ADMIN.username, ADMIN.password):
        _make_admin()
        if not api.try_sign_in(ADMIN.username, ADMIN.password):
            raise LocalError(f"There is an account named {ADMIN.username} with another password: the demo was not loaded.")
    demo.load(api, today_manila(), click.echo)


def _make_admin() -> None:
    command = [sys.executable, "-m", "cli.main", "create-admin", "--username", ADMIN.username, "--password-stdin"]
    subprocess.run(command, check=False, cwd=ROOT, env=environment(), input=ADMIN.password, text=True)
