"""Carries WebSockets to the sockets process: the handshake is read and checked, then bytes pass both ways, unread."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gevent
from flask import Response, request
from geventhttpclient.response import HTTPParseError, HTTPSocketResponse

from gateway.address import limit_subject
from gateway.cors import may_connect
from gateway.request_context import RequestContext, current
from gateway.signature import Signature
from gateway.upstream import CONNECT_SECONDS, Upstream
from libs.config import Settings
from libs.web.errors import BadRequest, Forbidden, NotFound, RateLimited, Unauthenticated, UpstreamDown

PATHS = frozenset({"/ws/updates", "/ws/notifications"})
VERSION = "13"
HANDSHAKE_SECONDS = 10.0
# The sockets process pings every 25 s: a side that is silent or does not read for this long is gone.
SILENCE_SECONDS = 90.0
PIECE = 64 * 1024
LONGEST_HEAD = 16 * 1024
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


class Carried(Response):
    """What is left to answer when the connection was a socket's: nothing; gunicorn closes it without writing anything."""

    def __call__(self, _environ: dict[str, Any], _start_response: Callable[..., Any]) -> Iterable[bytes]:
        """End the request."""
        raise StopIteration


class WebSocketProxy:
    """Opens and bounds the sockets of this worker.

    Args:
        upstream: the sockets process.
        at_once: how many are carried.
        each: how many of them come from one address.
        each_user: how many of them are one account's.
    """

    def __init__(self, settings: Settings, upstream: Upstream, at_once: int, each: int, each_user: int) -> None:
        self._origins = settings.cors_origins
        self._upstream = upstream
        self._signature = Signature(settings, upstream.name)
        self._at_once = at_once
        self._each = each
        self._each_user = each_user
        self._open: set[socket.socket] = set()
        self._by_holder: Counter[str] = Counter()
        self._closing = False

    def start(self) -> None:
        """Begin: nothing to do, sockets open on demand."""

    def stop(self) -> None:
        """End every socket and open no more; clients come back to the process that takes over."""
        self._closing = True
        for client in list(self._open):
            _shut(client)

    def carry(self) -> Response:
        """Serve one socket until either side ends it; hand on the refusal of the sockets process.

        Raises:
            AppError: this is no proper handshake, nobody's or an ended session's, or there are too many.
        """
        environ, context = request.environ, current()
        self._check(environ)
        if context.refused or context.principal is None:
            raise context.refused or Unauthenticated()
        client: socket.socket = environ["gunicorn.socket"]
        account, place = f"user {context.principal.user_id}", limit_subject(context.address)
        with self._place(client, account, place), contextlib.closing(self._connect()) as service:
            try:
                service.sendall(self._handshake(environ, context))
                answer = _head(service)
                if not answer.startswith(b"HTTP/1.1 101 "):
                    return _refusal(service, answer)
            except (OSError, HTTPParseError) as error:
                raise _away(error) from error
            try:
                client.settimeout(SILENCE_SECONDS)
                service.settimeout(SILENCE_SECONDS)
                client.sendall(answer)
                _splice(client, service)
            except OSError as error:
                log.info("a socket broke off", extra={"cause": type(error).__name__})
            _shut(client)
        return Carried()

    def _check(self, environ: dict[str, Any]) -> None:
        """Refuse what may not open a socket.

        Raises:
            NotFound: another path. BadRequest: no WebSocket handshake. Forbidden: a foreign page (D26).
        """
        if environ["PATH_INFO"].removesuffix("/") not in PATHS or environ["RAW_URI"][0] != "/":
            raise NotFound()
        if not _is_handshake(environ):
            raise BadRequest("This address speaks WebSocket only.", code="websocket_expected")
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != VERSION:
            raise BadRequest(f"This address speaks version {VERSION} of WebSocket.", code="websocket_version")
        if not may_connect(environ.get("HTTP_ORIGIN", ""), environ.get("HTTP_HOST", ""), self._origins):
            raise Forbidden("Pages of this origin may not connect.", code="origin_not_allowed")

    @contextlib.contextmanager
    def _place(self, client: socket.socket, account: str, address: str) -> Iterator[None]:
        if self._by_holder[account] >= self._each_user:
            raise RateLimited("Too many live connections of your account.", code="sockets_full", retry_after=10)
        if self._by_holder[address] >= self._each:
            raise RateLimited("Too many live connections from your network.", code="sockets_full", retry_after=10)
        if self._closing or len(self._open) >= self._at_once:
            raise UpstreamDown("Too many live connections. Please try again shortly.", code="sockets_full", retry_after=10)
        self._open.add(client)
        self._by_holder.update((account, address))
        try:
            yield
        finally:
            self._open.discard(client)
            for holder in (account, address):
                self._by_holder[holder] -= 1
                if not self._by_holder[holder]:
                    del self._by_holder[holder]

    def _connect(self) -> socket.socket:
        try:
            service = socket.create_connection(self._upstream.address, timeout=CONNECT_SECONDS)
        except OSError as error:
            raise _away(error) from error
        service.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        service.settimeout(HANDSHAKE_SECONDS)
        return service

    def _handshake(self, environ: dict[str, Any], context: RequestContext) -> bytes:
        """Return the opening request. No extension is offered: compressing costs the sockets process half its speed."""
        lines: Iterable[str] = (f"{name}: {environ[key]}\r\n" for key, name in _PASSED if environ.get(key))
        return (
            f"GET {environ['RAW_URI']} HTTP/1.1\r\nHost: {self._upstream.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"{''.join(lines)}{self._signature.lines(context)}\r\n"
        ).encode("latin-1")


def _is_handshake(environ: dict[str, Any]) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in environ.get("HTTP_CONNECTION", "").lower()
        and "HTTP_SEC_WEBSOCKET_KEY" in environ
        and "gunicorn.socket" in environ
    )


def _head(service: socket.socket) -> bytes:
    """Return what the sockets process answers, up to the end of its head at least."""
    received = b""
    while b"\r\n\r\n" not in received:
        data = service.recv(PIECE)
        if not data or len(received) > LONGEST_HEAD:
            raise ConnectionError("the sockets process answered no handshake")
        received += data
    return received


def _refusal(service: socket.socket, begun: bytes) -> Response:
    """Return the answer of a sockets process that opens no socket; nothing else may ever pass on this connection."""
    with HTTPSocketResponse(service, pre_buffered=begun) as answer:
        headers = {name: value for name, value in answer.items() if name.lower() in ("content-type", "retry-after")}
        return Response(answer.read(), answer.status_code, headers)


def _away(error: Exception) -> UpstreamDown:
    log.warning("the sockets process does not answer", extra={"cause": type(error).__name__})
    return UpstreamDown("Live updates are not available just now.", details={"service": "sockets"})


def _splice(client: socket.socket, service: socket.socket) -> None:
    """Copy both ways until both directions are done or one side is silent or stuck."""
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
