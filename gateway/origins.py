"""Which hosts we answer for and which origins may read us: ALLOWED_HOSTS, CORS, and the origin of a socket."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from gateway.answers import Environ, HeaderList, StartResponse

METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
HEADERS = "Authorization, Content-Type, X-Requested-With, Idempotency-Key, If-Match"
EXPOSED = "ETag, X-Request-ID, Retry-After, Location, Content-Disposition"
PREFLIGHT_SECONDS = 600
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def host_name(host: str) -> str:
    """Return the name in a Host header, lower case, without port and brackets; empty when it is not one."""
    name, colon, port = host, "", ""
    if host.startswith("["):
        name, bracket, rest = host[1:].partition("]")
        if not bracket or rest[:1] not in ("", ":") or not _is_address(name):
            return ""
        colon, port = rest[:1], rest[1:]
    elif ":" in host:
        name, colon, port = host.partition(":")
    # What follows the name is a port and nothing else: `[x]:443@evil.com` is another host to whoever reads it as an address.
    if colon and not (port.isascii() and port.isdigit()):
        return ""
    return name.rstrip(".").lower()


class Hosts:
    """Judges Host headers (criterion 25.3).

    Without a list (development) the local names and literal addresses pass: a literal address cannot be rebound by a DNS name.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        names = {name.lower() for name in allowed}
        self._all = "*" in names
        self._exact = frozenset(name for name in names if not name.startswith("."))
        self._suffixes = tuple(name for name in names if name.startswith("."))
        self._open = not names
        self._known: set[str] = set()

    def allows(self, host: str) -> bool:
        """Whether a request with this Host header is for us."""
        if host in self._known:
            return True
        if not self._judge(host_name(host)):
            return False
        if len(self._known) < 256:
            self._known.add(host)
        return True

    def _judge(self, name: str) -> bool:
        if not name or any(character in name for character in "/\\@?# \t,"):
            return False
        if self._all or name in self._exact or any(name.endswith(suffix) or name == suffix[1:] for suffix in self._suffixes):
            return True
        if not self._open:
            return False
        if name in _LOCAL or name.endswith(".localhost"):
            return True
        return _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Origins:
    """Cross-origin rules: only the configured origins, with credentials (criteria 19.6 and 30)."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    def headers(self, origin: str) -> HeaderList:
        """Return the CORS headers of an answer to `origin`; only Vary for an origin that is not allowed."""
        if not origin:
            return [("Vary", "Origin")] if self._allowed else []
        if origin.lower() not in self._allowed:
            return [("Vary", "Origin")]
        return [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", EXPOSED),
            ("Vary", "Origin"),
        ]

    def preflight(self, environ: Environ, start_response: StartResponse, more: HeaderList) -> list[bytes]:
        """Answer a preflight: what is allowed to an allowed origin, nothing to any other."""
        headers = self.headers(environ.get("HTTP_ORIGIN", ""))
        if len(headers) > 1:
            headers += [
                ("Access-Control-Allow-Methods", METHODS),
                ("Access-Control-Allow-Headers", HEADERS),
                ("Access-Control-Max-Age", str(PREFLIGHT_SECONDS)),
            ]
        start_response("204 No Content", [*headers, *more])
        return [b""]

    def may_connect(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` may open a socket to `host`: its own, or an allowed one.

        A client that is no browser sends no Origin; it has no ambient credentials to abuse, and needs a token like anyone.
        """
        if not origin:
            return True
        if origin.lower() in self._allowed:
            return True
        return urlsplit(origin).netloc.lower() == host.lower() and origin.lower().startswith(("http://", "https://"))
