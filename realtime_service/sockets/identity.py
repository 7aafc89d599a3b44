"""Who opens a socket: by one-use ticket or by access token, never by anything a client merely claims."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

import redis

from libs.config import Settings
from libs.contracts.principal import DUE, Principal
from libs.web import tickets
from libs.web.auth import revoked_key
from libs.web.errors import Unauthenticated, UpstreamDown
from libs.web.tokens import decode, principal_from_claims

# A token is a few hundred bytes; more is not worth verifying.
MAX_TOKEN = 3_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """A verified principal, and the Unix time at which the socket must have been renewed."""

    principal: Principal
    expires_at: float


class Identifier:
    """Verifies what a socket brings. The account is the one the token names: no second table of users is asked."""

    def __init__(self, settings: Settings, client: redis.Redis) -> None:
        self._settings = settings
        self._redis = client

    def identify(self, *, ticket: str, token: str) -> Identity:
        """Return who holds `ticket`, or else `token`.

        Raises:
            Unauthenticated: neither, or one that is used up, forged, expired or of a revoked session.
            UpstreamDown: the ticket could not be looked up.
        """
        identity = self._of_ticket(ticket) if ticket else self._of_token(token)
        if self.revoked([identity.principal.session_id]):
            raise Unauthenticated("You were signed out.", code="session_revoked")
        return identity

    def _of_ticket(self, ticket: str) -> Identity:
        try:
            found = tickets.redeem(self._redis, ticket[:MAX_TOKEN])
        except redis.RedisError as error:
            raise UpstreamDown() from error
        if found is None:
            raise Unauthenticated("This ticket was used already or has expired.", code="ticket_invalid")
        principal, expires_at = found
        return Identity(principal, expires_at.timestamp())

    def _of_token(self, token: str) -> Identity:
        if not token or len(token) > MAX_TOKEN:
            raise Unauthenticated()
        claims = decode(self._settings, token)
        principal = principal_from_claims(claims)
        if principal.due:
            raise Unauthenticated(DUE.get(principal.due, ""), code=f"{principal.due}_due")
        return Identity(principal, float(claims["exp"]))

    def revoked(self, session_ids: Iterable[str]) -> set[str]:
        """Return which of these sessions were revoked; none while Redis does not answer, for a token's life at most."""
        asked = [session_id for session_id in session_ids if session_id]
        if not asked:
            return set()
        try:
            found = self._redis.mget([revoked_key(session_id) for session_id in asked])
        except redis.RedisError:
            log.warning("revocation could not be checked")
            return set()
        return {session_id for session_id, value in zip(asked, found, strict=True) if value is not None}
