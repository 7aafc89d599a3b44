"""Answers of services: framing is exact, what is not HTTP is an error, a connection is used again only while it is good."""

from __future__ import annotations

import contextlib
import resource
import socket
import threading
from collections.abc import Iterator

import pytest

from gateway.upstream import WHOLE, Answer, StaleConnection, Upstream, UpstreamError, UpstreamTimeout

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Service:
    """Answers each connection with its replies, one a request, then closes it."""

    def __init__(self, *connections: list[bytes]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections = connections
        self.heard: list[bytes] = []
        self.closed = [threading.Event() for _ in connections]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with self._listener:
            for replies, closed in zip(self._connections, self.closed, strict=True):
                connection, _ = self._listener.accept()
                with connection, contextlib.suppress(OSError):
                    for reply in replies:
                        self.heard.append(connection.recv(65536))
                        connection.sendall(reply)
                    connection.shutdown(socket.SHUT_RDWR)
                closed.set()

    @property
    def upstream(self) -> Upstream:
        return Upstream("roster", f"http://127.0.0.1:{self._listener.getsockname()[1]}", connections=4)


def ask(upstream: Upstream, method: str = "GET", timeout: float = 5) -> Answer:
    return upstream.request(GET.replace(b"GET", method.encode(), 1), b"", method=method, timeout=timeout)


def whole(answer: Answer) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil it closes", b"until it closes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (WHOLE + 5) + b"y" * (WHOLE + 5), b"y" * (WHOLE + 5)),
    ],
)
def test_a_body_arrives_whole_however_it_is_framed(reply: bytes, body: bytes) -> None:
    assert whole(ask(Service([reply]).upstream)) == body


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-x\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (WHOLE + 5) + b"y" * WHOLE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_what_is_not_whole_http_is_an_error(reply: bytes) -> None:
    with pytest.raises(UpstreamError):
        whole(ask(Service([reply]).upstream))


def test_headers_that_stand_twice_are_both_there() -> None:
    answer = ask(Service([b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nETag:  x \r\n\r\n"]).upstream)
    assert answer.status == 204
    assert [(key, value) for _, key, value in answer.headers] == [("set-cookie", "a=1"), ("set-cookie", "b=2"), ("etag", "x")]


def test_a_connection_is_used_again_and_not_after_the_service_closed_it() -> None:
    service = Service([OK, OK], [OK])
    upstream = service.upstream
    assert [whole(ask(upstream)) for _ in range(2)] == [b"ok", b"ok"]
    assert service.closed[0].wait(5)
    assert whole(ask(upstream, "POST")) == b"ok"


@pytest.fixture
def many_files() -> Iterator[None]:
    """More open files than select() can count."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with contextlib.ExitStack() as stack:
        while stack.enter_context(open("/dev/null", "rb")).fileno() < 1100:
            continue
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_gateway_with_a_thousand_sockets_open_still_uses_connections_again(many_files: None) -> None:
    service = Service([OK, OK, OK])
    upstream = service.upstream
    assert [whole(ask(upstream)) for _ in range(3)] == [b"ok"] * 3


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
def test_nothing_is_sent_twice_whatever_its_method(method: str) -> None:
    service = Service([b""], [OK])
    with pytest.raises(StaleConnection):
        ask(service.upstream, method)
    assert len(service.heard) == 1


def test_a_service_that_stops_reading_may_have_answered_before() -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    upstream = Service([refusal]).upstream
    answer = upstream.request(GET, (b"x" * 65536 for _ in range(3)), method="POST", timeout=5)
    assert (answer.status, answer.body) == (413, b"no")


def test_a_service_that_is_silent_or_absent_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(UpstreamTimeout):
            ask(Upstream("roster", f"http://127.0.0.1:{port}"), timeout=0.2)
    with pytest.raises(UpstreamError, match="no connection"):
        ask(Upstream("roster", f"http://127.0.0.1:{port}"))
