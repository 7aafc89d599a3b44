"""Projections of the record: the mark and score in force, and the grade. `rgms grading rebuild` makes them anew."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Index, Integer, Numeric, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from grading_service.models.platform import SCHEMA
from libs.data.db import Base

# Room on each page for the next version of a row: a mark is then a heap-only update that touches no index.
_ROOMY = {"schema": SCHEMA, "postgresql_with": {"fillfactor": 70}}


class Mark(Base):
    """The attendance mark in force of one cadet on one day; a cleared one stays, so that an older mark cannot come back.

    `replaced` and `replaced_id` are what this one took the place of: the writer learns it from the row itself, whoever wrote
    before.
    """

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_term_cadet", "term_id", "cadet_id"), _ROOMY)

    training_day_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cadet_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    term_id: Mapped[int] = mapped_column(Integer)
    record_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(String(20))
    replaced: Mapped[str | None] = mapped_column(String(20))
    replaced_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ordered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    device_id: Mapped[str] = mapped_column(String(64, collation="C"))
    device_seq: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[int] = mapped_column(Integer)


class Score(Base):
    """The score in force of one cadet in one exam; a NULL value is one that was cleared."""

    __tablename__ = "score"
    __table_args__ = _ROOMY

    term_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cadet_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    exam: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[UUID]
    value: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ordered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    device_id: Mapped[str] = mapped_column(String(64, collation="C"))
    device_seq: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[int] = mapped_column(Integer)


class Grade(Base):
    """The tally and grade of one cadet in one term. Points are rounded for reading; the exact ones are recomputed on demand.

    Components, final and transmuted are NULL while they can still change; `so_far`, `worst` and `best` are what there is to say.
    """

    __tablename__ = "grade"
    __table_args__ = _ROOMY

    term_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.term.id"), primary_key=True)
    cadet_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.cadet_ref.id"), primary_key=True)
    present: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    late: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    excused: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    duty: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    absent: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    merits: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    demerits: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    scores: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    attendance: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    aptitude: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    subject: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    final: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    transmuted: Mapped[str | None] = mapped_column(String(8))
    so_far: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    worst: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    best: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    outlook: Mapped[str] = mapped_column(String(12), server_default=text("'open'"))
    state: Mapped[str] = mapped_column(String(12), server_default=text("'no_data'"))
    missing: Mapped[list[str]] = mapped_column(ARRAY(String(40)), server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
