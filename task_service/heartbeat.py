"""The worker's sign of life in Redis, written from its event loop: a loop that hangs stops writing (legacy defect D24)."""

from __future__ import annotations

import logging
from typing import Any

import redis
from celery import bootsteps

from libs import clock
from libs.contracts.tasks import WORKER_ALIVE_KEY
from libs.events.redis_clients import redis_client
from libs.web.jsonio import dumps, loads

EVERY_SECONDS, LIFE_SECONDS = 5, 16

log = logging.getLogger(__name__)


class Heartbeat(bootsteps.StartStopStep):
    """Writes `WORKER_ALIVE_KEY` every five seconds while the worker consumes."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        """Begin to beat."""
        self.redis = redis_client(parent.app.conf.broker_url, socket_timeout=1.0, max_connections=2)
        self.beat(parent)
        self.entry = parent.timer.call_repeatedly(EVERY_SECONDS, self.beat, (parent,), priority=10)

    def stop(self, parent: Any) -> None:
        """End, and say so at once unless another worker has beaten since."""
        if self.entry:
            self.entry.cancel()

    def beat(self, parent: Any) -> None:
        """Write one sign of life."""
        facts = {"worker": parent.hostname, "at": clock.now(), "concurrency": parent.concurrency}
        try:
            self.redis.set(WORKER_ALIVE_KEY, dumps(facts), ex=LIFE_SECONDS)
        except redis.RedisError:
            log.warning("no sign of life: Redis does not answer")


class NoWorker(Exception):
    """No worker has given a sign of life lately."""


def worker_alive(client: redis.Redis) -> dict[str, Any]:
    """Return what the last worker to beat said of itself; costs one GET.

    Raises:
        NoWorker, redis.RedisError
    """
    raw = client.get(WORKER_ALIVE_KEY)
    if raw is None:
        raise NoWorker()
    facts = loads(raw)
    return {"worker_seen_at": facts["at"], "concurrency": facts["concurrency"]}
