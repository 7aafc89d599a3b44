"""The cookies in which browsers keep their refresh tokens: who may use them, and how they are dressed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.cors import may_connect
from gateway.headers import harden_cookie
from libs.contracts.browser_session import COOKIE_PREFIX
from libs.web.errors import Forbidden


class SessionCookies:
    """Passes a browser's cookies on for its own pages and for those that may call us.

    A cookie comes with whatever request any site makes; the handle, a header that no form can send and that only the page
    knows, does not. So no cookie passes without it, and none at all for a page of an origin that nobody named.

    Args:
        origins: which other origins may call us.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = tuple(origins)

    def to_service(self, environ: Mapping[str, Any]) -> str:
        """Return what of a request's Cookie header reaches the service; empty for nothing.

        Raises:
            Forbidden: the page that asks is of another origin.
        """
        if not environ.get("HTTP_X_SESSION_HANDLE"):
            return ""
        origin = environ.get("HTTP_ORIGIN", "")
        foreign = not may_connect(origin, environ.get("HTTP_HOST", ""), self._origins)
        if foreign or (not origin and environ.get("HTTP_SEC_FETCH_SITE") == "cross-site"):
            raise Forbidden("Pages of this address may not sign in here.", code="origin_not_allowed")
        pairs = (pair.strip() for pair in environ.get("HTTP_COOKIE", "").split(";"))
        return "; ".join(pair for pair in pairs if pair.startswith(COOKIE_PREFIX))

    @staticmethod
    def to_browser(environ: Mapping[str, Any], scheme: str, value: str) -> str:
        """Return a Set-Cookie value of a service as it leaves."""
        return harden_cookie(value, scheme=scheme, cross_site=environ.get("HTTP_SEC_FETCH_SITE") == "cross-site")
