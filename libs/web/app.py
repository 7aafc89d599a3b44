"""The factory of every service: log, sentry, request id, database, auth, API, errors, health, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from flask import Flask, request

from libs import log, sentry
from libs.config import Settings
from libs.contracts.services import BY_NAME
from libs.data import audit, connections, migrations
from libs.data.db import db, engine_options, ping
from libs.events import redis_clients
from libs.web import audit_trail, auth, cache, compression, database_errors, error_handlers, etag, health, request_context
from libs.web.api import ServiceApi
from libs.web.auth import Mount
from libs.web.health import Check
from libs.web.jsonio import OrjsonProvider
from libs.web.tcp_cork import one_packet

MAX_BODY = 2 * 1024 * 1024


class Background(Protocol):
    """Work that runs beside the requests of a process; started after the fork, never at import."""

    def start(self) -> None:
        """Begin, in a thread of its own."""

    def stop(self) -> None:
        """End soon, finishing what is under way."""


def build_app(
    name: str,
    settings: Settings,
    *,
    mounts: Iterable[Mount] = (),
    schema: str | None = None,
    checks: Mapping[str, Check] | None = None,
    max_body: int = MAX_BODY,
    audited: type[audit.AuditEntryMixin] | None = None,
) -> Flask:
    """Return the Flask application of service `name`.

    Args:
        settings: its settings; reached everywhere as `current_app.config["RGMS"]`.
        mounts: each blueprint beside the permissions it needs.
        schema: the database schema it owns; None for a process without a database.
        checks: further named readiness checks that raise when a dependency is down.
        max_body: the largest request body in bytes; more answers 413.
        audited: its model of the audit entries, where every change of a row is kept with its author.
    """
    app = Flask(name, static_folder=None)
    app.json = OrjsonProvider(app)
    app.url_map.strict_slashes = False
    app.config.update(
        RGMS=settings,
        MAX_CONTENT_LENGTH=max_body,
        API_TITLE=f"RGMS {settings.service}",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        PROPAGATE_EXCEPTIONS=False,
    )
    log.configure(settings.service, settings.log_level)
    sentry.install(settings)
    request_context.install(app)
    app.extensions["rgms_background"] = []
    readiness: dict[str, Check] = {}
    if schema:
        app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings))
        db.init_app(app)
        with app.app_context():
            app.extensions["rgms_background"].append(connections.install(db.engine, settings))
        migrations.install(app, schema, BY_NAME[settings.service].package)
        readiness["database"] = ping
    app.extensions["rgms_redis"] = redis_clients.redis_client(settings.redis_url)
    readiness["redis"] = app.extensions["rgms_redis"].ping
    auth.install(app, settings)
    if schema:
        cache.install(app, schema)
    if audited:
        audit_trail.install(app, audited)
    # The last of them is the first to see an answer.
    compression.install(app, settings.service)
    etag.install(app)
    _mount(app, mounts)
    error_handlers.install(app)
    database_errors.install(app)
    health.install(app, readiness | dict(checks or {}))
    app.wsgi_app = one_packet(app.wsgi_app)  # type: ignore[method-assign] # as Flask documents middleware
    return app


def _mount(app: Flask, mounts: Iterable[Mount]) -> None:
    api = ServiceApi(app)
    guards = {}
    for mount in mounts:
        guards[mount.blueprint.name] = mount
        api.register_blueprint(mount.blueprint)
    api.document_permissions(guards)
    api.document_rows()
    api.document_errors()
    app.extensions["rgms_mounts"] = guards

    @app.before_request
    def deny_by_default() -> None:
        # Runs before the body is parsed, so that a stranger learns nothing from validation messages.
        mount = guards.get(request.blueprint or "")
        if mount is not None:
            mount.guard()


def start_background(app: Flask) -> None:
    """Start the threads of this process (relay, consumers); called after a worker was forked."""
    for worker in app.extensions["rgms_background"]:
        worker.start()


def stop_background(app: Flask) -> None:
    """Stop what `start_background` started."""
    for worker in app.extensions["rgms_background"]:
        worker.stop()
