"""The five load scenarios of the requirements, and whether reads and writes hold their times under each.

100 people at their dashboards, 50 uploads at once, 1,000 requests a minute, 100 WebSockets, 10 reports at once.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import websocket

from benchmarks.people import Person, Target, Times, mean, percentile, together
from libs import clock
from libs.ids import uuid7

READ_P95_MS, WRITE_P95_MS, ERRORS_PERCENT = 500.0, 2000.0, 1.0
DASHBOARDS, UPLOADS, A_MINUTE, SOCKETS, REPORTS = 100, 50, 1000, 100, 10
UPLOAD_BYTES = 200_000
# How long somebody looks at a screen before the next one.
LOOK_SECONDS = 3.0
# Who share the thousand requests a minute.
WORKERS = 20
MARKS = 10
FRAME_SECONDS = 10.0
REPORT_SECONDS = 300.0


@dataclass
class Result:
    """What one scenario found.

    Attributes:
        missed: what did not happen besides slow or refused requests.
    """

    title: str
    times: Times
    seen: str = ""
    missed: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Each target that was missed, in words; empty when all hold."""
        found = list(self.missed)
        for what, times, limit in (("reads", self.times.reads, READ_P95_MS), ("writes", self.times.writes, WRITE_P95_MS)):
            if (p95 := percentile(times, 95)) >= limit:
                found.append(f"95th percentile of {what} {p95:,.0f} ms, not below {limit:,.0f} ms")
        share = len(self.times.errors) / max(1, self.times.requests) * 100
        if share >= ERRORS_PERCENT:
            found.append(f"{share:.1f} % of the requests failed, first: {self.times.errors[0]}")
        return found


def dashboards(target: Target, seconds: float) -> Result:
    """A hundred people, four cadets to each of the staff, open their first screen again and again."""
    times = Times()

    def sit(person: Person) -> None:
        end = time.monotonic() + seconds
        paths = _my_page() if person.role == "cadet" else _home(target)
        time.sleep(random.uniform(0, min(LOOK_SECONDS, seconds / 2)))
        while time.monotonic() < end:
            for path in paths:
                person.get(path)
            time.sleep(random.uniform(0.5, 1.5) * LOOK_SECONDS)

    everybody = [Person(target, times, number, "cadet" if number % 5 else "staff") for number in range(DASHBOARDS)]
    together([partial(sit, person) for person in everybody])
    return Result(f"{DASHBOARDS} people at their dashboards", times)


