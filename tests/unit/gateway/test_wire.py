"""Reading answers of services: framing is exact, whatever the pieces they arrive in."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire import Connection, UpstreamError, chunks, measured, parse_head, parse_length, until_closed


class Pieces:
    """Stands where a socket would, handing out prepared pieces; no rule of ours lives here."""

    def __init__(self, data: bytes, size: int) -> None:
        self.pieces = [data[i : i + size] for i in range(0, len(data), size)]

    def recv(self, size: int) -> bytes:
        if not self.pieces:
            return b""
        piece = self.pieces.pop(0)
        if len(piece) > size:
            self.pieces.insert(0, piece[size:])
        return piece[:size]


def connection(data: bytes, size: int = 7) -> Connection:
    made = Connection.__new__(Connection)
    made.sock, made.buffer, made.reused, made.since = Pieces(data, size), b"", False, 0.0
    return made


@given(st.binary(max_size=300), st.integers(1, 50), st.integers(1, 40))
def test_a_chunked_body_arrives_whole_however_it_is_cut(body: bytes, chunk: int, piece: int) -> None:
    framed = b"".join(
        b"%x;ext=1\r\n%b\r\n" % (len(part), part) for i in range(0, len(body), chunk) for part in [body[i : i + chunk]]
    )
    made = connection(framed + b"0\r\nX-Trailer: 1\r\n\r\nnext", piece)
    assert b"".join(chunks(made)) == body
    assert made.buffer in b"next"


@given(st.binary(max_size=300), st.integers(1, 40))
def test_a_measured_body_stops_where_it_says(body: bytes, piece: int) -> None:
    assert b"".join(measured(connection(body + b"rest", piece), len(body))) == body
    assert connection(body + b"rest", piece).exactly(len(body)) == body
    assert b"".join(until_closed(connection(body, piece))) == body


@pytest.mark.parametrize("framed", [b"zz\r\n", b"3\r\nabcd\r\n", b"5\r\nab", b"", b"-3\r\nabc\r\n"])
def test_a_broken_chunk_is_an_error(framed: bytes) -> None:
    with pytest.raises(UpstreamError):
        list(chunks(connection(framed)))


def test_a_short_body_is_an_error() -> None:
    with pytest.raises(UpstreamError):
        connection(b"abc").exactly(4)
    with pytest.raises(UpstreamError):
        list(measured(connection(b"abc"), 4))


@pytest.mark.parametrize("head", [b"", b"SSH-2.0", b"HTTP/2 200 OK", b"HTTP/1.1 abc", b"HTTP/1.1 200 OK\r\nbroken"])
def test_what_is_not_http_is_an_error(head: bytes) -> None:
    with pytest.raises(UpstreamError):
        parse_head(head)


@pytest.mark.parametrize("value", ["-1", "+1", "1,1", "abc", "", "1_0"])
def test_a_length_is_a_plain_number(value: str) -> None:
    with pytest.raises(UpstreamError):
        parse_length(value)


def test_a_head_without_end_is_cut_off() -> None:
    with pytest.raises(UpstreamError):
        connection(b"x" * 200_000, 65536).head()


def test_an_idle_connection_that_the_other_side_closed_is_not_alive() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Connection(listener.getsockname())
        accepted, _ = listener.accept()
        assert made.alive()
        accepted.close()
        made.sock.settimeout(5)
        made.sock.recv(1, socket.MSG_PEEK)
        assert not made.alive()
        made.close()
