"""The log of graded facts. A trigger refuses UPDATE, DELETE and TRUNCATE."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, Numeric, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from grading_service.models.platform import SCHEMA
from libs.data.db import Base

_SHAPES = """CASE kind
    WHEN 'attendance' THEN cadet_id IS NOT NULL AND training_day_id IS NOT NULL AND status IS NOT NULL
    WHEN 'merit' THEN cadet_id IS NOT NULL AND points IS NOT NULL
    WHEN 'demerit' THEN cadet_id IS NOT NULL AND points IS NOT NULL
    WHEN 'score' THEN cadet_id IS NOT NULL AND exam IS NOT NULL
    WHEN 'void' THEN cadet_id IS NOT NULL AND target_id IS NOT NULL
    ELSE kind IN ('day_opened', 'day_cancelled', 'day_reinstated') AND cadet_id IS NULL AND training_day_id IS NOT NULL
END"""


class Record(Base):
    """One fact: a mark, merit, demerit, score or void of a cadet, or the opening or cancelling of a training day.

    `id` is made where the fact was made; `occurred_at` is that device's clock, `recorded_at` ours. `supersedes` is the record
    that this one corrects, `based_on` the one that its writer saw. `ordered_at` is its place in the order of facts where that is
    not `occurred_at`; `set_aside` says why it never has an effect.
    """

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint(_SHAPES, name="shape"),
        CheckConstraint("points BETWEEN 1 AND 100", name="points_range"),
        CheckConstraint("value >= 0", name="value_positive"),
        Index("ix_record_term_cadet", "term_id", "cadet_id"),
        Index("uq_record_voided_once", "target_id", unique=True, postgresql_where=text("kind = 'void'")),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    term_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.term.id"))
    cadet_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.cadet_ref.id"))
    training_day_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.training_day.id"))
    exam: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str | None] = mapped_column(String(20))
    points: Mapped[int | None] = mapped_column(SmallInteger)
    value: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))
    target_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(500), server_default="")
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[int] = mapped_column(Integer)
    device_id: Mapped[str] = mapped_column(String(64, collation="C"), server_default="")
    device_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    supersedes: Mapped[UUID | None]
    based_on: Mapped[UUID | None]
    ordered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    set_aside: Mapped[str | None] = mapped_column(String(20))
