"""What a service knows of the request it is answering: its id, and what the gateway signed of where it came from."""

from __future__ import annotations

import re

from flask import Flask, current_app, g, request

from libs import log
from libs.acting import Acting, acting
from libs.config import Settings
from libs.ids import uuid7
from libs.web import tokens
from libs.web.errors import Unauthenticated

HEADER = "X-Request-ID"
# Set by our gateway after it counted the trusted hops.
ADDRESS_HEADER = "X-Client-Address"
HOST_HEADER = "X-Forwarded-Host"
# The session of which the gateway asked, for this very request, whether it was ended, and was told that it was not.
SESSION_HEADER = "X-Living-Session"
# A short-lived token of the gateway for this service. Whoever reaches a service by another way can't make one, and is believed
# nothing.
GATEWAY_HEADER = "X-Gateway-Token"
_SANE = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def install(app: Flask) -> None:
    """Give every request an id, kept from the gateway when it is a sane one."""

    @app.before_request
    def start() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _SANE.fullmatch(given) else str(uuid7())
        log.request_id.set(g.request_id)
        # A thread serves one person after another.
        writes = request.method not in {"GET", "HEAD"}
        acting.set(Acting(request_id=g.request_id, address=client_address() if writes else ""))

    @app.after_request
    def finish(response):
        response.headers.setdefault(HEADER, g.get("request_id", ""))
        return response


def client_address() -> str:
    """Return the address of the person's device as the gateway saw it; that of the connection when no gateway signed one."""
    return signed(ADDRESS_HEADER) or request.remote_addr or ""


def forwarded_host() -> str:
    """Return the host that the browser asked for as the gateway saw it; empty when no gateway signed one."""
    return signed(HOST_HEADER)


def signed(header: str) -> str:
    """Return a header that the gateway set; empty when it is missing or the request did not come from the gateway."""
    value = request.headers.get(header, "")
    return value if value and _from_gateway() else ""


def _from_gateway() -> bool:
    if "from_gateway" not in g:
        settings: Settings = current_app.config["RGMS"]
        try:
            claims = tokens.decode_service_token(settings, request.headers.get(GATEWAY_HEADER, ""), settings.service)
            g.from_gateway = claims["svc"] == "gateway"
        except Unauthenticated:
            g.from_gateway = False
    return g.from_gateway
