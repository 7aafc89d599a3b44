"""`rgms requirements`: which of the acceptance criteria are proved, and by which test."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from cli import sections
from cli.local import browser, client
from cli.local.config import ROOT, environment
from cli.sections import NEEDS_BUILD, PYTEST, cases, failed

CRITERIA = ROOT / "tests" / "requirements" / "criteria.txt"
IN_BRACKETS = re.compile(r"\[(\d+\.\d+(?:\s*,\s*\d+\.\d+)*)\]")


@dataclass(frozen=True)
class Proof:
    """What the last run found of one test that is tied to a criterion. `state` is passed, failed or skipped."""

    test: str
    state: str
    reason: str = ""


@click.command()
@click.argument("names", metavar="[SECTION]...", nargs=-1, type=click.Choice([*PYTEST, "client"]))
@click.option("--last", is_flag=True, help="Report on the last run instead of running the tests again.")
def requirements(names: tuple[str, ...], last: bool) -> None:
    """Run the tests that prove an acceptance criterion and report on all 162 of them.

    A criterion is proved when every test marked with it passed: one that was left out leaves the criterion open. Sections are
    those of `./rgms test`; all by default.

    \b
    Examples:
      ./rgms requirements
      ./rgms requirements --last
    """
    reports = ROOT / "test-results" / "requirements"
    if not last:
        _run(names or (*PYTEST, "client"), reports)
    found = proofs(reports)
    counts = {"proved": 0, "failing": 0, "open": 0}
    for criterion in criteria():
        state, line = judge(found.get(criterion, []))
        counts[state] += 1
        click.echo(f"{criterion} {line}")
    broken = collection_errors(reports)
    for test in broken:
        click.echo(f"could not be run: {test}", err=True)
    if missing := [name for name in (*PYTEST, "client") if not (reports / f"{name}.xml").exists()]:
        click.echo(f"not run, and nothing known of what would pass or fail there: {', '.join(missing)}")
    click.echo(f"{sum(counts.values())} criteria: {counts['proved']} proved, {counts['failing']} failing, {counts['open']} open")
    sys.exit(1 if counts["failing"] or broken else 0)


def criteria() -> dict[str, str]:
    """Return id -> wording of every criterion, in their order."""
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


def proofs(reports: Path) -> dict[str, list[Proof]]:
    """Return criterion -> what became of every test of the last run that is tied to it."""
    found: dict[str, list[Proof]] = {}
    for report in sorted(reports.glob("*.xml")):
        for case in cases(report):
            for criterion in _criteria_of(case):
                found.setdefault(criterion, []).append(_proof(case))
    return found


def collection_errors(reports: Path) -> list[str]:
    """Return what failed without belonging to a criterion: a module that could not be imported hides the tests in it."""
    every = [case for report in sorted(reports.glob("*.xml")) for case in cases(report)]
    return [_name(case) for case in every if failed(case) and not _criteria_of(case)]


def _criteria_of(case: ET.Element) -> list[str]:
    marked = [item.get("value", "") for item in case.iter("property") if item.get("name") == "requirement"]
    named = [part.strip() for match in IN_BRACKETS.findall(case.get("name", "")) for part in match.split(",")]
    return marked or named


def _proof(case: ET.Element) -> Proof:
    skipped = case.find("skipped")
    if skipped is not None:
        return Proof(_name(case), "skipped", skipped.get("message") or "no reason given")
    return Proof(_name(case), "failed" if failed(case) else "passed")


def _name(case: ET.Element) -> str:
    """Return path::test. pytest gives a module's dotted name, vitest names paths already."""
    module = case.get("classname", "")
    return f"{module.replace('.', '/') + '.py' if module.startswith('tests.') else module}::{case.get('name', '')}"


def judge(tests: list[Proof]) -> tuple[str, str]:
    """Return the state of a criterion (proved, failing or open) and the line that says why, from the tests tied to it."""
    if not tests:
        return "open", "open"
    for proof in tests:
        if proof.state == "failed":
            return "failing", f"failing {proof.test}"
    for proof in tests:
        if proof.state == "skipped":
            return "open", f"open (skipped: {proof.reason}) {proof.test}"
    more = f" (+{len(tests) - 1} more)" if len(tests) > 1 else ""
    return "proved", f"proved {tests[0].test}{more}"
