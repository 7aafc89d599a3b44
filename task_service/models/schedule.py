"""What beat has fired."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base


class ScheduleRun(Base):
    """One firing of a schedule entry; unique per entry and scheduled time, so that two beats fire once."""

    __tablename__ = "schedule_run"
    __table_args__ = (UniqueConstraint("task", "scheduled_for"), {"schema": "ops"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    task: Mapped[str] = mapped_column(String(60))
    scheduled_for: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    fired_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    job_id: Mapped[UUID] = mapped_column(ForeignKey("ops.job.id", deferrable=True, initially="DEFERRED"))
