"""The tables every service has."""

from __future__ import annotations

from typing import ClassVar

from libs.db import Base
from libs.idempotency import IdempotencyMixin
from libs.outbox import OutboxMixin


class Outbox(OutboxMixin, Base):
    """Events of this schema that are published after their commit."""

    __table_args__: ClassVar = {"schema": "ops"}


class IdempotencyKey(IdempotencyMixin, Base):
    """First answers of writes that carried an Idempotency-Key."""

    __table_args__: ClassVar = {"schema": "ops"}
