"""A consumer of the event stream: its place is stored in the same transaction as what the events changed.

So an event takes effect once, whatever dies in between. When entries were lost (a new epoch, a trimmed stream, the first
start) it compares both sides instead: `reconcile` reads the owning service and mends the copy.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import redis
from flask import Flask
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, String, Table, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.schema import Column
from sqlalchemy.types import Text

from libs import clock
from libs.acting import Acting
from libs.data import audit
from libs.data.db import transaction
from libs.events import streams
from libs.events.streams import START, Entry, EventStream, Gap, Position
from libs.web.errors import UpstreamDown

BATCH = 200
BLOCK_MS = 2_000
# After a batch, so that a stream of single events costs a few transactions a second. The first event never waits.
REST_SECONDS = 0.25
# Another process of the service consumes; look again at this pace in case it dies.
STANDBY_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 15.0
# The world failed, not the event: try again rather than park it.
TRANSIENT = (OperationalError, InterfaceError, UpstreamDown, redis.RedisError)

Handler = Callable[[Session, dict[str, Any]], None]
Mend = Callable[[Session], object]
Reconcile = Callable[[], Mend]

log = logging.getLogger(__name__)


class ConsumerOffsetMixin:
    """Columns of `<schema>.consumer_offset`, where its consumer stands; each consuming service declares its own model."""

    __tablename__ = "consumer_offset"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[str] = mapped_column(String(80))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ParkedEventMixin:
    """Columns of `<schema>.parked_event`: events whose handler failed, kept with the error while the consumer went on."""

    __tablename__ = "parked_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    position: Mapped[str] = mapped_column(String(80))
    event: Mapped[dict[str, Any]] = mapped_column(JSONB)
    error: Mapped[str] = mapped_column(Text)
    parked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def install(app: Flask, schema: str, *, handlers: Mapping[str, Handler], reconcile: Reconcile) -> Consumer:
    """Give `app` the consumer of its schema; it starts with the process's other background work."""
    consumer = Consumer(app, schema, handlers=handlers, reconcile=reconcile)
    app.extensions["rgms_background"].append(consumer)
    return consumer


