"""Who is asking: flask-jwt-extended verifies the token of each route that wants one, together with the limits."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Any

import redis
from flask import Flask, request

from gateway.rate_limits import RateLimits
from gateway.request_context import RequestContext, current
from gateway.route_table import DOORS, LINK, OPTIONAL, PUBLIC, SOCKETS, TOKEN
from libs.config import Settings
from libs.contracts.principal import Principal
from libs.web import auth, devices, tickets, tokens
from libs.web.errors import AppError, Unauthenticated, UpstreamDown

# A whole unit opens its sockets in one moment, and each look takes a connection of Redis for a millisecond: they wait in turn
# for those there are.
_LOOKS = BoundedSemaphore(16)


def install(app: Flask, settings: Settings, limits: RateLimits, client: redis.Redis) -> None:
    """Let only those requests of `app` pass that are few enough and whose token is good, where one is needed.

    Checking forged tokens must not be free: a refused token counts against its address before it is refused.
    """
    manager = auth.install(app, settings)

    @manager.token_in_blocklist_loader
    def session_ended(_header: dict[str, Any], claims: dict[str, Any]) -> bool:
        # The one moment at which user and session are known: the limits are asked in the same call.
        return limits.count(current(), str(claims.get("sub", "")), str(claims.get("sid") or ""))

    @app.before_request
    def identify() -> None:
        context = current()
        if request.method == "OPTIONS":
            return
        if request.path.startswith(SOCKETS):
            _identify_socket(context, settings, limits, client)
            return
        if context.route and context.route.limit in DOORS:
            _recognise(context, settings)
        if _needs_token(context):
            try:
                context.principal = auth.current_principal()
            except Unauthenticated as error:
                context.refused = error
        if context.windows is None and context.route:
            limits.admit(context)

    limits.install(app)

    @app.before_request
    def refuse() -> None:
        context = current()
        if context.refused and context.route and context.route.auth != OPTIONAL:
            raise context.refused


def _needs_token(context: RequestContext) -> bool:
    route = context.route
    if route is None or route.auth == PUBLIC:
        return False
    shown = "Authorization" in request.headers
    return route.auth == TOKEN or shown or (route.auth == LINK and b"signature=" not in request.query_string)


def _recognise(context: RequestContext, settings: Settings) -> None:
    token = request.cookies.get(devices.COOKIE, "")
    if token and (device := devices.read(settings, token)):
        context.device, context.device_token = device, token


def _identify_socket(context: RequestContext, settings: Settings, limits: RateLimits, client: redis.Redis) -> None:
    """Find out who opens a socket, and count it as theirs; nobody's counts against its address."""
    try:
        context.principal = who = _holder(settings, client)
    except AppError as error:
        context.refused = error
        limits.count(context)
    else:
        if limits.count(context, str(who.user_id), who.session_id):
            context.refused = Unauthenticated("You were signed out.", code="session_revoked")


def _holder(settings: Settings, client: redis.Redis) -> Principal:
    """Return who holds the ticket or the token of this handshake; the ticket stays good, the sockets process redeems it.

    Raises:
        Unauthenticated: neither, or one that is used up, forged or expired. UpstreamDown: the ticket could not be looked up.
    """
    ticket = request.args.get("ticket", "")
    if not ticket:
        return tokens.principal_from_claims(tokens.decode(settings, request.args.get("token", "") or auth.bearer_token()))
    try:
        with _LOOKS:
            found = tickets.look(client, ticket)
    except redis.RedisError as error:
        raise UpstreamDown("Live updates are not available just now.", details={"service": "redis"}) from error
    if found is None:
        raise Unauthenticated("This ticket was used already or has expired.", code="ticket_invalid")
    return found[0]
