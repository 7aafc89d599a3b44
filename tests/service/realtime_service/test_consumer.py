"""A consumer: each event takes effect once, its place is stored with the effect, a gap means comparing both sides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Text, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from libs.data.db import db, in_transaction, reading
from libs.events.consumer import BATCH, Consumer, ConsumerOffsetMixin, ParkedEventMixin
from libs.events.streams import EPOCH, STREAM
from libs.web.errors import UpstreamDown
from tests.service.realtime_service.conftest import publish_term
from tests.support.waiting import until


class ProbeBase(DeclarativeBase):
    pass


class ConsumerOffset(ConsumerOffsetMixin, ProbeBase):
    __table_args__ = {"schema": "probe"}  # noqa: RUF012


class ParkedEvent(ParkedEventMixin, ProbeBase):
    __table_args__ = {"schema": "probe"}  # noqa: RUF012


class Effect(ProbeBase):
    __tablename__ = "effect"
    __table_args__ = {"schema": "probe"}  # noqa: RUF012
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(Text)


@pytest.fixture
def app(service_app, as_owner):
    app = service_app("realtime")
    as_owner("DROP SCHEMA IF EXISTS probe CASCADE; CREATE SCHEMA probe; GRANT ALL ON SCHEMA probe TO PUBLIC")
    with app.app_context(), db.engine.begin() as connection:
        ProbeBase.metadata.create_all(connection)
    return app


class Probe:
    """A consumer that writes down what happened to it."""

    def __init__(self, app, failing: Any = None) -> None:
        self.app = app
        self.failing = failing
        handlers = {"grading.term.updated": self.handle}
        self.consumer = Consumer(app, "probe", handlers=handlers, reconcile=self.reconcile)

    def handle(self, session, event) -> None:
        number = event["data"]["term"]["id"]
        self.write(session, f"term {number}")
        if self.failing and (error := self.failing(number)):
            raise error

    def reconcile(self):
        assert not in_transaction(), "nobody may wait for the owner inside a transaction"
        return lambda session: self.write(session, "reconciled")

    def write(self, session, what: str) -> None:
        session.execute(text("INSERT INTO probe.effect (what) VALUES (:what)"), {"what": what})

    def effects(self) -> list[str]:
        return self.column("SELECT what FROM probe.effect ORDER BY id")

    def parked(self) -> list[str]:
        return self.column("SELECT error FROM probe.parked_event ORDER BY id")

    def column(self, query: str) -> list[str]:
        with self.app.app_context(), reading() as connection:
            return list(connection.execute(text(query)).scalars())


def test_the_first_start_compares_both_sides_and_then_follows_the_stream(app, stream):
    publish_term(stream, 1)
    probe = Probe(app)

    assert probe.consumer.step() == 0
    publish_term(stream, 2)
    publish_term(stream, 3)
    assert probe.consumer.step() == 2

    assert probe.effects() == ["reconciled", "term 2", "term 3"]


def test_an_event_takes_effect_once_even_across_a_restart(app, stream):
    first = Probe(app)
    first.consumer.step()
    publish_term(stream, 1)
    first.consumer.step()

    second = Probe(app)
    second.consumer.step()
    publish_term(stream, 2)
    second.consumer.step()

    assert second.effects() == ["reconciled", "term 1", "term 2"]


def test_the_place_and_the_effects_are_stored_together_or_not_at_all(app, stream):
    down = [True]
    probe = Probe(app, lambda number: UpstreamDown() if number == 2 and down[0] else None)
    probe.consumer.step()
    publish_term(stream, 1)
    publish_term(stream, 2)

    with pytest.raises(UpstreamDown):
        probe.consumer.step()
    assert probe.effects() == ["reconciled"]

    down[0] = False
    probe.consumer.step()
    assert probe.effects() == ["reconciled", "term 1", "term 2"]


def test_a_poison_event_is_parked_with_its_error_and_the_next_ones_go_on(app, stream):
    probe = Probe(app, lambda number: ValueError("cannot read this") if number == 2 else None)
    probe.consumer.step()
    for number in (1, 2, 3):
        publish_term(stream, number)

    probe.consumer.step()

    assert probe.effects() == ["reconciled", "term 1", "term 3"]
    assert probe.parked() == ["ValueError: cannot read this"]
    assert probe.consumer.step() == 0


def test_an_entry_that_is_no_event_is_parked(app, stream):
    probe = Probe(app)
    probe.consumer.step()

    stream.publish("probe", [("broken", "grading.term.updated", b"not json"), ("list", "grading.term.updated", b"[]")])
    publish_term(stream, 1)
    probe.consumer.step()

    assert probe.effects() == ["reconciled", "term 1"]
    assert len(probe.parked()) == 2


@pytest.mark.parametrize("keys", [(EPOCH,), (STREAM, EPOCH)])
def test_a_lost_stream_means_comparing_both_sides(app, stream, redis_client, keys):
    probe = Probe(app)
    probe.consumer.step()
    publish_term(stream, 1)
    probe.consumer.step()

    redis_client.delete(*keys)
    publish_term(stream, 2)

    probe.consumer.step()
    publish_term(stream, 3)
    probe.consumer.step()
    assert probe.effects() == ["reconciled", "term 1", "reconciled", "term 3"]


def test_a_trimmed_stream_means_comparing_both_sides(app, stream, redis_client):
    probe = Probe(app)
    publish_term(stream, 0)
    probe.consumer.step()
    for number in range(1, 6):
        publish_term(stream, number)
    redis_client.xtrim(STREAM, maxlen=2, approximate=False)

    probe.consumer.step()

    assert probe.effects() == ["reconciled", "reconciled"]


def test_a_failed_comparison_is_tried_again(app, stream):
    probe = Probe(app)
    tries = []

    def reconcile():
        tries.append(1)
        if len(tries) == 1:
            raise UpstreamDown()
        return lambda session: probe.write(session, "reconciled")

    probe.consumer.reconcile = reconcile
    with pytest.raises(UpstreamDown):
        probe.consumer.step()
    probe.consumer.step()

    assert probe.effects() == ["reconciled"]


def test_only_one_process_consumes_at_a_time(app, stream):
    other = Probe(app)
    seen = []
    probe = Probe(app, failing=lambda _number: seen.append(other.consumer.step()))
    probe.consumer.step()
    publish_term(stream, 1)

    probe.consumer.step()

    assert seen == [None]


def test_of_two_that_compare_at_once_the_faster_one_mends(app, stream):
    probe = Probe(app)
    other = Probe(app)

    def reconcile():
        other.consumer.step()
        return lambda session: probe.write(session, "mended by the slower")

    probe.consumer.reconcile = reconcile

    assert probe.consumer.step() is None
    assert probe.effects() == ["reconciled"]


def test_more_than_a_batch_is_read_step_by_step(app, stream):
    probe = Probe(app)
    probe.consumer.step()
    for number in range(BATCH + 5):
        publish_term(stream, number)

    assert [probe.consumer.step(), probe.consumer.step(), probe.consumer.step()] == [BATCH, 5, 0]
    assert probe.effects()[1:] == [f"term {number}" for number in range(BATCH + 5)]


def test_a_database_that_fails_is_no_poison(app, stream):
    broken = [True]
    probe = Probe(app, lambda _number: OperationalError("x", {}, Exception("gone")) if broken[0] else None)
    probe.consumer.step()
    publish_term(stream, 1)

    with pytest.raises(OperationalError):
        probe.consumer.step()
    broken[0] = False
    probe.consumer.step()

    assert (probe.effects(), probe.parked()) == (["reconciled", "term 1"], [])


def test_a_started_consumer_follows_by_itself_and_bears_a_failure(app, stream):
    failures = [UpstreamDown()]
    probe = Probe(app, lambda _number: failures.pop() if failures else None)
    probe.consumer.start()
    try:
        until(lambda: probe.effects() == ["reconciled"])
        publish_term(stream, 1)
        publish_term(stream, 2)
        until(lambda: probe.effects() == ["reconciled", "term 1", "term 2"])
    finally:
        probe.consumer.stop()


def test_the_place_survives_in_the_database(app, stream):
    probe = Probe(app)
    probe.consumer.step()
    publish_term(stream, 1)
    probe.consumer.step()

    assert probe.column("SELECT position FROM probe.consumer_offset") == [str(stream.tail())]


def test_an_event_without_a_handler_is_passed_over_unread_and_the_place_moves_on(app, stream):
    probe = Probe(app)
    probe.consumer.step()

    stream.publish("probe", [("other", "grading.grades.changed", b"not json")])
    assert probe.consumer.step() == 1

    assert (probe.effects(), probe.parked(), probe.consumer.step()) == (["reconciled"], [], 0)


def test_an_entry_published_before_entries_told_their_type_still_takes_effect(app, stream, redis_client):
    probe = Probe(app)
    probe.consumer.step()
    publish_term(stream, 1)
    (_, fields), *_ = redis_client.xrevrange(STREAM, count=1)
    del fields[b"type"]
    redis_client.xadd(STREAM, fields)

    probe.consumer.step()

    assert probe.effects() == ["reconciled", "term 1", "term 1"]
