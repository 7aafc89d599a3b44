"""Sessions as their owner sees them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from auth_service.models import Session
from libs.data.db import reading
from libs.web.pagination import Page


def live_sessions(user_id: int, *, current: str, now: datetime, page: Page) -> tuple[list[dict[str, Any]], int]:
    """Return a page of the sessions that can still be refreshed, newest use first, the caller's own marked, and their number."""
    live = (Session.user_id == user_id, Session.revoked_at.is_(None), Session.expires_at > now)
    columns = (Session.id, Session.created_at, Session.last_used_at, Session.expires_at, Session.address, Session.user_agent)
    with reading() as connection:
        total = connection.execute(select(func.count()).select_from(Session).where(*live)).scalar_one()
        rows = connection.execute(
            select(*columns).where(*live).order_by(Session.last_used_at.desc(), Session.id).limit(page.limit).offset(page.offset)
        ).mappings()
        return [{**row, "id": str(row["id"]), "current": str(row["id"]) == current} for row in rows], total
