"""Counts every answer of the API by its route, and tells of the slow and the refused ones."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, request

from gateway.request_context import current
from gateway.route_table import PREFIX
from libs.metrics import Recorder

_READS = frozenset({"GET", "HEAD"})
log = logging.getLogger(__name__)


def install(app: Flask, recorder: Recorder, slow_seconds: float) -> None:
    """Record what the requests below /api/v1 took and how they ended; OPTIONS asks about a request and is none."""

    @app.after_request
    def note(response: Response) -> Response:
        method, path = request.environ["REQUEST_METHOD"], request.environ["PATH_INFO"]
        if not path.startswith(PREFIX) or method == "OPTIONS":
            return response
        context, status = current(), response.status_code
        label = context.route.prefix if context.route else "unknown"
        seconds = time.perf_counter() - context.started
        recorder.record(f"{'read' if method in _READS else 'write'} {label}", seconds, status)
        if status >= 500 or status == 429 or seconds >= slow_seconds:
            log.warning(
                "slow or refused request",
                extra={
                    "route": label,
                    "method": method,
                    "status": status,
                    "ms": round(seconds * 1000),
                    "address": context.address,
                },
            )
        return response
