"""Head and body leave together, and whatever the body is, it arrives whole and is closed."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from wsgiref.util import FileWrapper

import pytest

from libs.web.tcp_cork import CORK, one_packet


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=5)
        server, _ = listener.accept()
        with client, server:
            yield server, client


class Body:
    """A body that says whether it was closed."""

    closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter((b"body",))

    def close(self) -> None:
        self.closed = True


@pytest.mark.skipif(not CORK, reason="only Linux can hold a packet back")
def test_nothing_leaves_before_the_answer_is_whole(pair) -> None:
    server, client = pair
    inner = Body()
    body = one_packet(lambda _environ, _start: inner)({"gunicorn.socket": server, "wsgi.file_wrapper": FileWrapper}, None)
    server.sendall(b"head ")
    for piece in body:
        server.sendall(piece)
    body.close()
    assert client.recv(100) == b"head body"
    assert inner.closed
    server.sendall(b"next")
    assert client.recv(100) == b"next"


def test_a_file_is_left_to_the_server_and_other_servers_are_left_alone(pair) -> None:
    file = FileWrapper(io.BytesIO(b"x"))
    environ = {"gunicorn.socket": pair[0], "wsgi.file_wrapper": FileWrapper}
    assert one_packet(lambda _environ, _start: file)(environ, None) is file
    inner = Body()
    assert one_packet(lambda _environ, _start: inner)({"wsgi.file_wrapper": FileWrapper}, None) is inner
