"""flask-caching on Redis, and the process's Redis client. A missing Redis is a miss, never an error."""

from __future__ import annotations

import logging
from typing import Any

import redis
from flask import current_app
from flask_caching import Cache

cache = Cache()
log = logging.getLogger(__name__)


def redis_client(url: str, **options: Any) -> redis.Redis:
    """Return a client with short timeouts, for commands that answer at once (never for blocking reads)."""
    defaults = {"socket_timeout": 2.0, "socket_connect_timeout": 1.0, "max_connections": 64, "health_check_interval": 30}
    return redis.Redis.from_url(url, **(defaults | options))


def current_redis() -> redis.Redis:
    """Return the Redis client of the running application."""
    return current_app.extensions["rgms_redis"]


def cached(key: str) -> Any:
    """Return what is stored under `key`, or None when it is not there or Redis does not answer."""
    try:
        return cache.get(key)
    except redis.RedisError:
        log.warning("cache read failed", extra={"key": key.split(":")[0]})
        return None


def store(key: str, value: Any, seconds: int) -> None:
    """Keep `value` under `key` for `seconds`; a failure costs only the next hit."""
    try:
        cache.set(key, value, timeout=seconds)
    except redis.RedisError:
        log.warning("cache write failed", extra={"key": key.split(":")[0]})


def forget(*keys: str) -> None:
    """Drop `keys`; a failure is logged and their lifetime bounds the harm."""
    try:
        cache.delete_many(*keys)
    except redis.RedisError:
        log.warning("cache invalidation failed")
