"""The tokens of people and of services: issued and verified by flask-jwt-extended, in its two places for our own rules.

Two kinds, signed with one key, each worthless as the other:

* ``access``: a person's, named by ``sub``, for every service, fifteen minutes;
* ``service``: a calling service's, named by ``svc``, for the one service in ``aud``, one minute.
"""

from __future__ import annotations

import functools
import time
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTDecodeError, JWTExtendedException, NoAuthorizationError, RevokedTokenError
from jwt import DecodeError, ExpiredSignatureError, InvalidSignatureError, PyJWTError

from libs import clock
from libs.config import Settings
from libs.contracts.principal import ROLES, Principal
from libs.web.errors import Unauthenticated

ACCESS, SERVICE = "access", "service"
ACCESS_LIFE = timedelta(minutes=15)
SERVICE_LIFE = timedelta(seconds=60)
REMEMBERED = 4096
"""Verified tokens kept in memory, about 1 kB each; a campus is 2,000 people."""
REFUSALS = (JWTExtendedException, PyJWTError)
"""What flask-jwt-extended raises for a token that is missing or not good; :func:`refusal` says it in our words."""


class TokenManager(JWTManager):
    """flask-jwt-extended for one kind of token, with a second key during rotation and a memory of what it verified.

    Checking a signature costs 100 µs of a request and a token is shown for fifteen minutes. So a verified token is remembered,
    and only the time, which is all that changes about it, is compared anew; whether its session was ended is asked elsewhere,
    with every request. A refusal is never remembered: a flood of bad tokens pushes nothing out.

    Args:
        typ: ``access`` or ``service``; a token of the other kind is refused.
        secret: the key that signs and verifies.
        previous: the key before it, which still verifies; empty for none.
    """

    def __init__(self, typ: str, secret: str, previous: str = "") -> None:
        super().__init__()
        self._typ = typ
        self._verified = functools.lru_cache(maxsize=REMEMBERED)(self._verify)
        self.encode_key_loader(lambda _identity: secret)
        self.decode_key_loader(lambda _header, _claims: secret)
        self._before = JWTManager() if previous else None
        if self._before:
            self._before.decode_key_loader(lambda _header, _claims: previous)

    def init_app(self, app: Flask, add_context_processor: bool = False) -> None:
        """Register with `app`; tokens come in the Authorization header only, and are good at once."""
        app.config.update(JWT_TOKEN_LOCATION=("headers",), JWT_ENCODE_NBF=False)
        super().init_app(app, add_context_processor)

    def _decode_jwt_from_config(
        self, encoded_token: str, csrf_value: str | None = None, allow_expired: bool = False
    ) -> dict[str, Any]:
        if allow_expired:
            return super()._decode_jwt_from_config(encoded_token, csrf_value, allow_expired)
        claims = self._verified(encoded_token)
        if float(claims["exp"]) <= time.time():
            claims = self._verify(encoded_token)  # which refuses it, as it would a stranger's
        return dict(claims)

    def _verify(self, token: str) -> dict[str, Any]:
        try:
            claims = self._signed_with_either_key(token)
        except ValueError as error:
            raise DecodeError("half a surrogate pair has no bytes") from error
        if claims.get("typ") != self._typ or not claims.keys() >= {"exp", "iat"}:
            raise JWTDecodeError("of another kind, or for ever")
        return claims

    def _signed_with_either_key(self, token: str) -> dict[str, Any]:
        try:
            return super()._decode_jwt_from_config(token)
        except InvalidSignatureError:
            if self._before is None:
                raise
            return self._before._decode_jwt_from_config(token)


def issue_access_token(settings: Settings, principal: Principal, now: datetime) -> str:
    """Return a signed access token for `principal`, good for fifteen minutes from `now`."""
    claims = {
        "username": principal.username,
        "role": principal.role,
        "positions": list(principal.positions),
        "cadet_id": principal.cadet_id,
        "staff_id": principal.staff_id,
        "sid": principal.session_id,
    }
    if principal.due:
        claims["due"] = principal.due
    if principal.proved_at:
        claims["auth_time"] = principal.proved_at
    with _outside(settings.secret_key, settings.secret_key_previous).app_context():
        return create_access_token(str(principal.user_id), additional_claims=claims | _of(ACCESS, now, ACCESS_LIFE))


def service_token(settings: Settings, caller: str, audience: str, principal: Principal | None = None) -> str:
    """Return a one-minute token with which service `caller` may call `audience`, on behalf of `principal` if given."""
    claims = _of(SERVICE, clock.now(), SERVICE_LIFE)
    if principal:
        claims["on_behalf_of"] = principal.user_id
    with _outside(settings.secret_key, settings.secret_key_previous, audience).app_context():
        return create_access_token(caller, additional_claims=claims)


def decode(settings: Settings, token: str) -> dict[str, Any]:
    """Return the claims of a person's token signed with the current or the previous key.

    For who has no request of ours; a view asks :func:`libs.web.auth.current_principal`.

    Raises:
        Unauthenticated: forged, expired or of another kind.
    """
    return _decoded(_outside(settings.secret_key, settings.secret_key_previous), token)


def decode_service_token(settings: Settings, token: str, audience: str) -> dict[str, Any]:
    """Return the claims of a service's token for `audience`.

    Raises:
        Unauthenticated: forged, expired, of another kind or for another audience.
    """
    return _decoded(_outside(settings.secret_key, settings.secret_key_previous, audience), token)


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
            due=str(claims.get("due", "")),
            proved_at=int(claims.get("auth_time", 0)),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise refusal(error) from error
    if principal.role not in ROLES:
        raise Unauthenticated("This token is not valid.", code="token_invalid")
    return principal


def refusal(error: Exception) -> Unauthenticated:
    """Return what a person is told about a token that was refused with `error`."""
    if isinstance(error, NoAuthorizationError):
        return Unauthenticated()
    if isinstance(error, ExpiredSignatureError):
        return Unauthenticated("Your sign-in has expired.", code="token_expired")
    if isinstance(error, RevokedTokenError):
        return Unauthenticated("You were signed out.", code="session_revoked")
    return Unauthenticated("This token is not valid.", code="token_invalid")


def _of(typ: str, now: datetime, life: timedelta) -> dict[str, Any]:
    return {"typ": typ, "iat": int(now.timestamp()), "exp": int((now + life).timestamp())}


@functools.lru_cache(maxsize=64)
def _outside(secret: str, previous: str, audience: str = "") -> Flask:
    """Return an application that serves nothing: flask-jwt-extended reads its settings from one, and consumers, the sockets
    process and calls to other services have no request. With an audience it is for services' tokens.
    """
    app = Flask("rgms-tokens", static_folder=None)
    if audience:
        name = f"rgms:{audience}"
        app.config.update(JWT_IDENTITY_CLAIM="svc", JWT_ENCODE_AUDIENCE=name, JWT_DECODE_AUDIENCE=name)
    TokenManager(SERVICE if audience else ACCESS, secret, previous).init_app(app)
    return app


def _decoded(app: Flask, token: str) -> dict[str, Any]:
    try:
        with app.app_context():
            return decode_token(token)
    except REFUSALS as error:
        raise refusal(error) from error
