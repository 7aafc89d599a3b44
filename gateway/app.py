"""The application factory of the gateway: a Flask application like every service, without a database."""

from __future__ import annotations

from flask import Flask

from gateway import config, cors, headers, identity, metrics, request_context
from gateway.health import Health
from gateway.hosts import Hosts
from gateway.proxy import Proxy
from gateway.rate_limits import RateLimits
from gateway.route_table import ROUTES
from gateway.upstream import Upstream
from gateway.views import api, docs, health, sockets, web_client
from gateway.views import metrics as metrics_view
from gateway.waiting_room import WaitingRoom
from gateway.websocket_proxy import WebSocketProxy
from libs import log, sentry
from libs.config import Settings, load
from libs.events import redis_clients
from libs.metrics import CACHES, Flusher, Recorder
from libs.web import error_handlers
from libs.web.jsonio import OrjsonProvider
from libs.web.tcp_cork import one_packet

# What its own views read of a body; what is passed on is bounded by the route table.
MAX_BODY = 16 * 1024


def create_app(settings: Settings | None = None, own: config.GatewaySettings | None = None) -> Flask:
    """Return the gateway.

    Raises:
        ConfigError: the environment does not allow a safe start.
    """
    settings = settings or load("gateway")
    own = own or config.load(settings)
    log.configure(settings.service, settings.log_level)
    sentry.install(settings)
    # One call is on its way at a time; half a second is long for Redis and short for a person.
    client = redis_clients.redis_client(settings.redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)
    recorder = Recorder(client, "gateway")
    room = WaitingRoom()
    proxy = Proxy(settings, sorted({route.upstream for route in ROUTES} - {"gateway"}), own.in_flight, room)
    sockets_process = Upstream("sockets", settings.urls["sockets"])
    websockets = WebSocketProxy(settings, sockets_process, own.tunnels, own.tunnels_each, own.tunnels_user)
    app = Flask("gateway", static_folder=None)
    app.json = OrjsonProvider(app)
    app.url_map.strict_slashes = False
    # Two slashes are another address, not a redirect to one.
    app.url_map.merge_slashes = False
    app.config.update(RGMS=settings, CLIENT_DIST=own.client_dist, MAX_CONTENT_LENGTH=MAX_BODY, HEALTH_DETAILS=own.health_details)
    app.extensions.update(
        rgms_redis=client,
        rgms_recorder=recorder,
        rgms_caches=Recorder(client, CACHES),
        rgms_proxy=proxy,
        rgms_websockets=websockets,
        rgms_health=Health(settings, {**proxy.upstreams, "sockets": sockets_process}, client),
        rgms_portal=docs.Portal(proxy.upstreams, settings.version),
        rgms_assets=web_client.assets(own.client_dist, live=settings.environment == "development"),
        rgms_background=[Flusher(recorder), websockets],
    )
    # In the order of cost: host and scheme, then the route, then the token, ended sessions and limits; only then a view.
    request_context.install(app, Hosts(own.hosts), hops=settings.trusted_hops, secure_only=settings.https_only)
    identity.install(app, settings, RateLimits(own.limits, client, room), client)
    metrics.install(app, recorder, own.slow_seconds)
    cors.install(app, settings.cors_origins)
    headers.install(app, own.api_origins)
    for view in (api, sockets, health, metrics_view, *([docs] if own.docs else []), web_client):
        app.register_blueprint(view.blueprint)
    error_handlers.install(app)
    app.wsgi_app = one_packet(app.wsgi_app)  # type: ignore[method-assign] # as Flask documents middleware
    return app
