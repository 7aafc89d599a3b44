"""Work that must not be felt in the answer: a few jobs in one thread, in the application's context."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from flask import Flask, current_app

ROOM = 100

log = logging.getLogger(__name__)


class BackgroundQueue:
    """Runs jobs after the answer was given. What does not fit is dropped and logged; people can ask again."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._room = threading.BoundedSemaphore(ROOM)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")
        self._waiting: set = set()

    def put(self, job: Callable[..., None], **arguments: Any) -> None:
        """Have ``job(**arguments)`` run soon."""
        if not self._room.acquire(blocking=False):
            log.error("the background queue is full", extra={"job": job.__name__})
            return
        future = self._executor.submit(self._run, job, arguments)
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)

    def settle(self, timeout: float) -> None:
        """Wait until what was put so far has run, at most ``timeout`` seconds."""
        wait(tuple(self._waiting), timeout)

    def _run(self, job: Callable[..., None], arguments: dict[str, Any]) -> None:
        try:
            with self._app.app_context():
                job(**arguments)
        except Exception:
            log.exception("a background job failed", extra={"job": job.__name__})
        finally:
            self._room.release()


def background_queue() -> BackgroundQueue:
    """Return the background queue of the running application."""
    return current_app.extensions["auth_background_queue"]
