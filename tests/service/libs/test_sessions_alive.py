"""A service behind the gateway asks about a session once a second, and never keeps a refusal."""

from __future__ import annotations

import time

import pytest

from libs.auth import SESSIONS_ALIVE, SESSIONS_REMEMBERED, revoked_key


@pytest.fixture
def ask(client_of, people):
    """Return the status of a read by the administrator."""
    client = client_of("roster")
    return lambda: client.get("/api/v1/units", headers=people.admin()).status_code


@pytest.fixture
def key(people):
    return revoked_key(people.principal("admin").session_id)


def test_a_session_that_ends_is_refused_soon(ask, key, redis_client):
    assert ask() == 200
    redis_client.set(key, "1", ex=900)

    deadline = time.monotonic() + 5
    while ask() != 401:
        assert time.monotonic() < deadline


def test_a_refusal_is_not_remembered(ask, key, redis_client):
    redis_client.set(key, "1", ex=900)
    assert ask() == 401

    redis_client.delete(key)
    assert ask() == 200


def test_redis_is_asked_once_for_many_requests(ask, redis_client):
    ask()
    before = redis_client.info("commandstats")["cmdstat_exists"]["calls"]
    for _ in range(5):
        ask()
    assert redis_client.info("commandstats")["cmdstat_exists"]["calls"] - before <= 1


def test_the_memory_has_a_bound(ask, client_of):
    remembered = client_of("roster").application.extensions.setdefault(SESSIONS_ALIVE, {})
    remembered.update((f"sid-of-{number}", 0.0) for number in range(SESSIONS_REMEMBERED))

    ask()

    assert set(remembered) == {"sid-1"}
