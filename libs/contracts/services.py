"""The single list of processes: names, ports, entry points and what each may be asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """One process of RGMS.

    Attributes:
        name: the name used in URLs, logs, commands and tokens.
        port_offset: its local port is RGMS_PORT plus this; None for processes that do not listen.
        app: `module:factory` for a gunicorn process, `module:celery` for the Celery ones.
        server: threads | gevent | worker | beat.
        schema: the database schema it owns, if any.
        package: its folder, where migrations live.
    """

    name: str
    port_offset: int | None
    app: str
    server: str
    package: str
    schema: str | None = None

    @property
    def url_variable(self) -> str:
        """The environment variable that holds its address."""
        return f"{self.name.upper()}_URL"


SERVICES: tuple[Service, ...] = (
    Service("auth", 1, "auth_service.app:create_app", "threads", "auth_service", "auth"),
    Service("roster", 2, "roster_service.app:create_app", "threads", "roster_service", "roster"),
    Service("grading", 3, "grading_service.app:create_app", "threads", "grading_service", "grading"),
    Service("media", 4, "media_service.app:create_app", "threads", "media_service", "media"),
    Service("realtime", 5, "realtime_service.app:create_app", "threads", "realtime_service", "messaging"),
    Service("sockets", 6, "realtime_service.sockets.app:create_app", "gevent", "realtime_service"),
    Service("tasks", 7, "task_service.api:create_app", "threads", "task_service", "ops"),
    Service("worker", None, "task_service.app:celery", "worker", "task_service"),
    Service("beat", None, "task_service.app:celery", "beat", "task_service"),
    Service("gateway", 0, "gateway.app:create_app", "gevent", "gateway"),
)
BY_NAME = {service.name: service for service in SERVICES}
LISTENING = tuple(service for service in SERVICES if service.port_offset is not None)
SCHEMAS = tuple(service for service in SERVICES if service.schema)
