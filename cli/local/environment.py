"""How a command finds the databases of this machine's house: it runs, or its data is opened for as long as the command takes."""

from __future__ import annotations

import subprocess
import sys

from cli.local.config import ROOT, environment, load
from cli.local.lock import announced
from cli.local.runner import LocalStack

NEEDED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


def within_reach() -> bool:
    """Whether the environment already says everything a process needs, as it does in production and inside the house."""
    values = environment()
    return all(values.get(name) for name in NEEDED)


def run(arguments: list[str]) -> int:
    """Run this command line again with the environment of the house and return its exit code.

    Raises:
        LocalError: the data could not be opened.
    """
    settings = load()
    command = [sys.executable, "-m", "cli.main", *arguments]
    running = announced(settings.data_dir)
    if running is not None:
        return subprocess.run(command, check=False, cwd=ROOT, env=running).returncode
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
        return subprocess.run(command, check=False, cwd=ROOT, env=house.environment()).returncode
    finally:
        house.stop()
