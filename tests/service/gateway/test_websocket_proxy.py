"""WebSockets through the gateway: a plain echo server of the `websockets` package stands where the sockets process would."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
import redis
import websocket
from websockets.sync.server import Server, ServerConnection, serve

from cli.local.ports import free_port
from libs import clock
from libs.config import load
from libs.contracts.principal import Principal
from libs.web import tickets
from libs.web.auth import revoked_key
from libs.web.tokens import decode_service_token
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


def connect(gateway: Gateway, path: str = "/ws/updates/", *, user: int = 1, header: dict | None = None, **more):
    """Open a socket as `user`."""
    shown = gateway.token(user) | (header or {})
    return websocket.create_connection(gateway.url.replace("http", "ws") + path, timeout=20, header=shown, **more)


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
    for each in held:
        each.close()
        assert sockets.closed.wait(10)
    connect(gateway).close()


def test_other_requests_go_on_while_sockets_are_open(tunnel: Gateway) -> None:
    held = [connect(tunnel) for _ in range(50)]
    assert tunnel.ask("GET", "/api/v1/cadets").status == 200
    for each in held:
        each.close()


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


def raw(gateway: Gateway, request: bytes) -> tuple[socket.socket, bytes]:
    """Send bytes and return the connection and the head of the answer."""
    client = socket.create_connection(("127.0.0.1", gateway.process.port), timeout=10)
    client.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received and (data := client.recv(65536)):
        received += data
    return client, received


def handshake(gateway: Gateway, host: str = "127.0.0.1", *, query: str = "", user: int = 1, **changed: str) -> bytes:
    """Return an opening handshake of `user`, or of whom `query` names, with `changed` headers; underscores stand for hyphens."""
    headers = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    } | {name.replace("_", "-"): value for name, value in changed.items()}
    if not query:
        headers |= gateway.token(user)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET /ws/updates/{query} HTTP/1.1\r\n{lines}\r\n".encode()


@pytest.mark.parametrize("changed", [{"Sec_WebSocket_Version": "777"}, {"Sec_WebSocket_Key": "short"}])
def test_a_refused_handshake_leaves_no_way_to_the_sockets_process(tunnel: Gateway, sockets: Sockets, changed: dict) -> None:
    """After its 400, what was sent on the same connection was once answered by the sockets process itself."""
    before = len(sockets.handshakes)
    client, answer = raw(tunnel, handshake(tunnel, f"127.0.0.1:{tunnel.process.port}", **changed))
    with client:
        assert answer.startswith(b"HTTP/1.1 4")
        client.settimeout(2)
        client.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        received = b""
        with contextlib.suppress(TimeoutError):
            while data := client.recv(65536):
                received += data
    # Either the connection is over, or the gateway answers as it answers everybody.
    assert b'"service":"sockets"' not in received
    assert not received or b'"service":"gateway"' in received
    assert len(sockets.handshakes) == before


def test_the_refusal_of_the_sockets_process_is_handed_on_and_nothing_after_it(
    start_gateway, echo: Process, redis_client: redis.Redis
) -> None:
    body = b'{"error":"Not signed in","code":"unauthenticated"}'
    heard: list[bytes] = []

    def refuse(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            heard.append(connection.recv(65536))
            head = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            connection.sendall(head % len(body) + body)
            heard.append(connection.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        gateway = start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{listener.getsockname()[1]}")
        serving = pool.submit(refuse, listener)
        client, answer = raw(gateway, handshake(gateway))
        with client:
            assert answer.startswith(b"HTTP/1.1 401")
            assert b"X-Request-ID" in answer
            client.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            serving.result(20)
    assert heard[1] == b""


@pytest.mark.requirement("25.3")
@pytest.mark.parametrize("host", ["evil.example", "rgms.example.org.evil.example", "[x]:443@evil.com", "localhost"])
def test_only_the_named_hosts_carry_sockets(start_gateway, echo, redis_client, sockets: Sockets, host: str) -> None:
    gateway = start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{sockets.port}", ALLOWED_HOSTS="rgms.example.org")
    client, answer = raw(gateway, handshake(gateway, host))
    client.close()
    assert answer.startswith(b"HTTP/1.1 400")
    client, answer = raw(gateway, handshake(gateway, "rgms.example.org"))
    client.close()
    assert answer.startswith(b"HTTP/1.1 101")


def test_a_foreign_page_with_a_forged_host_of_its_own_may_not_connect(tunnel: Gateway, sockets: Sockets) -> None:
    forged = {"Origin": "https://evil.example", "X_Forwarded_Host": "evil.example", "X_Gateway_Token": "forged"}
    client, answer = raw(tunnel, handshake(tunnel, f"127.0.0.1:{tunnel.process.port}", **forged))
    client.close()
    assert answer.startswith(b"HTTP/1.1 403")


def test_the_handshake_is_signed_for_the_sockets_process(tunnel: Gateway, sockets: Sockets) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Gateway-Token": "forged", "X-Client-Address": "6.6.6.6"}
    host = f"127.0.0.1:{tunnel.process.port}"
    client = connect(tunnel, header=forged)
    client.send("x")
    client.recv()
    client.close()
    seen = sockets.handshakes[-1]
    assert (seen["x-forwarded-host"], seen["x-client-address"]) == (host, "127.0.0.1")
    claims = decode_service_token(load("sockets", tunnel.env), seen["x-gateway-token"], "sockets")
    assert claims["svc"] == "gateway"


def test_one_address_cannot_take_every_place(start_gateway, echo: Process, redis_client: redis.Redis, sockets: Sockets) -> None:
    """4,050 tunnels of one address once left none to anybody else."""
    gateway = start_gateway(
        echo.port, SOCKETS_URL=f"http://127.0.0.1:{sockets.port}", GATEWAY_TUNNELS_ADDRESS="2", TRUSTED_HOPS="1"
    )

    def opened(address: str) -> websocket.WebSocket:
        return connect(gateway, header={"X-Forwarded-For": address})

    held = [opened("203.0.113.7"), opened("203.0.113.7")]
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        opened("203.0.113.7")
    assert refusal.value.status_code == 429
    held.append(opened("198.51.100.9"))
    for each in held:
        each.close()
    deadline = time.monotonic() + 10
    while True:
        try:
            opened("203.0.113.7").close()
            break
        except websocket.WebSocketBadStatusException:
            assert time.monotonic() < deadline, "a place is not given back"
            time.sleep(0.1)


def status(gateway: Gateway, **asked) -> int:
    client, answer = raw(gateway, handshake(gateway, **asked))
    client.close()
    return int(answer.split()[1])


def test_a_tunnel_opens_to_whom_a_ticket_or_a_token_names_and_to_nobody_else(
    tunnel: Gateway, sockets: Sockets, redis_client: redis.Redis
) -> None:
    """4,050 sockets of nobody once made live updates 503 for all."""
    who = Principal(5, "u5", "staff", session_id="sid-5")
    ticket = tickets.issue(redis_client, who, clock.now())
    token = tunnel.token(5)["Authorization"].removeprefix("Bearer ")
    before = len(sockets.handshakes)
    for nobody in ("?ticket=made-up", "?token=forged", "?ticket=&token=", "?position=1%3A2"):
        assert status(tunnel, query=nobody) == 401, nobody
    assert len(sockets.handshakes) == before
    assert [status(tunnel, query=f"?ticket={ticket}"), status(tunnel, query=f"?token={token}"), status(tunnel)] == [101] * 3
    assert tickets.redeem(redis_client, ticket), "it is the sockets process that uses the ticket up"
    assert status(tunnel, query=f"?ticket={ticket}") == 401
    redis_client.set(revoked_key("sid-5"), 1, ex=900)
    assert status(tunnel, query=f"?token={token}") == 401


def test_handshakes_of_nobody_use_up_nobodys_allowance(
    start_gateway, echo: Process, redis_client: redis.Redis, sockets: Sockets
) -> None:
    gateway = start_gateway(
        echo.port,
        SOCKETS_URL=f"http://127.0.0.1:{sockets.port}",
        RATE_LIMIT_ADDRESS="6",
        RATE_LIMIT_SOCKET_ADDRESS="6",
        RATE_LIMIT_SOCKET_USER="3",
    )
    assert [status(gateway, query="?token=x") for _ in range(8)] == [401] * 6 + [429] * 2
    assert [status(gateway, user=1) for _ in range(4)] == [101] * 3 + [429]
    assert [status(gateway, user=2) for _ in range(4)] == [101] * 3 + [429]
    assert status(gateway, user=3) == 429, "so many from one address"


def test_one_account_cannot_take_every_place(start_gateway, echo: Process, redis_client: redis.Redis, sockets: Sockets) -> None:
    gateway = start_gateway(echo.port, SOCKETS_URL=f"http://127.0.0.1:{sockets.port}", GATEWAY_TUNNELS_USER="2")
    held = [connect(gateway, user=1), connect(gateway, user=1)]
    assert (status(gateway, user=1), status(gateway, user=2)) == (429, 101)
    for each in held:
        each.close()
