"""The health report over real services: it asks the database, Redis and Celery, and names whatever does not answer."""

from __future__ import annotations

import pytest

from cli.local.ports import free_port
from gateway.health import Health
from gateway.upstream import Upstream
from libs.events.redis_clients import redis_client as client_of
from roster_service.app import create_app as create_roster
from tests.support.served import served


@pytest.fixture
def report(make_settings, redis_client):
    """A function (service -> URL, redis_url) -> the report of a gateway that knows these services."""

    def look(redis_url: str | None = None, **urls: str) -> dict:
        settings = make_settings("gateway", **({"REDIS_URL": redis_url} if redis_url else {}))
        upstreams = {name: Upstream(name, url) for name, url in urls.items()}
        return Health(settings, upstreams, client_of(settings.redis_url, socket_connect_timeout=0.5)).report()

    return look


@pytest.mark.requirement("15.2", "15.5")
def test_a_database_that_does_not_answer_is_named_and_makes_the_whole_unhealthy(report, service_app, make_settings):
    deaf = create_roster(make_settings("roster", DATABASE_URL=f"postgresql://rgms@127.0.0.1:{free_port()}/rgms"))
    with served(service_app("roster")) as good, served(deaf) as bad:
        assert report(roster=good)["services"]["database"]["status"] == "healthy"
        ill = report(roster=bad)

    assert ill["status"] == "unhealthy"
    assert ill["services"]["database"] == {"status": "unhealthy", "details": "OperationalError"}
    assert ill["services"]["roster"]["details"] == "not ready: database"


@pytest.mark.requirement("15.3", "15.5")
def test_a_redis_that_does_not_answer_is_named_and_makes_the_whole_unhealthy(report, service_app):
    with served(service_app("roster")) as roster:
        assert report(roster=roster)["services"]["redis"]["status"] == "healthy"
        ill = report(roster=roster, redis_url=f"redis://127.0.0.1:{free_port()}/0")

    assert ill["status"] == "unhealthy"
    assert ill["services"]["redis"] == {"status": "unhealthy", "details": "ConnectionError"}
    assert ill["services"]["database"]["status"] == "healthy"


@pytest.mark.requirement("15.4", "15.5")
def test_celery_without_a_worker_is_named_and_makes_the_whole_unhealthy(report, service_app):
    with served(service_app("tasks")) as tasks:
        ill = report(tasks=tasks)

    assert ill["status"] == "unhealthy"
    assert ill["services"]["celery"] == {"status": "unhealthy", "details": "NoWorker"}
    assert ill["services"]["tasks"]["details"] == "not ready: celery"


def test_what_no_service_can_tell_about_is_not_called_healthy(report):
    ill = report(roster=f"http://127.0.0.1:{free_port()}")

    assert ill["services"]["database"]["status"] == ill["services"]["celery"]["status"] == "unhealthy"
    assert "no answer" in ill["services"]["roster"]["details"]
