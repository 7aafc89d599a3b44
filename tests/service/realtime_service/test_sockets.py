"""Opening, speaking on and ending a socket, over loopback with a real client."""

from __future__ import annotations

from datetime import timedelta

import pytest
import websocket

from libs.contracts import events
from libs.contracts.principal import Principal
from tests.service.realtime_service.conftest import ADMIN, STAFF, Client, cadet, publish, publish_term
from tests.support.waiting import until


@pytest.mark.requirement("2.3", "2.4", "12.1")
@pytest.mark.parametrize("feed", ["updates", "notifications"])
def test_a_valid_token_opens_a_socket(sockets, feed):
    client = sockets.connect(STAFF, feed)

    assert client.hello["data"]["user_id"] == STAFF.user_id
    assert client.hello["position"] == client.hello["data"]["position"]


def test_the_slash_at_the_end_of_the_address_is_optional(sockets):
    url = sockets.url(token=sockets.token(STAFF)).replace("/updates/?", "/updates?")

    client = Client(url)
    sockets.stack.callback(client.close)

    assert client.next()["type"] == "connection.ready"


def test_a_renewed_token_with_fewer_rights_narrows_what_arrives(sockets, stream):
    client = sockets.connect(STAFF)
    demoted = Principal(STAFF.user_id, "staff", "cadet", cadet_id=5, session_id="sid-2")

    client.send({"type": "authenticate", "data": {"token": sockets.token(demoted)}})
    assert client.next()["type"] == "connection.authenticated"

    publish(stream, events.roster.STAFF_UPDATED, {"staff": {"id": 1}})
    publish_term(stream, 1)
    assert client.next()["type"] == events.grading.TERM_UPDATED


@pytest.mark.requirement("2.4")
@pytest.mark.parametrize(
    ("token", "code"),
    [("", "unauthenticated"), ("garbage", "token_invalid"), ("a.b.c", "token_invalid"), ("x" * 5000, "unauthenticated")],
)
def test_a_socket_without_a_valid_token_is_told_so_and_closed(sockets, token, code):
    client = sockets.open(token=token)

    assert client.next()["data"]["code"] == code
    assert client.closing() == (4401, code)


@pytest.mark.requirement("2.4")
def test_an_expired_token_opens_nothing(sockets):
    client = sockets.open(token=sockets.token(STAFF, life=timedelta(seconds=-1)))

    assert client.next()["data"]["code"] == "token_expired"
    assert client.closing()[0] == 4401


def test_a_socket_is_the_account_of_its_token_and_of_no_other(sockets, stream):
    """D5: the legacy system looked the token's id up in another table and connected as somebody else."""
    mine, other = sockets.connect(Principal(13, "staff13", "staff", session_id="a"), "notifications"), sockets.connect(cadet(13))

    note = {"id": "n1", "user_id": 13, "message": "for 13", "priority": "low", "timestamp": "2026-03-07T01:30:00Z"}
    publish(stream, events.messaging.NOTIFICATION_CREATED, note)
    publish_term(stream, 1)

    assert mine.next()["data"] == note
    assert other.next()["type"] == events.grading.TERM_UPDATED


@pytest.mark.requirement("2.5", "2.7", "12.3")
def test_a_published_event_reaches_every_connection_of_its_channel(sockets, stream):
    clients = [sockets.connect(ADMIN), sockets.connect(STAFF), sockets.connect(cadet(1))]

    publish_term(stream, 5)

    frames = [client.next() for client in clients]
    assert [frame["data"] for frame in frames] == [{"term": {"id": 5}}] * 3
    assert len({frame["position"] for frame in frames}) == 1


