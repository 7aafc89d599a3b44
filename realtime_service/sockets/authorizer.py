"""Which channels a principal may receive, and which pages may open a socket. Pure; fails closed."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from libs.contracts.events.delivery import EVERYONE_CHANNEL, STAFF_CHANNEL, cadet_channel, session_channel, user_channel
from libs.contracts.principal import ROLES, Principal

NOTIFICATIONS, UPDATES = "notifications", "updates"


def channels_of(principal: Principal, feed: str) -> frozenset[str]:
    """Return the channels that `principal` receives on `feed`.

    Args:
        feed: NOTIFICATIONS for one's own notifications and jobs, UPDATES for those and everything else one may see.

    The session's own channel is always among them: on it comes the order to close.
    """
    if principal.role not in ROLES:
        return frozenset()
    own = {user_channel(principal.user_id)}
    if principal.session_id:
        own.add(session_channel(principal.session_id))
    if feed != UPDATES:
        return frozenset(own)
    own.add(EVERYONE_CHANNEL)
    # Both, because the staff channel carries rows of the roster and of the gradebook.
    if principal.may("grading.read") and principal.may("roster.read"):
        own.add(STAFF_CHANNEL)
    elif principal.role == "cadet" and principal.cadet_id is not None:
        own.add(cadet_channel(principal.cadet_id))
    return frozenset(own)


def origin_allowed(origin: str, hosts: Collection[str], allowed: Collection[str]) -> bool:
    """Return whether a page of `origin` may connect: one of our own `hosts`, or one of the `allowed` origins.

    A client that is no browser sends no Origin; it needs a token like anyone.
    """
    if not origin:
        return True
    if origin.rstrip("/").lower() in {each.rstrip("/").lower() for each in allowed}:
        return True
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    return page.scheme in ("http", "https") and page.netloc.lower() in {host.lower() for host in hosts if host}
