"""Where requests of a crowded address wait for their turn: a greenlet each and no thread, so many and so long and no more."""

from __future__ import annotations

import random
from collections import Counter

import gevent

from gateway.address import limit_subject
from gateway.request_context import RequestContext

# The longest that one request waits, all its turns together; browsers and people are more patient than that.
PATIENCE_SECONDS = 8.0
# In each worker: of all, and of one address or device. One waiting takes its connection and some 20 kB.
AT_ONCE = 1000
EACH = 200
# Those who were told the same moment must not all come in it.
SPREAD_SECONDS = 0.3


class WaitingRoom:
    """The requests of this worker that wait."""

    def __init__(self, at_once: int = AT_ONCE, each: int = EACH, patience: float = PATIENCE_SECONDS) -> None:
        self._at_once = at_once
        self._each = each
        self._patience = patience
        self._waiting: Counter[str] = Counter()

    def wait(self, context: RequestContext, seconds: float) -> bool:
        """Let a request wait and return True; at once False when it would wait for too long, or too many do."""
        subject = context.device.id if context.device else limit_subject(context.address)
        pause = seconds + random.uniform(0.0, SPREAD_SECONDS)  # noqa: S311 - no secret
        if context.waited + seconds > self._patience:
            return False
        if self._waiting[subject] >= self._each or self._waiting.total() >= self._at_once:
            return False
        self._waiting[subject] += 1
        try:
            gevent.sleep(pause)
        finally:
            self._waiting[subject] -= 1
            if not self._waiting[subject]:
                del self._waiting[subject]
        context.waited += pause
        return True
