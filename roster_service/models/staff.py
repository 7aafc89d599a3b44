"""Training staff."""

from __future__ import annotations

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base
from roster_service.models.people import SCHEMA, PersonMixin


class Staff(PersonMixin, Base):
    """One member of the training staff. `position` decides what the account may do (the legacy column `role`)."""

    __tablename__ = "staff"
    __table_args__ = (
        Index("uq_staff_email_lower", text("lower(email)"), unique=True),
        Index("ix_staff_sort_name", "sort_name", "id"),
        {"schema": SCHEMA},
    )

    position: Mapped[str] = mapped_column(Text, server_default="Instructor")
    profile_pic: Mapped[str | None] = mapped_column(Text)
    afpsn: Mapped[str | None] = mapped_column(Text)
    birthplace: Mapped[str | None] = mapped_column(Text)
    height: Mapped[str | None] = mapped_column(Text)
    weight: Mapped[str | None] = mapped_column(Text)
    blood_type: Mapped[str | None] = mapped_column(Text)
    civil_status: Mapped[str | None] = mapped_column(Text)
    nationality: Mapped[str | None] = mapped_column(Text)
    language_spoken: Mapped[str | None] = mapped_column(Text)
    combat_boots_size: Mapped[str | None] = mapped_column(Text)
    uniform_size: Mapped[str | None] = mapped_column(Text)
    bullcap_size: Mapped[str | None] = mapped_column(Text)
    facebook_link: Mapped[str | None] = mapped_column(Text)
    rotc_unit: Mapped[str | None] = mapped_column(Text)
    mobilization_center: Mapped[str | None] = mapped_column(Text)
