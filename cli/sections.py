"""The sections of the test suite and how each is run; every run leaves a report that can be counted."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cli.local.client import CLIENT, node_environment, npm
from cli.local.config import ROOT
from cli.local.pgbouncer import MISSING, pgbouncer

PYTEST = {
    "unit": ("tests/architecture", "tests/unit"),
    "service": ("tests/service",),
    "pooler": ("tests/pooler", "tests/service"),
    "contract": ("tests/contract",),
    "system": ("tests/system",),
    "e2e": ("tests/e2e",),
}
SECTIONS = ("lint", "unit", "service", "pooler", "contract", "client", "system", "e2e")
# Slow, and nothing in them asks the database otherwise than the rest.
NOT_POOLED = ("tests/service/task_service/test_task_grade_sheet.py", "tests/service/task_service/test_task_redis_loss.py")
NEEDS_BUILD = ("system", "e2e")


@dataclass(frozen=True)
class Count:
    """What a section found."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def lint(environment: Mapping[str, str], *, out: IO | None = None) -> Count:
    """Run every checker of style and types; each that complains counts as one failure.

    Args:
        out: where the checkers write; None is this process's own output. The same in `pytest` and `client`.
    """
    tools = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["cli.main", "openapi", "--check"])
    python = [[sys.executable, "-m", *tool] for tool in tools]
    codes = [_run(command, out, cwd=ROOT) for command in python]
    codes.append(_run(npm("run", "lint", "--silent"), out, cwd=CLIENT, env=node_environment(environment)))
    return Count(passed=codes.count(0), failed=len(codes) - codes.count(0))


def pytest(section: str, reports: Path, environment: Mapping[str, str], *options: str, out: IO | None = None) -> Count:
    """Run the pytest part named `section`; a run that could not even collect counts as a failure."""
    report = reports / f"{section}.xml"
    report.unlink(missing_ok=True)
    folders = PYTEST[section]
    if section == "pooler":
        say = _sayer(out)
        if program := pgbouncer(say):
            options = (f"--pooler={program}", *(f"--ignore={path}" for path in NOT_POOLED), *options)
        else:
            # Only those run that report themselves as skipped.
            folders = folders[:1]
            say(f"left out: {MISSING}")
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options, *folders]
    code = _run(command, out, cwd=ROOT, env=environment)
    count = junit(report) if report.exists() else Count()
    return count if code == 0 or count.failed else count + Count(failed=1)


def client(reports: Path, environment: Mapping[str, str], *options: str, out: IO | None = None) -> Count:
    """Run the client's own tests."""
    report = reports / "client.xml"
    report.unlink(missing_ok=True)
    command = npm("test", "--silent", "--", "--reporter=default", "--reporter=junit", f"--outputFile.junit={report}", *options)
    code = _run(command, out, cwd=CLIENT, env=node_environment(environment))
    count = junit(report) if report.exists() else Count()
    return count if code == 0 or count.failed else count + Count(failed=1)


def _run(command: list[str], out: IO | None, *, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    errors = None if out is None else subprocess.STDOUT
    return subprocess.run(command, check=False, cwd=cwd, env=env, stdout=out, stderr=errors).returncode


def _sayer(out: IO | None) -> Callable[[str], None]:
    def say(line: str) -> None:
        print(line, file=out, flush=True)

    return say


def cases(report: Path) -> list[ET.Element]:
    """Return every test case of a JUnit report."""
    # Our own runners wrote the file, so an attack through XML is not in question.
    return list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314


def failed(case: ET.Element) -> bool:
    """Say whether this test failed or could not run."""
    return case.find("failure") is not None or case.find("error") is not None


def junit(report: Path) -> Count:
    """Count the tests of a JUnit report."""
    every = cases(report)
    bad = sum(failed(case) for case in every)
    skipped = sum(case.find("skipped") is not None for case in every)
    return Count(len(every) - bad - skipped, bad, skipped)
