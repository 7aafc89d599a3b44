"""Verification of user and service tokens, and permissions that fail closed.

The gateway checks a token first; every service checks it again here.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from flask import current_app, g, request
from flask_smorest import Blueprint

from libs import clock
from libs.config import Settings
from libs.contracts.principal import PERMISSIONS, ROLES, Principal
from libs.web.errors import Forbidden, Unauthenticated

ACCESS_LIFE = timedelta(minutes=15)
SERVICE_LIFE = timedelta(seconds=60)
ALGORITHM = "HS256"
PUBLIC, AUTHENTICATED, SERVICE = "public", "authenticated", "service"

log = logging.getLogger(__name__)


def revoked_key(session_id: str) -> str:
    """Return the Redis key that marks a session's access tokens as revoked."""
    return f"rgms:revoked:{session_id}"


def issue_access_token(settings: Settings, principal: Principal, now: datetime) -> str:
    """Return a signed access token for `principal`, good for fifteen minutes from `now`."""
    claims = {
        "sub": str(principal.user_id),
        "username": principal.username,
        "role": principal.role,
        "positions": list(principal.positions),
        "cadet_id": principal.cadet_id,
        "staff_id": principal.staff_id,
        "sid": principal.session_id,
        "typ": "access",
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFE).timestamp()),
    }
    return jwt.encode(claims, settings.secret_key, algorithm=ALGORITHM)


def service_token(settings: Settings, caller: str, audience: str, principal: Principal | None = None) -> str:
    """Return a one-minute token with which service `caller` may call `audience`, on behalf of `principal` if given."""
    now = clock.now()
    claims: dict[str, Any] = {
        "typ": "service",
        "svc": caller,
        "aud": f"rgms:{audience}",
        "iat": int(now.timestamp()),
        "exp": int((now + SERVICE_LIFE).timestamp()),
    }
    if principal:
        claims["on_behalf_of"] = principal.user_id
    return jwt.encode(claims, settings.secret_key, algorithm=ALGORITHM)


# Checking a signature costs 100 µs of a request and a token is shown for fifteen minutes. A refusal is never remembered, and
# `decode` compares the time anew, which is all that changes about a token that was good.
@functools.lru_cache(maxsize=4096)
def _verified(token: str, key: str, audience: str | None) -> dict[str, Any]:
    options = {"require": ["exp", "iat"], "verify_aud": audience is not None}
    return jwt.decode(token, key, algorithms=[ALGORITHM], audience=f"rgms:{audience}" if audience else None, options=options)


def decode(settings: Settings, token: str, typ: str = "access", audience: str | None = None) -> dict[str, Any]:
    """Return the claims of a token of type `typ` signed with the current or the previous key.

    Raises:
        Unauthenticated: forged, expired, of another type or for another audience.
    """
    for key in filter(None, (settings.secret_key, settings.secret_key_previous)):
        try:
            claims = _verified(token, key, audience)
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("Your sign-in has expired.", code="token_expired") from error
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Unauthenticated("This token is not valid.", code="token_invalid") from error
        if claims.get("typ") != typ:
            break
        if int(claims["exp"]) <= clock.now().timestamp():
            raise Unauthenticated("Your sign-in has expired.", code="token_expired")
        return dict(claims)
    raise Unauthenticated("This token is not valid.", code="token_invalid")


def principal_from_claims(claims: dict[str, Any]) -> Principal:
    """Return the person of verified claims.

    Raises:
        Unauthenticated: the claims lack a known role or a numeric user.
    """
    try:
        principal = Principal(
            user_id=int(claims["sub"]),
            username=str(claims["username"]),
            role=claims["role"],
            positions=tuple(claims.get("positions") or ()),
            cadet_id=claims.get("cadet_id"),
            staff_id=claims.get("staff_id"),
            session_id=str(claims.get("sid", "")),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Unauthenticated("This token is not valid.", code="token_invalid") from error
    if principal.role not in ROLES:
        raise Unauthenticated("This token is not valid.", code="token_invalid")
    return principal


def bearer_token() -> str:
    """Return the token of the Authorization header; Unauthenticated when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated()
    return token.strip()


def current_principal() -> Principal:
    """Return the verified person of this request; verified once, then remembered.

    Raises:
        Unauthenticated: no token, a bad one, or one of a revoked session.
    """
    if "principal" not in g:
        settings: Settings = current_app.config["RGMS"]
        principal = principal_from_claims(decode(settings, bearer_token()))
        _refuse_revoked(principal.session_id)
        g.principal = principal
    return g.principal


def _refuse_revoked(session_id: str) -> None:
    redis = current_app.extensions.get("rgms_redis")
    if redis is None or not session_id:
        return
    try:
        revoked = redis.exists(revoked_key(session_id))
    except Exception:
        # Redis down must not sign everybody out; an access token lives fifteen minutes at most.
        log.warning("revocation could not be checked")
        return
    if revoked:
        raise Unauthenticated("You were signed out.", code="session_revoked")


def calling_service() -> str:
    """Return the name of the service that signed this internal request.

    Raises:
        Unauthenticated: no service token for us.
    """
    settings: Settings = current_app.config["RGMS"]
    return str(decode(settings, bearer_token(), "service", audience=settings.service)["svc"])


def authorize(permission: str) -> None:
    """Refuse this request unless its caller holds `permission` (or the door is public).

    Raises:
        Unauthenticated, Forbidden
    """
    if permission == PUBLIC:
        return
    if permission == SERVICE:
        calling_service()
        return
    principal = current_principal()
    if permission != AUTHENTICATED and not principal.may(permission):
        raise Forbidden(details={"permission": permission})


def require(permission: str) -> Callable:
    """Decorate a view that needs `permission` besides that of its mount."""
    if permission not in PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")

    def decorate(view: Callable) -> Callable:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            authorize(permission)
            return view(*args, **kwargs)

        guarded.__dict__["rgms_permission"] = permission
        return guarded

    return decorate


@dataclass(frozen=True)
class Mount:
    """A blueprint beside the permissions it needs: `read` for GET and HEAD, `write` for everything else."""

    blueprint: Blueprint
    read: str
    write: str

    def __post_init__(self) -> None:
        for permission in (self.read, self.write):
            if permission not in PERMISSIONS | {PUBLIC, AUTHENTICATED, SERVICE}:
                raise ValueError(f"unknown permission {permission!r} on {self.blueprint.name}")

    def guard(self) -> None:
        """Authorize the running request before its body is even read."""
        authorize(self.read if request.method in {"GET", "HEAD"} else self.write)
