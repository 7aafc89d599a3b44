"""The tables every service has."""

from __future__ import annotations

from libs.data.audit import AuditEntryMixin
from libs.data.db import Base
from libs.web.idempotency import IdempotencyMixin


class IdempotencyKey(IdempotencyMixin, Base):
    """First answers of writes that carried an Idempotency-Key."""

    __table_args__ = ({"schema": "media"},)


class AuditEntry(AuditEntryMixin, Base):
    """Who changed what here, written by triggers and only added to."""

    __table_args__ = ({"schema": "media"},)
