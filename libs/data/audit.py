"""Who changed what: one entry for each row that somebody writes, made by the database in the transaction of the write.

A trigger compares the row before and after (`libs.data.audit_triggers`), so that no operation can forget it. What it can't know,
who acts and for which request, travels with the transaction as the setting `rgms.acting`, which a pooler can't hand to somebody
else. Reads that hand out personal data, and writes that were refused, are noted by `note`.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import BigInteger, DateTime, Identity, Index, Integer, String, Text, event, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql import func

from libs.acting import Acting, acting
from libs.data.db import db, table_of, transaction
from libs.web.jsonio import dumps

CREATED, CHANGED, REMOVED, HANDED_OUT, REFUSED = "created", "changed", "removed", "handed_out", "refused"
ACTIONS = (CREATED, CHANGED, REMOVED, HANDED_OUT, REFUSED)
# Somebody who is refused a thousand times a minute has said it with the first ones.
REFUSALS_A_MINUTE = 30

log = logging.getLogger(__name__)


class AuditEntryMixin:
    """The columns of `<schema>.audit_entry`; each service declares its own model with this mixin.

    `object` is a table and `object_id` the key of its row; `before` and `after` hold the columns that changed, and those alone.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    actor_id: Mapped[int | None] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(Text, server_default="")
    action: Mapped[str] = mapped_column(String(20))
    object: Mapped[str] = mapped_column(String(63))
    object_id: Mapped[str] = mapped_column(Text, server_default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    request_id: Mapped[str] = mapped_column(Text, server_default="")
    address: Mapped[str] = mapped_column(Text, server_default="")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        columns = table_of(cls).c
        Index("ix_audit_entry_object", columns.object, columns.object_id, columns.id)
        Index("ix_audit_entry_actor", columns.actor_id, columns.id)


def install(app: Flask, model: type[AuditEntryMixin]) -> None:
    """Have every transaction of `app` say who acts, and let `note` write to `model`.

    A transaction that writes nothing but what keeps its own authors may say `audited=False`.
    """
    app.extensions["rgms_audit"] = model
    app.extensions["rgms_refusals"] = _Bound(REFUSALS_A_MINUTE)


def name_actor(session: Session, who: Acting | None = None) -> None:
    """Tell the running transaction who acts from here on: `who`, or the one of the present work."""
    told = dumps(dataclasses.asdict(who or acting.get())).decode()
    session.connection().exec_driver_sql("SELECT set_config('rgms.acting', %(who)s, true)", {"who": told})


def note(action: str, what: str, key: object = "", facts: Mapping[str, Any] | None = None) -> None:
    """Write down something that changed no row: that data were handed out (HANDED_OUT) or a write was refused (REFUSED).

    Refusals of one actor are bounded; what the database can't take down is logged, and stops nobody.

    Args:
        what: the kind of thing, such as `file`.
        key: which of them.
        facts: what else is worth knowing; no secret, no personal data.
    """
    model = current_app.extensions.get("rgms_audit")
    if model is None:
        return
    who = acting.get()
    bound: _Bound = current_app.extensions["rgms_refusals"]
    if action == REFUSED and not bound.admits(who.actor_id or who.address):
        return
    entry = dataclasses.asdict(who) | {
        "action": action,
        "object": what[:63],
        "object_id": str(key)[:200],
        "after": dict(facts or {}),
    }
    try:
        with transaction() as session:
            session.execute(insert(table_of(model)).values(entry))
    except SQLAlchemyError:
        log.exception("an audit entry was not kept", extra={"action": action, "object": what})


class _Bound:
    """Admits so many a minute for each key, and forgets them with the minute."""

    def __init__(self, most: int) -> None:
        self._most, self._minute = most, 0
        self._counts: dict[object, int] = {}
        self._lock = threading.Lock()

    def admits(self, key: object) -> bool:
        """Count one more of `key` and say whether it is still within bounds."""
        minute = int(time.monotonic() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self._most


@event.listens_for(db.session, "after_begin")
def _name_actor(session: Session, _transaction: Any, connection: Any) -> None:
    if session.info.get("audited") and "rgms_audit" in current_app.extensions:
        told = dumps(dataclasses.asdict(acting.get())).decode()
        connection.exec_driver_sql("SELECT set_config('rgms.acting', %(who)s, true)", {"who": told})
