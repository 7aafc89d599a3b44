"""The health of the whole house, each part named (criterion 15), answered in milliseconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import redis

from gateway.upstream import Upstream, UpstreamError
from libs.config import Settings
from libs.web.jsonio import loads

FRESH_SECONDS = 2.0
# Older than fresh but not older than this is shown at once while a new look is on its way.
STALE_SECONDS = 6.0
PROBE_SECONDS = 1.0

log = logging.getLogger(__name__)


class Health:
    """Asks every service at once and remembers the answers for two seconds."""

    def __init__(
        self,
        settings: Settings,
        upstreams: Mapping[str, Upstream],
        client: redis.Redis,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._upstreams = upstreams
        self._redis = client
        self._clock = clock
        self._lock = threading.Lock()
        self._report: dict[str, Any] | None = None
        self._taken = 0.0
        self._refreshing = False

    def report(self) -> dict[str, Any]:
        """Return status, timestamp, version, environment and services, at most six seconds old."""
        age = self._clock() - self._taken
        report = self._report
        if report is not None and age < STALE_SECONDS:
            if age >= FRESH_SECONDS and not self._refreshing:
                self._refreshing = True
                threading.Thread(target=self._refresh, name="health", daemon=True).start()
            return report
        # Many may ask at once: one looks, the others wait for what it saw.
        with self._lock:
            report = self._report
            return self._look() if report is None or self._clock() - self._taken >= STALE_SECONDS else report

    def _refresh(self) -> None:
        try:
            with self._lock:
                self._look()
        finally:
            self._refreshing = False

    def _look(self) -> dict[str, Any]:
        with ThreadPoolExecutor(max_workers=len(self._upstreams) + 1) as pool:
            redis_answer = pool.submit(self._probe_redis)
            answers = dict(zip(self._upstreams, pool.map(probe, self._upstreams.values()), strict=True))
            services = dependencies(answers) | {"redis": redis_answer.result()}
            services |= {name: outside(answer) for name, answer in answers.items()}
        healthy = all(service["status"] == "healthy" for service in services.values())
        report = {
            "status": "healthy" if healthy else "unhealthy",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "version": self._settings.version,
            "environment": self._settings.environment,
            "services": services,
        }
        self._report, self._taken = report, self._clock()
        return report

    def _probe_redis(self) -> dict[str, Any]:
        started = time.perf_counter()
        try:
            self._redis.ping()
        except redis.RedisError as error:
            return {"status": "unhealthy", "details": type(error).__name__}
        return {"status": "healthy", "latency_ms": milliseconds(started)}


def probe(upstream: Upstream) -> dict[str, Any]:
    """Return the state of one service and, under `checks`, what it said of its own dependencies."""
    started = time.perf_counter()
    try:
        status, body = upstream.fetch("/readyz", PROBE_SECONDS)
        checks = loads(body).get("checks", {})
    except (UpstreamError, ValueError, AttributeError) as error:
        return {"status": "unhealthy", "details": f"no answer ({type(error).__name__})", "checks": {}}
    found = {"status": "healthy" if status == 200 else "unhealthy", "latency_ms": milliseconds(started), "checks": checks}
    if status != 200:
        ill = sorted(name for name, check in checks.items() if check.get("status") != "healthy")
        found["details"] = f"not ready: {', '.join(ill)}"
    return found


def milliseconds(started: float) -> float:
    """Return the milliseconds since a time.perf_counter() reading."""
    return round((time.perf_counter() - started) * 1000, 2)


def outside(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of one service: everything but its single checks."""
    return {key: value for key, value in answer.items() if key != "checks"}


def dependencies(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the state of the database and of Celery as the services see them.

    The gateway has no database of its own: the database is healthy when every service that answered and has one says so.
    """
    return {
        "database": _agreed("database", [answer["checks"].get("database") for answer in answers.values()]),
        "celery": _agreed("celery", [answer["checks"].get("celery") for answer in answers.values()]),
    }


def _agreed(name: str, seen: list[Mapping[str, Any] | None]) -> dict[str, Any]:
    told = [check for check in seen if check]
    if not told:
        return {"status": "unhealthy", "details": f"no service could tell about the {name}"}
    for check in told:
        if check.get("status") != "healthy":
            return dict(check)
    slowest: Mapping[str, Any] = max(told, key=lambda check: float(check["latency_ms"]) if "latency_ms" in check else 0.0)
    return dict(slowest)
