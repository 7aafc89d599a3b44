"""Roster imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base
from roster_service.models.people import SCHEMA


class CadetImport(Base):
    """One uploaded roster workbook.

    `parsed` holds the file as it was read (`Reading`), `corrections` what officers answered and mended, `layout` what is shown of
    the file as a whole, `rows` what the preview shows for each row; `revision` counts what was shown. `images` holds one entry
    for each cadet that was written: {cadet_id, created, before, after, version}, the state an undo goes back to and the one it
    must still find. `decisions` is the log of what officers said of rows in conflict, {sheet, row, decision, cadet_id, place, by,
    at}; the last of a row counts, null takes it back. `kept` are the cadets an undo left where they are, {cadet_id, student_id,
    name, reason}.
    """

    __tablename__ = "cadet_import"
    __table_args__ = (
        CheckConstraint("status IN ('preview', 'applied', 'undone')", name="status_known"),
        Index("ix_cadet_import_created_at", "created_at", "id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(Text, server_default="preview")
    filename: Mapped[str] = mapped_column(Text)
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB)
    warnings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    corrections: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"), deferred=True)
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    parsed: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, deferred=True)
    images: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"), deferred=True)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"), deferred=True)
    kept: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    created_by: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    applied_by: Mapped[int | None]
    applied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
