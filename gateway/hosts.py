"""Which hosts we answer for: the Host header against ALLOWED_HOSTS (criterion 25.3)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

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
    """Judges Host headers.

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
        return name in _LOCAL or name.endswith(".localhost") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
