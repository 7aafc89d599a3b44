"""What is measured through the gateway, each with its target (2 cores, everything on one machine)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import bcrypt

from benchmarks.load import Outcome, Request
from benchmarks.report import Line, show
from benchmarks.unit import ADMIN, PASSWORD, Unit, sign_in

# More bodies than any machine of this size can take in the time, so that none is sent twice.
MARKS_A_SECOND = 3_000
BATCHES_A_SECOND = 400


@dataclass(frozen=True)
class Case:
    """One benchmark.

    Attributes:
        make: builds the request; writes get new records each time.
    """

    name: str
    title: str
    target: str
    service: str
    make: Callable[[Unit, float], Request]
    connections: int = 32


def run(case: Case, unit: Unit, seconds: float) -> None:
    """Measure `case` and print it beside its limits."""
    unit.token = sign_in(unit)
    lines = unit.measure(case.service, lambda: case.make(unit, seconds), seconds, case.connections)
    if case.name == "login":
        lines.append(bare_hashing(seconds / 2))
    show(case.title, case.target, lines)


def _read(path: str, *, vary: bool = False) -> Callable[[Unit, float], Request]:
    return lambda unit, _seconds: Request("GET", path.format(term=unit.term, cadet=unit.cadets[0]), unit.headers, vary=vary)


def _marks(size: int, a_second: int) -> Callable[[Unit, float], Request]:
    def make(unit: Unit, seconds: float) -> Request:
        return Request("POST", "/api/v1/attendance/marks", unit.headers, unit.marks(int(a_second * seconds), size))

    return make


def _login(_unit: Unit, _seconds: float) -> Request:
    body = json.dumps({"username": ADMIN, "password": PASSWORD})
    return Request("POST", "/api/v1/auth/login", {"Content-Type": "application/json"}, [body])


def bare_hashing(seconds: float) -> Line:
    """Return the limit of signing in: bcrypt alone at the same cost, on one core."""
    hashed = bcrypt.hashpw(b"x" * 44, bcrypt.gensalt(12))
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.perf_counter()
        bcrypt.checkpw(b"x" * 44, hashed)
        times.append(time.perf_counter() - started)
    ordered = sorted(times)
    middle, late = ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.99)] * 1000
    return Line("bcrypt alone, cost 12, one core", Outcome(len(times), sum(times), 0, middle, late), {"hash": middle * 1000})


CASES = (
    Case(
        "list",
        "List of 20 of 2,000 cadets",
        "900/s at 32 connections, p99 150 ms",
        "roster",
        _read("/api/v1/cadets?page_size=20"),
    ),
    Case(
        "list-anew",
        "The same list, never a kept one",
        "none of its own: what the first reader after a write waits for",
        "roster",
        _read("/api/v1/cadets?page_size=20", vary=True),
    ),
    Case("detail", "One cadet", "none of its own; a list is dearer", "roster", _read("/api/v1/cadets/{cadet}")),
    Case(
        "gradebook",
        "Gradebook page of 50 of 2,000 cadets",
        "800/s",
        "grading",
        _read("/api/v1/grading/gradebook?term_id={term}&page_size=50"),
    ),
    Case(
        "gradebook-anew",
        "The same page, never a kept one",
        "none of its own: what the first reader after a write waits for",
        "grading",
        _read("/api/v1/grading/gradebook?term_id={term}&page_size=50", vary=True),
    ),
    Case("mark", "One attendance mark", "420/s", "grading", _marks(1, MARKS_A_SECOND)),
    Case("batch", "A batch of 100 marks", "85/s", "grading", _marks(100, BATCHES_A_SECOND)),
    Case("login", "Signing in, bcrypt cost 12", "the machine's bcrypt rate", "auth", _login, connections=8),
)
BY_NAME = {case.name: case for case in CASES}
