"""The outbox: an event is stored in the transaction that changes the state, and a relay publishes it afterwards.

Redis down: writes go on, events wait here. Nothing is published that was not committed, nothing committed is lost.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson
import redis
from flask import Flask, current_app
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Identity,
    Index,
    Select,
    String,
    delete,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql import func

from libs import clock
from libs.contracts.events import EVENT_TYPES
from libs.data.db import affected, on_commit, table_of, transaction
from libs.events import streams
from libs.ids import uuid7
from libs.web.jsonio import dumps

BATCH = 200
SWEEP_SECONDS = 1.0
# After a batch, so that a busy relay publishes a few events together instead of each by itself. The first of them never waits.
REST_SECONDS = 0.1
# Another relay of the schema holds the lock: it may have looked before our row was committed, so look again soon.
BUSY_SECONDS = 0.1
MAX_BACKOFF_SECONDS = 15.0
KEEP_PUBLISHED = timedelta(days=7)
CLEAN_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class OutboxMixin:
    """The columns of `<schema>.outbox`; each service declares its own model with this mixin and its `__table_args__` schema."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(String(80))
    # Not jsonb: an event is written and read whole, and a hundred grades cost it 4 ms to take apart and put together again.
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Small however long the table is: the sweep of every process reads this index each second.
        Index("ix_outbox_unpublished", table_of(cls).c.id, postgresql_where=text("published_at IS NULL"))


def record(session: Session, outbox: type[OutboxMixin], type: str, data: dict[str, Any], *, now: datetime) -> UUID:
    """Store an event in the running transaction and have it published right after the commit.

    Args:
        outbox: the service's Outbox model.
        type: a name of `libs.contracts.events`.
        data: from that type's builder.
        now: when it happened, aware.

    Returns the event's id. Raises ValueError for a type without a contract.
    """
    (event_id,) = record_all(session, outbox, [(type, data)], now=now)
    return event_id


def record_all(
    session: Session | Connection, outbox: type[OutboxMixin], events: Sequence[tuple[str, dict[str, Any]]], *, now: datetime
) -> list[UUID]:
    """Store several events as `record` does, in their order and in one statement; `events` are (type, data).

    Returns their ids. Raises ValueError for a type without a contract.
    """
    if unknown := [type_ for type_, _ in events if type_ not in EVENT_TYPES]:
        raise ValueError(f"no contract for event {unknown[0]!r}")
    if not events:
        return []
    ids = [uuid7() for _ in events]
    values: dict[str, Any] = {"now": now}
    for number, (event_id, (type_, data)) in enumerate(zip(ids, events, strict=True)):
        values |= {f"id{number}": str(event_id), f"type{number}": type_, f"data{number}": dumps(data).decode()}
    connection = session if isinstance(session, Connection) else session.connection()
    connection.exec_driver_sql(_insert(table_of(outbox).fullname, len(ids)), values)
    if relay := current_app.extensions.get("rgms_relay"):
        on_commit(relay.nudge)
    return ids


@functools.lru_cache(maxsize=64)
def _insert(table: str, count: int) -> str:
    rows = ", ".join(f"(%(id{number})s, %(type{number})s, %(data{number})s, %(now)s)" for number in range(count))
    return f"INSERT INTO {table} (event_id, type, data, occurred_at) VALUES {rows}"  # noqa: S608 - our own table


class PublishedEvent(Protocol):
    """A row of the outbox as the relay reads it; `data` is JSON text."""

    type: str
    data: str
    occurred_at: datetime


Publishing = Callable[[Sequence[PublishedEvent]], None]


def install(app: Flask, schema: str, outbox: type[OutboxMixin], *, publishing: Publishing | None = None) -> Relay:
    """Give `app` the relay of its schema; it starts with the process's other background work.

    Args:
        publishing: called with each batch before it counts as published, and again with the same batch after a RedisError of
            its own or of the stream; for what must happen once Redis answers, however long that takes.
    """
    relay = Relay(app, schema, outbox, publishing=publishing)
    app.extensions["rgms_relay"] = relay
    app.extensions["rgms_background"].append(relay)
    return relay


