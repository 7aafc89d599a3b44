"""Verification of access tokens at the door: the signature once, then from memory until the token expires."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from libs.config import Settings
from libs.web.errors import Unauthenticated
from libs.web.tokens import decode, principal_from_claims

# Two generations of this many: about 10 MB when full. A campus is 2,000 people.
REMEMBERED = 8192
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """What the gateway needs of a verified token."""

    user: str
    session: str
    expires: float


class Identity:
    """Turns an Authorization header into a Caller.

    Checking a signature costs 100 µs, a dictionary look-up next to nothing. Only good tokens are remembered, so that a flood
    of bad ones cannot push them out. Revocation is asked anew for every request, together with the rate limit.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time, remembered: int = REMEMBERED) -> None:
        self._settings = settings
        self._clock = clock
        self._remembered = remembered
        self._recent: dict[str, Caller] = {}
        self._older: dict[str, Caller] = {}

    def caller(self, header: str) -> Caller:
        """Return the caller of an Authorization header.

        Raises:
            Unauthenticated: none given, forged, expired, of another type or without a known role.
        """
        caller = self._recent.get(header)
        if caller is None:
            caller = self._older.pop(header, None) or self._verify(header)
            self._remember(header, caller)
        if caller.expires <= self._clock():
            raise Unauthenticated("Your sign-in has expired.", code="token_expired")
        return caller

    def _verify(self, header: str) -> Caller:
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated()
        if len(token) > LONGEST:
            raise Unauthenticated("This token is not valid.", code="token_invalid")
        claims = decode(self._settings, token)
        principal = principal_from_claims(claims)
        return Caller(str(principal.user_id), principal.session_id, float(claims["exp"]))

    def _remember(self, header: str, caller: Caller) -> None:
        if len(self._recent) >= self._remembered:
            self._older, self._recent = self._recent, {}
        self._recent[header] = caller
