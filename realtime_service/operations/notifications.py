"""Tell a person something, and note that they read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from libs.contracts import events
from libs.contracts.principal import Principal
from libs.data.db import affected, transaction
from libs.events import outbox
from realtime_service.access import access_notification
from realtime_service.models import Notification, Outbox

NOTIFICATION = Notification.__table__


def create_notifications(*, notifications: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, list[UUID]]:
    """Store notifications and send each to its person's sockets (criterion 12.2). An id that is stored already is left alone.

    Args:
        notifications: {id, user_id, message, kind, priority, data}; at most 500.

    Returns the ids that were stored now and those that had been before.
    """
    rows = list({row["id"]: {**row, "created_at": now} for row in notifications}.values())
    with transaction() as session:
        added = insert(NOTIFICATION).values(rows).on_conflict_do_nothing(index_elements=["id"]).returning(NOTIFICATION.c.id)
        stored = set(session.execute(added).scalars())
        for row in rows:
            if row["id"] in stored:
                told = {name: row[name] for name in ("id", "user_id", "message", "priority", "kind", "data")}
                data = events.messaging.notification_created_data(timestamp=now, **told)
                outbox.record(session, Outbox, events.messaging.NOTIFICATION_CREATED, data, now=now)
    ids = [row["id"] for row in rows]
    return {"stored": [each for each in ids if each in stored], "duplicates": [each for each in ids if each not in stored]}


def read_notification(*, principal: Principal, notification_id: UUID, now: datetime) -> Mapping[str, Any]:
    """Note that a notification was read, and return it; a second time keeps the first moment.

    Raises:
        NotFound: no such notification, or another person's.
    """
    access_notification(principal, notification_id)
    with transaction() as session:
        session.execute(
            update(NOTIFICATION)
            .where(NOTIFICATION.c.id == notification_id)
            .values(read_at=func.coalesce(NOTIFICATION.c.read_at, now))
        )
        return access_notification(principal, notification_id)


def read_all_notifications(*, principal: Principal, now: datetime) -> int:
    """Note that a person has read everything so far; return how many notifications that changed."""
    unread = (NOTIFICATION.c.user_id == principal.user_id, NOTIFICATION.c.read_at.is_(None))
    with transaction() as session:
        return affected(session.execute(update(NOTIFICATION).where(*unread).values(read_at=now)))
