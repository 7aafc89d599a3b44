"""The tables that every service keeps: outbox, consumer, idempotency keys."""

from auth_service.models.accounts import SCHEMA
from libs.data.audit import AuditEntryMixin
from libs.data.db import Base
from libs.events.consumer import ConsumerOffsetMixin, ParkedEventMixin
from libs.events.outbox import OutboxMixin
from libs.web.idempotency import IdempotencyMixin


class Outbox(OutboxMixin, Base):
    """Events of auth that wait for the relay."""

    __table_args__ = ({"schema": SCHEMA},)


class ConsumerOffset(ConsumerOffsetMixin, Base):
    """How far auth has read the events of roster."""

    __table_args__ = ({"schema": SCHEMA},)


class ParkedEvent(ParkedEventMixin, Base):
    """Events of roster that auth could not apply."""

    __table_args__ = ({"schema": SCHEMA},)


class IdempotencyKey(IdempotencyMixin, Base):
    """First answers to repeatable writes. Never used where an answer holds a secret."""

    __table_args__ = ({"schema": SCHEMA},)


class AuditEntry(AuditEntryMixin, Base):
    """Who changed what here, written by triggers and only added to."""

    __table_args__ = ({"schema": SCHEMA},)
