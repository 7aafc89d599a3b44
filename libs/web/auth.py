"""Who asks, and permissions that fail closed.

The gateway checks a token first; every service checks it again here.
"""

from __future__ import annotations

import functools
import importlib
import logging
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import get_current_user, verify_jwt_in_request
from flask_jwt_extended.exceptions import NoAuthorizationError, RevokedTokenError
from flask_smorest import Blueprint
from jwt import ExpiredSignatureError, InvalidTokenError
from werkzeug.datastructures import Headers

from libs.acting import Acting, acting
from libs.config import Settings
from libs.contracts.principal import DUE, PERMISSIONS, Principal
from libs.events.redis_clients import current_redis
from libs.web import tokens
from libs.web.error_handlers import respond
from libs.web.errors import Forbidden, Unauthenticated
from libs.web.request_context import SESSION_HEADER, client_address, signed

PUBLIC, AUTHENTICATED, SERVICE = "public", "authenticated", "service"

PROVED_FOR = timedelta(minutes=5)

log = logging.getLogger(__name__)


def revoked_key(session_id: str) -> str:
    """Return the Redis key that marks a session's access tokens as revoked."""
    return f"rgms:revoked:{session_id}"


def install(app: Flask, settings: Settings) -> tokens.TokenManager:
    """Let flask-jwt-extended verify the people's tokens that `app` is shown, and answer in the one error shape.

    Redis is asked for ended sessions with every request; who asks for more in the same call gives the returned manager a
    blocklist loader of its own.
    """
    manager = tokens.TokenManager(tokens.ACCESS, settings.secret_key, settings.secret_key_previous)
    manager.init_app(app)
    manager.token_in_blocklist_loader(lambda _header, claims: _ended(str(claims.get("sid") or "")))
    manager.user_lookup_loader(lambda _header, claims: tokens.principal_from_claims(claims))
    _answer_in_the_one_shape(manager)
    return manager


def _answer_in_the_one_shape(manager: tokens.TokenManager) -> None:
    def answer(*_facts: object, error: Exception) -> Response:
        return respond(tokens.refusal(error))

    manager.unauthorized_loader(functools.partial(answer, error=NoAuthorizationError()))
    manager.expired_token_loader(functools.partial(answer, error=ExpiredSignatureError()))
    manager.revoked_token_loader(functools.partial(answer, error=RevokedTokenError({}, {})))
    for loader in (manager.invalid_token_loader, manager.user_lookup_error_loader):
        loader(functools.partial(answer, error=InvalidTokenError()))


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
        _spell_scheme_as_the_library_does()
        try:
            verified = verify_jwt_in_request()
        except tokens.REFUSALS as error:
            raise tokens.refusal(error) from error
        if verified is None:
            # The library lets OPTIONS pass without looking; that signs nobody in.
            raise Unauthenticated()
        g.principal = get_current_user()
        if request.method not in {"GET", "HEAD"}:
            act_as(g.principal)
    return g.principal


def act_as(principal: Principal) -> None:
    """Have what this request writes from here on bear the name of `principal`."""
    acting.set(Acting(principal.user_id, principal.username, g.request_id, client_address()))


def _spell_scheme_as_the_library_does() -> None:
    # RFC 9110: the scheme's name has no case. The library knows one spelling, and stumbles over a header of nothing but commas,
    # which bearer_token refuses.
    token = bearer_token()
    if not request.headers["Authorization"].startswith("Bearer "):
        request.headers = Headers(request.headers)
        request.headers["Authorization"] = f"Bearer {token}"


def _ended(session_id: str) -> bool:
    # The gateway asked a moment ago, in the call by which it counts: once for each request is enough, and a tenth of it.
    return bool(session_id) and signed(SESSION_HEADER) != session_id and ended_in_redis(session_id)


def ended_in_redis(session_id: str) -> bool:
    """Return whether Redis knows the session as ended; False while Redis does not answer.

    Redis down must not sign everybody out; an access token lives fifteen minutes at most.
    """
    try:
        return bool(current_redis().exists(revoked_key(session_id)))
    except redis.RedisError:
        log.warning("revocation could not be checked")
        return False


def calling_service() -> str:
    """Return the name of the service that signed this internal request.

    Raises:
        Unauthenticated: no service token for us.
    """
    settings: Settings = current_app.config["RGMS"]
    claims = tokens.decode_service_token(settings, bearer_token(), settings.service)
    acting.set(Acting(claims.get("on_behalf_of"), f"service {claims['svc']}", g.get("request_id", "")))
    return str(claims["svc"])


def refuse_while_due(principal: Principal) -> None:
    """Refuse who has to do something else before anything.

    Raises:
        Forbidden: naming it, as ``password_due``.
    """
    if principal.due:
        raise Forbidden(DUE.get(principal.due, ""), code=f"{principal.due}_due")


def refuse_unless_proved(principal: Principal, now: datetime) -> None:
    """Refuse who has not given their password within the last five minutes: a borrowed phone or a stolen token is not enough.

    Raises:
        Forbidden: ``password_needed``; ``POST /api/v1/auth/proof`` takes the password and gives a token that passes.
    """
    if now.timestamp() - principal.proved_at > PROVED_FOR.total_seconds():
        within = {"within_seconds": int(PROVED_FOR.total_seconds())}
        raise Forbidden("Type your password again to do this.", code="password_needed", details=within)


def authorize(permission: str, *, while_due: bool = False) -> None:
    """Refuse this request unless its caller holds `permission` (or the door is public).

    Args:
        while_due: whether who has to do something before anything else may pass, since it is done here.

    Raises:
        Unauthenticated, Forbidden
    """
    if permission == PUBLIC:
        return
    if permission == SERVICE:
        calling_service()
        return
    principal = current_principal()
    if not while_due:
        refuse_while_due(principal)
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
    """A blueprint beside the permissions it needs: `read` for GET and HEAD, `write` for everything else.

    Attributes:
        while_due: whether it also serves who has to do something before anything else.
    """

    blueprint: Blueprint
    read: str
    write: str
    while_due: bool = False

    def __post_init__(self) -> None:
        for permission in (self.read, self.write):
            if permission not in PERMISSIONS | {PUBLIC, AUTHENTICATED, SERVICE}:
                raise ValueError(f"unknown permission {permission!r} on {self.blueprint.name}")

    def permission(self, method: str) -> str:
        """Return what a request with this method needs, `method` in capitals."""
        return self.read if method in {"GET", "HEAD"} else self.write

    def guard(self) -> None:
        """Authorize the running request before its body is even read."""
        authorize(self.permission(request.method), while_due=self.while_due)


def mounts_of(package: str) -> list[Mount]:
    """Return what the modules of a `routes` package mount, so that none can be forgotten.

    Raises:
        TypeError: a module has a blueprint and no `mount`.
    """
    mounts = []
    for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{found.name}")
        if hasattr(module, "mount"):
            mounts.append(module.mount)
        elif hasattr(module, "blueprint"):
            raise TypeError(f"{module.__name__}: say who may come in, mount = Mount(blueprint, read=..., write=...)")
    return mounts
