"""Terms, the policies they are graded by, and their training days."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from grading_service.models.platform import SCHEMA
from libs.data.db import Base


class PolicyVersion(Base):
    """One version of the grading rules as data; the migration that ships a version inserts it, nothing changes it."""

    __tablename__ = "policy"
    __table_args__ = ({"schema": SCHEMA, "comment": "seeded"},)

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Term(Base):
    """A semester of one course. `days_count` counts its training days that are not cancelled: every grade reads it."""

    __tablename__ = "term"
    __table_args__ = (
        Index("uq_term_identity", "name", "school_year", "semester", text("coalesce(cadet_course, '')"), unique=True),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("days_count >= 0", name="days_count_positive"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    school_year: Mapped[str] = mapped_column(String(20))
    semester: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[dt.date] = mapped_column(Date)
    ends_on: Mapped[dt.date] = mapped_column(Date)
    cadet_course: Mapped[str | None] = mapped_column(String(60))
    policy_version: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.policy.version"))
    days_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_by: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class TrainingDay(Base):
    """A training day of a term, a date in Manila. Whether it counts is also in the record, so that a past grade can be told."""

    __tablename__ = "training_day"
    __table_args__ = (UniqueConstraint("term_id", "date", name="uq_training_day_term_date"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.term.id"))
    date: Mapped[dt.date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, server_default="")
    is_cancelled: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
