"""Cadets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Computed, DateTime, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.contracts.student_numbers import KEY_SQL
from libs.data.db import Base
from roster_service.models.people import SCHEMA, PersonMixin, folded

_SEARCH_SQL = folded(
    "last_name || ' ' || first_name || ' ' || coalesce(middle_name, '') || ' ' || coalesce(suffix_name, '') || ' ' || "
    "student_id || ' ' || username"
)
# Officers first in lists sorted by rank, highest first; a rank of no list counts as a plain cadet's.
_RANK_SQL = (
    "coalesce(array_position(ARRAY['CDT','CDT 2LT','CDT 1LT','CDT CPT','CDT MAJ','CDT LTC','CDT COL']::text[], upper(rank)), 1)"
)
_PRESENT = text("withdrawn_at IS NULL")
_LISTED = text("NOT is_archived AND withdrawn_at IS NULL")


class Cadet(PersonMixin, Base):
    """One cadet, whose id is no other person's, ever.

    `withdrawn_at` marks the record of an import that was undone: nobody sees it, its number and user name are free again, and
    only the same person takes it up. `student_key` is the number without dashes and blanks.
    """

    __tablename__ = "cadet"
    __table_args__ = (
        Index("uq_cadet_student_key", "student_key", unique=True, postgresql_where=_PRESENT),
        Index("uq_cadet_username_lower", text("lower(username)"), unique=True, postgresql_where=_PRESENT),
        Index("ix_cadet_listed_sort_name", "sort_name", "id", postgresql_where=_LISTED),
        Index("ix_cadet_listed_company", "company", "platoon", "sort_name", "id", postgresql_where=_LISTED),
        {"schema": SCHEMA},
    )

    student_id: Mapped[str] = mapped_column(Text)
    username: Mapped[str] = mapped_column(Text)
    student_key: Mapped[str] = mapped_column(Text, Computed(KEY_SQL, persisted=True))
    course: Mapped[str | None] = mapped_column(Text)
    year_level: Mapped[str | None] = mapped_column(Text)
    school_year: Mapped[str | None] = mapped_column(Text)
    battalion: Mapped[str | None] = mapped_column(Text)
    company: Mapped[str | None] = mapped_column(Text)
    platoon: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.unit.id"), index=True)
    cadet_course: Mapped[str | None] = mapped_column(Text)
    semester: Mapped[str | None] = mapped_column(Text)
    corp_position: Mapped[str | None] = mapped_column(Text)
    religion: Mapped[str | None] = mapped_column(Text)
    profile_pic: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="Ongoing")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    search_text: Mapped[str] = mapped_column(Text, Computed(_SEARCH_SQL, persisted=True))
    rank_order: Mapped[int] = mapped_column(Integer, Computed(_RANK_SQL, persisted=True))
