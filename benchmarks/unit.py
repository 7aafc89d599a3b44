"""A whole house with a unit of 2,000 cadets, a term and its training days, to measure against."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from openpyxl import Workbook

from benchmarks import load, nginx
from benchmarks.load import Request, uuid7_text
from benchmarks.processes import cpu_seconds
from benchmarks.report import Line
from cli.demo.api import Api, batches, until
from cli.local.config import ROOT
from cli.local.ports import free_port, free_range
from cli.local.runner import LocalStack
from libs import clock
from libs.contracts.services import BY_NAME
from libs.ids import new_token

CADETS = 2_000
DAYS = 12
ADMIN, PASSWORD = "bench.admin", "Drill-field-2026"
COMPANIES = ("Alpha", "Bravo", "Charlie", "Delta")
CONNECTIONS = 32
WARM_SECONDS = 2
# CPU microseconds a request; less is a process's idling.
WORTH_SHOWING = 10
# What ten idle processes use of one core, with some room.
IDLE_CORES = 0.2
LOOK_SECONDS = 1
SETTLE_SECONDS = 90
# A limit of its own for a benchmark: the check runs for every request, it only never refuses.
UNLIMITED = "1000000000"
VARIABLES = {
    "RGMS_ENV": "development",
    "LOG_LEVEL": "WARNING",
    # One process of a service is one core at most; the targets are for two cores.
    "WEB_CONCURRENCY": "2",
    "RATE_LIMIT_USER": UNLIMITED,
    "RATE_LIMIT_ADDRESS": UNLIMITED,
    "RATE_LIMIT_SIGN_IN_ADDRESS": UNLIMITED,
}
_COLUMNS = (
    "Student ID",
    "Username",
    "Last Name",
    "First Name",
    "Email",
    "Company",
    "Platoon",
    "Cadet Course",
    "School Year",
    "Semester",
)


@dataclass
class Unit:
    """The running house and what was put into it."""

    house: LocalStack
    proxies: dict[str, int]
    token: str = ""
    cadets: list[int] = field(default_factory=list)
    term: int = 0
    days: list[int] = field(default_factory=list)

    def direct(self, service: str) -> str:
        """Return the address of a service itself."""
        return f"http://127.0.0.1:{self.house.port + (BY_NAME[service].port_offset or 0)}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the administrator."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept": "application/json"}

    def marks(self, count: int, size: int) -> list[str]:
        """Return `count` JSON bodies of `size` new attendance marks each."""
        now, moment, bodies = clock.now().isoformat(), time.time(), []
        for number in range(count):
            marks = ",".join(
                f'{{"id":"{uuid7_text(moment)}","training_day_id":{self.days[number % len(self.days)]},'
                f'"cadet_id":{self.cadets[(number * size + position) % len(self.cadets)]},'
                f'"status":"{"present" if (number + position) % 7 else "absent"}","occurred_at":"{now}",'
                f'"device_id":"bench","device_seq":{number * size + position + 1}}}'
                for position in range(size)
            )
            bodies.append(f'{{"marks":[{marks}]}}')
        return bodies

    def measure(self, service: str, make: Callable[[], Request], seconds: float, connections: int = CONNECTIONS) -> list[Line]:
        """Measure one request through the gateway, through nginx and at the service itself."""
        ways = {"RGMS gateway": self.house.url}
        if service in self.proxies:
            ways["nginx proxy_pass"] = f"http://127.0.0.1:{self.proxies[service]}"
        ways["the service itself"] = self.direct(service)
        lines = []
        for name, base in ways.items():
            load.run(base, make(), connections=connections, seconds=WARM_SECONDS)
            before = self._cpu()
            outcome = load.run(base, make(), connections=connections, seconds=seconds)
            after = self._cpu()
            used = {each: (after[each] - before[each]) / max(1, outcome.requests) * 1e6 for each in after}
            lines.append(Line(name, outcome, {each: spent for each, spent in used.items() if spent >= WORTH_SHOWING}))
        return lines

    def settle(self) -> None:
        """Wait until nobody works any more: an import is long answered while accounts are still being made of it."""
        before = sum(self._cpu().values())
        for _ in range(int(SETTLE_SECONDS / LOOK_SECONDS)):
            time.sleep(LOOK_SECONDS)
            after = sum(self._cpu().values())
            if after - before < LOOK_SECONDS * IDLE_CORES:
                return
            before = after
        raise SystemExit(f"the house still worked {SETTLE_SECONDS} s after it was filled")

    def _cpu(self) -> dict[str, float]:
        """Return the CPU seconds of every process: a write also costs those who only hear of it."""
        pids = {name: self.house.pid(name) for name in ("gateway", *BY_NAME, "postgres", "redis")}
        return {name: cpu_seconds(pid) for name, pid in pids.items() if pid}


@contextmanager
def running(services: Sequence[str], say: Callable[[str], None] = print) -> Iterator[Unit]:
    """Start a house in a folder of its own, fill it, and leave nothing behind. Proxies stand before `services`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rgms-bench-")))
        folder.chmod(0o711)
        house = LocalStack(folder / "house", free_range(8), env=VARIABLES | {"SECRET_KEY": new_token(48)}, durable=True, say=say)
        house.start()
        stack.callback(house.stop)
        proxies = {name: free_port() for name in services} if nginx.available() else {}
        if proxies:
            unit = Unit(house, proxies)
            targets = {name: house.port + (BY_NAME[name].port_offset or 0) for name in proxies}
            servers = {port: nginx.proxy(name) for name, port in proxies.items()}
            stack.enter_context(nginx.running(folder, servers, targets))
        else:
            if services:
                say("nginx is not installed: its lines are left out")
            unit = Unit(house, {})
        say(f"filling it with {CADETS} cadets")
        fill(unit)
        unit.settle()
        yield unit


