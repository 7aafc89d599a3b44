"""The storage of the limits: exact, one call for a request, and what it does while Redis is away."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.local.ports import free_port
from gateway.limit_storage import OneCallStorage, Window
from libs.web.auth import revoked_key


@pytest.fixture
def storage(redis_client: redis.Redis) -> OneCallStorage:
    return OneCallStorage("rgms+redis://", client=redis_client, windows=dict)


def ask(storage: OneCallStorage, *limits: tuple[str, int], session: str = "") -> dict[str, Window]:
    return storage.ask(session, limits)[1]


@given(limit=st.integers(1, 60))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_exactly_the_limit_passes_at_once_and_the_next_is_told_when(storage, redis_client, limit: int) -> None:
    redis_client.flushdb()
    windows = [ask(storage, ("user:1", limit))["user:1"] for _ in range(limit + 1)]
    assert [window.allowed for window in windows] == [True] * limit + [False]
    # A moment passes between two calls, in which some of the used-up are earned back.
    assert windows[0].used == 1
    assert windows[limit - 1].used in {limit - 1, limit}


def test_subjects_do_not_disturb_each_other(storage: OneCallStorage) -> None:
    assert ask(storage, ("user:1", 1))["user:1"].allowed
    assert not ask(storage, ("user:1", 1))["user:1"].allowed
    assert ask(storage, ("user:2", 1))["user:2"].allowed


def test_a_refused_request_counts_against_nobody(storage: OneCallStorage) -> None:
    ask(storage, ("user:1", 1), ("address:a", 2))
    for _ in range(5):
        refused = ask(storage, ("user:1", 1), ("address:a", 2))
        assert (refused["user:1"].allowed, refused["address:a"].allowed) == (False, True)
    assert ask(storage, ("user:2", 1), ("address:a", 2))["address:a"].allowed


def test_an_ended_session_is_told_in_the_same_call(storage: OneCallStorage, redis_client: redis.Redis, count_calls) -> None:
    redis_client.set(revoked_key("sid-1"), 1, ex=900)
    ask(storage, ("user:1", 5))
    with count_calls(redis_client) as calls:
        assert storage.ask("sid-1", [("user:1", 5), ("address:a", 5)])[0] is True
        assert storage.ask("sid-2", [("user:1", 5), ("address:a", 5)])[0] is False
    assert calls() == 2


def test_many_at_once_are_counted_each(storage: OneCallStorage) -> None:
    with ThreadPoolExecutor(16) as pool:
        windows = list(pool.map(lambda _: ask(storage, ("user:9", 50))["user:9"].allowed, range(200)))
    assert windows.count(True) in {50, 51}


def test_while_redis_is_away_it_is_left_alone_for_a_moment() -> None:
    now = [100.0]
    client = redis.Redis(port=free_port(), socket_connect_timeout=0.2)
    storage = OneCallStorage("rgms+redis://", client=client, windows=dict, clock=lambda: now[0])
    with pytest.raises(redis.exceptions.ConnectionError, match="refused"):
        ask(storage, ("user:1", 1))
    with pytest.raises(redis.exceptions.ConnectionError, match="a moment ago"):
        ask(storage, ("user:1", 1))
    now[0] += 1.5
    with pytest.raises(redis.exceptions.ConnectionError, match="refused"):
        ask(storage, ("user:1", 1))


@pytest.fixture
def count_calls() -> Callable:
    """A context (client) that counts the commands that Redis gets from others, by its own statistics."""

    class Counted:
        def __init__(self, client: redis.Redis) -> None:
            self._client = client

        def __enter__(self) -> Callable[[], int]:
            self._client.config_resetstat()
            return lambda: self._client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]

        def __exit__(self, *_: object) -> None:
            """Leave the statistics as they are."""

    return Counted
