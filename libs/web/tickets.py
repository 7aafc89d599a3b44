"""One-use tickets: a browser cannot set a header on a socket, and a token in an address ends up in logs.

The API hands one out, the gateway looks at it before it opens a tunnel, and the sockets process redeems it. It lives half a
minute and is gone after one use.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import redis
from flask_jwt_extended import get_jwt

from libs.contracts.principal import Principal
from libs.events.redis_clients import current_redis
from libs.ids import new_token
from libs.web.auth import current_principal
from libs.web.errors import UpstreamDown
from libs.web.jsonio import dumps, loads

LIFE_SECONDS = 30


def _key(ticket: str) -> str:
    # Only a digest is stored: who reads Redis cannot open a socket with it.
    return f"rgms:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"


def issue(client: redis.Redis, principal: Principal, expires_at: datetime) -> str:
    """Return a ticket for `principal`; the socket opened with it lives until `expires_at`, as the token's would."""
    ticket = new_token()
    content = {"principal": asdict(principal), "expires_at": expires_at.timestamp()}
    client.set(_key(ticket), dumps(content), ex=LIFE_SECONDS)
    return ticket


def issue_for_request() -> str:
    """Return a ticket that stands for the verified token of the running request.

    Raises:
        UpstreamDown: Redis does not answer; a socket may be opened with the token instead.
    """
    principal = current_principal()
    try:
        return issue(current_redis(), principal, datetime.fromtimestamp(get_jwt()["exp"], UTC))
    except redis.RedisError as error:
        raise UpstreamDown("Tickets are not available right now; nothing was lost.") from error


def redeem(client: redis.Redis, ticket: str) -> tuple[Principal, datetime] | None:
    """Return whose ticket this is and until when, once; None for a used, expired or made-up one."""
    return _read(client.getdel(_key(ticket)))


def look(client: redis.Redis, ticket: str) -> tuple[Principal, datetime] | None:
    """Return what `redeem` would, and leave the ticket as it is."""
    return _read(client.get(_key(ticket)))


def _read(stored: Any) -> tuple[Principal, datetime] | None:
    if stored is None:
        return None
    content = loads(stored)
    fields = content["principal"]
    principal = Principal(**{**fields, "positions": tuple(fields["positions"])})
    return principal, datetime.fromtimestamp(content["expires_at"], UTC)
