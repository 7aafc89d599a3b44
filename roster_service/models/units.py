"""The unit tree."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base
from roster_service.models.people import SCHEMA


class Unit(Base):
    """A battalion, a company, a platoon of a company, or a special unit; siblings in the order of `sequence`."""

    __tablename__ = "unit"
    __table_args__ = (
        Index("uq_unit_parent_id_name_lower", text("coalesce(parent_id, 0)"), text("lower(name)"), unique=True),
        CheckConstraint("kind IN ('battalion', 'company', 'platoon', 'special')", name="kind_known"),
        CheckConstraint("(kind = 'battalion') = (parent_id IS NULL)", name="only_a_battalion_is_a_root"),
        # The comment tells the tests that a migration put rows here which they keep.
        {"schema": SCHEMA, "comment": "seeded"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.unit.id"), index=True)
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
