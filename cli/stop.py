"""`rgms stop`: the end of the RGMS that runs on this machine."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import click

from cli.local.config import load
from cli.local.errors import LocalError
from cli.local.lock import holder
from cli.local.supervisor import command_line

PATIENCE_SECONDS = 120.0


@click.command()
def stop() -> None:
    """Stop everything that `./rgms up` runs on this data folder; the data stays.

    \b
    Example:
      ./rgms stop
    """
    data_dir = load().data_dir
    pid = holder(data_dir)
    if pid is None:
        click.echo(f"Nothing runs on {data_dir}.")
        return
    if "cli.main up" not in command_line(pid):
        raise LocalError(f"Another command works on {data_dir} (process {pid}): wait until it has ended.")
    os.kill(pid, signal.SIGTERM)
    click.echo(f"stopping process {pid}; a moment")
    _wait_for_the_end(data_dir, pid)
    click.echo("stopped, nothing is left running")


def _wait_for_the_end(data_dir: Path, pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while holder(data_dir) == pid:
        if time.monotonic() > deadline:
            raise LocalError(f"Process {pid} did not stop within {PATIENCE_SECONDS:.0f} s; ./rgms logs may say why.")
        time.sleep(0.1)
