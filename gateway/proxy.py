"""Passes a request to its service and the answer back: headers by an allow-list, bodies in pieces, a write at most once."""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Iterable, Iterator, Mapping

from flask import Response, request

from gateway import request_body
from gateway.breaker import Breaker
from gateway.headers import DROPPED
from gateway.request_body import Body, Environ
from gateway.request_context import RequestContext, current
from gateway.route_table import Route
from gateway.session_cookies import SessionCookies
from gateway.signature import Signature
from gateway.uploads import Uploads
from gateway.upstream import Answer, Pieces, StaleConnection, Upstream, UpstreamError, UpstreamTimeout
from gateway.waiting_room import WaitingRoom
from libs.config import Settings
from libs.contracts.browser_session import HANDLE_HEADER
from libs.web.error_handlers import AGAIN_HEADER
from libs.web.errors import AppError, UpstreamDown

# Nothing else of a request reaches a service: no forwarded-for of the client's making, no invented identity, and of its cookies
# only those that SessionCookies lets pass.
_PASSED = (
    ("HTTP_AUTHORIZATION", "Authorization"),
    ("CONTENT_TYPE", "Content-Type"),
    ("HTTP_ACCEPT", "Accept"),
    ("HTTP_ACCEPT_ENCODING", "Accept-Encoding"),
    ("HTTP_ACCEPT_LANGUAGE", "Accept-Language"),
    ("HTTP_USER_AGENT", "User-Agent"),
    ("HTTP_IDEMPOTENCY_KEY", "Idempotency-Key"),
    ("HTTP_IF_MATCH", "If-Match"),
    ("HTTP_IF_NONE_MATCH", "If-None-Match"),
    ("HTTP_IF_MODIFIED_SINCE", "If-Modified-Since"),
    ("HTTP_RANGE", "Range"),
    ("HTTP_IF_RANGE", "If-Range"),
    ("HTTP_X_REQUESTED_WITH", "X-Requested-With"),
    ("HTTP_X_SESSION_HANDLE", HANDLE_HEADER),
)
_SAFE = frozenset({"GET", "HEAD"})
_REFUSED = frozenset({429, 503})
_AGAIN = AGAIN_HEADER.lower()

log = logging.getLogger(__name__)


class Proxy:
    """The services, each with its pool of connections and its breaker.

    Args:
        names: the services that are reached.
        in_flight: requests that are at one service at once.
        room: where requests wait that a service asks us to bring again.
    """

    def __init__(self, settings: Settings, names: Iterable[str], in_flight: int, room: WaitingRoom) -> None:
        self._room = room
        self.upstreams = {name: Upstream(name, settings.urls[name], in_flight) for name in names}
        self.breakers: Mapping[str, Breaker] = {name: Breaker(name, in_flight) for name in self.upstreams}
        self._signatures = {name: Signature(settings, name) for name in self.upstreams}
        self._uploads = Uploads()
        self._cookies = SessionCookies(settings.cors_origins)

    def forward(self, route: Route) -> Response:
        """Answer the running request from the service of `route`.

        Raises:
            AppError: the service did not answer, or the request's body was refused.
        """
        context, environ = current(), request.environ
        subject = str(context.principal.user_id) if context.principal else context.address
        with self._uploads.one(subject) if request_body.is_large(environ) else contextlib.nullcontext():
            body = request_body.read(environ, route.body)
            try:
                head = self._head(environ, route, context, body.framing)
                answer = self._exchange(route, environ["REQUEST_METHOD"], head, body)
                # Nothing was done yet: at a crowded door the wait is ours, as it costs no thread here.
                while (pause := _again(answer, body)) is not None and self._room.wait(context, pause):
                    answer = self._exchange(route, environ["REQUEST_METHOD"], head, body)
            finally:
                body.close()
        headers = [
            (name, self._cookies.to_browser(environ, context.scheme, value) if key == "set-cookie" else value)
            for name, key, value in answer.headers
            if key not in DROPPED
        ]
        response = Response(answer.body, answer.status, headers, direct_passthrough=not isinstance(answer.body, bytes))
        # An answer to HEAD tells the length of a body that it has not.
        response.automatically_set_content_length = environ["REQUEST_METHOD"] != "HEAD"
        return response

    def _head(self, environ: Environ, route: Route, context: RequestContext, framing: str) -> bytes:
        """Return the request line and headers that the service gets."""
        target, question, query = environ["RAW_URI"].partition("?")
        if len(target) > 1 and target[-1] == "/":
            target = target[:-1]
        host = self.upstreams[route.upstream].host
        lines = [f"{environ['REQUEST_METHOD']} {target}{question}{query} HTTP/1.1\r\nHost: {host}\r\n{framing}"]
        for key, name in _PASSED:
            value = environ.get(key)
            if value:
                lines.append(f"{name}: {value}\r\n")
        if route.cookies and (cookies := self._cookies.to_service(environ)):
            lines.append(f"Cookie: {cookies}\r\n")
        return f"{''.join(lines)}{self._signatures[route.upstream].lines(context)}\r\n".encode("latin-1")

    def _exchange(self, route: Route, method: str, head: bytes, body: Body) -> Answer:
        breaker = self.breakers[route.upstream]
        trying = breaker.enter()
        try:
            answer = self._send(self.upstreams[route.upstream], route, method, head, body)
        except UpstreamError as error:
            breaker.fail()
            breaker.leave(trying)
            raise _failure(route, method, error) from error
        except BaseException:
            breaker.leave(trying)
            raise
        breaker.succeed()
        if isinstance(answer.body, bytes):
            breaker.leave(trying)
        else:
            answer.body = _Held(answer.body, breaker, trying)
        return answer

    @staticmethod
    def _send(upstream: Upstream, route: Route, method: str, head: bytes, body: Body) -> Answer:
        try:
            return upstream.request(head, body.pieces(), method=method, timeout=route.timeout)
        except StaleConnection:
            # The service restarted while the connection was idle. Reading again is harmless; a write might be done twice.
            if method not in _SAFE:
                raise
            return upstream.request(head, body.pieces(), method=method, timeout=route.timeout)


def _again(answer: Answer, body: Body) -> float | None:
    """Return after how many seconds a refused request may be brought again; None for every other answer."""
    if answer.status not in _REFUSED or not isinstance(body.data, bytes):
        return None
    return next((float(value) for _, key, value in answer.headers if key == _AGAIN), None)


class _Held:
    """A streamed answer, which holds a connection of its service until it was read or given up."""

    def __init__(self, pieces: Pieces, breaker: Breaker, trying: bool) -> None:
        self._pieces = pieces
        self._breaker: Breaker | None = breaker
        self._trying = trying

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """Give the connection back; the server calls this whatever happened."""
        self._pieces.close()
        if self._breaker is not None:
            self._breaker.leave(self._trying)
            self._breaker = None


def _failure(route: Route, method: str, error: UpstreamError) -> AppError:
    log.warning(
        "a service gave no answer",
        extra={
            "upstream": route.upstream,
            "route": route.prefix,
            "method": method,
            "cause": type(error).__name__,
            "reason": str(error),
        },
    )
    if isinstance(error, UpstreamTimeout):
        return UpstreamDown(
            "This took too long. If you were saving something, look whether it is there before you try again.",
            code="upstream_timeout",
            details={"service": route.upstream},
            retry_after=math.ceil(route.timeout / 4),
        )
    return UpstreamDown(details={"service": route.upstream})
