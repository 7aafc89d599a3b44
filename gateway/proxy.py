"""Passes a request to its service and the answer back: headers by an allow-list, bodies as they come, a write at most once."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping

from gateway import request_body
from gateway.answers import Environ, HeaderList, StartResponse
from gateway.breaker import Breaker
from gateway.headers import DROPPED, harden_cookie
from gateway.route_table import Route
from gateway.upstream import Answer, StaleConnection, Upstream, UpstreamTimeout
from gateway.visit import Visit
from gateway.wire import UpstreamError
from libs.web.errors import AppError, UpstreamDown
from libs.web.tcp_cork import packed

# Large uploads are passed on as they arrive and hold one of a service's few threads while a client's line lasts: not all of them.
UPLOADS = 4
# Nothing else of a request reaches a service: no cookie, no forwarded-for of the client's making, no invented identity.
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
)
_SAFE = frozenset({"GET", "HEAD"})

log = logging.getLogger(__name__)


class Proxy:
    """The services, each with its pool of connections and its breaker."""

    def __init__(self, urls: Mapping[str, str], names: Iterable[str], in_flight: int) -> None:
        self.upstreams = {name: Upstream(name, urls[name]) for name in names}
        self.breakers = {name: Breaker(name, in_flight) for name in self.upstreams}
        self._uploads = dict.fromkeys(self.upstreams, 0)

    def forward(
        self, environ: Environ, start_response: StartResponse, route: Route, visit: Visit, more: HeaderList
    ) -> tuple[int, Iterable[bytes]]:
        """Answer a request from the service of `route`, with `more` headers; return the status and the body.

        Raises:
            AppError: the service did not answer, or the request's body was refused.
        """
        body = request_body.read(environ, route.body)
        head = _head(environ, self.upstreams[route.upstream].host, visit, body.headers)
        answer = self._exchange(route, environ["REQUEST_METHOD"], head, body.data)
        headers = [
            (name, harden_cookie(value) if key == "set-cookie" else value)
            for name, key, value in answer.headers
            if key not in DROPPED
        ]
        if not any(key == "cache-control" for _, key, _ in answer.headers):
            headers.append(("Cache-Control", "no-store"))
        start_response(answer.status, headers + more)
        body = packed(environ, (answer.body,)) if isinstance(answer.body, bytes) else answer.body
        return int(answer.status[:3]), body

    def _exchange(self, route: Route, method: str, head: bytes, data: bytes | Iterator[bytes]) -> Answer:
        name = route.upstream
        breaker = self.breakers[name]
        streamed = not isinstance(data, bytes)
        if streamed and self._uploads[name] >= UPLOADS:
            raise UpstreamDown("Many files are on their way in. Please try again.", code="upstream_busy", retry_after=5)
        breaker.enter()
        self._uploads[name] += streamed
        try:
            answer = self._send(self.upstreams[name], route, method, head, data)
        except UpstreamError as error:
            breaker.fail()
            raise self._failure(route, method, error) from error
        except BaseException:
            breaker.abandon()
            raise
        finally:
            self._uploads[name] -= streamed
        breaker.succeed()
        return answer

    @staticmethod
    def _send(upstream: Upstream, route: Route, method: str, head: bytes, data: bytes | Iterator[bytes]) -> Answer:
        try:
            return upstream.request(head, data, method=method, timeout=route.timeout)
        except StaleConnection:
            # The service restarted while the connection was idle. Reading again is harmless; a write might be done twice.
            if method not in _SAFE:
                raise
            return upstream.request(head, data, method=method, timeout=route.timeout, fresh=True)

    @staticmethod
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


def _head(environ: Environ, host: str, visit: Visit, framing: str) -> bytes:
    """Return the request line and headers that the service gets."""
    target, question, query = environ["RAW_URI"].partition("?")
    if len(target) > 1 and target[-1] == "/":
        target = target[:-1]
    lines = [f"{environ['REQUEST_METHOD']} {target}{question}{query} HTTP/1.1\r\nHost: {host}\r\n{framing}"]
    for key, name in _PASSED:
        value = environ.get(key)
        if value:
            lines.append(f"{name}: {value}\r\n")
    return f"{''.join(lines)}{visit.upstream_headers}\r\n".encode("latin-1")
