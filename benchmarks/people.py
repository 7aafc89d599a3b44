"""The people of a load test: each with a connection, a token and patience of their own, and every time they wait noted."""

from __future__ import annotations

import json
import math
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3

from libs import clock
from libs.config import load
from libs.contracts.principal import Principal
from libs.web.tokens import issue_access_token

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Target:
    """A running system that has cadets and a term.

    Attributes:
        environment: its variables; the tokens are signed with its key, because signing in is measured for itself.
    """

    url: str
    environment: Mapping[str, str]
    cadets: Sequence[int]
    term: int
    days: Sequence[int]


@dataclass
class Times:
    """How long people waited, in seconds, and how often they got no good answer."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """Every request, the failed ones included."""
        return len(self.reads) + len(self.writes)


class Person:
    """Somebody who uses the system: number `n` of the cadets or of the staff."""

    def __init__(self, target: Target, times: Times, number: int, role: str = "staff") -> None:
        if role == "cadet":
            cadet = target.cadets[number % len(target.cadets)]
            principal = Principal(500_000 + cadet, f"load.cadet.{number}", "cadet", cadet_id=cadet, session_id=f"load-c{number}")
        else:
            principal = Principal(
                600_000 + number, f"load.staff.{number}", role, ("Commandant",), staff_id=number + 1, session_id=f"load-s{number}"
            )
        self.number, self.role = number, role
        self.token = issue_access_token(load("gateway", target.environment), principal, clock.now())
        self._times = times
        address = urllib3.util.parse_url(target.url)
        self._pool = urllib3.HTTPConnectionPool(
            address.host or "127.0.0.1", address.port, maxsize=1, timeout=PATIENCE_SECONDS, retries=False
        )

    def get(self, path: str, *, due: float | None = None) -> Any:
        """Read; return the JSON, or None when there was no good answer. `due` is when it should have been asked."""
        return self._call(self._times.reads, "GET", path, due)

    def post(self, path: str, body: Any = None, *, due: float | None = None, **more: Any) -> Any:
        """Write, as JSON or with the arguments of urllib3."""
        if not more:
            more = {"body": json.dumps(body or {}).encode(), "headers": {"Content-Type": "application/json"}}
        return self._call(self._times.writes, "POST", path, due, **more)

    def _call(self, kind: list[float], method: str, path: str, due: float | None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        started = due or time.perf_counter()
        try:
            answer = self._pool.request(method, f"/api/v1{path}", headers=headers, redirect=False, **more)
        except urllib3.exceptions.HTTPError as error:
            self._times.errors.append(f"{method} {path}: {type(error).__name__}")
            return None
        finally:
            kind.append(time.perf_counter() - started)
        if not 200 <= answer.status < 300:
            self._times.errors.append(f"{method} {path}: {answer.status} {answer.data[:200]!r}")
            return None
        return answer.json()


def together(acts: Sequence[Callable[[], None]]) -> None:
    """Let everybody begin at the same moment, each in a thread, and return when all have ended.

    Raises:
        SystemExit: somebody's script broke, so what was measured says nothing.
    """
    start, broken = threading.Barrier(len(acts)), []

    def begin(act: Callable[[], None]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:
            broken.append(repr(error))

    threads = [threading.Thread(target=begin, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise SystemExit(f"the load test itself broke: {broken[0]}")


def percentile(times: Sequence[float], percent: float) -> float:
    """Return the time within which `percent` of the requests were answered, in milliseconds; 0 when there was none."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] * 1000 if ordered else 0.0


def mean(times: Sequence[float]) -> float:
    """Return the mean in milliseconds; 0 when there was no request."""
    return statistics.fmean(times) * 1000 if times else 0.0
