"""WebSockets through the gateway: a plain echo server of the `websockets` package stands where the sockets process would."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import redis
import websocket
from websockets.sync.server import Server, ServerConnection, serve

from cli.local.ports import free_port
from tests.support.gateway_process import Gateway, Process


@dataclass
class Sockets:
    """The echo server and what it saw of each handshake."""

    server: Server
    handshakes: list[dict] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return self.server.socket.getsockname()[1]


@pytest.fixture(scope="module")
def sockets() -> Iterator[Sockets]:
    def talk(connection: ServerConnection) -> None:
        request = connection.request
        made.handshakes.append({"path": request.path, **{name.lower(): value for name, value in request.headers.raw_items()}})
        made.closed.clear()
        try:
            for message in connection:
                if message == "bye":
                    connection.close(4001, "bye")
                connection.send(message)
        finally:
            made.closed.set()

    with serve(talk, "127.0.0.1", 0, max_size=2**24) as server:
        made = Sockets(server)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
    thread.join(10)


@pytest.fixture
def tunnel(start_gateway, echo: Process, redis_client: redis.Redis, sockets: Sockets) -> Gateway:
    return start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{sockets.port}", CORS_ALLOWED_ORIGINS="https://app.rotc.test")


def connect(gateway: Gateway, path: str = "/ws/updates/?token=t", **more) -> websocket.WebSocket:
    return websocket.create_connection(gateway.url.replace("http", "ws") + path, timeout=20, **more)


def test_frames_pass_both_ways_whole(tunnel: Gateway, sockets: Sockets) -> None:
    socket = connect(tunnel)
    for text in ("hello", "ñ" * 1000, "x" * 2_000_000):
        socket.send(text)
        assert socket.recv() == text
    socket.close()
    assert sockets.closed.wait(10)


def test_the_handshake_carries_the_true_address_and_no_cookie(tunnel: Gateway, sockets: Sockets) -> None:
    socket = connect(tunnel, "/ws/notifications/?position=1%3A2", header={"X-Forwarded-For": "6.6.6.6"}, cookie="a=b")
    socket.send("x")
    socket.recv()
    socket.close()
    seen = sockets.handshakes[-1]
    assert seen["path"] == "/ws/notifications/?position=1%3A2"
    assert seen["x-client-address"] == "127.0.0.1"
    assert "cookie" not in seen
    assert seen["x-request-id"]
    assert "sec-websocket-extensions" not in seen


def test_the_services_close_reaches_the_client(tunnel: Gateway) -> None:
    socket = connect(tunnel)
    socket.send("bye")
    opcode, data = socket.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE
    assert int.from_bytes(data[:2]) == 4001


def test_a_client_that_vanishes_frees_the_service(tunnel: Gateway, sockets: Sockets) -> None:
    socket = connect(tunnel)
    socket.send("x")
    socket.recv()
    socket.sock.close()
    assert sockets.closed.wait(10)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_origin_may_not_connect(tunnel: Gateway, origin: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        connect(tunnel, origin=origin)
    assert refusal.value.status_code == 403


def test_our_own_page_and_an_allowed_origin_may(tunnel: Gateway) -> None:
    for origin in ("https://app.rotc.test", tunnel.url):
        connect(tunnel, origin=origin).close()


@pytest.mark.parametrize("path", ["/ws/", "/ws/nothing/", "/ws/updates/../internal"])
def test_another_path_is_no_socket(tunnel: Gateway, path: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        connect(tunnel, path)
    assert refusal.value.status_code == 404


def test_a_plain_request_is_told_what_this_is(tunnel: Gateway) -> None:
    answer = tunnel.ask("GET", "/ws/updates/")
    assert (answer.status, json.loads(answer.data)["code"]) == (400, "websocket_expected")


def test_without_the_sockets_process_the_answer_is_503(start_gateway, echo: Process, redis_client: redis.Redis) -> None:
    gateway = start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        connect(gateway)
    assert refusal.value.status_code == 503


def test_tunnels_are_bounded_and_given_back(start_gateway, echo: Process, redis_client: redis.Redis, sockets: Sockets) -> None:
    gateway = start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{sockets.port}", GATEWAY_TUNNELS="2")
    held = [connect(gateway), connect(gateway)]
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        connect(gateway)
    assert refusal.value.status_code == 503
    for socket in held:
        socket.close()
        assert sockets.closed.wait(10)
    connect(gateway).close()


def test_other_requests_go_on_while_sockets_are_open(tunnel: Gateway) -> None:
    held = [connect(tunnel) for _ in range(50)]
    assert tunnel.ask("GET", "/api/v1/cadets").status == 200
    for socket in held:
        socket.close()


def test_a_gateway_that_stops_ends_its_tunnels_at_once(
    start_gateway, echo: Process, redis_client: redis.Redis, sockets: Sockets
) -> None:
    gateway = start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{sockets.port}", GATEWAY_TUNNELS="3")
    socket = connect(gateway)
    socket.send("x")
    assert socket.recv() == "x"
    started = time.monotonic()
    gateway.process.stop()
    assert time.monotonic() - started < 10
    assert sockets.closed.wait(10)
