"""The WebSocket itself: the handshake, and what comes in. The one module that knows flask-sock, simple-websocket and wsproto.

All three are little maintained, and simple-websocket's `send` cuts a large frame to a slow reader short and its reader
takes a thread per connection; so only the handshake and the parser of theirs are used. `connection` writes.
"""

from __future__ import annotations

import base64
import binascii
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_sock import Sock
from werkzeug.datastructures import Headers
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import RemoteProtocolError

from realtime_service.sockets.protocol import CLOSE_PROTOCOL, CLOSE_TOO_BIG, MAX_IN

TEXT, BINARY, PING, PONG, CLOSE, FAULT = "text", "binary", "ping", "pong", "close", "fault"
_READ_BYTES = 8192


@dataclass(frozen=True)
class Received:
    """One thing the peer did: a whole message, a ping with its payload, its close with a code, a breach with a code."""

    kind: str
    payload: Any = b""
    code: int = 0


class _NoThread:
    """Stands in for simple-websocket's reader thread: the request's own greenlet reads."""

    def __init__(self, target: Callable[[], None]) -> None:
        self.name = target.__name__

    def start(self) -> None:
        return


class FrameSocket:
    """The reading side of one accepted socket, and the socket for the writing side."""

    def __init__(self, accepted: Any) -> None:
        self._accepted = accepted
        self._parser = accepted.ws
        self._message: list[Any] = []
        self._size = 0
        self.sock: socket.socket = accepted.sock
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> list[Received]:
        """Wait for bytes and return what they completed; empty when a message is still under way.

        A closed or broken connection reads as CLOSE with code 1006.
        """
        try:
            chunk = self.sock.recv(_READ_BYTES)
        except OSError:
            chunk = b""
        if not chunk:
            return [Received(CLOSE, code=CloseReason.ABNORMAL_CLOSURE)]
        received: list[Received] = []
        try:
            self._parser.receive_data(chunk)
            for event in self._parser.events():
                if found := self._read_event(event):
                    received.append(found)
                    if found.kind in (CLOSE, FAULT):
                        break
        except RemoteProtocolError as error:
            code = getattr(error.event_hint, "code", None) or CLOSE_PROTOCOL
            received.append(Received(FAULT, code=int(code)))
        return received

    def _read_event(self, event: Any) -> Received | None:
        if isinstance(event, Ping):
            return Received(PING, bytes(event.payload))
        if isinstance(event, Pong):
            return Received(PONG)
        if isinstance(event, CloseConnection):
            return Received(CLOSE, code=int(event.code or CloseReason.NORMAL_CLOSURE))
        if isinstance(event, (TextMessage, BytesMessage)):
            # wsproto hands out the pieces as they arrive, so an endless message is noticed at its limit.
            self._size += len(event.data)
            if self._size > MAX_IN:
                return Received(FAULT, code=CLOSE_TOO_BIG)
            self._message.append(event.data)
            if event.message_finished:
                binary = isinstance(event, BytesMessage)
                whole = b"".join(self._message) if binary else "".join(self._message)
                self._message, self._size = [], 0
                return Received(BINARY if binary else TEXT, whole)
        return None

    def finish(self) -> None:
        """Say that the conversation is over, so that flask-sock does not write a close frame of its own."""
        self._accepted.connected = False


def mount(app: Flask, routes: Mapping[str, Callable[[FrameSocket], None]]) -> None:
    """Serve WebSocket connections to each path of `routes` with its function, which runs until its connection is over."""
    app.config["SOCK_SERVER_OPTIONS"] = {"thread_class": _NoThread}
    inner = app.wsgi_app

    def without_extensions(environ: dict[str, Any], start_response: Callable) -> Any:
        # permessage-deflate costs 40-52 µs a delivery where a plain frame costs 16-20; the handshake accepts any offer it sees.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return inner(environ, start_response)

    app.wsgi_app = without_extensions  # type: ignore[method-assign]
    sock = Sock(app)
    for path, serve in routes.items():
        sock.route(path, endpoint=f"socket:{path}")(_accepted_by(serve))


def _accepted_by(serve: Callable[[FrameSocket], None]) -> Callable[[Any], None]:
    def accepted(line: Any) -> None:
        serve(FrameSocket(line))

    return accepted


def handshake_fault(headers: Headers) -> str:
    """Return what is wrong with the headers of an upgrade request, or an empty string."""
    if headers.get("Sec-WebSocket-Version", "") != "13":
        return "Sec-WebSocket-Version must be 13."
    try:
        key = base64.b64decode(headers.get("Sec-WebSocket-Key", ""), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    return "" if len(key) == 16 else "Sec-WebSocket-Key must be 16 bytes in base64."
