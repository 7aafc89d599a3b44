"""What grading knows of a cadet: a copy kept by roster's events."""

from sqlalchemy import Boolean, Computed, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from grading_service.models.platform import SCHEMA
from libs.data.db import Base

_SPECIAL = """CASE status WHEN 'Incomplete'::text THEN 'INC'::text WHEN 'Drop'::text THEN 'DO'::text
    WHEN 'Deferred'::text THEN 'T'::text ELSE NULL::text END"""


class CadetRef(Base):
    """One cadet as the gradebook shows them; the roster owns the facts, `version` is the roster's.

    `sort_name` is the name without case and accents, so that ñ sorts beside n; `search` holds it with the student id. `special`
    is the grade that the status writes in place of any other.
    """

    __tablename__ = "cadet_ref"
    __table_args__ = (
        Index("ix_cadet_ref_sort", "sort_name", "id", postgresql_where=text("NOT is_archived")),
        Index("ix_cadet_ref_unit", "company", "platoon", "sort_name", "id", postgresql_where=text("NOT is_archived")),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    student_id: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sort_name: Mapped[str] = mapped_column(Text(collation="C"))
    search: Mapped[str] = mapped_column(Text)
    company: Mapped[str | None] = mapped_column(Text)
    platoon: Mapped[str | None] = mapped_column(Text)
    cadet_course: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    special: Mapped[str | None] = mapped_column(Text, Computed(_SPECIAL, persisted=True))
    is_archived: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
