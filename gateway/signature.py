"""What the gateway tells services of a request, signed: without the signature a service believes none of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from gateway.request_context import RequestContext
from libs.config import Settings
from libs.web import devices
from libs.web.request_context import ADDRESS_HEADER, GATEWAY_HEADER, HEADER, SESSION_HEADER
from libs.web.tokens import SERVICE_LIFE, service_token

# A token is made once and shown until half its life is over.
SHOWN_SECONDS = SERVICE_LIFE.total_seconds() / 2


class Signature:
    """Writes the header lines about a request for one service."""

    def __init__(self, settings: Settings, audience: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._audience = audience
        self._clock = clock
        self._token = ""
        self._until = 0.0

    def lines(self, context: RequestContext) -> str:
        """Return the header lines, each with its end."""
        if self._clock() >= self._until:
            self._token = service_token(self._settings, "gateway", self._audience)
            self._until = self._clock() + SHOWN_SECONDS
        living = f"{SESSION_HEADER}: {context.living}\r\n" if context.living else ""
        device = f"{devices.HEADER}: {context.device_token}\r\n" if context.device else ""
        return (
            f"{GATEWAY_HEADER}: {self._token}\r\n{HEADER}: {context.request_id}\r\n"
            f"{ADDRESS_HEADER}: {context.address}\r\nX-Forwarded-For: {context.address}\r\n"
            f"X-Forwarded-Proto: {context.scheme}\r\n{living}{device}"
        )
