"""The application factory of the gateway."""

from __future__ import annotations

import redis
from flask import Flask

from gateway import config
from gateway.front import Front
from gateway.health import Health
from gateway.limits import Limits
from gateway.origins import Origins
from gateway.proxy import Proxy
from gateway.route_table import ROUTES
from gateway.tunnel import Tunnel
from gateway.upstream import Upstream
from gateway.views import docs, errors, health, metrics, web_client
from libs import log, sentry
from libs.config import Settings, load
from libs.events import redis_clients
from libs.metrics import CACHES, Flusher, Recorder
from libs.web import auth
from libs.web.jsonio import OrjsonProvider


def create_app(settings: Settings | None = None, own: config.GatewaySettings | None = None) -> Front:
    """Return the gateway as a WSGI application.

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
    proxied = sorted({route.upstream for route in ROUTES} - {"gateway"})
    proxy = Proxy(settings.urls, proxied, own.in_flight)
    sockets = Upstream("sockets", settings.urls["sockets"])
    origins = Origins(settings.cors_origins)
    tunnel = Tunnel(sockets, origins, own.tunnels)
    flask = _flask(settings, own, client)
    flask.extensions.update(
        rgms_recorder=recorder,
        rgms_caches=Recorder(client, CACHES),
        rgms_breakers=proxy.breakers,
        rgms_health=Health(settings, {**proxy.upstreams, "sockets": sockets}, client),
        rgms_portal=docs.Portal(proxy.upstreams, settings.version),
        rgms_background=[Flusher(recorder), tunnel],
    )
    return Front(
        settings,
        own,
        flask=flask,
        pages=web_client.with_assets(flask.wsgi_app, own.client_dist, live=settings.environment == "development"),
        limits=Limits(client),
        recorder=recorder,
        proxy=proxy,
        tunnel=tunnel,
        origins=origins,
    )


def _flask(settings: Settings, own: config.GatewaySettings, client: redis.Redis) -> Flask:
    app = Flask("gateway", static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(RGMS=settings, CLIENT_DIST=own.client_dist, MAX_CONTENT_LENGTH=16 * 1024)
    app.extensions["rgms_redis"] = client
    auth.install(app, settings)
    for view in (health, metrics, docs, web_client):
        app.register_blueprint(view.blueprint)
    errors.install(app)
    return app
