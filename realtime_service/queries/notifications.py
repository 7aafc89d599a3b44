"""A person's notifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from libs.data.db import reading
from libs.web.lists import INSTANT, UUID_, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from realtime_service.models import Notification

NOTIFICATION = Notification.__table__
NOTIFICATIONS = Listing(
    source="messaging.notification n",
    id=Key("n.id", UUID_),
    fields=columns_of("n", [column.name for column in NOTIFICATION.columns]),
    sorts={"created_at": (Key("n.created_at", INSTANT),), "kind": (Key("n.kind"),)},
    default_sort="-created_at",
    instants=("created_at", "read_at"),
)


def notification_by_id(notification_id: UUID) -> Mapping[str, Any] | None:
    """Return the row of `notification_id`, or None."""
    with reading() as connection:
        found = connection.execute(select(NOTIFICATION).where(NOTIFICATION.c.id == notification_id))
        row = found.mappings().first()
        return dict(row) if row else None


def notifications_of_user(user_id: int, *, unread: bool, page: Page) -> bytes:
    """Return a page of a person's notifications as JSON, the newest first."""
    wanted = Filter().equal(n_user_id=user_id)
    if unread:
        wanted.conditions.append("n.read_at IS NULL")
    return page_bytes(NOTIFICATIONS, page, wanted)


def unread_count(user_id: int) -> int:
    """Return how many notifications a person has not read."""
    waiting = select(func.count()).where(NOTIFICATION.c.user_id == user_id, NOTIFICATION.c.read_at.is_(None))
    with reading() as connection:
        return connection.execute(waiting).scalar_one()
