"""Reads a client's request body: bounded in size and in time, small ones into memory, large ones into a file.

No service hears of a request before its body is here: a slow line costs a greenlet and some disk, never one of a service's
few threads.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import gevent

from libs.web.errors import AppError, BadRequest, TooLarge

# Up to this size a body stays in memory. A batch of 500 marks is about 120 kB.
WHOLE = 256 * 1024
PIECE = 64 * 1024
# The slowest line we wait for: 20 s to begin with, then 16 kB a second (a weak 3G upload).
PATIENCE = 20.0
SLOWEST = 16 * 1024

Environ = dict[str, Any]


class RequestTimeout(AppError):
    """The client did not send its body in time."""

    status, title, code = 408, "Too slow", "request_timeout"
    message = "The request did not arrive completely. Nothing was saved; please try again."


@dataclass(slots=True)
class Body:
    """A request body that is here, whole.

    Attributes:
        framing: its header line for the service.
        data: in memory, or a file at its beginning.
    """

    framing: str
    data: bytes | IO[bytes]

    def pieces(self) -> bytes | Iterator[bytes]:
        """Return what is to be sent."""
        data = self.data
        return data if isinstance(data, bytes) else iter(lambda: data.read(PIECE), b"")

    def close(self) -> None:
        """Forget it, and its file."""
        if not isinstance(self.data, bytes):
            self.data.close()


EMPTY = Body("", b"")


def is_large(environ: Environ) -> bool:
    """Whether this body goes, or may go, into a file."""
    length = environ.get("CONTENT_LENGTH") or ""
    return int(length) > WHOLE if length.isdigit() else "HTTP_TRANSFER_ENCODING" in environ


def read(environ: Environ, limit: int) -> Body:
    """Return the request's body.

    Args:
        limit: the largest body in bytes.

    Raises:
        TooLarge, BadRequest, RequestTimeout
    """
    length = environ.get("CONTENT_LENGTH")
    if length:
        size = int(length) if length.isascii() and length.isdigit() else -1
        if size < 0:
            raise BadRequest("The length of the request is not a number.")
        if size > limit:
            raise too_large(limit)
        return _measured(_Source(environ, size), size) if size else Body("Content-Length: 0\r\n", b"")
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return _chunked(_Source(environ, limit), limit)
    return Body("Content-Length: 0\r\n", b"") if environ["REQUEST_METHOD"] in ("POST", "PUT", "PATCH") else EMPTY


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a body larger than `limit` bytes."""
    return TooLarge(f"This is larger than allowed here ({limit // 1024} kB). Nothing was saved.", details={"limit": limit})


class _Source:
    """The client's stream with one deadline for all of it."""

    def __init__(self, environ: Environ, expected: int) -> None:
        self._stream: Any = environ["wsgi.input"]
        self._deadline = time.monotonic() + PATIENCE + expected / SLOWEST

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, fewer only at the end of the body.

        Raises:
            RequestTimeout: too slow. BadRequest: broken off.
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
            raise _broken_off() from error
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _measured(source: _Source, size: int) -> Body:
    if size <= WHOLE:
        data = source.read(size)
        if len(data) < size:
            raise _broken_off()
        return Body(f"Content-Length: {size}\r\n", data)
    file = _into_file(source, b"", size)
    if file.tell() < size:
        file.close()
        raise _broken_off()
    return _rewound(file)


def _chunked(source: _Source, limit: int) -> Body:
    # Services get a length: what they refuse by size they can refuse before they read it.
    first = source.read(min(WHOLE, limit) + 1)
    if len(first) <= min(WHOLE, limit):
        return Body(f"Content-Length: {len(first)}\r\n", first)
    file = _into_file(source, first, limit + 1)
    if file.tell() > limit:
        file.close()
        raise too_large(limit)
    return _rewound(file)


def _into_file(source: _Source, first: bytes, most: int) -> IO[bytes]:
    """Return a file of what the client sends, `most` bytes of it at most."""
    file: IO[bytes] = tempfile.TemporaryFile(prefix="rgms-upload-")  # noqa: SIM115 - whoever sends it closes it
    try:
        file.write(first)
        missing = most - len(first)
        while missing > 0 and (piece := source.read(min(PIECE, missing))):
            file.write(piece)
            missing -= len(piece)
    except BaseException:
        file.close()
        raise
    return file


def _rewound(file: IO[bytes]) -> Body:
    body = Body(f"Content-Length: {file.tell()}\r\n", file)
    file.seek(0)
    return body


def _broken_off() -> BadRequest:
    return BadRequest("The request broke off. Nothing was saved.")
