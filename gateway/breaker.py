"""A circuit breaker for each service: after repeated failures it answers at once instead of making everybody wait."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable

from libs.web.errors import UpstreamDown

# Five in a row is a service that is gone, not a slow request. It reopens soon: the runner restarts a process in a second
# or two, and one probing request at a time costs nobody anything.
FAILURES = 5
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0

log = logging.getLogger(__name__)


class Breaker:
    """Closed: all pass. Open: refused with Retry-After until the pause is over. Half-open: one request tries.

    Also the bulkhead: at most `in_flight` requests are at one service at once, so that a stuck one cannot take every
    connection of the gateway with it. Each request is one `enter`, at most one of `succeed` and `fail`, and one `leave`.
    """

    def __init__(self, name: str, in_flight: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._capacity = in_flight
        self._clock = clock
        self._running = 0
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._open_until = 0.0
        self._probing = False

    @property
    def state(self) -> str:
        """`closed`, `open` or `half-open`."""
        if self._failures < FAILURES:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    def enter(self) -> bool:
        """Begin a request, and return whether it is the one that tries; `leave` is told.

        Raises:
            UpstreamDown: with Retry-After; the request must not be made.
        """
        if self._running >= self._capacity:
            raise UpstreamDown("This part of RGMS is very busy. Please try again.", code="upstream_busy", retry_after=1)
        if self._failures >= FAILURES:
            wait = self._open_until - self._clock()
            if wait > 0 or self._probing:
                raise UpstreamDown(details={"service": self.name}, retry_after=max(1, math.ceil(wait)))
            self._probing = True
        self._running += 1
        return self._probing

    def succeed(self) -> None:
        """Note an answer, whatever it says: the service lives."""
        if self._failures:
            if self._failures >= FAILURES:
                log.warning("service answers again", extra={"upstream": self.name})
            self._failures = 0
            self._pause = FIRST_PAUSE
            self._probing = False

    def fail(self) -> None:
        """Note that no answer came."""
        self._failures += 1
        if self._failures >= FAILURES:
            if self._probing:
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
            else:
                log.error("service does not answer; requests are refused for a while", extra={"upstream": self.name})
            self._open_until = self._clock() + self._pause
            self._probing = False

    def leave(self, trying: bool) -> None:
        """End a request, also one that says nothing about the service, because the client went away.

        A streamed answer ends when its last byte was read: until then it holds a connection.
        """
        self._running -= 1
        if trying:
            self._probing = False
