"""How a command finds the databases of this machine's house: it runs, or its data is opened for as long as the command takes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cli.local.config import ROOT, load
from cli.local.lock import announced
from cli.local.runner import LocalStack


def hand_over(command: list[str], variables: Mapping[str, str], directory: Path = ROOT) -> int:
    """Run a command on this terminal to its end and return its exit code; what Ctrl-C means is for the command to say."""
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        code = subprocess.run(command, check=False, cwd=directory, env=dict(variables)).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


def run(arguments: list[str]) -> int:
    """Run this command line again with the environment of the house and return its exit code.

    Raises:
        LocalError: the data could not be opened.
    """
    settings = load()
    command = [sys.executable, "-m", "cli.main", *arguments]
    running = announced(settings.data_dir)
    if running is not None:
        return hand_over(command, running)
    house = LocalStack(
        settings.data_dir,
        settings.port,
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        env=settings.environment,
        only=(),
    )
    try:
        house.start()
        return hand_over(command, house.environment())
    finally:
        house.stop()
