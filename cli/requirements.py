"""`rgms requirements`: which of the acceptance criteria are proved, and by which test."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cli import sections
from cli.local import browser, client
from cli.local.config import ROOT, environment
from cli.sections import NEEDS_BUILD, PYTEST, cases, failed

CRITERIA = ROOT / "tests" / "requirements" / "criteria.txt"
IN_BRACKETS = re.compile(r"\[(\d+\.\d+(?:\s*,\s*\d+\.\d+)*)\]")


@click.command()
@click.argument("names", metavar="[SECTION]...", nargs=-1, type=click.Choice([*PYTEST, "client"]))
@click.option("--last", is_flag=True, help="Report on the last run instead of running the tests again.")
def requirements(names: tuple[str, ...], last: bool) -> None:
    """Run the tests that prove an acceptance criterion and report on all 162 of them.

    A criterion is proved when a test marked with it passed and none failed. Sections are those of `./rgms test`; all by default.
    """
    reports = ROOT / "test-results" / "requirements"
    if not last:
        _run(names or (*PYTEST, "client"), reports)
    found = proofs(reports)
    counts = {"proved": 0, "failing": 0, "open": 0}
    for criterion in criteria():
        state, line = judge(found.get(criterion, []))
        counts[state] += 1
        click.echo(f"{criterion} {line or state}")
    click.echo(f"{sum(counts.values())} criteria: {counts['proved']} proved, {counts['failing']} failing, {counts['open']} open")
    sys.exit(1 if counts["failing"] else 0)


def criteria() -> dict[str, str]:
    """Return id -> purpose of every criterion, in their order."""
    lines = CRITERIA.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs}


def _run(names: Sequence[str], reports: Path) -> None:
    variables = environment() | {"PYTHONPATH": str(ROOT)}
    if {"client", *NEEDS_BUILD} & set(names):
        client.install(click.echo, variables)
    if set(NEEDS_BUILD) & set(names):
        client.build(click.echo, variables)
    if "e2e" in names:
        variables |= browser.variables(click.echo)
    reports.mkdir(parents=True, exist_ok=True)
    for report in reports.glob("*.xml"):
        report.unlink()
    for name in names:
        if name == "client":
            sections.client(reports, variables, "-t", r"\[\d+\.\d+")
        else:
            sections.pytest(name, reports, variables, "-m", "requirement", "-p", "cli.testing.criteria")


def proofs(reports: Path) -> dict[str, list[tuple[str, bool]]]:
    """Return criterion -> (test, passed) for every test of the last run that is tied to it and was not skipped."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for report in sorted(reports.glob("*.xml")):
        for case in cases(report):
            if case.find("skipped") is not None:
                continue
            test = f"{_file(case.get('classname', ''))}::{case.get('name', '')}"
            marked = [item.get("value", "") for item in case.iter("property") if item.get("name") == "requirement"]
            named = [part.strip() for match in IN_BRACKETS.findall(case.get("name", "")) for part in match.split(",")]
            for criterion in marked or named:
                found.setdefault(criterion, []).append((test, not failed(case)))
    return found


def _file(name: str) -> str:
    """Return the path of a pytest module from its dotted name; vitest names paths already."""
    return name.replace(".", "/") + ".py" if name.startswith("tests.") else name


def judge(tests: list[tuple[str, bool]]) -> tuple[str, str]:
    """Return the state of a criterion and the line that names its test, from the tests tied to it."""
    if not tests:
        return "open", ""
    bad = next((test for test, passed in tests if not passed), None)
    if bad is not None:
        return "failing", f"failing {bad}"
    more = f" (+{len(tests) - 1} more)" if len(tests) > 1 else ""
    return "proved", f"proved {tests[0][0]}{more}"
