"""What the gateway establishes about a request before it looks at what it wants: who, how, by which id, on which route."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.address import clean_address
from gateway.hosts import Hosts
from gateway.route_table import PREFIX, Route, RouteTable
from libs import log
from libs.contracts.principal import Principal
from libs.ids import uuid7
from libs.web.devices import Device
from libs.web.errors import AppError, BadRequest, NotFound

# How long a client may take to read a piece of an answer, or to send the next byte of a request.
CLIENT_SECONDS = 30.0
# Asked by the platform by address or over plain http; they tell nothing.
PROBES = frozenset({"/livez", "/readyz"})
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")


@dataclass(slots=True)
class RequestContext:
    """One request's circumstances.

    Attributes:
        address: the client's true address.
        scheme: how the client came: `http` or `https`.
        request_id: given by the client when sane, else made here.
        started: a time.perf_counter() reading.
        route: the entry of the route table, for paths below /api/v1.
        principal: the verified caller, where the route asks for one.
        refused: why the caller's token was refused; told after the limits were asked.
        limits: subject and requests a minute of each limit that this request counts against, the narrowest first.
        windows: what Redis answered about each subject, when it was asked.
        living: the session that Redis knew not to be ended; empty when it was not asked or did not answer.
        device: the device that shows that somebody signed in from it before, and `device_token` by which it shows it.
        waited: seconds that this request has waited for its turn.
    """

    address: str
    scheme: str
    request_id: str
    started: float
    route: Route | None = None
    principal: Principal | None = None
    refused: AppError | None = None
    limits: tuple[tuple[str, int], ...] = ()
    windows: dict[str, Any] | Exception | None = field(default=None)
    living: str = ""
    device: Device | None = None
    device_token: str = ""
    waited: float = 0.0


class TrustedHops(ProxyFix):
    """ProxyFix for proxies that append to X-Forwarded-For, and append to X-Forwarded-Proto or replace it.

    Args:
        hops: how many proxies of ours stand before this process. What the client claims is left of what they wrote.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], hops: int) -> None:
        super().__init__(app, x_for=hops, x_proto=1, x_host=0, x_port=0, x_prefix=0)
        self._hops = hops

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve a request with the address and scheme that our outermost proxy saw."""
        # A quote in a forged entry would swallow what our proxies appended behind it.
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        if '"' in forwarded:
            environ["HTTP_X_FORWARDED_FOR"] = forwarded.replace('"', "")
        if proto := environ.get("HTTP_X_FORWARDED_PROTO"):
            claims = proto.split(",")
            claim = claims[-min(self._hops, len(claims))].strip().lower()
            environ["HTTP_X_FORWARDED_PROTO"] = "https" if claim == "https" else "http"
        return super().__call__(environ, start_response)


def install(app: Flask, hosts: Hosts, *, hops: int, secure_only: bool) -> None:
    """Begin every request of `app` with its context, and refuse what is for another host or came unencrypted.

    Args:
        hops: trusted proxies in front.
        secure_only: whether plain http is sent to https.
    """
    table = RouteTable()
    if hops:
        app.wsgi_app = TrustedHops(app.wsgi_app, hops)  # type: ignore[method-assign] # as Flask documents middleware

    @app.before_request
    def begin() -> Response | None:
        environ = request.environ
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _SANE_ID.fullmatch(given) else str(uuid7())
        g.context = context = RequestContext(true_address(environ), request.scheme, request_id, time.perf_counter())
        g.request_id = request_id
        log.request_id.set(request_id)
        path = environ["PATH_INFO"]
        if path not in PROBES:
            if not hosts.allows(environ.get("HTTP_HOST", "")):
                raise BadRequest("This host is not served here.", code="host_not_allowed")
            if secure_only and context.scheme == "http":
                return to_https(environ)
        if client := environ.get("gunicorn.socket"):
            client.settimeout(CLIENT_SECONDS)
        if path.startswith(PREFIX):
            context.route = table.find(path)
            if context.route is None or environ["RAW_URI"][0] != "/":
                raise NotFound()
        return None


def current() -> RequestContext:
    """Return the context of the running request."""
    return g.context


def true_address(environ: dict[str, Any]) -> str:
    """Return the client's address; that of the connection where a trusted proxy wrote what is none."""
    connection = environ.get("werkzeug.proxy_fix.orig", environ)
    found = clean_address(environ.get("REMOTE_ADDR") or "") or clean_address(connection.get("REMOTE_ADDR") or "")
    return found or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens there


def to_https(environ: dict[str, Any]) -> Response:
    """Send the client to the same address over https; 308 keeps the method and body of a write."""
    if environ["RAW_URI"][0] != "/":
        # A target with a host of its own, which would stand in the Location behind ours.
        raise NotFound()
    status = 301 if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else 308
    return Response(status=status, headers={"Location": f"https://{environ['HTTP_HOST']}{environ['RAW_URI']}"})
