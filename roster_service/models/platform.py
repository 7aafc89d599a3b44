"""Tables the shared kernel works with."""

from __future__ import annotations

from libs.data.audit import AuditEntryMixin
from libs.data.db import Base
from libs.data.revisions import RevisionMixin
from libs.events.outbox import OutboxMixin
from libs.web.idempotency import IdempotencyMixin
from roster_service.models.people import SCHEMA


class Outbox(OutboxMixin, Base):
    """Events of this schema that wait for the relay."""

    __table_args__ = ({"schema": SCHEMA},)


class IdempotencyKey(IdempotencyMixin, Base):
    """First answers of writes that carried an Idempotency-Key."""

    __table_args__ = ({"schema": SCHEMA},)


class Revision(RevisionMixin, Base):
    """The state of each list that is kept, renewed by triggers, so that no writer can forget it (migration 0006)."""

    __table_args__ = ({"schema": SCHEMA, "comment": "seeded"},)


class AuditEntry(AuditEntryMixin, Base):
    """Who changed what here, written by triggers and only added to."""

    __table_args__ = ({"schema": SCHEMA},)
