"""Lists kept by revision: never stale, because a body is kept under the token of the state it shows.

A trigger renews the token in every transaction that changes a cadet (migration 0002). A list then costs one read of one
row instead of a sort and a count.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import Response, request

from libs.db import reading
from libs.jsonio import json_response

# About 10 kB each: at most a few megabytes a process.
MOST_BODIES = 256
_READ_REVISION = "SELECT token::text FROM roster.revision WHERE id = 1"


class Bodies:
    """The last used bodies by key; safe for the threads of a process."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._bodies: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def get(self, key: tuple[str, str]) -> bytes | None:
        """Return the body of `key`, which becomes the youngest."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: tuple[str, str], body: bytes) -> None:
        """Keep a body; the oldest goes when there are too many."""
        with self._lock:
            self._bodies[key] = body
            while len(self._bodies) > self._most:
                self._bodies.popitem(last=False)


_kept = Bodies(MOST_BODIES)


def revision_token() -> str | None:
    """Return the token of the stored cadets as they are now."""
    with reading() as connection:
        return connection.exec_driver_sql(_READ_REVISION).scalar()


def kept_by_revision(view: Callable[..., Response]) -> Callable[..., Response]:
    """Decorate a list of cadets, the same for all who may read it, to be made once for each state and query.

    The token is read before the list: a write in between makes the body newer than its token, and the next reader of
    the new token makes it again.
    """

    @functools.wraps(view)
    def kept(*args: Any, **kwargs: Any) -> Response:
        token = revision_token()
        if token is None:
            return view(*args, **kwargs)
        tag = f'"{token}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        key = (token, request.full_path)
        body = _kept.get(key)
        if body is None:
            body = view(*args, **kwargs).get_data()
            _kept.put(key, body)
        return json_response(body, headers={"ETag": tag})

    return kept
