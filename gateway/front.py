"""The door itself: a WSGI application that answers /api/v1 without Flask and hands everything else to it."""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Callable, Iterable

from flask import Flask

from gateway.address import client_address, client_scheme, limit_subject
from gateway.answers import Environ, HeaderList, StartResponse, refuse
from gateway.config import GatewaySettings
from gateway.headers import DATA_HEADERS, page_headers, page_starter, to_https
from gateway.identity import Caller, Identity
from gateway.limits import REVOKED, Limits
from gateway.origins import Hosts, Origins
from gateway.proxy import Proxy
from gateway.route_table import LINK, METHODS, PREFIX, TOKEN, Route, RouteTable
from gateway.tunnel import Tunnel
from gateway.visit import Visit
from libs.config import Settings
from libs.ids import uuid7
from libs.metrics import Recorder
from libs.web.errors import AppError, BadRequest, MethodNotAllowed, NotFound, RateLimited, Unauthenticated

# How long a client may take to read a piece of an answer, or to send the next byte of a request.
CLIENT_SECONDS = 30.0
# Asked by the platform by address or over plain http; they tell nothing.
PROBES = frozenset({"/livez", "/readyz"})
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")

log = logging.getLogger(__name__)


class Front:
    """Checks in the order of cost: host, scheme, route, token, revocation and limits; then proxies."""

    def __init__(
        self,
        settings: Settings,
        own: GatewaySettings,
        *,
        flask: Flask,
        pages: Callable[[Environ, StartResponse], Iterable[bytes]],
        limits: Limits,
        recorder: Recorder,
        proxy: Proxy,
        tunnel: Tunnel,
        origins: Origins,
    ) -> None:
        # libs.web.server finds the background threads of the process here.
        self.rgms_app = flask
        self._pages = pages
        self._table = RouteTable()
        self._identity = Identity(settings)
        self._hosts = Hosts(own.hosts)
        self._origins = origins
        self._limits = limits
        self._recorder = recorder
        self._proxy = proxy
        self._tunnel = tunnel
        self._rates = own.limits
        self._hops = settings.trusted_hops
        self._secure_only = settings.https_only
        self._slow = own.slow_seconds
        self._page_headers = page_headers(own.api_origins)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        visit = self._visit(environ)
        if path not in PROBES:
            host = environ.get("HTTP_HOST", "")
            if not self._hosts.allows(host):
                error = BadRequest("This host is not served here.", code="host_not_allowed")
                return refuse(start_response, error, visit.request_id, DATA_HEADERS[visit.scheme])
            if self._secure_only and visit.scheme == "http":
                return to_https(environ, start_response, host)
        if path.startswith("/api/") and environ["REQUEST_METHOD"] == "OPTIONS":
            return self._origins.preflight(environ, start_response, DATA_HEADERS[visit.scheme])
        client = environ.get("gunicorn.socket")
        if client is not None:
            client.settimeout(CLIENT_SECONDS)
        if path.startswith(PREFIX):
            return self._api(environ, start_response, path, visit)
        if path.startswith("/ws/"):
            return self._socket(environ, start_response, visit)
        return self._page(environ, start_response, path, visit)

    def _visit(self, environ: Environ) -> Visit:
        given = environ.get("HTTP_X_REQUEST_ID")
        return Visit(
            client_address(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), self._hops),
            client_scheme(environ.get("wsgi.url_scheme", "http"), environ.get("HTTP_X_FORWARDED_PROTO", ""), self._hops),
            given if given and _SANE_ID.fullmatch(given) else str(uuid7()),
            time.perf_counter(),
        )

    def _api(self, environ: Environ, start_response: StartResponse, path: str, visit: Visit) -> Iterable[bytes]:
        cors = self._origins.headers(environ.get("HTTP_ORIGIN", ""))
        more: HeaderList = [*DATA_HEADERS[visit.scheme], *cors]
        route = self._table.find(path)
        method = environ["REQUEST_METHOD"]
        try:
            if route is None or environ["RAW_URI"][0] != "/":
                raise NotFound()
            if method not in METHODS:
                raise MethodNotAllowed()
            self._admit(environ, route, visit.address)
            more.append(("X-Request-ID", visit.request_id))
            if route.upstream == "gateway":
                status, body = self._own(environ, start_response, visit, more)
            else:
                status, body = self._proxy.forward(environ, start_response, route, visit, more)
        except AppError as error:
            status = error.status
            body = refuse(start_response, error, visit.request_id, [*DATA_HEADERS[visit.scheme], *cors])
        self._note(route, method, status, visit)
        return body

    def _own(
        self, environ: Environ, start_response: StartResponse, visit: Visit, more: HeaderList
    ) -> tuple[int, Iterable[bytes]]:
        """Answer what the route table gives to this process, from Flask."""
        answered: list[int] = []

        def start(status: str, headers: HeaderList, exc_info: object = None) -> object:
            answered.append(int(status[:3]))
            return start_response(status, [*headers, *more], exc_info)

        environ["HTTP_X_REQUEST_ID"] = visit.request_id
        body = self._pages(environ, start)
        return answered[-1], body

    def _admit(self, environ: Environ, route: Route, address: str) -> None:
        """Let the request pass or refuse it.

        Raises:
            Unauthenticated: no valid token, or its session was ended. RateLimited: with Retry-After.
        """
        header = environ.get("HTTP_AUTHORIZATION", "")
        caller: Caller | None = None
        refused: Unauthenticated | None = None
        if route.auth == TOKEN or (route.auth == LINK and (header or "signature=" not in environ["QUERY_STRING"])):
            try:
                caller = self._identity.caller(header)
            except Unauthenticated as error:
                # Still counted against the address: checking forged tokens must not be free.
                refused = error
        verdict = self._limits.verdict(caller.session if caller else "", self._subjects(route, caller, address))
        if verdict > 0:
            raise RateLimited(retry_after=math.ceil(verdict / 1000))
        if refused is not None:
            raise refused
        if verdict == REVOKED:
            raise Unauthenticated("You were signed out.", code="session_revoked")

    def _subjects(self, route: Route, caller: Caller | None, address: str) -> list[tuple[str, int]]:
        """Return whom this request counts against: the user and the address, or the address alone."""
        place = limit_subject(address)
        if route.limit == "sign_in":
            return [(f"sign_in:{place}", self._rates["sign_in_address"])]
        everyone = (f"address:{place}", self._rates["address"])
        if caller is None:
            return [everyone]
        if route.limit == "upload":
            return [(f"upload:{caller.user}", self._rates["upload_user"]), everyone]
        return [(f"user:{caller.user}", self._rates["user"]), everyone]

    def _socket(self, environ: Environ, start_response: StartResponse, visit: Visit) -> Iterable[bytes]:
        verdict = self._limits.verdict("", [(f"socket:{limit_subject(visit.address)}", self._rates["socket_address"])])
        if verdict > 0:
            error = RateLimited(retry_after=math.ceil(verdict / 1000))
            return refuse(start_response, error, visit.request_id, DATA_HEADERS[visit.scheme])
        return self._tunnel.carry(environ, start_response, visit)

    def _page(self, environ: Environ, start_response: StartResponse, path: str, visit: Visit) -> Iterable[bytes]:
        more: HeaderList = [*self._page_headers[visit.scheme], ("X-Request-ID", visit.request_id)]
        if path.startswith("/api/"):
            more += self._origins.headers(environ.get("HTTP_ORIGIN", ""))
        environ["HTTP_X_REQUEST_ID"] = visit.request_id
        return self._pages(environ, page_starter(start_response, more))

    def _note(self, route: Route | None, method: str, status: int, visit: Visit) -> None:
        label = route.prefix if route else "unknown"
        seconds = time.perf_counter() - visit.started
        self._recorder.record(f"{'read' if method in ('GET', 'HEAD') else 'write'} {label}", seconds, status)
        if status >= 500 or status == 429 or seconds >= self._slow:
            log.warning(
                "slow or refused request",
                extra={
                    "route": label,
                    "method": method,
                    "status": status,
                    "ms": round(seconds * 1000),
                    "request_id": visit.request_id,
                    "address": visit.address,
                },
            )
