"""Counts of several processes meet in Redis, and none is lost while it is away."""

from __future__ import annotations

import pytest
import redis

from cli.local.ports import free_port
from libs.metrics import SLOT_SECONDS, Recorder

NOON = 1_800_000_000.0


def test_two_processes_add_up_and_old_slots_are_left_out(redis_client: redis.Redis) -> None:
    first, second = Recorder(redis_client, "t"), Recorder(redis_client, "t")
    for recorder in (first, second):
        recorder.record("read terms", 0.02, 200)
        recorder.record("read terms", 0.04, 503)
        recorder.flush(NOON)
    second.record("read terms", 0.03, 404)

    report = second.report(seconds=3600, now=NOON + SLOT_SECONDS)

    assert {name: report["read terms"][name] for name in ("n", "e4", "e5", "us")} == {"n": 5, "e4": 1, "e5": 2, "us": 150_000}
    assert first.report(seconds=60, now=NOON + 2 * SLOT_SECONDS) == {}


def test_counts_wait_while_redis_is_away(redis_client: redis.Redis) -> None:
    nowhere = redis.Redis(port=free_port(), socket_connect_timeout=1)
    recorder = Recorder(nowhere, "t")
    recorder.record("write marks", 0.01, 200)
    with pytest.raises(redis.RedisError):
        recorder.flush(NOON)
    recorder.record("write marks", 0.01, 200)

    recorder._client = redis_client
    recorder.flush(NOON)

    assert recorder.report(now=NOON)["write marks"]["n"] == 2
