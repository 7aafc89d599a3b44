"""`rgms bench`: the measurements of benchmarks/."""

from __future__ import annotations

import subprocess
import sys

import click

from cli.local.config import ROOT, environment


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure the speed of RGMS beside the limits of the same machine; arguments go to `python -m benchmarks`.

    \b
    Examples:
      ./rgms bench --help
      ./rgms bench gateway
    """
    variables = environment() | {"PYTHONPATH": str(ROOT)}
    sys.exit(subprocess.run([sys.executable, "-m", "benchmarks", *arguments], check=False, cwd=ROOT, env=variables).returncode)
