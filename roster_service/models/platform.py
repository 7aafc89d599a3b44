"""Tables the shared kernel works with, and the revision under which lists are kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import Base
from libs.events.outbox import OutboxMixin
from libs.web.idempotency import IdempotencyMixin
from roster_service.models.people import SCHEMA


class Outbox(OutboxMixin, Base):
    """Events of this schema that wait for the relay."""

    __table_args__ = ({"schema": SCHEMA},)


class IdempotencyKey(IdempotencyMixin, Base):
    """First answers of writes that carried an Idempotency-Key."""

    __table_args__ = ({"schema": SCHEMA},)


class Revision(Base):
    """One row whose token changes in every transaction that changes a cadet, by a trigger, so no writer can forget it.

    `renewed_in` is the transaction that renewed it last, so that each does it once.
    """

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    renewed_in: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
