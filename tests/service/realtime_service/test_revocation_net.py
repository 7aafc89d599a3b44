"""The net under the order to close: a session that was revoked unheard loses its sockets all the same."""

from __future__ import annotations

import socket

from libs.config import Env
from libs.contracts.principal import Principal
from libs.web.auth import revoked_key
from realtime_service.config import load as load_limits
from realtime_service.sockets.connection import Connection
from realtime_service.sockets.heartbeat import Heartbeat
from realtime_service.sockets.hub import Hub
from realtime_service.sockets.identity import Identifier
from realtime_service.sockets.protocol import CLOSE_UNAUTHENTICATED


def test_the_sockets_of_a_session_that_redis_knows_as_ended_are_closed_and_no_other(make_settings, redis_client):
    limits = load_limits(production=True, env=Env({}))
    hub = Hub(max_connections=10, max_per_user=10)
    pairs = [socket.socketpair() for _ in range(2)]
    ended, living = (Connection(ours, queue_bytes=limits.queue_bytes, now=0.0) for ours, _ in pairs)
    for number, connection in enumerate((ended, living)):
        connection.principal = Principal(7, "ana", "staff", session_id=f"s-{number}")
        hub.join(connection, ["staff"])
    heartbeat = Heartbeat(hub, Identifier(make_settings("sockets"), redis_client), limits)

    heartbeat.close_revoked()
    assert (ended.close_code, living.close_code) == (0, 0)

    redis_client.set(revoked_key("s-0"), "1", ex=60)
    heartbeat.close_revoked()

    assert (ended.close_code, living.close_code) == (CLOSE_UNAUTHENTICATED, 0)
    for pair in pairs:
        for end in pair:
            end.close()
