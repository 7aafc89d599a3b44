"""The auth service."""

from flask import Flask

from auth_service import config as auth_config
from auth_service import consumer
from auth_service.background import BackgroundQueue
from auth_service.hashing import HashingPool
from auth_service.models import AuditEntry, IdempotencyKey, Outbox
from auth_service.operations.revocation import kill_published
from auth_service.routes import ALL
from libs import clock
from libs.clients.realtime import RealtimeClient
from libs.clients.roster import RosterClient
from libs.clients.tasks import TasksClient
from libs.config import Settings, load
from libs.events import consumer as consuming
from libs.events import outbox
from libs.web import idempotency
from libs.web.app import build_app

SCHEMA = "auth"


def create_app(settings: Settings | None = None, own: auth_config.AuthSettings | None = None) -> Flask:
    """Return the application of auth; its threads start with the process."""
    settings = settings or load("auth")
    own = own or auth_config.load()
    app = build_app(__name__, settings, mounts=ALL, schema=SCHEMA, audited=AuditEntry)
    app.extensions["auth_settings"] = own
    app.extensions["auth_hashing"] = HashingPool(cost=settings.bcrypt_cost, workers=own.hashing_workers, queue=own.hashing_queue)
    app.extensions["auth_background_queue"] = BackgroundQueue(app)
    app.extensions["auth_roster"] = RosterClient(settings)
    app.extensions["auth_tasks"] = TasksClient(settings)
    app.extensions["auth_realtime"] = RealtimeClient(settings)
    idempotency.register(app, IdempotencyKey)
    outbox.install(app, SCHEMA, Outbox, publishing=lambda events: kill_published(events, now=clock.now()))
    consuming.install(app, SCHEMA, handlers=consumer.HANDLERS, reconcile=consumer.reconcile)
    return app
