"""Response times and error rates: cheap to record, mergeable over processes, shared through Redis.

A histogram of logarithmic buckets (each 10 % wider than the one before) keeps a percentile within 5 % of the truth at 25
integers a route, whatever the load. Each process adds what is new to a Redis hash per time slot; a report merges the slots.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import redis

# Bucket n holds times up to _FIRST * _GROWTH ** n seconds: 0.1 ms in bucket 0, about 90 s in bucket 144.
_FIRST = 0.0001
_GROWTH = 1.1
_LAST = 144
_PER_BUCKET = 1 / math.log(_GROWTH)

SLOT_SECONDS = 300
KEPT_SECONDS = 2 * 3600
SLOW_PERCENTILES = (50, 95, 99)
FLUSH_SECONDS = 5.0
# The recorder in which every service counts what it served from its cache, under its own name.
CACHES = "caches"

log = logging.getLogger(__name__)


def bucket_of(seconds: float) -> int:
    """Return the bucket that a duration falls into."""
    if seconds <= _FIRST:
        return 0
    return min(_LAST, math.ceil(math.log(seconds / _FIRST) * _PER_BUCKET))


def middle_of(bucket: int) -> float:
    """Return the duration, in seconds, that stands for every time in `bucket`."""
    return _FIRST * _GROWTH ** (bucket - 0.5) if bucket else _FIRST / 2


def percentile(buckets: Mapping[int, int], percent: float) -> float:
    """Return the duration in seconds below which `percent` of the counted times lie; 0.0 when nothing was counted."""
    wanted = sum(buckets.values()) * percent / 100
    seen = 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= wanted:
            return middle_of(bucket)
    return 0.0


def summary(fields: Mapping[str, int]) -> dict[str, Any]:
    """Return mean, median, p95, p99 (milliseconds) and error rate of one route's merged counters.

    Args:
        fields: `n` requests, `us` their total time in microseconds, `e4` refused, `e5` failed, `b<i>` counts per bucket.
    """
    count = fields.get("n", 0)
    buckets = {int(name[1:]): value for name, value in fields.items() if name[0] == "b"}
    median, p95, p99 = (round(percentile(buckets, percent) * 1000, 2) for percent in SLOW_PERCENTILES)
    return {
        "requests": count,
        "mean_ms": round(fields.get("us", 0) / count / 1000, 2) if count else 0.0,
        "median_ms": median,
        "p95_ms": p95,
        "p99_ms": p99,
        "client_errors": fields.get("e4", 0),
        "server_errors": fields.get("e5", 0),
        "error_rate": round(fields.get("e5", 0) / count, 4) if count else 0.0,
    }


def hit_rate(fields: Mapping[str, int]) -> dict[str, Any]:
    """Return the hits and misses of a service's cache and the share of hits, 0 to 1; None before the first question."""
    hits, misses = fields.get("hits", 0), fields.get("misses", 0)
    return {"hits": hits, "misses": misses, "hit_rate": round(hits / (hits + misses), 4) if hits + misses else None}


class Recorder:
    """Counts in memory; `flush` moves what is new to Redis. Nothing is lost while Redis is away: the counts wait."""

    def __init__(self, client: redis.Redis, name: str) -> None:
        self._client = client
        self._name = name
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[str]] = {}

    def record(self, label: str, seconds: float, status: int) -> None:
        """Count one answer under `label`, a word of the route table and never a path, so that the set stays small."""
        counts = self._counts.get(label)
        if counts is None:
            counts = self._counts.setdefault(label, Counter())
        counts["n"] += 1
        counts["us"] += int(seconds * 1_000_000)
        counts[f"b{bucket_of(seconds)}"] += 1
        if status >= 400:
            counts["e5" if status >= 500 else "e4"] += 1

    def count(self, label: str, field: str, amount: int = 1) -> None:
        """Add to a plain counter, such as cache hits and misses."""
        self._counts.setdefault(label, Counter())[field] += amount

    def flush(self, now: float | None = None) -> None:
        """Add everything counted since the last flush to the slot of `now` (Unix seconds); keep it when Redis fails."""
        with self._lock:
            pending, self._counts = self._counts, {}
            if not pending:
                return
            key = slot_key(self._name, time.time() if now is None else now)
            pipe = self._client.pipeline(transaction=True)
            for label, counts in pending.items():
                for field, amount in counts.items():
                    pipe.hincrby(key, f"{label}|{field}", amount)
            pipe.expire(key, KEPT_SECONDS)
            try:
                pipe.execute()
            except redis.RedisError:
                for label, counts in pending.items():
                    self._counts.setdefault(label, Counter()).update(counts)
                raise

    def report(self, *, seconds: int = 3600, now: float | None = None) -> dict[str, dict[str, int]]:
        """Return the merged counters per label of all processes over the last `seconds`, this one's newest included."""
        moment = time.time() if now is None else now
        slots = range(int(moment - seconds) // SLOT_SECONDS, int(moment) // SLOT_SECONDS + 1)
        keys = [slot_key(self._name, slot * SLOT_SECONDS) for slot in slots]
        pipe = self._client.pipeline(transaction=False)
        for key in keys:
            pipe.hgetall(key)
        return merge(pipe.execute(), self._counts)


class Flusher:
    """Sends what a recorder counted to Redis every few seconds."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._run, name="metrics", daemon=True).start()

    def stop(self) -> None:
        """Send what is left and end."""
        self._ended.set()
        self._flush()

    def _run(self) -> None:
        while not self._ended.wait(FLUSH_SECONDS):
            self._flush()

    def _flush(self) -> None:
        try:
            self._recorder.flush()
        except redis.RedisError as error:
            log.warning("counts wait for Redis", extra={"cause": type(error).__name__})


def slot_key(name: str, moment: float) -> str:
    """Return the Redis key of the time slot that `moment` (Unix seconds) falls into."""
    return f"rgms:metrics:{name}:{int(moment) // SLOT_SECONDS}"


def merge(slots: Iterable[Mapping[bytes, bytes]], unsent: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the sum of Redis slots (`label|field` to count) and counters not yet sent."""
    merged: dict[str, dict[str, int]] = {}
    for slot in slots:
        for name, amount in slot.items():
            label, _, field = name.decode().rpartition("|")
            counts = merged.setdefault(label, {})
            counts[field] = counts.get(field, 0) + int(amount)
    for label, waiting in unsent.items():
        target = merged.setdefault(label, {})
        for field, count in waiting.items():
            target[field] = target.get(field, 0) + count
    return merged
