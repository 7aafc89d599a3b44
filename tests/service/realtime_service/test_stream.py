"""The stream on a real Redis: epochs, gaps and the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.local.redis import LocalRedis
from libs.events import streams
from libs.events.streams import EPOCH, PART_BYTES, RUN, STREAM, EventStream, Gap, Position
from tests.service.realtime_service.conftest import publish_term


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this module alone: a sockets process that reads the shared one would choose an epoch in the middle of a test."""
    server = LocalRedis(Path(tmp_path_factory.mktemp("stream")) / "redis", durable=False)
    yield server.start()
    server.stop()


@pytest.fixture
def stream(own_redis: str) -> Iterator[EventStream]:
    client = streams.connect(own_redis)
    client.flushall()
    yield EventStream(client)
    client.close()


def numbers(entries) -> list[int]:
    return [entry.event["data"]["term"]["id"] for entry in entries]


def test_what_comes_after_a_position_is_read_in_order(stream):
    start = stream.tail()
    for number in range(5):
        publish_term(stream, number)

    entries = stream.after(start)

    assert numbers(entries) == [0, 1, 2, 3, 4]
    assert numbers(stream.after(entries[1].position)) == [2, 3, 4]
    assert numbers(stream.after(entries[1].position, until=entries[2].position)) == [2]
    assert numbers(stream.after(entries[0].position, count=2)) == [1, 2]


def test_more_than_one_command_holds_is_published_whole_in_order_and_once(stream):
    start = stream.tail()
    sizes = [10, PART_BYTES - 10, 20, PART_BYTES * 2, 30, 40, PART_BYTES + 1]
    events = [(f"event-{number}", "grading.grades.changed", b"x" * size) for number, size in enumerate(sizes)]
    stream.publish("grading", events[:4])
    # A relay that died before it could say that it had published comes again with all of them.
    stream.publish("grading", events)

    assert [len(entry.raw) for entry in stream.after(start)] == sizes

    stream.publish("grading", [])
    assert len(stream.after(start)) == len(sizes)


def test_the_end_of_the_stream_has_nothing_after_it(stream):
    publish_term(stream, 1)

    assert stream.after(stream.tail()) == []


def test_a_position_whose_entry_is_gone_is_a_gap(stream):
    publish_term(stream, 1)
    old = stream.tail()
    publish_term(stream, 2)
    stream.redis.xtrim(STREAM, maxlen=1, approximate=False)

    with pytest.raises(Gap):
        stream.after(old)


def test_the_beginning_of_a_stream_as_long_as_its_limit_is_a_gap(stream):
    short = EventStream(stream.redis, max_length=3)
    start = short.tail()
    for number in range(3):
        publish_term(short, number)

    with pytest.raises(Gap):
        short.after(start)


def test_another_epoch_is_a_gap(stream):
    publish_term(stream, 1)
    tail = stream.tail()

    with pytest.raises(Gap):
        stream.after(Position("f" * 16, tail.id))


def test_the_epoch_stays_while_the_server_runs_and_changes_when_it_was_another(stream):
    epoch = stream.open()
    assert stream.open() == epoch == stream.epoch()

    stream.redis.set(RUN, "another server")
    assert stream.open() != epoch


def test_an_emptied_redis_gets_a_new_epoch_from_whoever_comes_first(stream):
    publish_term(stream, 1)
    epoch = stream.tail().epoch
    stream.redis.delete(STREAM, EPOCH)

    publish_term(stream, 2)

    assert stream.tail().epoch != epoch
    assert stream.after(Position(stream.epoch(), "0-0"))[0].position.epoch == stream.epoch()


def test_waiting_returns_nothing_when_nothing_comes_and_everything_when_something_does(stream):
    start = stream.tail()
    assert stream.wait(start, block_ms=10) == []

    publish_term(stream, 1)
    publish_term(stream, 2)
    assert numbers(stream.wait(start, block_ms=1000)) == [1, 2]


def test_a_reader_may_block_longer_than_the_clients_default_timeout(own_redis):
    patient = EventStream(streams.connect(own_redis, timeout=8))

    assert patient.wait(patient.tail(), block_ms=5_500) == []


def test_the_stream_is_kept_to_its_length(stream):
    short = EventStream(stream.redis, max_length=100)
    for number in range(400):
        publish_term(short, number)

    # Trimming is by whole nodes, so roughly.
    assert stream.redis.xlen(STREAM) < 300
