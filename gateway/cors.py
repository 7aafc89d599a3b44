"""Which origins may read us: flask-cors for the configured ones, with credentials (criteria 19.6 and 30); and who may connect."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_cors import CORS

from libs.contracts.browser_session import HANDLE_HEADER

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HEADERS = ("Authorization", "Content-Type", "X-Requested-With", "Idempotency-Key", "If-Match", "If-None-Match", HANDLE_HEADER)
EXPOSED = (
    "ETag",
    "X-Request-ID",
    "Retry-After",
    "Location",
    "Content-Disposition",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)
PREFLIGHT_SECONDS = 600


def install(app: Flask, origins: Iterable[str]) -> None:
    """Let pages of `origins` read what `app` answers below /api; pages of any other origin are granted nothing."""
    # flask-cors takes what looks like a regular expression for one, and an address in brackets does.
    allowed = [re.compile(re.escape(origin.rstrip("/")) + r"\Z", re.IGNORECASE) for origin in origins]
    if allowed:

        @app.after_request
        def depends_on_origin(response: Response) -> Response:
            # Also where none asked: a cache must not hand this answer to one that does.
            if request.path.startswith("/api/"):
                response.headers.add("Vary", "Origin")
            return response

    CORS(
        app,
        resources=re.compile(r"/api/"),
        origins=allowed,
        methods=METHODS,
        allow_headers=HEADERS,
        expose_headers=EXPOSED,
        supports_credentials=True,
        max_age=PREFLIGHT_SECONDS,
        always_send=False,
        vary_header=False,
        intercept_exceptions=False,
    )


def may_connect(origin: str, host: str, allowed: Iterable[str]) -> bool:
    """Whether a page of `origin` may open a socket to `host`: its own, or one that is allowed.

    A client that is no browser sends no Origin; it has no ambient credentials to abuse, and needs a token like anyone.
    """
    if not origin:
        return True
    if origin.lower() in {each.rstrip("/").lower() for each in allowed}:
        return True
    return urlsplit(origin).netloc.lower() == host.lower() and origin.lower().startswith(("http://", "https://"))
