"""/api/v1/metrics: response times, error rates and cache hits of the last hour, over all workers (criteria 17.2 and 17.5)."""

from __future__ import annotations

import redis
from flask import Blueprint, Response, current_app

from libs.metrics import Recorder, hit_rate, summary
from libs.web.auth import require
from libs.web.errors import UpstreamDown
from libs.web.jsonio import json_response

WINDOW_SECONDS = 3600
blueprint = Blueprint("metrics", __name__)


@blueprint.get("/api/v1/metrics", strict_slashes=False)
@require("metrics.read")
def metrics() -> Response:
    """Mean, median, p95, p99 in milliseconds, error rate and counts of reads, writes and each route; hits of the caches."""
    recorder: Recorder = current_app.extensions["rgms_recorder"]
    try:
        report = recorder.report(seconds=WINDOW_SECONDS)
        caches = current_app.extensions["rgms_caches"].report(seconds=WINDOW_SECONDS)
    except redis.RedisError as error:
        raise UpstreamDown("The numbers are kept in Redis, which does not answer.", details={"service": "redis"}) from error
    return json_response(
        {
            "window_seconds": WINDOW_SECONDS,
            "reads": summary(total(report, "read ")),
            "writes": summary(total(report, "write ")),
            "routes": {label: summary(fields) for label, fields in sorted(report.items())},
            "caches": {service: hit_rate(fields) for service, fields in sorted(caches.items())},
            "breakers": {name: breaker.state for name, breaker in current_app.extensions["rgms_proxy"].breakers.items()},
        }
    )


def total(report: dict[str, dict[str, int]], start: str) -> dict[str, int]:
    """Return the summed counters of every label that begins with `start`."""
    summed: dict[str, int] = {}
    for label, fields in report.items():
        if label.startswith(start):
            for field, amount in fields.items():
                summed[field] = summed.get(field, 0) + amount
    return summed
