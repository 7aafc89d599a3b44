"""The API portal at /api/docs: one description of all services and each service's own, shown by Swagger UI from its package."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, send_from_directory

from gateway.openapi import merged
from gateway.upstream import Upstream, UpstreamError
from libs.web.errors import NotFound, UpstreamDown
from libs.web.jsonio import dumps, json_response, loads

FRESH_SECONDS = 60.0
# A description that misses a service is not kept for long: the service is probably just starting.
INCOMPLETE_SECONDS = 3.0
FETCH_SECONDS = 5.0
ASSETS = Path(str(files("flask_swagger_ui") / "dist"))
SERVED = frozenset({"index.css", "swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RGMS API</title>
<link rel="icon" type="image/png" href="/api/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/assets/index.css">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
</head>
<body>
<noscript>The description itself: <a href="/api/openapi.json">/api/openapi.json</a></noscript>
<nav aria-label="Descriptions">
OpenAPI documents: <a href="/api/openapi.json">all services</a>%s
</nav>
<div id="swagger-ui"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/docs/assets/start.js"></script>
</body>
</html>
"""
# In a file of its own, because our policy allows no inline script.
_START = """SwaggerUIBundle({
  url: '/api/openapi.json', dom_id: '#swagger-ui', docExpansion: 'none', filter: true, validatorUrl: null,
});
"""
OWN_PATHS = {
    "/api/health": {
        "get": {
            "summary": "The state of every part of RGMS",
            "tags": ["gateway"],
            "security": [],
            "responses": {
                "200": {"description": "Everything is healthy"},
                "503": {"description": "Something is not; the body says what"},
            },
        }
    },
    "/api/v1/metrics": {
        "get": {
            "summary": "Response times and error rates of the last hour",
            "tags": ["gateway"],
            "responses": {
                "200": {"description": "Mean, median, p95 and p99 of reads, writes and each route"},
                "401": {"description": "Not signed in"},
                "403": {"description": "Not allowed to read metrics"},
            },
        }
    },
}

blueprint = Blueprint("docs", __name__)


class Portal:
    """The descriptions, asked for anew once a minute."""

    def __init__(self, upstreams: Mapping[str, Upstream], version: str) -> None:
        self._upstreams = upstreams
        self._version = version
        self._lock = threading.Lock()
        self._documents: dict[str, Any] = {}
        self._body = b""
        self._until = 0.0

    @property
    def services(self) -> list[str]:
        """The services that describe themselves."""
        return sorted(self._upstreams)

    def description(self) -> bytes:
        """Return the merged description as JSON."""
        with self._lock:
            self._ask()
            return self._body

    def description_of(self, service: str) -> dict[str, Any]:
        """Return the description of one service: of what can be reached from outside.

        Raises:
            NotFound: there is no such service. UpstreamDown: it does not answer.
        """
        if service not in self._upstreams:
            raise NotFound()
        with self._lock:
            self._ask()
            document = self._documents[service]
        if document is None:
            raise UpstreamDown(details={"service": service})
        return merged({service: document}, self._version, {}, title=f"RGMS {service}")

    def _ask(self) -> None:
        if time.monotonic() < self._until:
            return
        self._documents = {name: self._fetch(upstream) for name, upstream in self._upstreams.items()}
        self._body = dumps(merged(self._documents, self._version, OWN_PATHS))
        complete = None not in self._documents.values()
        self._until = time.monotonic() + (FRESH_SECONDS if complete else INCOMPLETE_SECONDS)

    @staticmethod
    def _fetch(upstream: Upstream) -> Any:
        try:
            status, body = upstream.fetch("/openapi.json", FETCH_SECONDS)
            return loads(body) if status == 200 else None
        except (UpstreamError, ValueError):
            return None


@blueprint.get("/api/openapi.json", strict_slashes=False)
def description() -> Response:
    """The merged OpenAPI description."""
    portal: Portal = current_app.extensions["rgms_portal"]
    return json_response(portal.description(), headers={"Cache-Control": "no-cache"})


@blueprint.get("/api/docs/<service>/openapi.json")
def description_of(service: str) -> Response:
    """The OpenAPI description of one service."""
    portal: Portal = current_app.extensions["rgms_portal"]
    return json_response(portal.description_of(service), headers={"Cache-Control": "no-cache"})


@blueprint.get("/api/docs", strict_slashes=False)
def page() -> Response:
    """The portal."""
    portal: Portal = current_app.extensions["rgms_portal"]
    links = "".join(f' <a href="/api/docs/{name}/openapi.json">{name}</a>' for name in portal.services)
    return Response(_PAGE % links, mimetype="text/html", headers={"Cache-Control": "no-cache"})


@blueprint.get("/api/docs/assets/start.js")
def start_script() -> Response:
    """Starts Swagger UI."""
    return Response(_START, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/api/docs/assets/<name>")
def asset(name: str) -> Response:
    """One of Swagger UI's files."""
    if name not in SERVED:
        raise NotFound()
    return send_from_directory(ASSETS, name, max_age=86_400)
