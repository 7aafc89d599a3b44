"""The tables every service has."""

from __future__ import annotations

from libs.data.db import Base
from libs.events.outbox import OutboxMixin
from libs.web.idempotency import IdempotencyMixin


class Outbox(OutboxMixin, Base):
    """Events that wait for their publication."""

    __table_args__ = ({"schema": "messaging"},)


class IdempotencyKey(IdempotencyMixin, Base):
    """First answers of writes that carried an Idempotency-Key."""

    __table_args__ = ({"schema": "messaging"},)
