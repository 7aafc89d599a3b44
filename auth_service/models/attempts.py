"""The logs of identity: sign-in attempts and security events. Appended to, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from auth_service.models.accounts import SCHEMA
from libs.data.db import Base


class LoginAttempt(Base):
    """One failed or successful sign-in (criterion 16.4).

    ``account_key`` is a keyed hash of the typed username: people type their password into that field now and then, so
    the text itself is never stored.
    """

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_account_key_at", "account_key", "at"),
        Index("ix_login_attempt_address_at", "address", "at"),
        Index("ix_login_attempt_user_id_at", "user_id", "at"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_key: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str] = mapped_column(String(20))


class SecurityEvent(Base):
    """One security-relevant event (criterion 16.3): what, who did it, to whom, from where, when."""

    __tablename__ = "security_event"
    __table_args__ = (
        Index("ix_security_event_user_id_at", "user_id", "at"),
        Index("ix_security_event_at", "at"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(Integer)
    user_id: Mapped[int | None] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
