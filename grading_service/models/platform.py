"""The tables that every service with events has."""

from libs.data.audit import AuditEntryMixin
from libs.data.db import Base
from libs.data.revisions import RevisionMixin
from libs.events.consumer import ConsumerOffsetMixin, ParkedEventMixin
from libs.events.outbox import OutboxMixin
from libs.web.idempotency import IdempotencyMixin

SCHEMA = "grading"


class Outbox(OutboxMixin, Base):
    """Events of this schema on their way to the stream."""

    __table_args__ = ({"schema": SCHEMA},)


class IdempotencyKey(IdempotencyMixin, Base):
    """The first answer to each write that carried an Idempotency-Key."""

    __table_args__ = ({"schema": SCHEMA},)


class ConsumerOffset(ConsumerOffsetMixin, Base):
    """Where this schema's consumer stands."""

    __table_args__ = ({"schema": SCHEMA},)


class ParkedEvent(ParkedEventMixin, Base):
    """Events that could not be applied."""

    __table_args__ = ({"schema": SCHEMA},)


class Revision(RevisionMixin, Base):
    """The state of each list that is kept, renewed by triggers, so that no writer can forget it (migration 0007)."""

    __table_args__ = ({"schema": SCHEMA, "comment": "seeded"},)


class AuditEntry(AuditEntryMixin, Base):
    """Who changed what here, written by triggers and only added to."""

    __table_args__ = ({"schema": SCHEMA},)
