"""Rate limits by flask-limiter: for each user, each device, each address and each group of routes.

Whoever is signed in is counted by user alone, so that nothing that others do at the same address keeps them out. Who is not yet
is counted by device at the doors (signing in, renewing, signing out, activating, recovering), or by address; at a door an
address that asks too often waits for its turn before it is refused. Counted in Redis, for all workers together; while Redis is
away flask-limiter counts in memory by the same rule.
"""

from __future__ import annotations

import functools
import logging
import math
import time
from collections.abc import Mapping
from typing import Any, cast

import redis
from flask import Flask, Response
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded

from gateway import limit_storage
from gateway.address import limit_subject
from gateway.limit_storage import OneCallStorage, Window
from gateway.request_context import RequestContext, current
from gateway.route_table import DOORS
from gateway.waiting_room import WaitingRoom
from libs.web.error_handlers import respond
from libs.web.errors import RateLimited

# limits reads it off the class that registered it.
_STORAGE = f"{OneCallStorage.STORAGE_SCHEME[0]}://"


class RateLimits:
    """What the requests of `app` count against, and the answer to those that are too many.

    Args:
        rates: requests a minute by limit class: user, address, sign_in_address, sign_in_device, upload_user, socket_user,
            socket_address.
        room: where those wait who come to a door too often.
    """

    def __init__(self, rates: Mapping[str, int], client: redis.Redis, room: WaitingRoom) -> None:
        self._rates = rates
        self._room = room
        # Told once by the storage; flask-limiter tells each refused request with its address.
        logging.getLogger("flask-limiter").setLevel(logging.ERROR)
        self._limiter = Limiter(
            key_func=lambda: "",
            # A socket counts against its user and its address, everything else against one of them.
            application_limits=[
                ApplicationLimit(
                    limit_provider=functools.partial(_rate, place),
                    key_function=functools.partial(_subject, place),
                    scope="gateway",
                )
                for place in (0, 1)
            ],
            strategy="moving-window",
            storage_uri=_STORAGE,
            storage_options=cast(dict[str, str | int], {"client": client, "windows": _windows}),
            in_memory_fallback_enabled=True,
        )

    def install(self, app: Flask) -> None:
        """Limit the requests of `app` once `count` was told what they are."""
        self._limiter.init_app(app)
        app.register_error_handler(RateLimitExceeded, lambda _exceeded: respond(RateLimited(retry_after=self._wait())))

        @app.after_request
        def tell(response: Response) -> Response:
            # flask-limiter can do this too, but writes a Retry-After into every answer, a successful one included.
            if limit := self._limiter.current_limit:
                response.headers.add("X-RateLimit-Limit", str(limit.limit.amount))
                response.headers.add("X-RateLimit-Remaining", str(limit.remaining))
                response.headers.add("X-RateLimit-Reset", str(limit.reset_at))
            return response

    def count(self, context: RequestContext, user: str = "", session: str = "") -> bool:
        """Ask Redis about a request, all in one call; return whether its session was ended, False while Redis is away.

        Args:
            user: the id of its verified user; empty for nobody.
            session: the id of the session; empty for none.
        """
        context.limits = self._limits(context, user)
        try:
            ended, context.windows = self._storage.ask(session, context.limits)
        except redis.RedisError as error:
            context.windows = error
            return False
        context.living = "" if ended else session
        return ended

    def admit(self, context: RequestContext) -> None:
        """Count a request of nobody; at a door it waits while there are too many, as long as there is room to wait."""
        self.count(context)
        while context.route and context.route.limit in DOORS and (wait := _seconds_to_wait(context)):
            if not self._room.wait(context, wait):
                return
            self.count(context)

    def _limits(self, context: RequestContext, user: str) -> tuple[tuple[str, int], ...]:
        # A slash separates the parts of a key.
        place = limit_subject(context.address).replace("/", "_")
        route = context.route
        if route is None and user:
            return (f"socket_user:{user}", self._rates["socket_user"]), (f"socket:{place}", self._rates["socket_address"])
        if user:
            kind = "upload" if route and route.limit == "upload" else "user"
            return ((f"{kind}:{user}", self._rates["upload_user" if kind == "upload" else "user"]),)
        if route is None or route.limit not in DOORS:
            return ((f"address:{place}", self._rates["address"]),)
        if context.device:
            return ((f"{route.limit}_device:{context.device.id}", self._rates["sign_in_device"]),)
        return ((f"{route.limit}:{place}", self._rates["sign_in_address"]),)

    @property
    def _storage(self) -> OneCallStorage:
        storage = self._limiter.storage
        assert isinstance(storage, OneCallStorage)  # noqa: S101 - made above
        return storage

    def _wait(self) -> int:
        limit = self._limiter.current_limit
        return max(1, math.ceil(limit.window.reset_time - time.time())) if limit else 1


def _seconds_to_wait(context: RequestContext) -> float:
    """Return after how long this request might pass; 0 when it may, or when Redis could not tell."""
    windows: Mapping[str, Window] = context.windows if isinstance(context.windows, dict) else {}
    return max((window.reset - time.time() for window in windows.values() if not window.allowed), default=0.0)


def _rate(place: int) -> str:
    limits = current().limits
    return f"{limits[place][1]}/{limit_storage.WINDOW} seconds" if place < len(limits) else ""


def _subject(place: int) -> str:
    return current().limits[place][0]


def _windows() -> Mapping[str, Window]:
    windows: Any = current().windows
    if isinstance(windows, Exception):
        # flask-limiter goes over to memory.
        raise windows
    return windows
