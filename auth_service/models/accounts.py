"""Accounts."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, Integer, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base

SCHEMA = "auth"


class User(Base):
    """One person who may sign in. Without a ``password_hash`` the account awaits activation.

    ``is_withdrawn`` marks that of a cadet whose import was undone: closed, and shown to nobody. ``student_number`` are the digits
    that a cadet may type instead of the username.
    """

    __tablename__ = "user"
    __table_args__ = (
        Index("uq_user_username_lower", text("lower(username)"), unique=True),
        Index("ix_user_role_id", "role", "id"),
        CheckConstraint("role IN ('admin', 'staff', 'cadet')", name="role_known"),
        CheckConstraint("role <> 'cadet' OR cadet_id IS NOT NULL", name="cadet_has_cadet_id"),
        CheckConstraint("role = 'cadet' OR cadet_id IS NULL", name="only_cadets_have_cadet_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    username: Mapped[str] = mapped_column(String(150))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    positions: Mapped[list[str]] = mapped_column(ARRAY(String(50)), server_default=text("'{}'"))
    cadet_id: Mapped[int | None] = mapped_column(Integer, unique=True)
    staff_id: Mapped[int | None] = mapped_column(Integer, unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    display_name: Mapped[str] = mapped_column(String(200), server_default="")
    company: Mapped[str | None] = mapped_column(String(50), index=True)
    student_number: Mapped[str | None] = mapped_column(String(254), index=True)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    has_second_factor: Mapped[bool] = mapped_column(server_default=text("false"))
    second_factor_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    password_changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_withdrawn: Mapped[bool] = mapped_column(server_default=text("false"))
    roster_archived: Mapped[bool] = mapped_column(server_default=text("false"))
    roster_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    roster_position: Mapped[str | None] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    last_login_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
