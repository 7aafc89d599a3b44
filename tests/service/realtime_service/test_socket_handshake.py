"""What may open a socket: our own page with a whole handshake, and nothing else."""

from __future__ import annotations

import pytest
import requests
import websocket

from libs.contracts import events
from tests.service.realtime_service.conftest import STAFF, publish_term
from tests.support.from_gateway import from_gateway


@pytest.mark.parametrize(
    "raw", [b"\x81\x05hello", b"\xff\xff\xff\xff", b"\x83\x80\x00\x00\x00\x00", b"\x81\x82\x00\x00\x00\x00\xff\xfe"]
)
def test_bytes_that_are_no_websocket_end_the_connection_and_nothing_else(sockets, stream, raw):
    broken, sound = sockets.connect(STAFF), sockets.connect(STAFF)

    broken.ws.sock.sendall(raw)

    assert broken.closing()[0] in (1002, 1007)
    publish_term(stream, 1)
    assert sound.next()["type"] == events.grading.TERM_UPDATED


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
    signed = [f"{name}: {value}" for name, value in from_gateway("sockets", "203.0.113.7").items()]
    header = ["Origin: https://rgms.example.org", "X-Forwarded-Host: rgms.example.org", *signed]

    client = sockets.connect(STAFF, options={"header": header, "suppress_origin": True})

    assert client.hello


@pytest.mark.parametrize("signature", [{}, {"X-Gateway-Token": "forged"}, from_gateway("roster", "203.0.113.7")])
def test_a_foreign_page_cannot_name_its_own_host_as_ours(sockets, signature):
    header = ["Origin: https://evil.example", "X-Forwarded-Host: evil.example", *(f"{k}: {v}" for k, v in signature.items())]

    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(sockets.url(token=sockets.token(STAFF)), timeout=5, header=header, suppress_origin=True)

    assert refused.value.status_code == 403


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