class Consumer:
    """Applies events to one schema, in order, one process at a time.

    Args:
        app: the service.
        schema: its schema, which holds `consumer_offset` and `parked_event`.
        handlers: event type -> fn(session, event), inside the consumer's transaction; types without one are passed over.
            A handler must bear the same event twice (compare versions): a relay that died may publish it again.
        reconcile: run when events may have been lost; reads the owner through its client, outside any transaction, and returns
            fn(session) that mends this side.
    """

    def __init__(
        self,
        app: Flask,
        schema: str,
        *,
        handlers: Mapping[str, Handler],
        reconcile: Reconcile,
        client: redis.Redis | None = None,
    ) -> None:
        self.app = app
        self.schema = schema
        self.handlers = dict(handlers)
        self.reconcile = reconcile
        url = app.config["RGMS"].redis_url
        self.stream = EventStream(client or streams.connect(url, timeout=BLOCK_MS / 1000 + 5))
        self._offset, self._parked = _tables(schema)
        self._reached = Position("", START)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Consume from a thread of this process."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name=f"consumer-{self.schema}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the step under way."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=BLOCK_MS / 1000 + 1)

    def step(self) -> int | None:
        """Apply one batch, or reconcile when events were lost. Return how many events were read; None if another is at work.

        Raises:
            what is transient (`TRANSIENT`): nothing was stored; call again later.
        """
        taken = self._step()
        if taken is None:
            return None
        read, self._reached = taken
        return read

    def _step(self) -> tuple[int, Position] | None:
        with self.app.app_context():
            try:
                return self._read_on()
            except Gap as gap:
                return self._compare(gap)

    def _read_on(self) -> tuple[int, Position] | None:
        with transaction() as session:
            if not session.execute(self._lock()).scalar():
                return None
            position = Position.parse(self._stored(session))
            if position is None:
                raise Gap("first start")
            entries = self.stream.after(position, count=BATCH)
            for entry in entries:
                self._apply(session, entry)
            if not entries:
                return 0, position
            self._store(session, entries[-1].position)
            return len(entries), entries[-1].position

    def _compare(self, gap: Gap) -> tuple[int, Position] | None:
        """Compare with the owner and mend, and take a new place in the stream."""
        log.info("reconciling", extra={"schema": self.schema, "reason": str(gap)})
        with transaction() as session:
            before = self._stored(session)
        # The place is taken before the comparison: what happens meanwhile is read afterwards, twice at worst.
        tail = self.stream.tail()
        mend = self.reconcile()
        with transaction() as session:
            # Another process may have been faster while we asked.
            if not session.execute(self._lock()).scalar() or self._stored(session) != before:
                return None
            mend(session)
            self._store(session, tail)
            return 0, tail

    def _lock(self):
        return select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"rgms:consumer:{self.schema}", 0)))

    def _stored(self, session: Session) -> str | None:
        return session.execute(select(self._offset.c.position).where(self._offset.c.name == "events")).scalar()

    def _apply(self, session: Session, entry: Entry) -> None:
        try:
            handler = self.handlers.get(entry.type or entry.event["type"])
            if handler is None:
                return
            event = entry.event
        except (ValueError, KeyError, TypeError) as error:
            self._park(session, entry, {"raw": entry.raw.decode(errors="replace")}, error)
            return
        try:
            with session.begin_nested():
                if "rgms_audit" in self.app.extensions:
                    audit.name_actor(session, _author(event))
                handler(session, event)
        except TRANSIENT:
            raise
        except Exception as error:
            self._park(session, entry, event, error)

    def _park(self, session: Session, entry: Entry, event: dict[str, Any], error: Exception) -> None:
        log.exception("an event was parked", extra={"schema": self.schema, "position": str(entry.position)})
        values = {
            "position": str(entry.position),
            "event": event,
            "error": f"{type(error).__name__}: {error}"[:2000],
            "parked_at": clock.now(),
        }
        session.execute(self._parked.insert().values(**values))

    def _store(self, session: Session, position: Position) -> None:
        values = {"position": str(position), "updated_at": clock.now()}
        session.execute(
            upsert(self._offset)
            .values(name="events", **values)
            .on_conflict_do_update(index_elements=[self._offset.c.name], set_=values)
        )

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self.stream.open()
                while not self._stop.is_set():
                    read = self.step()
                    if read is None:
                        self._stop.wait(STANDBY_SECONDS)
                    elif read < BATCH:
                        if read:
                            self._stop.wait(REST_SECONDS)
                        self.stream.wait(self._reached, block_ms=BLOCK_MS, count=1)
                    failures = 0
            except Exception as error:
                failures += 1
                if failures == 1:
                    level = logging.WARNING if isinstance(error, TRANSIENT) else logging.ERROR
                    log.log(level, "the consumer pauses", exc_info=error, extra={"schema": self.schema})
                self._stop.wait(min(MAX_BACKOFF_SECONDS, 0.25 * 2 ** min(failures, 8)))


def _author(event: Mapping[str, Any]) -> Acting:
    """Return who did what the event tells of."""
    data = event.get("data")
    actor_id = data.get("actor_id") if isinstance(data, Mapping) else None
    return Acting(actor_id if isinstance(actor_id, int) else None, f"event {event.get('type', '')}")


def _tables(schema: str) -> tuple[Table, Table]:
    # Described here by name, so that a consumer needs only its schema; the mixins above make the migration.
    metadata = MetaData(schema=schema)
    offset = Table(
        "consumer_offset",
        metadata,
        Column("name", String, primary_key=True),
        Column("position", String),
        Column("updated_at", DateTime(timezone=True)),
    )
    parked = Table(
        "parked_event",
        metadata,
        Column("position", String),
        Column("event", JSONB),
        Column("error", Text),
        Column("parked_at", DateTime(timezone=True)),
    )
    return offset, parked
