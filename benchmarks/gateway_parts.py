"""The gateway's packages one after another, each added to those before it: what a single one costs is the difference.

Each is installed by the gateway's own module, so that what is measured is what runs.
"""

from __future__ import annotations

import sys

from flask import Flask, Response

from cli.process import HttpProcess
from gateway import config, cors, headers, request_context
from gateway.app import create_app
from gateway.hosts import Hosts
from gateway.proxy import Proxy
from gateway.rate_limits import RateLimits
from gateway.request_context import current
from gateway.route_table import PREFIX, RouteTable
from gateway.waiting_room import WaitingRoom
from libs import log
from libs.config import load
from libs.events import redis_clients
from libs.web import auth
from libs.web.server import options
from libs.web.tcp_cork import one_packet

ORIGIN = "https://app.rotc.test"
# How the parts are built up; the last is the gateway itself, which has also the metrics.
WAYS = (
    "Flask + geventhttpclient",
    "+ flask-jwt-extended",
    "+ flask-limiter, ended sessions",
    "+ flask-cors, security headers",
    "all of the gateway",
)


def build(way: str) -> Flask:
    """Return the application with everything up to and with `way`."""
    settings = load("gateway")
    if way == WAYS[-1]:
        return create_app(settings)
    log.configure("bench", "WARNING")
    own, parts = config.load(settings), WAYS.index(way)
    app = Flask("bench", static_folder=None)
    app.config["RGMS"] = settings
    app.extensions["rgms_redis"] = client = redis_clients.redis_client(settings.redis_url)
    app.extensions["rgms_background"] = []
    proxy, table = Proxy(settings, ["roster"], own.in_flight, WaitingRoom()), RouteTable()
    request_context.install(app, Hosts(()), hops=0, secure_only=False)
    if parts >= 2:
        limits = RateLimits(own.limits, client, WaitingRoom())
        manager = auth.install(app, settings)
        manager.token_in_blocklist_loader(lambda _header, claims: limits.count(current(), str(claims["sub"]), str(claims["sid"])))
        app.before_request(verify)
        limits.install(app)
    elif parts == 1:
        auth.install(app, settings).token_in_blocklist_loader(lambda _header, _claims: False)
        app.before_request(verify)
    if parts >= 3:
        cors.install(app, (ORIGIN,))
        headers.install(app, ())
    route = table.find(f"{PREFIX}cadets")
    assert route is not None

    def forward(path: str) -> Response:
        return proxy.forward(route)

    app.add_url_rule(f"{PREFIX}<path:path>", view_func=forward, methods=["GET", "POST"])
    app.wsgi_app = one_packet(app.wsgi_app)  # type: ignore[method-assign] # as Flask documents middleware
    return app


def verify() -> None:
    """Let only who shows a good token pass."""
    auth.current_principal()


def main() -> None:
    """Serve one of them, named on the command line, as the gateway is served."""
    way = sys.argv[-1]
    HttpProcess(options(load("gateway")), lambda: build(way)).run()


if __name__ == "__main__":
    main()
