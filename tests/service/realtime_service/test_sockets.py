"""Opening, speaking on and ending a socket, over loopback with a real client."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta

import pytest
import requests
import websocket

from libs import clock
from libs.auth import revoked_key
from libs.contracts import events
from libs.contracts.principal import Principal
from tests.service.realtime_service.conftest import ADMIN, STAFF, Client, cadet, publish, publish_term, until


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

    publish(stream, events.STAFF_UPDATED, {"staff": {"id": 1}})
    publish_term(stream, 1)
    assert client.next()["type"] == events.TERM_UPDATED


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
    publish(stream, events.NOTIFICATION_CREATED, note)
    publish_term(stream, 1)

    assert mine.next()["data"] == note
    assert other.next()["type"] == events.TERM_UPDATED


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

    publish(stream, events.GRADES_CHANGED, events.grades_changed_data(term_id=1, rows=rows))
    publish_term(stream, 1)

    assert first.next()["data"]["rows"] == rows[:1]
    assert first.next()["type"] == events.TERM_UPDATED
    assert second.next()["type"] == events.TERM_UPDATED
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

    assert staying.next()["type"] == events.TERM_UPDATED
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
    assert client.next()["type"] == events.TERM_UPDATED


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


@pytest.mark.parametrize(
    "raw", [b"\x81\x05hello", b"\xff\xff\xff\xff", b"\x83\x80\x00\x00\x00\x00", b"\x81\x82\x00\x00\x00\x00\xff\xfe"]
)
def test_bytes_that_are_no_websocket_end_the_connection_and_nothing_else(sockets, stream, raw):
    broken, sound = sockets.connect(STAFF), sockets.connect(STAFF)

    broken.ws.sock.sendall(raw)

    assert broken.closing()[0] in (1002, 1007)
    publish_term(stream, 1)
    assert sound.next()["type"] == events.TERM_UPDATED


def test_a_peer_that_vanishes_without_a_word_is_forgotten(sockets):
    client = sockets.connect(STAFF)

    client.ws.sock.shutdown(2)
    client.ws.sock.close()

    until(lambda: sockets.stream_state()["connections"] == 0)


def test_the_clients_close_is_answered(sockets):
    client = sockets.connect(STAFF)

    client.ws.send_close(1000, b"bye")

    assert client.closing()[0] == 1000


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://evil.example", 403), ("null", 403), ("https://front.example.org", 101), (None, 101)],
)
def test_a_foreign_page_cannot_open_a_socket(sockets, origin, status):
    """D26: the legacy system took any Origin."""
    options = {"header": [f"Origin: {origin}"], "suppress_origin": True} if origin else {"suppress_origin": True}
    try:
        client = websocket.create_connection(sockets.url(token=sockets.token(STAFF)), timeout=5, **options)
    except websocket.WebSocketBadStatusException as refused:
        assert refused.status_code == status
    else:
        assert client.getstatus() == status
        client.close()


def test_our_own_page_behind_the_gateway_may_open_a_socket(sockets):
    header = ["Origin: https://rgms.example.org", "X-Forwarded-Host: rgms.example.org"]

    client = sockets.connect(STAFF, options={"header": header, "suppress_origin": True})

    assert client.hello


@pytest.mark.parametrize("path", ["/ws/updates/", "/ws/notifications/"])
def test_a_plain_request_to_a_socket_address_is_an_error_in_our_shape(sockets, path):
    answer = requests.get(f"http://{sockets.base}{path}", timeout=5)

    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "message", "code", "details", "request_id"}


@pytest.mark.parametrize("header", [{"Sec-WebSocket-Version": "8"}, {"Sec-WebSocket-Key": "short"}])
def test_a_broken_handshake_is_a_bad_request(sockets, header):
    good = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip

    answer = requests.get(f"http://{sockets.base}/ws/updates/", headers=good | header, timeout=5)

    assert answer.status_code == 400


def test_compression_is_not_agreed_to(sockets):
    client = sockets.connect(STAFF, options={"header": ["Sec-WebSocket-Extensions: permessage-deflate"]})

    assert "sec-websocket-extensions" not in client.ws.getheaders()


@pytest.mark.requirement("2.6")
def test_an_idle_connection_is_kept_alive_with_pings(own_sockets):
    client = own_sockets(SOCKETS_PING_SECONDS="1").connect(STAFF)

    opcode, _ = client.ws.recv_data(control_frame=True)
    assert opcode == websocket.ABNF.OPCODE_PING
    # websocket-client answered with a pong; the next ping comes because that was heard.
    assert client.ws.recv_data(control_frame=True)[0] == websocket.ABNF.OPCODE_PING


def test_a_peer_that_answers_no_ping_is_dropped(own_sockets):
    running = own_sockets(SOCKETS_PING_SECONDS="1", SOCKETS_SILENCE_SECONDS="2")
    running.connect(STAFF)

    until(lambda: running.stream_state()["connections"] == 0)


def test_a_protocol_ping_is_answered(sockets):
    client = sockets.connect(STAFF)

    client.ws.ping(b"42")

    assert client.ws.recv_data(control_frame=True) == (websocket.ABNF.OPCODE_PONG, b"42")


def test_a_connection_ends_when_its_token_does(sockets):
    client = sockets.connect(STAFF, token=sockets.token(STAFF, life=timedelta(seconds=1)))

    assert client.closing() == (4401, "token_expired")


def test_a_connection_renewed_in_time_lives_on(sockets, stream):
    client = sockets.connect(STAFF, token=sockets.token(STAFF, life=timedelta(seconds=2)))

    client.send({"type": "authenticate", "data": {"token": sockets.token(STAFF)}})
    assert client.next()["type"] == "connection.authenticated"

    expiry = datetime.fromisoformat(client.hello["data"]["expires_at"])
    until(lambda: clock.now() > expiry + timedelta(seconds=1.5))
    publish_term(stream, 1)
    assert client.next()["type"] == events.TERM_UPDATED


def test_a_connection_cannot_be_handed_to_another_account(sockets, stream):
    client = sockets.connect(cadet(1))

    client.send({"type": "authenticate", "data": {"token": sockets.token(STAFF)}})
    assert client.next()["data"]["code"] == "other_account"

    publish(stream, events.STAFF_UPDATED, {"staff": {"id": 1}})
    publish_term(stream, 1)
    assert client.next()["type"] == events.TERM_UPDATED


def test_a_bad_token_does_not_renew(sockets):
    client = sockets.connect(STAFF)

    client.send({"type": "authenticate", "data": {"token": "garbage"}})

    assert client.next()["data"]["code"] == "token_invalid"


def test_a_revoked_session_opens_no_socket(sockets, redis_client):
    redis_client.set(revoked_key(STAFF.session_id), "1", ex=900)

    client = sockets.open(token=sockets.token(STAFF))

    assert client.closing() == (4401, "session_revoked")


def test_signing_out_closes_the_sockets_of_that_session_at_once_and_no_other(sockets, stream):
    """D26: in the legacy system a token lived on after logout."""
    here = sockets.connect(STAFF)
    elsewhere = sockets.connect(Principal(STAFF.user_id, "staff", "staff", session_id="other-device"))

    publish(stream, events.SESSION_REVOKED, events.session_revoked_data(user_id=2, session_ids=[STAFF.session_id]), schema="auth")
    publish_term(stream, 1)

    assert here.closing() == (4401, "session_revoked")
    assert elsewhere.next()["type"] == events.TERM_UPDATED


def test_one_account_has_a_bounded_number_of_sockets(own_sockets):
    running = own_sockets(SOCKETS_MAX_PER_USER="2")
    first, second = running.connect(STAFF), running.connect(STAFF)

    third = running.open(token=running.token(STAFF))

    assert third.closing() == (1013, "too_many_connections")
    assert running.connect(ADMIN).hello
    assert first.hello
    second.close()
    until(lambda: running.stream_state()["connections"] == 2)
    assert running.connect(STAFF).hello


def test_a_process_has_a_bounded_number_of_sockets(own_sockets):
    running = own_sockets(SOCKETS_MAX_CONNECTIONS="1")
    running.connect(STAFF)

    assert running.open(token=running.token(ADMIN)).closing() == (1013, "server_full")


def test_a_process_that_ends_sends_its_clients_to_another(own_sockets):
    running = own_sockets()
    client = running.connect(STAFF)

    running.process.send_signal(signal.SIGTERM)

    assert client.closing() == (1012, "restarting")
    assert running.process.wait(timeout=10) == 0


@pytest.mark.requirement("2.1")
def test_the_process_listens_on_its_port_and_says_what_it_holds(sockets):
    sockets.connect(STAFF)

    assert sockets.stream_state()["connections"] == 1
