"""The data servers of one house: packaged ones that it starts and keeps alive, or those of the person who runs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cli.local.errors import LocalError
from cli.local.postgres import LocalPostgres
from cli.local.redis import LocalRedis
from cli.local.server import LocalServer

RETRY_SECONDS = 5.0


class DataServers:
    """PostgreSQL and Redis with their addresses; a server whose address was given is none of our business."""

    def __init__(
        self, data_dir: Path, database_url: str | None, redis_url: str | None, *, durable: bool, say: Callable[[str], None]
    ) -> None:
        self.database_url = database_url or ""
        self.redis_url = redis_url or ""
        self._postgres = None if database_url else LocalPostgres(data_dir / "postgres", durable=durable)
        self._redis = None if redis_url else LocalRedis(data_dir / "redis", durable=durable)
        self._say = say
        self._retry_at = 0.0

    @property
    def ours(self) -> dict[str, LocalServer]:
        """The servers that are started here, by name."""
        return {server.name: server for server in (self._postgres, self._redis) if server is not None}

    @property
    def owns_database(self) -> bool:
        """Whether PostgreSQL is started here rather than somebody's own."""
        return self._postgres is not None

    def start(self) -> None:
        """Start what is ours and note the addresses.

        Raises:
            LocalError: a server does not start.
        """
        if self._postgres:
            self._say("starting PostgreSQL")
            self.database_url = self._postgres.start()
        if self._redis:
            self._say("starting Redis")
            self.redis_url = self._redis.start()
            self._say(f"Redis is {self._redis.program_name}")

    def tend(self) -> None:
        """Start again whoever died, at the same address; when that fails, try again a little later."""
        for name, server in self.ours.items():
            if not server.running and time.monotonic() >= self._retry_at:
                self._say(f"{name} ended; starting it again")
                try:
                    server.start()
                except LocalError as error:
                    # A full disk may be emptied, a taken port be freed: the services answer 503 meanwhile.
                    self._say(str(error))
                    self._retry_at = time.monotonic() + RETRY_SECONDS

    def stop(self) -> None:
        """Stop what is ours, each cleanly."""
        for server in reversed(self.ours.values()):
            server.stop()
