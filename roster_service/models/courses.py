"""Academic courses."""

from __future__ import annotations

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base
from roster_service.models.people import SCHEMA


class Course(Base):
    """A course of study a cadet may be enrolled in; cadets hold its whole label."""

    __tablename__ = "course"
    __table_args__ = (Index("uq_course_name_lower", text("lower(name)"), unique=True), {"schema": SCHEMA, "comment": "seeded"})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
