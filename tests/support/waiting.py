"""Waiting for what happens elsewhere: in another thread, process or server. Nothing in the tests sleeps and hopes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import urllib3

STEP_SECONDS = 0.02


def until(condition: Callable[[], Any], what: str = "the condition", seconds: float = 20.0) -> Any:
    """Return the first true answer of `condition`, asked again and again.

    An assertion that fails and a server that does not answer count as "not yet".

    Raises:
        AssertionError: it did not become true within `seconds`; names `what`, and the last answer.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        try:
            last = condition()
        except (AssertionError, urllib3.exceptions.HTTPError) as error:
            last = error
        else:
            if last:
                return last
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what} did not come within {seconds} s; last: {last!r}")
        pause.wait(STEP_SECONDS)
