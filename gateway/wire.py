"""HTTP/1.1 as the services send it: one connection, its heads and its three ways to frame a body. Strict."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

CONNECT_SECONDS = 2.0
CHUNK = 64 * 1024
HEAD_LIMIT = 64 * 1024
_HEX = re.compile(rb"[0-9a-fA-F]{1,15}")


class UpstreamError(Exception):
    """The service could not be reached, broke off, or sent what is not HTTP."""


class Connection:
    """One connection to a service, with what was read ahead of need."""

    __slots__ = ("buffer", "reused", "since", "sock")

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = socket.create_connection(address, timeout=CONNECT_SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.reused = False
        self.since = 0.0

    def alive(self) -> bool:
        """Whether the service still holds this idle connection open: nothing to read, no end of stream."""
        self.sock.settimeout(0)
        try:
            self.sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def more(self) -> None:
        """Read what has arrived; the end of the stream is an error here."""
        data = self.sock.recv(CHUNK)
        if not data:
            raise UpstreamError("the service closed the connection")
        self.buffer = self.buffer + data if self.buffer else data

    def head(self) -> bytes:
        """Return the head of the next answer, without the empty line."""
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            if len(self.buffer) > HEAD_LIMIT:
                raise UpstreamError("the head of the answer is too long")
            self.more()
        head, self.buffer = self.buffer[:end], self.buffer[end + 4 :]
        return head

    def line(self) -> bytes:
        """Return the next line, without its end."""
        while (end := self.buffer.find(b"\r\n")) < 0:
            if len(self.buffer) > HEAD_LIMIT:
                raise UpstreamError("a line of the answer is too long")
            self.more()
        line, self.buffer = self.buffer[:end], self.buffer[end + 2 :]
        return line

    def take(self, size: int) -> bytes:
        """Return between one and `size` bytes."""
        if not self.buffer:
            self.more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def exactly(self, size: int) -> bytes:
        """Return `size` bytes."""
        while len(self.buffer) < size:
            data = self.sock.recv(size - len(self.buffer))
            if not data:
                raise UpstreamError("the answer is shorter than announced")
            self.buffer = self.buffer + data if self.buffer else data
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def close(self) -> None:
        """Close without ceremony."""
        self.sock.close()


def parse_head(head: bytes) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the status and the headers of an answer's head.

    Raises:
        UpstreamError: it is not HTTP/1.
    """
    lines = head.decode("latin-1").split("\r\n")
    version, _, status = lines[0].partition(" ")
    if not version.startswith("HTTP/1.") or not status[:3].isdigit():
        raise UpstreamError("the answer is not HTTP/1")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise UpstreamError("a header without a colon")
        headers.append((name, name.lower(), value.strip()))
    return status if len(status) > 3 else f"{status} -", headers


def parse_length(value: str) -> int:
    """Return a Content-Length; UpstreamError when it is not a plain number."""
    if not value.isdigit():
        raise UpstreamError("the length of the answer is not a number")
    return int(value)


def measured(connection: Connection, length: int) -> Iterator[bytes]:
    """Yield a body of known length in pieces."""
    while length:
        piece = connection.take(min(length, CHUNK))
        length -= len(piece)
        yield piece


def until_closed(connection: Connection) -> Iterator[bytes]:
    """Yield a body that ends with the connection."""
    if connection.buffer:
        yield connection.take(len(connection.buffer))
    while data := connection.sock.recv(CHUNK):
        yield data


def chunks(connection: Connection) -> Iterator[bytes]:
    """Yield the pieces of a chunked body; trailers are read and dropped."""
    while True:
        digits = connection.line().partition(b";")[0].strip()
        if not _HEX.fullmatch(digits):
            # Not left to int(): it takes a sign, and a negative size would never be used up.
            raise UpstreamError("a chunk without a size")
        size = int(digits, 16)
        if size == 0:
            while connection.line():
                pass
            return
        while size:
            piece = connection.take(min(size, CHUNK))
            size -= len(piece)
            yield piece
        if connection.line():
            raise UpstreamError("a chunk longer than announced")
