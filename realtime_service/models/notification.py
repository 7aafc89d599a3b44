"""Notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base


class Notification(Base):
    """One thing one account is told; `kind` says what about, `data` what a click on it needs."""

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')", name="priority_known"),
        # Sorted as the list is read: newest first, the id breaking ties.
        Index("ix_notification_of_user", "user_id", "created_at", "id"),
        Index("ix_notification_unread", "user_id", postgresql_where=text("read_at IS NULL")),
        {"schema": "messaging"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(40))
    priority: Mapped[str] = mapped_column(String(10))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
