"""Files."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base


class File(Base):
    """One stored file: `size` in bytes, `width` and `height` in pixels; `storage` names the adapter holding `storage_key`."""

    __tablename__ = "file"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("access IN ('owner', 'staff')", name="access_known"),
        Index("ix_file_owner_created", "owner_user_id", "created_at"),
        Index("ix_file_unprocessed", "created_at", postgresql_where=text("processed_at IS NULL AND deleted_at IS NULL")),
        {"schema": "media"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_user_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(40))
    access: Mapped[str] = mapped_column(String(10))
    storage: Mapped[str] = mapped_column(String(20))
    storage_key: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    intact: Mapped[bool | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    processed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
