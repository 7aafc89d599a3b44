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
def place_in_line() -> Iterator[None]:
    """Hold one of the few places of files that were sent and wait to be read.

    Raises:
        UpstreamDown: all are taken.
    """
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        yield
    finally:
        _places.release()


@contextmanager
def own_turn() -> Iterator[None]:
    """Hold the turn of this process for what needs the rows of a whole file in memory.

    Raises:
        UpstreamDown: whoever has it takes too long.
    """
    if not _turn.acquire(timeout=SECONDS):
        raise _busy()
    try:
        yield
    finally:
        give_back()
        _turn.release()


def _busy() -> UpstreamDown:
    return UpstreamDown(
        "Other roster files are being read just now. Nothing was kept of this one; send it again in a few seconds.",
        code="roster_reading_busy",
        retry_after=5,
    )
