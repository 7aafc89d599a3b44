"""Facts about files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from libs.data.db import reading
from libs.web.errors import NotFound
from media_service.models import File

FILE = File.__table__
AWAITING = 100


def stored_file(file_id: UUID) -> Mapping[str, Any]:
    """Return the row of a file that this transaction or the one before has written.

    Raises:
        NotFound: it was never stored.
    """
    row = file_by_id(file_id)
    if row is None:
        raise NotFound()
    return row


def file_by_id(file_id: UUID) -> Mapping[str, Any] | None:
    """Return the row of `file_id`, deleted or not, or None."""
    with reading() as connection:
        row = connection.execute(select(FILE).where(FILE.c.id == file_id)).mappings().first()
        return dict(row) if row else None


def sent_since(owner_user_id: int, since: datetime) -> tuple[int, int]:
    """Return how many files a person has been given or has sent since then, and how many bytes they are."""
    sent = select(func.count(), func.coalesce(func.sum(FILE.c.size), 0)).where(
        FILE.c.owner_user_id == owner_user_id, FILE.c.created_at > since
    )
    with reading() as connection:
        files, size = connection.execute(sent).one()
        return int(files), int(size)


def files_awaiting_processing(created_before: datetime) -> list[Mapping[str, Any]]:
    """Return (id, owner_user_id) of up to 100 files, oldest first, that nobody has processed yet."""
    waiting = (
        select(FILE.c.id, FILE.c.owner_user_id)
        .where(FILE.c.processed_at.is_(None), FILE.c.deleted_at.is_(None), FILE.c.created_at < created_before)
        .order_by(FILE.c.created_at)
        .limit(AWAITING)
    )
    with reading() as connection:
        return [dict(row) for row in connection.execute(waiting).mappings()]
