"""One client's stay: who is it, what did it miss, what does it ask for, and when is it enough."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import gevent
import redis

from libs import clock
from libs.events.streams import EventStream, Position
from libs.web.errors import AppError, Unauthenticated
from realtime_service.config import SocketSettings
from realtime_service.sockets import frames, protocol
from realtime_service.sockets.authorizer import channels_of
from realtime_service.sockets.broker import Broker, missed_frames
from realtime_service.sockets.connection import Connection
from realtime_service.sockets.frames import FrameSocket, Received
from realtime_service.sockets.hub import Hub
from realtime_service.sockets.identity import Identifier, Identity
from realtime_service.sockets.protocol import Malformed
from realtime_service.sockets.recovery import Recovery, recover

# Malformed or excessive messages after which a client is not spoken to any longer.
MAX_STRIKES = 10
# Messages at once, and per second in the long run: a client needs a ping now and then, a replay and a renewal.
BURST, PER_SECOND = 30, 2.0
LINGER_SECONDS = 5
STREAM_SECONDS = 3.0
_REPLAY_CHUNK = 32 * 1024


@dataclass(frozen=True)
class Handshake:
    """What a client brought to the handshake: the feed it asked for, how it identifies itself, and what it has seen."""

    feed: str
    ticket: str = ""
    token: str = ""
    position: str = ""


@dataclass(frozen=True)
class SocketServer:
    """What all conversations of this process share."""

    hub: Hub
    broker: Broker
    identifier: Identifier
    stream: EventStream
    limits: SocketSettings


class SocketSession:
    """Speaks with one client from the handshake to the end."""

    def __init__(self, house: SocketServer, line: FrameSocket) -> None:
        self._house = house
        self._line = line
        self._connection = Connection(line.sock, queue_bytes=house.limits.queue_bytes, now=time.monotonic())
        self._strikes = 0
        self._allowance, self._refilled_at = float(BURST), time.monotonic()

    def run(self, opening: Handshake) -> None:
        """Serve the client until it leaves or is sent away; afterwards nothing of it remains."""
        try:
            if self._admit(opening):
                self._listen()
            else:
                self._linger()
        finally:
            self._house.hub.leave(self._connection)
            self._connection.detach()
            self._line.finish()

    def _admit(self, opening: Handshake) -> bool:
        connection, house = self._connection, self._house
        try:
            identity = house.identifier.identify(ticket=opening.ticket, token=opening.token)
        except Unauthenticated as error:
            return self._refuse(protocol.CLOSE_UNAUTHENTICATED, error.code, error.message)
        except AppError as error:
            return self._refuse(protocol.CLOSE_TRY_LATER, error.code, error.message)
        if not house.broker.ready(STREAM_SECONDS):
            return self._refuse(protocol.CLOSE_TRY_LATER, "upstream_unavailable", "Live updates are not available right now.")
        if reason := house.hub.refusal(identity.principal.user_id):
            return self._refuse(protocol.CLOSE_TRY_LATER, reason, "There are too many connections; please try again later.")
        connection.feed = opening.feed
        head = self._subscribe(identity)
        if opening.position:
            self._catch_up(opening.position, head, first=True)
        else:
            self._ready(head)
        return True

    def _refuse(self, code: int, name: str, text: str) -> bool:
        self._connection.close(code, name, last=self._frame(protocol.ERROR, {"code": name, "message": text}))
        return False

    def _subscribe(self, identity: Identity) -> Position:
        """Join the hub and return the position from which on everything arrives by itself."""
        connection = self._connection
        connection.principal, connection.expires_at = identity.principal, identity.expires_at
        self._house.hub.join(connection, channels_of(identity.principal, connection.feed))
        return self._house.broker.position

    def _ready(self, position: Position | str) -> None:
        connection = self._connection
        data = {"position": str(position), "user_id": connection.principal.user_id, "expires_at": self._expiry()}
        connection.send_patiently(self._frame(protocol.READY, data, str(position)))

    def _catch_up(self, asked: str, head: Position, *, first: bool) -> None:
        """Send what was missed after `asked` up to `head`, before anything newer; or the order to reload."""
        connection = self._connection
        connection.hold()
        try:
            recovery = recover(asked, head, lambda after, until, count: self._house.stream.after(after, until=until, count=count))
        except redis.RedisError:
            recovery = Recovery(reason="upstream_unavailable")
        if first:
            # A client cut off while it is being served must come back with what it had, not with what was promised.
            self._ready(head if recovery.reset else asked)
        if recovery.reset:
            reset = {"reason": recovery.reason, "position": str(head)}
            connection.send_patiently(self._frame(protocol.RESET, reset, str(head)))
        else:
            count = self._replay(recovery, asked)
            newest = max(head, Position.parse(asked), key=lambda position: position.order)
            done = {"count": count, "position": str(newest)}
            connection.send_patiently(self._frame(protocol.RECOVERED, done, str(newest)))
        connection.release()

    def _replay(self, recovery: Recovery, asked: str) -> int:
        connection, count, previous, waiting = self._connection, 0, asked, b""
        for entry in recovery.entries:
            for frame in missed_frames(entry, previous, connection.channels):
                waiting += frame
                count += 1
            previous = str(entry.position)
            if len(waiting) >= _REPLAY_CHUNK:
                if not connection.send_patiently(waiting):
                    return count
                waiting = b""
        if waiting:
            connection.send_patiently(waiting)
        return count

    def _listen(self) -> None:
        connection = self._connection
        while True:
            for received in self._line.read():
                connection.heard_at = time.monotonic()
                if received.kind in (frames.CLOSE, frames.FAULT):
                    self._end(received)
                    return
                if not connection.close_code:
                    self._hear(received)

    def _end(self, received: Received) -> None:
        if received.kind == frames.FAULT:
            too_big = received.code == protocol.CLOSE_TOO_BIG
            name = "message_too_big" if too_big else "protocol_error"
            self._refuse(received.code, name, "The message is too big." if too_big else "This is not WebSocket protocol.")
            self._linger()
        elif received.code != protocol.CLOSE_ABNORMAL:
            self._connection.close(_answerable(received.code))

    def _hear(self, received: Received) -> None:
        if not self._affordable():
            self._strike("too_many_messages", "Too many messages; please slow down.")
        elif received.kind == frames.PING:
            self._connection.send(protocol.pong_frame(received.payload))
        elif received.kind == frames.BINARY:
            self._strike("text_only", "Messages are JSON text.")
        elif received.kind == frames.TEXT:
            try:
                self._answer(protocol.parse(received.payload))
            except Malformed as error:
                self._strike(error.code, error.message)

    def _answer(self, asked: protocol.ClientMessage) -> None:
        if asked.type == protocol.PING:
            # The position tells a client that sees few events how far it has come all the same.
            position = str(self._house.broker.position)
            self._connection.send(self._frame(protocol.PONG, {"position": position}, position))
        elif asked.type == protocol.REPLAY:
            self._catch_up(asked.value, self._house.broker.position, first=False)
        else:
            self._renew(asked.value)

    def _renew(self, token: str) -> None:
        try:
            identity = self._house.identifier.identify(ticket="", token=token)
        except Unauthenticated as error:
            self._strike(error.code, error.message)
            return
        if identity.principal.user_id != self._connection.principal.user_id:
            self._strike("other_account", "This token belongs to another account; open a new connection.")
            return
        self._subscribe(identity)
        self._connection.send(self._frame(protocol.AUTHENTICATED, {"expires_at": self._expiry()}))

    def _strike(self, code: str, text: str) -> None:
        """Answer a bad message with an error frame (criterion 26.4); end the conversation after too many."""
        self._strikes += 1
        if self._strikes >= MAX_STRIKES:
            self._refuse(protocol.CLOSE_POLICY, "too_many_errors", text)
        else:
            self._connection.send(self._frame(protocol.ERROR, {"code": code, "message": text}))

    def _affordable(self) -> bool:
        now = time.monotonic()
        self._allowance = min(float(BURST), self._allowance + (now - self._refilled_at) * PER_SECOND)
        self._refilled_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _linger(self) -> None:
        """Read until the peer has closed too: closing on unread bytes would destroy the close frame on its way."""
        with gevent.Timeout(LINGER_SECONDS, False):  # type: ignore[arg-type] # documented: False raises nothing
            while all(received.kind != frames.CLOSE for received in self._line.read()):
                pass

    def _expiry(self) -> str:
        return protocol.instant(datetime.fromtimestamp(self._connection.expires_at, UTC))

    def _frame(self, kind: str, data: dict[str, Any], position: str | None = None) -> bytes:
        return protocol.text_frame(protocol.message(kind, data, timestamp=protocol.instant(clock.now()), position=position))


def _answerable(code: int) -> int:
    # 1004 to 1006 and 1015 may not stand in a frame (RFC 6455, 7.4.1).
    return code if 1000 <= code <= 4999 and code not in (1004, 1005, 1006, 1015) else protocol.CLOSE_NORMAL
