"""How long a socket lives: pings, the end of a token or a session, bounds, and a process that ends."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import websocket

from libs import clock
from libs.contracts import events
from libs.contracts.principal import PASSWORD_DUE, Principal
from libs.web.auth import revoked_key
from tests.service.realtime_service.conftest import ADMIN, STAFF, Client, cadet, publish, publish_term
from tests.support.idle_closing_proxy import idle_closing_proxy
from tests.support.waiting import until


@pytest.mark.requirement("2.6")
def test_an_idle_connection_is_kept_open_through_a_proxy_that_closes_idle_ones(own_sockets, stream):
    quick = own_sockets(SOCKETS_PING_SECONDS="1", SOCKETS_SILENCE_SECONDS="3")
    slow = own_sockets(SOCKETS_PING_SECONDS="50", SOCKETS_SILENCE_SECONDS="110")
    with (
        idle_closing_proxy(quick.settings.port, idle_seconds=2.5) as kept,
        idle_closing_proxy(slow.settings.port, idle_seconds=2.5) as cut,
    ):
        pinged = Client(f"ws://127.0.0.1:{kept}/ws/updates/?token={quick.token(STAFF)}")
        unpinged = Client(f"ws://127.0.0.1:{cut}/ws/updates/?token={slow.token(STAFF)}")
        assert pinged.next()["type"] == unpinged.next()["type"] == "connection.ready"

        pings = [pinged.ws.recv_data(control_frame=True)[0] for _ in range(6)]
        assert pings == [websocket.ABNF.OPCODE_PING] * 6
        publish_term(stream, 1)
        assert pinged.next()["type"] == events.grading.TERM_UPDATED
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            unpinged.next()
        pinged.close()


def test_a_peer_that_answers_no_ping_is_dropped(own_sockets):
    running = own_sockets(SOCKETS_PING_SECONDS="1", SOCKETS_SILENCE_SECONDS="2")
    running.connect(STAFF)

    until(lambda: running.stream_state()["connections"] == 0)


def test_a_protocol_ping_is_answered(sockets):
    client = sockets.connect(STAFF)

    client.ws.ping(b"42")

    assert client.ws.recv_data(control_frame=True) == (websocket.ABNF.OPCODE_PONG, b"42")


def test_a_connection_ends_when_its_token_does(sockets):
    client = sockets.connect(STAFF, token=sockets.token(STAFF, life=timedelta(seconds=2)))

    assert client.closing() == (4401, "token_expired")


def test_a_connection_renewed_in_time_lives_on(sockets, stream):
    client = sockets.connect(STAFF, token=sockets.token(STAFF, life=timedelta(seconds=2)))

    client.send({"type": "authenticate", "data": {"token": sockets.token(STAFF)}})
    assert client.next()["type"] == "connection.authenticated"

    expiry = datetime.fromisoformat(client.hello["data"]["expires_at"])
    until(lambda: clock.now() > expiry + timedelta(seconds=1.5))
    publish_term(stream, 1)
    assert client.next()["type"] == events.grading.TERM_UPDATED


def test_a_connection_cannot_be_handed_to_another_account(sockets, stream):
    client = sockets.connect(cadet(1))

    client.send({"type": "authenticate", "data": {"token": sockets.token(STAFF)}})
    assert client.next()["data"]["code"] == "other_account"

    publish(stream, events.roster.STAFF_UPDATED, {"staff": {"id": 1}})
    publish_term(stream, 1)
    assert client.next()["type"] == events.grading.TERM_UPDATED


def test_who_has_a_password_to_choose_first_hears_nothing(sockets):
    client = sockets.open(token=sockets.token(replace(STAFF, due=PASSWORD_DUE)))
    assert client.next()["data"]["code"] == "password_due"
    assert client.closing() == (4401, "password_due")


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

    publish(
        stream,
        events.auth.SESSION_REVOKED,
        events.auth.session_revoked_data(user_id=2, session_ids=[STAFF.session_id]),
        schema="auth",
    )
    publish_term(stream, 1)

    assert here.closing() == (4401, "session_revoked")
    assert elsewhere.next()["type"] == events.grading.TERM_UPDATED


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
