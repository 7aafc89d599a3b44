"""The sockets process: `/ws/notifications/` and `/ws/updates/`. Holds connections, owns no table, asks no database."""

from __future__ import annotations

from typing import Any

import redis
from flask import Flask, current_app, request

from libs.config import Settings, load
from libs.events.streams import EventStream
from libs.web.app import build_app
from libs.web.errors import BadRequest, Forbidden
from libs.web.request_context import forwarded_host
from realtime_service.config import load as load_limits
from realtime_service.sockets import frames
from realtime_service.sockets.authorizer import NOTIFICATIONS, UPDATES, origin_allowed
from realtime_service.sockets.broker import NOWHERE, Broker
from realtime_service.sockets.frames import FrameSocket
from realtime_service.sockets.heartbeat import Heartbeat
from realtime_service.sockets.hub import Hub
from realtime_service.sockets.identity import Identifier
from realtime_service.sockets.session import Handshake, SocketServer, SocketSession


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of the sockets process.

    Raises:
        ConfigError: the environment does not allow a safe start.
    """
    settings = settings or load("sockets")
    limits = load_limits(production=settings.production)
    hub = Hub(max_connections=limits.max_connections, max_per_user=limits.max_per_user)
    broker = Broker(settings.redis_url, hub)
    client = _shared_client(settings.redis_url)
    identifier = Identifier(settings, client)
    house = SocketServer(hub, broker, identifier, EventStream(client), limits)
    app = build_app("sockets", settings, checks={"stream": lambda: _stream_state(house)})
    app.extensions["rgms_background"] += [broker, Heartbeat(hub, identifier, limits)]
    app.before_request(_check_upgrade)
    frames.mount(app, {f"/ws/{feed}/": _endpoint(house, feed) for feed in (NOTIFICATIONS, UPDATES)})
    return app


def _shared_client(url: str) -> redis.Redis:
    # Waits for a free connection instead of failing: after a restart a thousand clients come back within a second.
    pool = redis.BlockingConnectionPool.from_url(
        url, max_connections=16, timeout=5, socket_timeout=2.0, socket_connect_timeout=2.0
    )
    return redis.Redis(connection_pool=pool)


def _endpoint(house: SocketServer, feed: str):
    def serve(line: FrameSocket) -> None:
        asked = request.args
        token = asked.get("token", "") or request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        opening = Handshake(feed, ticket=asked.get("ticket", ""), token=token, position=asked.get("position", ""))
        SocketSession(house, line).run(opening)

    return serve


def _stream_state(house: SocketServer) -> dict[str, Any]:
    if house.broker.position is NOWHERE:
        raise RuntimeError("the event stream was not found yet")
    hub = house.hub
    return {"position": str(house.broker.position), "connections": len(hub.connections), "delivered": hub.delivered}


def _check_upgrade() -> None:
    """Refuse a foreign page's socket and a broken handshake, before anything is accepted.

    Raises:
        Forbidden: the Origin is neither this site nor an allowed one.
        BadRequest: not a WebSocket handshake of version 13.
    """
    if not request.path.startswith("/ws/") or request.headers.get("Upgrade", "").lower() != "websocket":
        return
    settings: Settings = current_app.config["RGMS"]
    hosts = {request.host, forwarded_host()}
    if not origin_allowed(request.headers.get("Origin", ""), hosts, settings.cors_origins):
        raise Forbidden("This page may not open a connection here.", code="origin_not_allowed")
    if fault := frames.handshake_fault(request.headers):
        raise BadRequest(fault)
