"""/ws: the live connections, carried to the sockets process."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from gateway.websocket_proxy import WebSocketProxy

blueprint = Blueprint("sockets", __name__)


# Werkzeug keeps rules for handshakes and rules for requests apart; here either gets an answer.
@blueprint.get("/ws/", defaults={"path": ""}, websocket=True)
@blueprint.get("/ws/<path:path>", websocket=True)
@blueprint.get("/ws/<path:path>")
def socket(path: str) -> Response:
    """One connection, from its handshake to its end; the proxy knows the two paths there are."""
    proxy: WebSocketProxy = current_app.extensions["rgms_websockets"]
    return proxy.carry()
