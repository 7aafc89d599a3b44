"""The connections to one service: geventhttpclient's pool and its C parser.

Not its HTTPClient, which repeats PUT and DELETE by itself: here nothing is ever sent twice.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from geventhttpclient.client import HTTPClient
from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketPoolResponse

CONNECT_SECONDS = 2.0
# Services close an idle connection after 75 s; one that is nearly as old is not worth the race.
IDLE_SECONDS = 60.0
PIECE = 64 * 1024
# Up to this size an answer is read whole, which frees the service's thread whatever the client's line.
WHOLE = 1024 * 1024


class UpstreamError(Exception):
    """The service could not be reached, broke off, or sent what is not HTTP."""


class StaleConnection(UpstreamError):
    """The connection was closed before a single byte of the answer: a service that was restarted while it was idle."""


class UpstreamTimeout(UpstreamError):
    """The service did not answer in time."""


class Pieces(Protocol):
    """A body in pieces, which whoever got it exhausts or closes."""

    def __iter__(self) -> Iterator[bytes]:
        """Return the pieces."""

    def close(self) -> None:
        """Leave the rest."""


@dataclass(slots=True)
class Answer:
    """A service's answer.

    Attributes:
        status: the three digits.
        headers: name, lower-case name and value of each header line.
        body: whole, or an iterator that must be exhausted or closed; it raises UpstreamError when the service breaks off.
    """

    status: int
    headers: list[tuple[str, str, str]]
    body: bytes | Pieces


class Connections(ConnectionPool):
    """geventhttpclient's pool, for any number of open files and for services that close what was idle for long."""

    def __init__(self, host: str, port: int, size: int) -> None:
        super().__init__(host, port, host, port, size=size, connection_timeout=CONNECT_SECONDS)
        self._idle_since: dict[int, float] = {}

    def after_connect(self, sock: socket.socket) -> None:
        """Send what is written at once."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def return_socket(self, sock: socket.socket) -> None:
        """Keep a connection for the next request."""
        self._idle_since[sock.fileno()] = time.monotonic()
        super().return_socket(sock)

    def _is_socket_alive(self, sock: socket.socket | None) -> bool:
        if sock is None:
            return False
        # The library asks select(), which knows no file above 1,023, and a gateway with a thousand sockets open has many.
        if self._idle_since.get(sock.fileno(), 0.0) < time.monotonic() - IDLE_SECONDS:
            return False
        sock.settimeout(0)
        try:
            sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        # The end of the stream, or bytes that nobody asked for.
        return False


class Upstream:
    """One service as the gateway reaches it.

    Args:
        connections: the most that are open at once. Whoever asks for one more waits, so a bound on the requests under way
            must be kept elsewhere.
    """

    def __init__(self, name: str, url: str, connections: int = 256) -> None:
        parts = urlsplit(url)
        self.name = name
        self.address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.host = parts.netloc
        self._pool = Connections(*self.address, size=connections)

    def request(self, head: bytes, body: bytes | Iterable[bytes], *, method: str, timeout: float) -> Answer:
        """Send one request and return the answer, its head read.

        Args:
            head: the request line and headers, with the empty line.
            body: whole, or its pieces.
            timeout: seconds to wait for each next byte.

        Raises:
            StaleConnection: no answer began; a read may be tried again.
            UpstreamTimeout, UpstreamError: no answer. Whether the service did the work is unknown.
        """
        try:
            sock = self._pool.get_socket()
        except OSError as error:
            raise UpstreamError(f"no connection: {type(error).__name__}") from error
        sock.settimeout(timeout)
        try:
            self._send(sock, head, body)
        except BaseException as error:
            # A half-sent request must not be followed by another on this connection.
            self._pool.release_socket(sock)
            if isinstance(error, TimeoutError):
                raise UpstreamTimeout("the request was not taken in time") from error
            raise
        try:
            # It gives the connection back, or closes it, when it has read the whole answer or failed to.
            response = HTTPSocketPoolResponse(sock, self._pool, block_size=PIECE, method=method)
            return Answer(
                response.status_code,
                [(name, name.lower(), value.strip()) for name, value in response.items()],
                self._body(response),
            )
        except (HTTPConnectionClosed, ConnectionError) as error:
            raise StaleConnection("the service closed the connection") from error
        except (OSError, HTTPParseError) as error:
            raise _told(error) from error

    def fetch(self, path: str, timeout: float) -> tuple[int, bytes]:
        """Return status and body of a GET of our own on a new connection.

        Raises:
            UpstreamError: no answer within `timeout` seconds between bytes.
        """
        client = HTTPClient(
            *self.address, headers={"Host": self.host}, connection_timeout=timeout, network_timeout=timeout, block_size=PIECE
        )
        try:
            response = client.get(path, headers={"Accept": "application/json"})
            return response.status_code, response.read()
        except (OSError, HTTPParseError) as error:
            raise _told(error) from error
        finally:
            client.close()

    @staticmethod
    def _send(sock: socket.socket, head: bytes, body: bytes | Iterable[bytes]) -> None:
        try:
            if isinstance(body, bytes):
                sock.sendall(head + body if body else head)
                return
            sock.sendall(head)
            for piece in body:
                sock.sendall(piece)
        except ConnectionError:
            # It stopped reading, which it may do after answering early (413, 401): there may be an answer to read.
            return

    @staticmethod
    def _body(response: HTTPSocketPoolResponse) -> bytes | Pieces:
        if response.message_complete or (response.content_length or WHOLE + 1) <= WHOLE:
            return response.read()
        return _pieces(response)


def _pieces(response: HTTPSocketPoolResponse) -> Generator[bytes, None, None]:
    try:
        while piece := response.read(PIECE):
            yield piece
    except (OSError, HTTPParseError) as error:
        raise _told(error) from error
    finally:
        response.release()


def _told(error: Exception) -> UpstreamError:
    if isinstance(error, TimeoutError):
        return UpstreamTimeout("no answer in time")
    return UpstreamError(f"{type(error).__name__}: {error}")
