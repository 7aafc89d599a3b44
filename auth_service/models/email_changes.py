"""Changes of the address by which a password is reset."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from auth_service.models.accounts import SCHEMA
from libs.data.db import Base


class EmailChange(Base):
    """One change of an account's address: waiting for its owner or a second officer, or applied and still to be undone.

    ``token_hash`` is of the link that the old address got.
    """

    __tablename__ = "email_change"
    __table_args__ = (
        Index("uq_email_change_waiting", "user_id", unique=True, postgresql_where=text("state = 'waiting'")),
        CheckConstraint("state IN ('waiting', 'applied', 'undone', 'refused', 'replaced')", name="state_known"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.user.id", ondelete="CASCADE"), index=True)
    old_email: Mapped[str | None] = mapped_column(String(254))
    new_email: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[int | None]
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
