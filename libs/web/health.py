"""Liveness and readiness of one process: /livez says that it runs, /readyz names each dependency."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from flask import Flask, Response, current_app

from libs.web.jsonio import json_response

Check = Callable[[], object]


def install(app: Flask, checks: Mapping[str, Check]) -> None:
    """Serve /livez and /readyz; `checks` maps each dependency to a callable that raises when it is down."""

    @app.get("/livez")
    def livez() -> Response:
        return json_response({"status": "alive", "service": current_app.config["RGMS"].service})

    @app.get("/readyz")
    def readyz() -> Response:
        results = {name: probe(check) for name, check in checks.items()}
        ready = all(result["status"] == "healthy" for result in results.values())
        body = {"status": "ready" if ready else "not ready", "service": current_app.config["RGMS"].service, "checks": results}
        return json_response(body, 200 if ready else 503)


def probe(check: Check) -> dict:
    """Return the status of one dependency and how long it took to answer, in milliseconds."""
    started = time.perf_counter()
    try:
        details = check()
    except Exception as error:
        # Only the kind of failure: a message may carry an address or a password.
        return {"status": "unhealthy", "details": type(error).__name__}
    result = {"status": "healthy", "latency_ms": round((time.perf_counter() - started) * 1000, 2)}
    if isinstance(details, dict):
        result.update(details)
    return result
