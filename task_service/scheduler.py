"""Celery beat with one holder: a Redis lock says who fires, the database remembers what was fired.

Even two beats that both believe they hold the lock fire each scheduled time once: its record is unique.
"""

from __future__ import annotations

import logging
import socket
from datetime import datetime
from typing import Any

import redis
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab, schedule
from sqlalchemy.exc import SQLAlchemyError

from libs import clock
from libs.contracts.tasks import KINDS
from libs.events.redis_clients import redis_client
from libs.ids import uuid7
from task_service.operations.schedule import fire_schedule
from task_service.queries.jobs import last_firings
from task_service.worker_app import process_app

LOCK_KEY = "rgms:beat:lock"
LOCK_MS = 30_000
LOOK_SECONDS = 2.0
_BY_TASK = {kind.task: kind for kind in KINDS.values()}
_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"

log = logging.getLogger(__name__)


class BeatLock:
    """The right to fire, held by one beat at a time for thirty seconds beyond its last renewal."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.token = f"{socket.gethostname()}:{uuid7()}"

    def hold(self) -> bool:
        """Renew or take the lock; return whether we hold it now. Redis down: nobody fires."""
        try:
            if self.client.eval(_RENEW, 1, LOCK_KEY, self.token, LOCK_MS):
                return True
            return bool(self.client.set(LOCK_KEY, self.token, nx=True, px=LOCK_MS))
        except redis.RedisError:
            log.warning("the beat lock could not be asked for: Redis does not answer")
            return False

    def release(self) -> None:
        """Let another beat take over at once."""
        try:
            self.client.eval(_RELEASE, 1, LOCK_KEY, self.token)
        except redis.RedisError:
            log.warning("the beat lock was not released; it expires by itself")


def due_time(when: schedule | crontab, last: datetime) -> datetime:
    """Return the first instant after `last` at which `when` is due; the same for every beat that asks."""
    if isinstance(when, crontab):
        start, delta, _now = when.remaining_delta(last)
        return start + delta
    return last + when.run_every


class SingleScheduler(Scheduler):
    """A scheduler that fires through `ops.schedule_run`, only while it holds the lock, and stands by otherwise."""

    # Orders go through the database, so beat itself needs no broker connection that could hold it up.
    producer = None

    def setup_schedule(self) -> None:
        """Take the entries of the configuration, without Celery's own house-keeping entry."""
        self.merge_inplace(self.app.conf.beat_schedule)
        self.flask_app = process_app()
        self.lock = BeatLock(redis_client(self.flask_app.config["RGMS"].redis_url))
        self.holding = False

    def tick(self, **_kwargs: Any) -> float:
        """Fire what is due if the lock is ours; return the seconds until the next look."""
        if not self.lock.hold():
            if self.holding:
                log.warning("beat lost its lock and stands by")
            self.holding = False
        elif self.holding or self._take_over():
            for entry in self.schedule.values():
                self._fire_if_due(entry)
        return LOOK_SECONDS

    def close(self) -> None:
        """Give the lock back at shutdown."""
        super().close()
        self.lock.release()

    def _take_over(self) -> bool:
        """Continue where the last holder stopped; an entry that was never fired begins now."""
        try:
            with self.flask_app.app_context():
                fired = last_firings()
        except SQLAlchemyError:
            log.warning("beat waits: the database does not answer")
            return False
        for name, entry in self.schedule.items():
            entry.last_run_at = fired.get(name, clock.now())
        self.holding = True
        log.info("beat holds the lock", extra={"entries": sorted(self.schedule)})
        return True

    def _fire_if_due(self, entry: ScheduleEntry) -> None:
        now, scheduled_for = clock.now(), due_time(entry.schedule, entry.last_run_at)
        if scheduled_for > now:
            return
        kind = _BY_TASK[entry.task].kind
        try:
            with self.flask_app.app_context():
                job_id = fire_schedule(
                    task=entry.name, scheduled_for=scheduled_for, kind=kind, params=entry.kwargs or {}, now=now
                )
        except SQLAlchemyError:
            # Nothing was stored, so the entry stays due and the next look tries again.
            log.exception("a scheduled job could not be ordered", extra={"entry": entry.name})
            return
        # After a long stop one firing stands for all that were missed.
        entry.last_run_at = now
        about = {"entry": entry.name, "scheduled_for": scheduled_for, "job_id": str(job_id or "fired already")}
        log.info("scheduled job ordered", extra=about)
