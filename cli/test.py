"""`rgms test`: every test there is, or some sections of them."""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from cli import lanes, sections
from cli.local import browser
from cli.local import client as local_client
from cli.local.config import ROOT, environment
from cli.local.redis_binary import redis_server
from cli.sections import NEEDS_BUILD, SECTIONS, Count


@click.command()
@click.argument("names", metavar="[SECTION]...", nargs=-1, type=click.Choice(SECTIONS))
@click.option("-k", "pattern", help="Only tests whose name matches, as in pytest -k.")
@click.option("-x", "stop_early", is_flag=True, help="Stop a section at its first failure.")
def test(names: tuple[str, ...], pattern: str | None, stop_early: bool) -> None:
    """Run every test: lint, unit, service, pooler, contract, client, system, e2e; or only the sections named.

    What is missing is installed first: the client's packages, Redis, and Chromium and PgBouncer through apt when run as root.

    \b
    Examples:
      ./rgms test
      ./rgms test unit service -k gradebook -x
    """
    chosen = [name for name in SECTIONS if not names or name in names]
    total, seconds = Count(), {}
    for name, count, took in _run(chosen, pattern, stop_early):
        total += count
        seconds[name] = (count, took)
    click.echo("")
    for name, (count, took) in seconds.items():
        click.echo(f"{name:<9} {count} in {took:.0f} s")
    click.echo(str(total))
    sys.exit(1 if total.failed else 0)


def _run(chosen: list[str], pattern: str | None, stop_early: bool) -> Iterator[tuple[str, Count, float]]:
    variables = environment() | {"PYTHONPATH": str(ROOT)}
    _prepare(chosen, variables)
    if "e2e" in chosen:
        variables |= browser.variables(_say)
    reports = ROOT / "test-results"
    reports.mkdir(exist_ok=True)
    run = functools.partial(_section, variables=variables, reports=reports, pattern=pattern, stop_early=stop_early)
    yield from lanes.run(chosen, run, _say, os.cpu_count() or 1)


def _section(
    name: str, out: IO | None, *, variables: dict[str, str], reports: Path, pattern: str | None, stop_early: bool
) -> tuple[str, Count, float]:
    began = time.monotonic()
    if name == "lint":
        count = sections.lint(variables, out=out)
    elif name == "client":
        count = sections.client(reports, variables, *(["-t", pattern] if pattern else []), out=out)
    else:
        options = [*(["-k", pattern] if pattern else []), *(["-x"] if stop_early else [])]
        count = sections.pytest(name, reports, variables, *options, out=out)
    return name, count, time.monotonic() - began


def _prepare(chosen: list[str], variables: dict[str, str]) -> None:
    if {"lint", "client"} & set(chosen):
        local_client.install(_say, variables)
    if set(NEEDS_BUILD) & set(chosen):
        local_client.build(_say, variables)
    if set(sections.PYTEST) & set(chosen):
        redis_server()


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
