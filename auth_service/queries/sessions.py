"""Sessions as their owner sees them."""

from datetime import datetime

from libs.web.lists import INSTANT, UUID_, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page

SESSIONS = Listing(
    source="auth.session s",
    id=Key("s.id", UUID_),
    fields=columns_of("s", ("id", "created_at", "last_used_at", "expires_at", "address", "user_agent"))
    | {"current": "(CAST(s.id AS text) = :current)"},
    sorts={name: (Key(f"s.{name}", INSTANT),) for name in ("last_used_at", "created_at", "expires_at")},
    default_sort="-last_used_at",
    instants=("created_at", "last_used_at", "expires_at"),
)


def live_sessions(user_id: int, *, current: str, now: datetime, page: Page) -> bytes:
    """Return a page of the sessions that can still be refreshed as JSON, the last used first, the caller's own marked."""
    live = Filter("s.revoked_at IS NULL", "s.expires_at > :now", now=now, current=current)
    return page_bytes(SESSIONS, page, live.equal(s_user_id=user_id))
