"""What a service knows of the request it is answering: its id and the true client address."""

from __future__ import annotations

import re

from flask import Flask, g, request

from libs import log
from libs.ids import uuid7

HEADER = "X-Request-ID"
# Set by our gateway after it counted the trusted hops; services are not reachable from outside.
ADDRESS_HEADER = "X-Client-Address"
_SANE = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def install(app: Flask) -> None:
    """Give every request an id, kept from the gateway when it is a sane one."""

    @app.before_request
    def start() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _SANE.fullmatch(given) else str(uuid7())
        log.request_id.set(g.request_id)

    @app.after_request
    def finish(response):
        response.headers.setdefault(HEADER, g.get("request_id", ""))
        return response


def client_address() -> str:
    """Return the address of the person's device as the gateway saw it."""
    return request.headers.get(ADDRESS_HEADER) or request.remote_addr or ""
