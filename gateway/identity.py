"""Who is asking: flask-jwt-extended verifies the token of each route that wants one, together with the limits."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from gateway.rate_limits import RateLimits
from gateway.request_context import RequestContext, current
from gateway.route_table import LINK, SOCKETS, TOKEN
from libs.config import Settings
from libs.web import auth
from libs.web.errors import Unauthenticated


def install(app: Flask, settings: Settings, limits: RateLimits) -> None:
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
        if _needs_token(context):
            try:
                context.principal = auth.current_principal()
            except Unauthenticated as error:
                context.refused = error
        if context.windows is None and (context.route or request.path.startswith(SOCKETS)):
            limits.count(context)

    limits.install(app)

    @app.before_request
    def refuse() -> None:
        if refused := current().refused:
            raise refused


def _needs_token(context: RequestContext) -> bool:
    route = context.route
    if route is None or route.auth not in (TOKEN, LINK):
        return False
    return route.auth == TOKEN or "Authorization" in request.headers or b"signature=" not in request.query_string