def uploads(target: Target, _seconds: float) -> Result:
    """Fifty people send a file at the same moment."""
    times = Times()
    content = b"name,remark\n" + b"Dela Cruz,present and in uniform\n" * (UPLOAD_BYTES // 33)

    def send(person: Person) -> None:
        file = (f"remarks-{person.number}.csv", content, "text/csv")
        person.post("/files/upload", fields={"file": file, "purpose": "document"})

    together([partial(send, person) for person in _staff(target, times, UPLOADS)])
    return Result(f"{UPLOADS} uploads of {UPLOAD_BYTES // 1000} kB at once", times)


def a_minute(target: Target, seconds: float) -> Result:
    """A thousand requests a minute at an even pace, one write to ten reads; who is kept waiting falls behind the pace."""
    times = Times()
    everybody = _staff(target, times, WORKERS)
    paths, begin = [*_home(target), *_lists(target)], time.perf_counter() + 0.5

    def work(person: Person) -> None:
        for turn in range(person.number, int(A_MINUTE * seconds / 60), WORKERS):
            due = begin + turn * 60 / A_MINUTE
            time.sleep(max(0.0, due - time.perf_counter()))
            if turn % 11 == 10:
                person.post("/attendance/marks", {"marks": [_mark(target, turn)]}, due=due)
            else:
                person.get(paths[turn % len(paths)], due=due)

    together([partial(work, person) for person in everybody])
    return Result(f"{A_MINUTE:,} requests a minute, one write to ten reads", times)


def sockets(target: Target, _seconds: float) -> Result:
    """A hundred screens hold a socket while somebody marks; every mark must reach every screen."""
    times, result = Times(), []
    records = [_mark(target, number) for number in range(MARKS)]
    wanted = {record["id"] for record in records}
    sent: dict[str, float] = {}
    delays: list[float] = []

    def watch(person: Person) -> None:
        ticket = person.post("/realtime/tickets")
        if ticket is None:
            return
        address = f"{target.url.replace('http', 'ws', 1)}/ws/updates/?ticket={ticket['ticket']}"
        with closing(websocket.create_connection(address, timeout=FRAME_SECONDS)) as socket:
            ready.append(person.number)
            missing, end = set(wanted), time.monotonic() + FRAME_SECONDS * 3
            while missing and time.monotonic() < end:
                try:
                    frame = json.loads(socket.recv())
                except (OSError, websocket.WebSocketException):
                    break
                for mark in frame["data"].get("marks", []):
                    if mark["id"] in missing:
                        missing.discard(mark["id"])
                        delays.append(time.perf_counter() - sent[mark["id"]])
            if missing:
                result.append(f"socket {person.number} missed {len(missing)} of {MARKS} marks")

    def mark(person: Person) -> None:
        end = time.monotonic() + FRAME_SECONDS
        while len(ready) < SOCKETS and time.monotonic() < end:
            time.sleep(0.05)
        if len(ready) < SOCKETS:
            result.append(f"only {len(ready)} of {SOCKETS} sockets opened")
        for record in records:
            sent[record["id"]] = time.perf_counter()
            person.post("/attendance/marks", {"marks": [record]})
            time.sleep(0.2)

    ready: list[int] = []
    *watchers, marker = _staff(target, times, SOCKETS + 1)
    together([*(partial(watch, person) for person in watchers), partial(mark, marker)])
    seen = f"{len(delays):,} frames, p95 {percentile(delays, 95):,.0f} ms after the mark was sent"
    return Result(f"{SOCKETS} WebSockets, {MARKS} marks", times, seen, result)


def reports(target: Target, _seconds: float) -> Result:
    """Ten people order a grade sheet at the same moment; each is answered at once and gets the sheet later."""
    times, missed, ends = Times(), [], []

    def order(person: Person) -> None:
        began = time.monotonic()
        asked = {"kind": "grade_sheet", "term_id": target.term, "format": "xlsx" if person.number % 2 else "pdf"}
        ordered = person.post("/reports", asked)
        job = {"status": "refused"}
        while ordered and time.monotonic() < began + REPORT_SECONDS:
            job = person.get(f"/tasks/{ordered['task_id']}") or job
            if job["status"] in {"succeeded", "failed"}:
                break
            time.sleep(0.5)
        ends.append(time.monotonic() - began)
        if job["status"] != "succeeded":
            missed.append(f"a report ended as {job['status']}: {job.get('error')}")

    together([partial(order, person) for person in _staff(target, times, REPORTS)])
    return Result(f"{REPORTS} reports at once", times, f"all made within {max(ends):,.1f} s", missed)


SCENARIOS: tuple[Callable[[Target, float], Result], ...] = (dashboards, uploads, a_minute, sockets, reports)


def run(target: Target, seconds: float, say: Callable[[str], None] = print) -> bool:
    """Play every scenario, print its figures and return whether all targets hold.

    Args:
        seconds: how long each of those lasts that have no end of their own.
    """
    say(
        f"\nLoad of the requirements\n  target: 95th percentile of reads below {READ_P95_MS:,.0f} ms, "
        f"of writes below {WRITE_P95_MS:,.0f} ms, fewer than {ERRORS_PERCENT:.0f} % errors"
    )
    faults: list[str] = []
    for scenario in SCENARIOS:
        result = scenario(target, seconds)
        say(f"  {result.title}{': ' + result.seen if result.seen else ''}")
        for what, times in (("reads", result.times.reads), ("writes", result.times.writes)):
            if times:
                p50, p95, p99 = (percentile(times, percent) for percent in (50, 95, 99))
                say(
                    f"    {what:<7}{len(times):>6}  mean {mean(times):>7.1f} ms  median {p50:>7.1f} ms  "
                    f"p95 {p95:>7.1f} ms  p99 {p99:>7.1f} ms"
                )
        say(f"    errors {len(result.times.errors):>6}")
        faults += [f"{result.title}: {fault}" for fault in result.faults]
    for fault in faults:
        say(f"  MISSED {fault}")
    return not faults


def _staff(target: Target, times: Times, count: int) -> list[Person]:
    return [Person(target, times, number) for number in range(count)]


def _home(target: Target) -> list[str]:
    return [
        "/terms?page_size=100",
        f"/training-days?term_id={target.term}&page_size=100",
        "/cadets?page_size=1",
        "/notifications/unread-count",
    ]


def _my_page() -> list[str]:
    return ["/grading/me", "/grading/me/attendance?page_size=100", "/grading/me/merits?page_size=100", "/cadets/me"]


def _lists(target: Target) -> list[str]:
    return [
        f"/grading/gradebook?term_id={target.term}&page_size=50",
        "/cadets?page_size=20",
        f"/attendance?training_day_id={target.days[0]}&page_size=100",
        f"/cadets/{target.cadets[0]}",
        f"/grading/cadets/{target.cadets[0]}/grade?term_id={target.term}",
    ]


def _mark(target: Target, number: int) -> dict:
    return {
        "id": str(uuid7()),
        "training_day_id": target.days[number % len(target.days)],
        "cadet_id": target.cadets[number % len(target.cadets)],
        "status": ("present", "late", "absent")[number % 3],
        "occurred_at": clock.now().isoformat(),
        "device_id": f"load-{number % 7}",
        "device_seq": number + 1,
    }