def test_a_cadet_receives_their_own_rows_and_nobody_elses(sockets, stream):
    first, second, staff = sockets.connect(cadet(1)), sockets.connect(cadet(2)), sockets.connect(STAFF)
    rows = [{"cadet_id": 1, "version": 1, "final": "90.00"}, {"cadet_id": 3, "version": 1, "final": "80.00"}]

    publish(stream, events.grading.GRADES_CHANGED, events.grading.grades_changed_data(term_id=1, rows=rows))
    publish_term(stream, 1)

    assert first.next()["data"]["rows"] == rows[:1]
    assert first.next()["type"] == events.grading.TERM_UPDATED
    assert second.next()["type"] == events.grading.TERM_UPDATED
    assert staff.next()["data"]["rows"] == rows


@pytest.mark.requirement("26.1")
def test_every_frame_has_type_data_and_timestamp(sockets, stream):
    client = sockets.connect(STAFF)
    publish_term(stream, 1)
    event = client.next()
    client.send({"type": "ping"})
    pong = client.next()
    client.send("{")
    error = client.next()

    for frame in (client.hello, event, pong, error):
        assert {"type", "data", "timestamp"} <= set(frame)


@pytest.mark.requirement("12.4")
def test_a_closed_connection_leaves_all_its_channels(sockets, stream):
    staying, leaving = sockets.connect(STAFF), sockets.connect(STAFF)
    delivered = sockets.stream_state()["delivered"]

    leaving.close()
    until(lambda: sockets.stream_state()["connections"] == 1)
    publish_term(stream, 1)

    assert staying.next()["type"] == events.grading.TERM_UPDATED
    assert sockets.stream_state()["delivered"] == delivered + 1


@pytest.mark.requirement("12.5", "26.3", "26.4")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("not json", "malformed_json"),
        ("[]", "malformed_message"),
        ('{"type":"subscribe","data":{"channel":"staff"}}', "unknown_type"),
        ('{"type":"replay"}', "malformed_message"),
    ],
)
def test_a_malformed_frame_is_answered_with_an_error_and_the_connection_lives(sockets, stream, sent, code):
    client = sockets.connect(STAFF)

    client.send(sent)

    answer = client.next()
    assert (answer["type"], answer["data"]["code"]) == ("error", code)
    publish_term(stream, 1)
    assert client.next()["type"] == events.grading.TERM_UPDATED


def test_a_binary_frame_is_answered_with_an_error(sockets):
    client = sockets.connect(STAFF)

    client.ws.send_binary(b"\x00\x01")

    assert client.next()["data"]["code"] == "text_only"


def test_who_goes_on_sending_nonsense_is_sent_away(sockets):
    client = sockets.connect(STAFF)

    for _ in range(10):
        client.send("nonsense")

    assert client.closing() == (1008, "too_many_errors")


def test_who_floods_with_good_messages_is_sent_away_too(sockets):
    client = sockets.connect(STAFF)

    for _ in range(60):
        client.send({"type": "ping"})

    assert client.closing()[0] == 1008


def test_a_message_beyond_four_kilobytes_ends_the_connection(sockets):
    client = sockets.connect(STAFF)

    client.send('{"type":"' + "x" * 5000)

    assert client.next()["data"]["code"] == "message_too_big"
    assert client.closing()[0] == 1009


def test_an_endless_message_in_small_fragments_is_cut_at_the_same_limit(sockets):
    client = sockets.connect(STAFF)

    client.ws.send_frame(websocket.ABNF.create_frame("x" * 1500, websocket.ABNF.OPCODE_TEXT, fin=0))
    client.ws.send_frame(websocket.ABNF.create_frame("x" * 1500, websocket.ABNF.OPCODE_CONT, fin=0))
    client.ws.send_frame(websocket.ABNF.create_frame("x" * 1500, websocket.ABNF.OPCODE_CONT, fin=0))

    assert client.closing()[0] == 1009


def test_a_peer_that_vanishes_without_a_word_is_forgotten(sockets):
    client = sockets.connect(STAFF)

    client.ws.sock.shutdown(2)
    client.ws.sock.close()

    until(lambda: sockets.stream_state()["connections"] == 0)


def test_the_clients_close_is_answered(sockets):
    client = sockets.connect(STAFF)

    client.ws.send_close(1000, b"bye")

    assert client.closing()[0] == 1000
