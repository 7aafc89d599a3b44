"""Carries WebSockets to the sockets process: after the handshake, bytes both ways, unread."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Iterable

import gevent

from gateway.answers import Environ, StartResponse, refuse
from gateway.headers import DATA_HEADERS
from gateway.origins import Origins
from gateway.upstream import Upstream
from gateway.visit import Visit
from gateway.wire import CONNECT_SECONDS
from libs.web.errors import AppError, BadRequest, Forbidden, NotFound, UpstreamDown

PATHS = frozenset({"/ws/updates", "/ws/notifications"})
HANDSHAKE_SECONDS = 10.0
# The sockets process pings every 25 s: a side that is silent or does not read for this long is gone.
SILENCE_SECONDS = 90.0
PIECE = 64 * 1024
_PASSED = (
    ("HTTP_SEC_WEBSOCKET_KEY", "Sec-WebSocket-Key"),
    ("HTTP_SEC_WEBSOCKET_VERSION", "Sec-WebSocket-Version"),
    ("HTTP_SEC_WEBSOCKET_PROTOCOL", "Sec-WebSocket-Protocol"),
    ("HTTP_AUTHORIZATION", "Authorization"),
    ("HTTP_ORIGIN", "Origin"),
    # The sockets process judges the origin too, against the host the browser saw.
    ("HTTP_HOST", "X-Forwarded-Host"),
    ("HTTP_USER_AGENT", "User-Agent"),
)

log = logging.getLogger(__name__)


class Tunnel:
    """Opens and bounds the tunnels of this worker."""

    def __init__(self, upstream: Upstream, origins: Origins, capacity: int) -> None:
        self._upstream = upstream
        self._origins = origins
        self._capacity = capacity
        self._open: set[socket.socket] = set()
        self._closing = False

    def start(self) -> None:
        """Begin: nothing to do, tunnels open on demand."""

    def stop(self) -> None:
        """End every tunnel and open no more; clients come back to the process that takes over."""
        self._closing = True
        for client in list(self._open):
            _shut(client)

    def carry(self, environ: Environ, start_response: StartResponse, visit: Visit) -> list[bytes]:
        """Serve one socket until either side ends it; refuse what is no proper handshake.

        Raises:
            StopIteration: the connection was used up; gunicorn closes it without writing an answer of its own.
        """
        try:
            self._check(environ)
            service = self._connect()
        except AppError as error:
            return refuse(start_response, error, visit.request_id, DATA_HEADERS[visit.scheme])
        client: socket.socket = environ["gunicorn.socket"]
        self._open.add(client)
        try:
            service.sendall(_handshake(environ, self._upstream.host, visit))
            _splice(client, service)
        except OSError as error:
            log.info("a socket broke off", extra={"cause": type(error).__name__, "request_id": visit.request_id})
        finally:
            self._open.discard(client)
            service.close()
            _shut(client)
        raise StopIteration

    def _check(self, environ: Environ) -> None:
        """Refuse what may not open a tunnel.

        Raises:
            NotFound: another path. BadRequest: no WebSocket handshake. Forbidden: a foreign page (D26). UpstreamDown: full.
        """
        if environ["PATH_INFO"].removesuffix("/") not in PATHS:
            raise NotFound()
        if not _is_handshake(environ):
            raise BadRequest("This address speaks WebSocket only.", code="websocket_expected")
        if not self._origins.may_connect(environ.get("HTTP_ORIGIN", ""), environ.get("HTTP_HOST", "")):
            raise Forbidden("Pages of this origin may not connect.", code="origin_not_allowed")
        if self._closing or len(self._open) >= self._capacity:
            raise UpstreamDown("Too many live connections. Please try again shortly.", code="sockets_full", retry_after=10)

    def _connect(self) -> socket.socket:
        try:
            service = socket.create_connection(self._upstream.address, timeout=CONNECT_SECONDS)
        except OSError as error:
            log.warning("the sockets process does not answer", extra={"cause": type(error).__name__})
            raise UpstreamDown("Live updates are not available just now.", details={"service": "sockets"}) from error
        service.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        service.settimeout(HANDSHAKE_SECONDS)
        return service


def _is_handshake(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in environ.get("HTTP_CONNECTION", "").lower()
        and "HTTP_SEC_WEBSOCKET_KEY" in environ
        and "gunicorn.socket" in environ
    )


def _handshake(environ: Environ, host: str, visit: Visit) -> bytes:
    """Return the opening request for the sockets process. No extension is offered: compressing costs it half its speed."""
    lines: Iterable[str] = (f"{name}: {environ[key]}\r\n" for key, name in _PASSED if environ.get(key))
    return (
        f"GET {environ['RAW_URI']} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"{''.join(lines)}{visit.upstream_headers}\r\n"
    ).encode("latin-1")


def _splice(client: socket.socket, service: socket.socket) -> None:
    """Copy both ways until both directions are done or one side is silent or stuck."""
    client.settimeout(SILENCE_SECONDS)
    first = service.recv(PIECE)
    service.settimeout(SILENCE_SECONDS)
    if not first:
        raise ConnectionError("the sockets process closed the handshake")
    client.sendall(first)
    upward = gevent.spawn(_copy, client, service)
    try:
        _copy(service, client)
    finally:
        # The service has the last word of a WebSocket; what the client still says after it interests nobody.
        upward.kill()


def _copy(source: socket.socket, target: socket.socket) -> None:
    # Broken, silent or stuck: either way the other direction must end too.
    with contextlib.suppress(OSError):
        while data := source.recv(PIECE):
            target.sendall(data)
    _shut(source)
    _shut(target)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
