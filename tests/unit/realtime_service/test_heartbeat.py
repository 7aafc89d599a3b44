"""A day of a socket on which nothing is said, second by second on a clock of the test's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from libs.config import Env
from libs.contracts.principal import Principal
from realtime_service.config import load as load_limits
from realtime_service.sockets.connection import Connection
from realtime_service.sockets.heartbeat import Heartbeat
from realtime_service.sockets.hub import Hub
from realtime_service.sockets.protocol import PING_FRAME

STAFF = Principal(2, "i", "staff", ("Instructor",), staff_id=1, session_id="s")
DAY = 24 * 3600
LIMITS = load_limits(production=True, env=Env({}))


@pytest.fixture
def idle() -> Iterator[tuple[Connection, socket.socket, Heartbeat]]:
    """A connection that nobody uses and whose session outlives the day, its peer's end, and the heartbeat that tends it."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    connection = Connection(ours, queue_bytes=LIMITS.queue_bytes, now=0.0)
    connection.principal, connection.expires_at = STAFF, float(2 * DAY)
    hub = Hub(max_connections=10, max_per_user=10)
    hub.join(connection, ["staff"])
    yield connection, theirs, Heartbeat(hub, None, LIMITS)
    ours.close()
    theirs.close()


def heard(peer: socket.socket) -> bytes:
    try:
        return peer.recv(4096)
    except BlockingIOError:
        return b""


@pytest.mark.requirement("2.6")
def test_a_socket_on_which_nothing_is_said_for_a_day_is_pinged_all_day_and_stays_open(idle):
    connection, peer, heartbeat = idle
    pinged = [0]

    for second in range(1, DAY):
        heartbeat.beat(float(second), float(second))
        if frames := heard(peer):
            assert frames == PING_FRAME
            pinged.append(second)
            connection.heard_at = float(second)

    assert connection.close_code == 0
    assert max(after - before for before, after in zip(pinged, [*pinged[1:], DAY], strict=True)) <= 30


def test_a_peer_that_stops_answering_is_dropped_after_its_time(idle):
    connection, _, heartbeat = idle

    second = next(second for second in range(1, DAY) if heartbeat.beat(float(second), float(second)) or connection.close_code)

    assert LIMITS.silence_seconds < second <= LIMITS.silence_seconds + 2
