"""The outbox and its relay: what was committed is published, once, in order; what was not never is."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select, text

from cli.local.redis import LocalRedis
from libs import clock
from libs.contracts import events
from libs.data.db import db, reading, transaction
from libs.events import outbox, streams
from libs.events.outbox import Relay
from libs.events.streams import EventStream
from libs.web.app import start_background, stop_background
from realtime_service.models import Outbox
from tests.support.waiting import until


@pytest.fixture
def app(service_app):
    return service_app("realtime")


@pytest.fixture
def relay(app) -> Relay:
    return app.extensions["rgms_relay"]


def record(app, *numbers: int) -> None:
    with app.app_context(), transaction() as session:
        for number in numbers:
            outbox.record(session, Outbox, events.grading.TERM_UPDATED, events.grading.term_data({"id": number}), now=clock.now())


def published(stream: EventStream) -> list[int]:
    return [streams.loads(fields[b"event"])["data"]["term"]["id"] for _, fields in stream.redis.xrange(streams.STREAM)]


def unpublished(app) -> int:
    with app.app_context(), reading() as connection:
        waiting = select(Outbox.id).where(Outbox.published_at.is_(None))
        return len(connection.execute(waiting).all())


def test_committed_events_are_published_once_in_order(app, relay, stream):
    record(app, 1, 2)
    record(app, 3)

    assert relay.drain() == 3
    assert relay.drain() == 0
    assert published(stream) == [1, 2, 3]
    assert unpublished(app) == 0


def test_an_event_carries_id_type_data_time_and_schema(app, relay, stream):
    record(app, 1)
    relay.drain()

    (_, fields), *_ = stream.redis.xrange(streams.STREAM)
    event = streams.loads(fields[b"event"])
    assert set(event) == {"id", "type", "data", "occurred_at", "schema"}
    assert (event["type"], event["data"], event["schema"]) == (events.grading.TERM_UPDATED, {"term": {"id": 1}}, "messaging")
    assert event["occurred_at"].endswith("Z")


def test_a_busy_relay_gathers_events_and_keeps_their_order(app, relay, stream):
    relay.start()
    try:
        for number in range(40):
            record(app, number)
        until(lambda: unpublished(app) == 0)
    finally:
        relay.stop()

    assert published(stream) == list(range(40))
    with app.app_context(), reading() as connection:
        batches = connection.execute(select(func.count(func.distinct(Outbox.published_at)))).scalar_one()
    # One for each would be forty; how many there are depends on the machine, that they are few does not.
    assert batches < 20


def test_an_event_of_a_transaction_that_failed_never_existed(app, relay, stream):
    with app.app_context(), pytest.raises(RuntimeError), transaction() as session:
        outbox.record(session, Outbox, events.grading.TERM_UPDATED, events.grading.term_data({"id": 1}), now=clock.now())
        raise RuntimeError

    assert relay.drain() == 0
    assert published(stream) == []


def test_an_event_without_a_contract_is_refused(app):
    with app.app_context(), pytest.raises(ValueError, match="no contract"), transaction() as session:
        outbox.record(session, Outbox, "grading.term.vanished", {}, now=clock.now())


def test_more_than_one_batch_is_published_in_one_drain(app, relay, stream):
    record(app, *range(outbox.BATCH + 50))

    assert relay.drain() == outbox.BATCH + 50
    assert published(stream) == list(range(outbox.BATCH + 50))


def test_a_relay_that_died_between_redis_and_its_commit_publishes_nothing_twice(app, relay, stream):
    record(app, 1, 2)
    relay.drain()
    # The database is put back to what it would be had the relay died before its commit, Redis keeps what it has.
    with app.app_context(), transaction() as session:
        ids = [str(event_id) for event_id in session.execute(select(Outbox.event_id)).scalars()]
        session.execute(text("UPDATE messaging.outbox SET published_at = NULL"))
    stream.redis.sadd("rgms:events:unconfirmed:messaging", *ids)
    record(app, 3)

    relay.drain()

    assert published(stream) == [1, 2, 3]
    assert unpublished(app) == 0


def test_two_relays_at_once_publish_each_event_once(app, relay, stream):
    record(app, *range(100))
    second = Relay(app, "messaging", Outbox)
    threads = [threading.Thread(target=each.drain) for each in (relay, second)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    relay.drain()

    assert published(stream) == list(range(100))


def test_a_started_relay_publishes_right_after_the_commit(app, stream):
    start_background(app)
    try:
        before = stream.tail()
        record(app, 7)
        # Faster than its sweep of one second: the commit nudged it.
        assert [entry.event["data"] for entry in stream.wait(before, block_ms=900)] == [{"term": {"id": 7}}]
    finally:
        stop_background(app)


def test_while_redis_is_down_events_wait_and_then_arrive(app, tmp_path: Path):
    server = LocalRedis(tmp_path / "redis", durable=True)
    url = server.start()
    relay = Relay(app, "messaging", Outbox, streams.connect(url))
    server.kill9()

    record(app, 1, 2)
    with pytest.raises(redis.RedisError):
        relay.drain()
    assert unpublished(app) == 2

    server.start()
    try:
        assert relay.drain() == 2
        assert published(EventStream(streams.connect(url))) == [1, 2]
    finally:
        server.stop()


def test_a_running_relay_recovers_by_itself_when_redis_comes_back(app, tmp_path: Path):
    server = LocalRedis(tmp_path / "redis", durable=True)
    url = server.start()
    relay = Relay(app, "messaging", Outbox, streams.connect(url))
    relay.start()
    try:
        server.kill9()
        record(app, 1)
        relay.nudge()
        server.start()
        record(app, 2)

        until(lambda: unpublished(app) == 0)
        assert published(EventStream(streams.connect(url))) == [1, 2]
    finally:
        relay.stop()
        server.stop()


def test_events_published_long_ago_are_deleted_and_waiting_ones_never(app, relay):
    record(app, 1)
    relay.drain()
    record(app, 2)
    with app.app_context():
        assert relay.clean(clock.now()) == 0
        assert relay.clean(clock.now() + timedelta(days=8)) == 1
    assert unpublished(app) == 1


def test_the_sweep_reads_the_partial_index(app):
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(
            text("EXPLAIN SELECT id FROM messaging.outbox WHERE published_at IS NULL ORDER BY id LIMIT 200")
        ).scalars()
        assert "ix_outbox_unpublished" in "\n".join(plan)
