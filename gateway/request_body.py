"""Reads a client's request body: bounded in size and in time, small ones whole, large ones as they come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import gevent

from gateway.answers import Environ
from libs.web.errors import AppError, BadRequest, TooLarge

# A body up to this size is read before the service hears of the request: a slow line then costs a greenlet, not one of the
# service's few threads. A batch of 500 marks is about 120 kB.
WHOLE = 256 * 1024
PIECE = 64 * 1024
# The slowest line we wait for: 20 s to begin with, then 16 kB a second (a weak 3G upload).
PATIENCE = 20.0
SLOWEST = 16 * 1024


class RequestTimeout(AppError):
    """The client did not send its body in time."""

    status, title, code = 408, "Too slow", "request_timeout"
    message = "The request did not arrive completely. Nothing was saved; please try again."


class Stream(Protocol):
    """What wsgi.input offers."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes."""


@dataclass(slots=True)
class Body:
    """A request body on its way to a service.

    Attributes:
        headers: its framing, as header lines to send upstream.
        data: whole, or its framed pieces.
    """

    headers: str
    data: bytes | Iterator[bytes]


EMPTY = Body("", b"")


def read(environ: Environ, limit: int) -> Body:
    """Return the request's body.

    Args:
        limit: the largest body in bytes.

    Raises:
        TooLarge, BadRequest, RequestTimeout
    """
    length = environ.get("CONTENT_LENGTH")
    if length:
        size = int(length) if length.isdigit() else -1
        if size < 0:
            raise BadRequest("The length of the request is not a number.")
        if size > limit:
            raise too_large(limit)
        if size == 0:
            return Body("Content-Length: 0\r\n", b"")
        source = _Source(environ, size)
        if size <= WHOLE:
            return Body(f"Content-Length: {size}\r\n", source.read(size, exactly=True))
        return Body(f"Content-Length: {size}\r\n", _measured(source, size))
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        source = _Source(environ, limit)
        first = source.read(min(WHOLE, limit) + 1)
        if len(first) > limit:
            raise too_large(limit)
        if len(first) <= WHOLE:
            return Body(f"Content-Length: {len(first)}\r\n", first)
        return Body("Transfer-Encoding: chunked\r\n", _rechunked(source, first, limit))
    return Body("Content-Length: 0\r\n", b"") if environ["REQUEST_METHOD"] in ("POST", "PUT", "PATCH") else EMPTY


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a body larger than `limit` bytes."""
    return TooLarge(f"This is larger than allowed here ({limit // 1024} kB). Nothing was saved.", details={"limit": limit})


class _Source:
    """The client's stream with one deadline for all of it."""

    def __init__(self, environ: Environ, expected: int) -> None:
        self._stream: Any = environ["wsgi.input"]
        self._deadline = time.monotonic() + PATIENCE + expected / SLOWEST

    def read(self, size: int, *, exactly: bool = False) -> bytes:
        """Return up to `size` bytes, fewer only at the end of the body.

        Raises:
            RequestTimeout: too slow. BadRequest: broken off, or fewer than `exactly` asked for.
        """
        pieces, missing = [], size
        try:
            with gevent.Timeout(max(0.001, self._deadline - time.monotonic()), RequestTimeout()):
                while missing and (piece := self._stream.read(missing)):
                    pieces.append(piece)
                    missing -= len(piece)
        except TimeoutError as error:
            raise RequestTimeout() from error
        except OSError as error:
            raise BadRequest("The request broke off. Nothing was saved.") from error
        if exactly and missing:
            raise BadRequest("The request broke off. Nothing was saved.")
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _measured(source: _Source, size: int) -> Iterator[bytes]:
    while size:
        piece = source.read(min(size, PIECE), exactly=True)
        size -= len(piece)
        yield piece


def _rechunked(source: _Source, first: bytes, limit: int) -> Iterator[bytes]:
    piece, total = first, 0
    while piece:
        total += len(piece)
        if total > limit:
            raise too_large(limit)
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
        piece = source.read(PIECE)
    yield b"0\r\n\r\n"