def fill(unit: Unit) -> None:
    """Make the administrator, the cadets, a term with its days, and marks for every cadet on every day."""
    command = [sys.executable, "-m", "cli.main", "create-admin", "--username", ADMIN, "--password-stdin"]
    variables = unit.house.environment()
    subprocess.run(command, cwd=ROOT, env=variables, check=True, stdout=subprocess.DEVNULL, input=PASSWORD, text=True)
    api = Api(unit.house.url)
    if not api.try_sign_in(ADMIN, PASSWORD):
        raise SystemExit("the administrator could not sign in")
    unit.token = sign_in(unit)
    preview = api.upload(
        "/cadets/imports", "roster.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    api.post(f"/cadets/imports/{preview['id']}/apply")
    unit.cadets = [row["id"] for row in api.all("/cadets")]
    starts = clock.today_manila()
    names = {"name": "Benchmark", "school_year": "2026-2027", "semester": "1st Semester"}
    term = api.post("/terms", names | {"starts_on": str(starts), "ends_on": str(starts.replace(year=starts.year + 1))})
    unit.term = term["id"]
    series = {
        "term_id": unit.term,
        "starts_on": str(starts),
        "count": DAYS,
        "title_pattern": "Day {n}",
    }
    unit.days = [day["id"] for day in api.post("/training-days/series", series)["created"]]
    known = f"/grading/gradebook?term_id={unit.term}&page_size=1"
    until(lambda: api.get(known)["total"] >= len(unit.cadets), "the roster in the gradebook")
    for day in unit.days:
        for group in batches(unit.cadets, 500):
            api.post("/attendance/marks", {"marks": [one_mark(day, cadet) for cadet in group]})


def one_mark(day: int, cadet: int) -> dict[str, Any]:
    """Return one mark of the unit's past."""
    return {
        "id": uuid7_text(time.time()),
        "training_day_id": day,
        "cadet_id": cadet,
        "status": "present" if cadet % 9 else "late",
        "occurred_at": clock.now().isoformat(),
        "device_id": "bench-setup",
        "device_seq": cadet,
    }


def sign_in(unit: Unit) -> str:
    """Return a fresh access token of the administrator."""
    body = json.dumps({"username": ADMIN, "password": PASSWORD}).encode()
    headers = {"Content-Type": "application/json"}
    answer = urllib3.request("POST", f"{unit.house.url}/api/v1/auth/login", body=body, headers=headers, timeout=30)
    if answer.status != 200:
        raise SystemExit("the administrator could not sign in")
    return answer.json()["token"]


def workbook() -> bytes:
    """Return the roster as an Excel file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Roster")
    sheet.append(list(_COLUMNS))
    for number in range(CADETS):
        name = f"Given{chr(65 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}"
        company = COMPANIES[number % len(COMPANIES)]
        platoon = "1st Platoon" if number % 2 else "2nd Platoon"
        sheet.append(
            [f"2026-{number:05}", f"cadet.{number:05}", f"Family{chr(65 + number % 23)}", name, f"cadet.{number:05}@example.com",
             company, platoon, "MS1", "2026-2027", "1st Semester"]
        )  # fmt: skip
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
