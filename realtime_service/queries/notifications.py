"""A person's notifications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from libs.data.db import reading
from libs.web.errors import Invalid
from libs.web.pagination import Page, encode_cursor
from realtime_service.models import Notification

NOTIFICATION = Notification.__table__
Rows = list[Mapping[str, Any]]


def notification_by_id(notification_id: UUID) -> Mapping[str, Any] | None:
    """Return the row of `notification_id`, or None."""
    with reading() as connection:
        found = connection.execute(select(NOTIFICATION).where(NOTIFICATION.c.id == notification_id))
        return found.mappings().first()


def notifications_of_user(user_id: int, *, unread: bool, page: Page) -> tuple[Rows, int, str | None]:
    """Return one page of a person's notifications, newest first, their total, and the cursor of the next page.

    Raises:
        Invalid: the cursor belongs to another list.
    """
    own = [NOTIFICATION.c.user_id == user_id, *([NOTIFICATION.c.read_at.is_(None)] if unread else [])]
    chosen = select(NOTIFICATION).where(*own).order_by(NOTIFICATION.c.created_at.desc(), NOTIFICATION.c.id.desc())
    if page.cursor is not None:
        chosen = chosen.where(tuple_(NOTIFICATION.c.created_at, NOTIFICATION.c.id) < tuple_(*_place(page.cursor)))
    with reading() as connection:
        rows = list(connection.execute(chosen.limit(page.limit + 1).offset(page.offset)).mappings())
        total = connection.execute(select(func.count()).select_from(NOTIFICATION).where(*own)).scalar_one()
    more, rows = len(rows) > page.limit, rows[: page.limit]
    cursor = encode_cursor([rows[-1]["created_at"].isoformat(), str(rows[-1]["id"])]) if more else None
    return rows, total, cursor


def unread_count(user_id: int) -> int:
    """Return how many notifications a person has not read."""
    waiting = select(func.count()).where(NOTIFICATION.c.user_id == user_id, NOTIFICATION.c.read_at.is_(None))
    with reading() as connection:
        return connection.execute(waiting).scalar_one()


def _place(cursor: tuple) -> tuple[datetime, UUID]:
    try:
        created_at, notification_id = cursor
        moment = datetime.fromisoformat(created_at)
        if moment.tzinfo is None:
            raise ValueError("a naive time")
        return moment, UUID(notification_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid(details={"cursor": ["Not a cursor of this list."]}) from error
