"""A client that was away gets what it missed, in order and once, or is told to reload; a slow one harms nobody."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.local.redis import LocalRedis
from libs.contracts import events
from libs.events import streams
from libs.events.streams import EPOCH, STREAM, EventStream
from tests.service.realtime_service.conftest import (
    STAFF,
    cadet,
    catch_up,
    publish,
    publish_term,
    small_buffers,
    start_sockets,
    until,
)


def terms(client, count: int) -> list[int]:
    return [client.next_of(events.grading.TERM_UPDATED)["data"]["term"]["id"] for _ in range(count)]


def test_a_client_that_comes_back_is_given_what_it_missed_and_nothing_twice(sockets, stream):
    client = sockets.connect(STAFF)
    publish_term(stream, 1)
    seen = client.next()["position"]
    client.close()
    for number in (2, 3, 4):
        publish_term(stream, number)
    catch_up(sockets, stream)

    back = sockets.connect(STAFF, position=seen)

    assert back.hello["position"] == seen
    assert terms(back, 3) == [2, 3, 4]
    recovered = back.next()
    assert (recovered["type"], recovered["data"]["count"]) == ("connection.recovered", 3)
    publish_term(stream, 5)
    assert back.next()["data"] == {"term": {"id": 5}}


def test_a_client_may_ask_for_what_it_missed_on_an_open_connection(sockets, stream):
    client = sockets.connect(STAFF)
    publish_term(stream, 1)
    publish_term(stream, 2)
    first = client.next()["position"]
    client.next()

    client.send({"type": "replay", "data": {"position": first}})

    assert terms(client, 1) == [2]
    assert client.next()["type"] == "connection.recovered"


def test_a_replay_holds_only_what_the_client_may_see(sockets, stream):
    client = sockets.connect(cadet(1))
    seen = client.hello["position"]
    client.close()
    rows = [{"cadet_id": number, "version": 1} for number in (1, 2, 3)]
    publish(stream, events.grading.GRADES_CHANGED, events.grading.grades_changed_data(term_id=1, rows=rows))
    publish(stream, events.roster.STAFF_UPDATED, {"staff": {"id": 1}})
    catch_up(sockets, stream)

    back = sockets.connect(cadet(1), position=seen)

    assert back.next()["data"]["rows"] == rows[:1]
    assert back.next()["type"] == "connection.recovered"


def test_events_published_while_a_client_recovers_come_after_what_it_missed(sockets, stream):
    client = sockets.connect(STAFF)
    seen = client.hello["position"]
    client.close()
    for number in range(200):
        publish_term(stream, number)
    publisher = threading.Thread(target=lambda: [publish_term(stream, number) for number in range(200, 400)])
    publisher.start()

    back = sockets.connect(STAFF, position=seen)

    assert terms(back, 400) == list(range(400))
    publisher.join()


def test_a_position_of_an_emptied_stream_means_reload(sockets, stream, redis_client):
    seen = sockets.connect(STAFF).hello["position"]
    redis_client.delete(STREAM, EPOCH)
    catch_up(sockets, stream)

    back = sockets.connect(STAFF, position=seen)

    reset = back.next()
    assert (reset["type"], reset["data"]["reason"]) == ("connection.reset", "stream_restarted")


def test_a_position_that_was_trimmed_away_means_reload(sockets, stream, redis_client):
    seen = sockets.connect(STAFF).hello["position"]
    for number in range(5):
        publish_term(stream, number)
    catch_up(sockets, stream)
    redis_client.xtrim(STREAM, maxlen=2, approximate=False)

    back = sockets.connect(STAFF, position=seen)

    assert back.next()["data"]["reason"] == "position_too_old"


@pytest.mark.parametrize("position", ["nonsense", "%00", "0123456789abcdef:99999999999999999999999-0", "0123456789abcdef:0-0"])
def test_a_made_up_position_means_reload_and_harms_nothing(sockets, stream, position):
    client = sockets.connect(STAFF, position=position)

    assert client.next()["type"] == "connection.reset"
    publish_term(stream, 1)
    assert client.next()["type"] == events.grading.TERM_UPDATED


def test_clients_are_told_to_reload_when_the_stream_was_lost_under_them(sockets, stream, redis_client):
    client = sockets.connect(STAFF)

    redis_client.delete(STREAM, EPOCH)
    publish_term(stream, 1)

    assert client.next()["data"]["reason"] == "stream_restarted"
    after = client.next()
    assert after["type"] == events.grading.TERM_UPDATED
    assert after["position"].partition(":")[0] != client.hello["position"].partition(":")[0]


def test_a_killed_redis_costs_a_reload_and_the_next_event_still_arrives(tmp_path: Path):
    server = LocalRedis(tmp_path / "redis", durable=True)
    url = server.start()
    try:
        with ExitStack() as stack:
            running = start_sockets(url, stack)
            client = running.connect(STAFF)

            server.kill9()
            server.start()
            fresh = EventStream(streams.connect(url))
            until(lambda: running.ready())
            publish_term(fresh, 9)

            assert client.next_of("connection.reset")["data"]["reason"] == "stream_restarted"
            assert client.next_of(events.grading.TERM_UPDATED)["data"] == {"term": {"id": 9}}
    finally:
        server.stop()


def large_rows(number: int) -> dict:
    rows = [{"cadet_id": index, "version": number, "padding": "x" * 500} for index in range(100)]
    return events.grading.grades_changed_data(term_id=number, rows=rows)


def test_a_reader_that_does_not_read_is_cut_off_and_delays_nobody(sockets, stream):
    slow = sockets.connect(STAFF, options=small_buffers())
    quick = sockets.connect(STAFF)
    slowest = 0.0

    for number in range(200):
        started = time.monotonic()
        publish(stream, events.grading.GRADES_CHANGED, large_rows(number))
        assert quick.next()["data"]["term_id"] == number
        slowest = max(slowest, time.monotonic() - started)
        if sockets.stream_state()["connections"] == 1:
            break

    assert slowest < 1.0
    # What it does read afterwards is whole frames in order, then the reason.
    received = []
    while True:
        opcode, payload = slow.ws.recv_data(control_frame=True)
        if opcode == 8:
            break
        received.append(payload)
    assert int.from_bytes(payload[:2], "big") == 1013
    assert [payload.count(b"padding") for payload in received] == [100] * len(received)


def test_an_event_larger_than_a_frame_arrives_in_parts_that_make_the_whole(sockets, stream):
    client = sockets.connect(STAFF)
    rows = [{"cadet_id": index, "version": 1, "padding": "x" * 2000} for index in range(100)]

    publish(stream, events.grading.GRADES_CHANGED, events.grading.grades_changed_data(term_id=1, rows=rows))

    received = []
    while len(received) < 100:
        message = client.next()
        received += message["data"]["rows"]
    assert received == rows
    assert message["position"] != client.hello["position"]


def test_a_burst_arrives_whole_and_in_order_on_every_connection(sockets, stream):
    clients = [sockets.connect(STAFF) for _ in range(20)]

    for number in range(50):
        publish_term(stream, number)

    for client in clients:
        assert terms(client, 50) == list(range(50))