class Relay:
    """Publishes the outbox of one schema in id order. Any number may run; a lock lets one work at a time."""

    def __init__(
        self,
        app: Flask,
        schema: str,
        outbox: type[OutboxMixin],
        client: redis.Redis | None = None,
        *,
        publishing: Publishing | None = None,
    ) -> None:
        self.app = app
        self._publishing = publishing
        self.schema = schema
        self.table = table_of(outbox)
        self._take = text(
            f"""WITH waiting AS (SELECT id FROM {self.table.fullname} WHERE published_at IS NULL ORDER BY id LIMIT :most)
                UPDATE {self.table.fullname} o SET published_at = now() FROM waiting WHERE o.id = waiting.id
                RETURNING o.id, CAST(o.event_id AS text) AS event_id, o.type, CAST(o.data AS text) AS data, o.occurred_at"""  # noqa: S608
        )
        self.stream = streams.EventStream(client or streams.connect(app.config["RGMS"].redis_url))
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._cleaned_at: datetime | None = None

    def nudge(self) -> None:
        """Say that something was committed; returns at once."""
        self._wake.set()

    def start(self) -> None:
        """Publish from a thread of this process: at each nudge, and every second as a safety net."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name=f"relay-{self.schema}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the batch under way."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=5)

    def drain(self) -> int:
        """Publish everything that waits; return how many events that were.

        Raises:
            redis.RedisError, SQLAlchemyError: nothing was lost; call again later.
        """
        published = 0
        while batch := self._publish_batch():
            published += batch
            if batch < BATCH:
                break
        return published

    def _publish_batch(self) -> int | None:
        """Publish one batch; None when another relay is at work."""
        with self.app.app_context(), transaction() as session:
            if not session.execute(self._lock()).scalar():
                return None
            rows = sorted(session.execute(self._take, {"most": BATCH}))
            if not rows:
                return 0
            if self._publishing:
                self._publishing(rows)
            # Before the commit: when Redis refuses, the rows are as they were.
            self.stream.publish(self.schema, [(row.event_id, row.type, self._encoded(row)) for row in rows])
        self._confirm([row.event_id for row in rows])
        return len(rows)

    def _lock(self) -> Select:
        return select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"rgms:relay:{self.schema}", 0)))

    def _encoded(self, row: Any) -> bytes:
        return orjson.dumps(
            {
                "id": row.event_id,
                "type": row.type,
                "data": orjson.Fragment(row.data),
                "occurred_at": row.occurred_at,
                "schema": self.schema,
            },
            option=orjson.OPT_UTC_Z,
        )

    def _confirm(self, event_ids: list[str]) -> None:
        try:
            self.stream.confirm(self.schema, event_ids)
        except redis.RedisError:
            # Only housekeeping: the ids stay in a set that grows by one batch.
            log.warning("could not confirm published events")

    def _run(self) -> None:
        failures = 0
        wait = 0.0
        while not self._stop.is_set():
            self._wake.wait(wait)
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                done = self._publish_batch()
                self._clean()
            except (redis.RedisError, SQLAlchemyError) as error:
                failures += 1
                wait = min(MAX_BACKOFF_SECONDS, 0.25 * 2 ** min(failures, 8))
                if failures == 1:
                    log.warning("events wait in the outbox", extra={"schema": self.schema, "reason": type(error).__name__})
                # A nudge must not cut the back-off short, or every write would try again.
                self._stop.wait(wait)
                wait = 0.0
                continue
            except Exception:
                log.exception("the relay failed")
                wait = MAX_BACKOFF_SECONDS
                continue
            if failures:
                log.info("events flow again", extra={"schema": self.schema, "tries": failures})
                failures = 0
            if done and done < BATCH:
                self._stop.wait(REST_SECONDS)
            wait = BUSY_SECONDS if done is None else 0.0 if done == BATCH else SWEEP_SECONDS

    def _clean(self) -> None:
        now = clock.now()
        if self._cleaned_at and now - self._cleaned_at < CLEAN_EVERY:
            return
        self._cleaned_at = now
        with self.app.app_context():
            self.clean(now)

    def clean(self, now: datetime) -> int:
        """Delete up to 5,000 rows published more than a week before `now`; return how many."""
        table = self.table
        old = select(table.c.id).where(table.c.published_at < now - KEEP_PUBLISHED).limit(5_000)
        with transaction() as session:
            return affected(session.execute(delete(table).where(table.c.id.in_(old.scalar_subquery()))))
