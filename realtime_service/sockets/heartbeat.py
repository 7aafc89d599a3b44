"""The pulse of the sockets process: pings, expired tokens, revoked sessions, peers that went silent, and the end at SIGTERM."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

import gevent

from libs.contracts.events.delivery import in_batches
from realtime_service.config import SocketSettings
from realtime_service.sockets.connection import Connection
from realtime_service.sockets.hub import Hub
from realtime_service.sockets.identity import Identifier
from realtime_service.sockets.protocol import CLOSE_UNAUTHENTICATED, PING_FRAME

TICK_SECONDS = 1.0
# The safety net under auth.session.revoked, which closes at once.
REVOCATION_SECONDS = 15.0
CLOSING_SECONDS = 10.0

log = logging.getLogger(__name__)


class Heartbeat:
    """Looks at every connection once a second; one greenlet for all of them."""

    def __init__(self, hub: Hub, identifier: Identifier, limits: SocketSettings) -> None:
        self._hub = hub
        self._identifier = identifier
        self._limits = limits
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Beat in a greenlet of its own, and drain at SIGTERM before the server ends."""
        self._greenlet = gevent.spawn(self._run)
        before = signal.getsignal(signal.SIGTERM)

        def drain(number: int, frame: FrameType | None) -> None:
            gevent.spawn(self._hub.drain)
            if callable(before):
                before(number, frame)

        signal.signal(signal.SIGTERM, drain)

    def stop(self) -> None:
        """Stop beating."""
        if self._greenlet:
            self._greenlet.kill()

    def _run(self) -> None:
        checked_at = time.monotonic()
        while True:
            gevent.sleep(TICK_SECONDS)
            try:
                self.beat(time.monotonic(), time.time())
                if time.monotonic() - checked_at >= REVOCATION_SECONDS:
                    checked_at = time.monotonic()
                    self.close_revoked()
            except Exception:
                log.exception("a heartbeat failed")

    def beat(self, now: float, wall: float) -> None:
        """Look after every connection; `now` in monotonic, `wall` in Unix seconds."""
        for connection in list(self._hub.connections):
            self._tend(connection, now, wall)

    def _tend(self, connection: Connection, now: float, wall: float) -> None:
        if connection.close_code:
            if connection.closing_at is None:
                connection.closing_at = now
            elif now - connection.closing_at > CLOSING_SECONDS:
                connection.drop()
        elif wall >= connection.expires_at:
            connection.close(CLOSE_UNAUTHENTICATED, "token_expired")
        elif now - connection.heard_at > self._limits.silence_seconds:
            connection.drop()
        elif now - connection.pinged_at >= self._limits.ping_seconds:
            connection.pinged_at = now
            connection.send(PING_FRAME)

    def close_revoked(self) -> None:
        """Close the connections of sessions that were revoked meanwhile."""
        sessions = sorted({connection.principal.session_id for connection in self._hub.connections})
        for batch in in_batches(sessions, 500):
            gone = self._identifier.revoked(batch)
            for connection in [each for each in self._hub.connections if each.principal.session_id in gone]:
                connection.close(CLOSE_UNAUTHENTICATED, "session_revoked")
