"""A thread of the tasks process that sends again what waits and takes back what a dead worker left."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from libs import clock
from task_service.domain.jobs import Limits
from task_service.operations.requests import sweep_jobs
from task_service.operations.retention import forget_old_jobs

EVERY_SECONDS = 5.0
FORGET_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class Sweeper:
    """Sweeps every five seconds; any number may run, each job is taken back once."""

    def __init__(self, app: Flask, limits: Limits) -> None:
        self.app, self.limits = app, limits
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="job-sweeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the sweep under way."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        forget_at = clock.now()
        while not self._stop.wait(EVERY_SECONDS):
            try:
                with self.app.app_context():
                    sweep_jobs(limits=self.limits, now=clock.now())
                    if clock.now() >= forget_at:
                        forget_old_jobs(now=clock.now())
                        forget_at = clock.now() + FORGET_EVERY
            except SQLAlchemyError:
                log.warning("the sweep waits: the database does not answer")
            except Exception:
                log.exception("the sweep failed")
