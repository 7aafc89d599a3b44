"""What flask-caching costs on top of redis-py for a body of a list, inside one process and one run."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_caching import Cache
from flask_caching.backends.base import BaseCache

from cli.local.redis import LocalRedis
from libs.events.redis_clients import redis_client
from libs.web.cache import BytesInRedis

ROUNDS = 3
# A page of fifty cadets, compressed: the size that is kept most.
BODY_BYTES = 3_000


def run(seconds: float) -> None:
    """Print the CPU time of one read with each way of asking, the least of three rounds of `seconds` in all."""
    with tempfile.TemporaryDirectory(prefix="rgms-bench-") as folder:
        server = LocalRedis(Path(folder), durable=False)
        url = server.start()
        try:
            client = redis_client(url)
            shipped = _cache(url, "RedisCache", "shipped:")
            ours = _cache(url, f"{BytesInRedis.__module__}.{BytesInRedis.__name__}", "ours:")
            body = random.Random(1).randbytes(BODY_BYTES)
            client.set("body", body)
            shipped.set("body", body)
            ours.set("body", body)
            ways: dict[str, Callable[[], object]] = {
                "redis-py alone": lambda: client.get("body"),
                "flask-caching as shipped (a pickle)": lambda: shipped.get("body"),
                "flask-caching with our backend (bytes)": lambda: ours.get("body"),
            }
            measured = {name: min(_cost(way, seconds / ROUNDS / len(ways)) for _ in range(ROUNDS)) for name, way in ways.items()}
        finally:
            server.stop()
    print("\nAsking Redis for a kept list, CPU µs of this process\n  target: the package's own part is small beside the call")
    bare = measured["redis-py alone"]
    for name, cost in measured.items():
        print(f"  {name:<45} {cost:>6.0f}  {cost - bare:+.0f}", flush=True)


def _cache(url: str, backend: str, prefix: str) -> BaseCache:
    app = Flask("bench")
    cache = Cache(app, config={"CACHE_TYPE": backend, "CACHE_REDIS_URL": url, "CACHE_KEY_PREFIX": prefix})
    with app.app_context():
        return cache.cache


def _cost(way: Callable[[], object], seconds: float) -> float:
    end, calls, started = time.monotonic() + seconds, 0, time.process_time()
    while time.monotonic() < end:
        for _ in range(100):
            way()
        calls += 100
    return (time.process_time() - started) / calls * 1e6
