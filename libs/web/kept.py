"""Answers kept for as long as what they show: never stale, because a body is kept under a token of the state that it was made of.

A list that everybody may read is then made once for each state and query, however many ask for it.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import Response, request

from libs.data.db import reading
from libs.web.jsonio import json_response

# 10 to 30 kB each: a few megabytes a process at most.
MOST_BODIES = 256
# What a statement can see: the same text twice means that no transaction has ended or begun to write in between, anywhere in
# the database. The start of the server belongs to it, for one that is restored from a copy counts its transactions again.
_SNAPSHOT = "SELECT pg_current_snapshot()::text || '@' || extract(epoch FROM pg_postmaster_start_time())"

View = Callable[..., Response]


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


def snapshot_token() -> str:
    """Return a token of everything that is stored in the database now, in whatever schema."""
    with reading() as connection:
        seen = connection.exec_driver_sql(_SNAPSHOT).scalar_one()
    # It goes out as an ETag, and how our transactions are numbered is nobody's business.
    return hashlib.blake2b(seen.encode(), digest_size=16).hexdigest()


def kept_while(token: Callable[[], str | None]) -> Callable[[View], View]:
    """Decorate a read that is the same for all who may have it, to be made once for each state and query.

    Args:
        token: returns another text whenever what the read shows may have changed; None when it cannot tell. It is asked before
            the read: a write in between makes the body newer than its token, and the next reader of the new token makes it
            again.
    """

    def decorate(view: View) -> View:
        bodies = Bodies(MOST_BODIES)

        @functools.wraps(view)
        def kept(*args: Any, **kwargs: Any) -> Response:
            state = token()
            if state is None:
                return view(*args, **kwargs)
            tag = f'"{state}"'
            if request.headers.get("If-None-Match") == tag:
                return Response(status=304, headers={"ETag": tag})
            key = (state, request.full_path)
            body = bodies.get(key)
            if body is None:
                body = view(*args, **kwargs).get_data()
                bodies.put(key, body)
            return json_response(body, headers={"ETag": tag})

        return kept

    return decorate
