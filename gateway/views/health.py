"""/api/health for people and monitors, /livez and /readyz for the platform."""

from __future__ import annotations

import redis
from flask import Blueprint, Response, current_app

from gateway.health import Health
from libs.web import auth
from libs.web.errors import Unauthenticated
from libs.web.jsonio import json_response

blueprint = Blueprint("health", __name__)


@blueprint.get("/api/health", strict_slashes=False)
def health() -> Response:
    """The state of every part; 503 when any of them is down (criterion 15.5). Where that is closed, strangers get the status."""
    report = health_of_the_house().report()
    if not (current_app.config["HEALTH_DETAILS"] or _may_know()):
        report = {name: report[name] for name in ("status", "timestamp")}
    return json_response(report, 200 if report["status"] == "healthy" else 503, {"Cache-Control": "no-store"})


@blueprint.get("/livez", strict_slashes=False)
def livez() -> Response:
    """This process runs."""
    return json_response({"status": "alive", "service": "gateway"})


@blueprint.get("/readyz", strict_slashes=False)
def readyz() -> Response:
    """This process can do its work. Without Redis it can: limits are then local."""
    try:
        current_app.extensions["rgms_redis"].ping()
        check = {"status": "healthy"}
    except redis.RedisError as error:
        check = {"status": "degraded", "details": type(error).__name__}
    return json_response({"status": "ready", "service": "gateway", "checks": {"redis": check}})


def _may_know() -> bool:
    try:
        return auth.current_principal().may("metrics.read")
    except Unauthenticated:
        return False


def health_of_the_house() -> Health:
    """Return the Health of the running application."""
    return current_app.extensions["rgms_health"]
