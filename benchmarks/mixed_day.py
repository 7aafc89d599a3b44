"""A mixed day of the office: one write to ten reads over several terms, and how much of it the caches answer.

People open screens, each with the lists that it opens with; after ten reads somebody records a merit in one of the terms.
"""

from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import urllib3

from benchmarks.load import Outcome, uuid7_text
from benchmarks.report import Line, show
from benchmarks.unit import Unit, sign_in
from cli.demo.api import Api
from libs import clock
from libs.metrics import FLUSH_SECONDS

PEOPLE, TERMS, READS_A_WRITE = 8, 4, 10
TARGET = 0.8
# Every cadet's grade is read from its term; a few marks are enough to have grades to read.
GRADED = 200
_BOOK = "/grading/gradebook?term_id={term}"
# Screen -> how often it is opened, and the lists that it asks for.
SCREENS: dict[str, tuple[int, tuple[str, ...]]] = {
    "roll call": (4, ("/terms?page_size=100", "/training-days?term_id={term}&page_size=100", "/units")),
    "cadets": (3, ("/units", "/courses", "/cadets?page_size=50&page={page}")),
    "gradebook": (2, ("/terms?page_size=100", "/units", "/terms/{term}/policy", _BOOK + "&page_size=50&page={page}")),
    "home": (
        1,
        (
            "/cadets?page_size=1",
            "/terms?page_size=100",
            "/training-days?term_id={term}&page_size=100",
            *(f"{_BOOK}&page_size=1&state={state}" for state in ("no_data", "provisional", "complete", "special")),
        ),
    ),
    "staff": (1, ("/staff?page_size=50",)),
}


def run(unit: Unit, seconds: float) -> bool:
    """Live `seconds` of the day and print what it was like; return whether more than four in five reads were hits."""
    unit.token = sign_in(unit)
    terms = [unit.term, *(_term(unit, number) for number in range(1, TERMS))]
    before = _caches(unit)
    with ThreadPoolExecutor(PEOPLE) as pool:
        parts = list(pool.map(lambda seed: _live(unit, terms, seed, seconds), range(PEOPLE)))
    reads = sorted(itertools.chain.from_iterable(part[0] for part in parts))
    writes = sorted(itertools.chain.from_iterable(part[1] for part in parts))
    errors = sum(part[2] for part in parts)
    # What the services count reaches Redis a little later.
    time.sleep(FLUSH_SECONDS + 1)
    after = _caches(unit)
    show(
        f"A mixed day: {PEOPLE} people, {TERMS} terms, one write to {READS_A_WRITE} reads",
        "more than 80 % of the reads of lists are answered by the cache",
        [_line("reads", reads, seconds, errors), _line("writes", writes, seconds, 0)],
    )
    total = {"hits": 0, "misses": 0}
    for service in sorted(after):
        counted = {name: after[service][name] - before.get(service, {}).get(name, 0) for name in total}
        total = {name: total[name] + counted[name] for name in total}
        print(f"  cache of {service:<25} {_rate(counted)}")
    print(f"  all caches {'':<23} {_rate(total)}", flush=True)
    return total["hits"] > TARGET * (total["hits"] + total["misses"])


def _term(unit: Unit, number: int) -> int:
    api = Api(unit.house.url)
    api.adopt(unit.token)
    starts = clock.today_manila()
    names = {"name": f"Mixed {number}", "school_year": "2026-2027", "semester": "1st Semester"}
    term = api.post("/terms", names | {"starts_on": str(starts), "ends_on": str(starts.replace(year=starts.year + 1))})["id"]
    api.post("/training-days", {"term_id": term, "date": str(starts), "title": "Day 1"})
    api.post("/merits/records", {"records": [_merit(term, cadet) for cadet in unit.cadets[:GRADED]]})
    return term


def _merit(term: int, cadet: int) -> dict:
    return {
        "id": uuid7_text(time.time()),
        "term_id": term,
        "cadet_id": cadet,
        "kind": "merit",
        "points": 1,
        "reason": "Drill",
        "occurred_at": clock.now().isoformat(),
    }


def _live(unit: Unit, terms: list[int], seed: int, seconds: float) -> tuple[list[float], list[float], int]:
    """Return the times in seconds of one person's reads and writes, and how many failed."""
    choose = random.Random(seed)
    pool = urllib3.PoolManager(retries=False, timeout=30)
    headers = unit.headers | {"Accept-Encoding": "gzip"}
    reads: list[float] = []
    writes: list[float] = []
    errors = 0
    paths = _paths(choose, terms)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path in itertools.islice(paths, READS_A_WRITE):
            started = time.perf_counter()
            errors += pool.request("GET", f"{unit.house.url}/api/v1{path}", headers=headers).status != 200
            reads.append(time.perf_counter() - started)
        body = json.dumps({"records": [_merit(choose.choice(terms), choose.choice(unit.cadets[:GRADED]))]})
        started = time.perf_counter()
        errors += pool.request("POST", f"{unit.house.url}/api/v1/merits/records", headers=headers, body=body).status != 200
        writes.append(time.perf_counter() - started)
    return reads, writes, errors


def _paths(choose: random.Random, terms: list[int]) -> Iterator[str]:
    weights = [weight for weight, _ in SCREENS.values()]
    while True:
        _, lists = choose.choices(list(SCREENS.values()), weights)[0]
        term, page = choose.choice(terms), choose.choice((1, 1, 2))
        yield from (path.format(term=term, page=page) for path in lists)


def _caches(unit: Unit) -> dict[str, dict[str, int]]:
    answer = urllib3.request("GET", f"{unit.house.url}/api/v1/metrics", headers=unit.headers, timeout=30)
    return answer.json()["caches"]


def _line(what: str, times: list[float], seconds: float, errors: int) -> Line:
    middle, late = (times[int(len(times) * share)] * 1000 if times else 0.0 for share in (0.5, 0.99))
    return Line(what, Outcome(len(times), seconds, errors, middle, late))


def _rate(counted: dict[str, int]) -> str:
    asked = counted["hits"] + counted["misses"]
    return f"{counted['hits']:>7,} hits {counted['misses']:>6,} misses  {counted['hits'] / asked if asked else 0:.1%}"
