"""Rate limits by flask-limiter: for each user, each address and each group of routes.

Counted in Redis, for all workers together; while Redis is away flask-limiter counts in memory by the same rule.
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
from libs.web.error_handlers import respond
from libs.web.errors import RateLimited

# limits reads it off the class that registered it.
_STORAGE = f"{OneCallStorage.STORAGE_SCHEME[0]}://"


class RateLimits:
    """What the requests of `app` count against, and the answer to those that are too many.

    Args:
        rates: requests a minute by limit class: user, address, sign_in_address, upload_user, socket_address.
    """

    def __init__(self, rates: Mapping[str, int], client: redis.Redis) -> None:
        self._rates = rates
        # Told once by the storage; flask-limiter tells each refused request with its address.
        logging.getLogger("flask-limiter").setLevel(logging.ERROR)
        self._limiter = Limiter(
            key_func=lambda: "",
            # The first is the user's or the group's, the second the address's; either may be none.
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

    def _limits(self, context: RequestContext, user: str) -> tuple[tuple[str, int], ...]:
        # A slash separates the parts of a key.
        place = limit_subject(context.address).replace("/", "_")
        route = context.route
        if route is None:
            return ((f"socket:{place}", self._rates["socket_address"]),)
        if route.limit == "sign_in":
            return ((f"sign_in:{place}", self._rates["sign_in_address"]),)
        everyone = (f"address:{place}", self._rates["address"])
        if not user:
            return (everyone,)
        if route.limit == "upload":
            return (f"upload:{user}", self._rates["upload_user"]), everyone
        return (f"user:{user}", self._rates["user"]), everyone

    @property
    def _storage(self) -> OneCallStorage:
        storage = self._limiter.storage
        assert isinstance(storage, OneCallStorage)  # noqa: S101 - made above
        return storage

    def _wait(self) -> int:
        limit = self._limiter.current_limit
        return max(1, math.ceil(limit.window.reset_time - time.time())) if limit else 1


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
