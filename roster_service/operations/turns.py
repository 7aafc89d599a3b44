"""Roster files are read one after the other: however many arrive at once, a process holds the rows of one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from libs.memory import give_back
from libs.web.errors import UpstreamDown

# The one that is read and those that wait for it; each of them holds a thread that others need.
MOST_AT_ONCE = 3
SECONDS = 40.0

_places = threading.BoundedSemaphore(MOST_AT_ONCE)
_turn = threading.Lock()


@contextmanager
def own_turn() -> Iterator[None]:
    """Hold the turn of this process for reading a file.

    Raises:
        UpstreamDown: too many files wait already, or the one before takes too long.
    """
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        if not _turn.acquire(timeout=SECONDS):
            raise _busy()
        try:
            yield
        finally:
            give_back()
            _turn.release()
    finally:
        _places.release()


def _busy() -> UpstreamDown:
    return UpstreamDown(
        "Other roster files are being read just now. Nothing was kept of this one; send it again in a few seconds.",
        code="roster_reading_busy",
        retry_after=5,
    )
