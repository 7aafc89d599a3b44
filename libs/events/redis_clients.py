"""The process's Redis client."""

from __future__ import annotations

from typing import Any

import redis
from flask import current_app


def redis_client(url: str, **options: Any) -> redis.Redis:
    """Return a client with short timeouts, for commands that answer at once (never for blocking reads)."""
    defaults = {"socket_timeout": 2.0, "socket_connect_timeout": 1.0, "max_connections": 64, "health_check_interval": 30}
    return redis.Redis.from_url(url, **(defaults | options))


def current_redis() -> redis.Redis:
    """Return the Redis client of the running application."""
    return current_app.extensions["rgms_redis"]
