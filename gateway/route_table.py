"""The whole public surface under /api/v1 as data. What is not listed here does not exist: 404, and no service hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PREFIX = "/api/v1/"
SOCKETS = "/ws/"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})

TOKEN = "token"  # noqa: S105 - a kind of check, not a secret
PUBLIC = "public"
LINK = "link"
OPTIONAL = "optional"
"""How a route is entered: with a verified token; by anyone; with a token or a signature in the query that the service judges;
by anyone, and counted by user where a good token is shown."""

# Each of these is counted apart from everything else, so that a flood of one keeps nobody from the others.
DOORS = frozenset({"sign_in", "refresh", "sign_out", "activation", "recovery"})

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Route:
    """One public prefix.

    Attributes:
        prefix: path segments below /api/v1; `*` stands for exactly one segment.
        upstream: the service that answers; `gateway` is this process.
        auth: TOKEN, PUBLIC, LINK or OPTIONAL.
        limit: the rate limit class: `standard`, `upload` or one of DOORS.
        timeout: seconds to wait for the service's next byte.
        body: the largest request body in bytes.
        exact: whether the prefix alone matches, and nothing below it.
        cookies: whether the cookies of a browser's sign-ins reach the service.
    """

    prefix: str
    upstream: str
    auth: str = TOKEN
    limit: str = "standard"
    timeout: float = 15.0
    body: int = 256 * KIB
    exact: bool = False
    cookies: bool = False

    @property
    def segments(self) -> tuple[str, ...]:
        """The prefix as path segments."""
        return tuple(self.prefix.split("/"))


ROUTES: tuple[Route, ...] = (
    # Hashing one password takes 0.25 s of a core, and a muster signs in by hundreds: it may queue.
    Route("auth/login", "auth", PUBLIC, "sign_in", timeout=30, body=16 * KIB, exact=True, cookies=True),
    Route("auth/login/second", "auth", PUBLIC, "sign_in", body=16 * KIB, exact=True, cookies=True),
    Route("auth/refresh", "auth", PUBLIC, "refresh", body=16 * KIB, exact=True, cookies=True),
    Route("auth/logout", "auth", OPTIONAL, "sign_out", body=16 * KIB, exact=True, cookies=True),
    Route("auth/activate", "auth", PUBLIC, "activation", timeout=30, body=16 * KIB, exact=True, cookies=True),
    Route("auth/password/forgot", "auth", PUBLIC, "recovery", body=16 * KIB, exact=True),
    Route("auth/password/reset", "auth", PUBLIC, "recovery", timeout=30, body=16 * KIB, exact=True),
    Route("auth/email-links/look", "auth", PUBLIC, "recovery", body=16 * KIB, exact=True),
    Route("auth/email-links/accept", "auth", PUBLIC, "recovery", body=16 * KIB, exact=True),
    Route("auth/email-links/undo", "auth", PUBLIC, "recovery", body=16 * KIB, exact=True),
    Route("auth", "auth", timeout=30),
    *(Route(f"audit/{service}", service, exact=True) for service in ("auth", "roster", "grading", "media")),
    Route("cadets/imports", "roster", timeout=60, body=10 * MIB),
    Route("cadets", "roster"),
    Route("staff", "roster"),
    Route("units", "roster"),
    Route("courses", "roster"),
    Route("terms", "grading"),
    Route("training-days", "grading"),
    Route("attendance", "grading", timeout=30, body=MIB),
    Route("merits", "grading", timeout=30, body=MIB),
    Route("exams", "grading", timeout=30, body=MIB),
    Route("grading", "grading"),
    Route("files/upload", "media", limit="upload", timeout=60, body=26 * MIB, exact=True),
    Route("files/*/download", "media", LINK, timeout=60, exact=True),
    Route("files", "media"),
    Route("notifications", "realtime"),
    Route("realtime/tickets", "realtime", exact=True),
    Route("reports", "tasks"),
    Route("tasks", "tasks"),
    Route("metrics", "gateway", exact=True),
)


class RouteTable:
    """Finds the most specific route of a path in one or two dictionary look-ups."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self._by_first: dict[str, tuple[tuple[tuple[str, ...], Route], ...]] = {}
        grouped: dict[str, list[tuple[tuple[str, ...], Route]]] = {}
        for route in routes:
            grouped.setdefault(route.segments[0], []).append((route.segments, route))
        for first, entries in grouped.items():
            # Longer prefixes first; among equals a literal before a star.
            self._by_first[first] = tuple(sorted(entries, key=lambda entry: (-len(entry[0]), entry[0].count("*"))))

    def find(self, path: str) -> Route | None:
        """Return the route of a decoded path that starts with PREFIX, or None.

        A path with an empty, dotted or unprintable segment has no route: two readers of it could disagree on what it names.
        """
        below = path[len(PREFIX) :].removesuffix("/")
        segments = below.split("/")
        candidates = self._by_first.get(segments[0])
        if candidates is None or _ambiguous(below, segments):
            return None
        for prefix, route in candidates:
            if _matches(prefix, segments, route.exact):
                return route
        return None


def _matches(prefix: tuple[str, ...], segments: list[str], exact: bool) -> bool:
    if len(segments) < len(prefix) or (exact and len(segments) != len(prefix)):
        return False
    return all(wanted in ("*", given) for wanted, given in zip(prefix, segments, strict=False))


def _ambiguous(below: str, segments: list[str]) -> bool:
    return "" in segments or "." in segments or ".." in segments or _UNSAFE.search(below) is not None
