"""Which hosts a gateway in production serves, at every door it has, and that it does not start without knowing them."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator

import pytest
import websocket
from websockets.sync.server import serve

from cli.local.programs import command
from libs.contracts.services import BY_NAME
from tests.support.gateway_process import ROOT, Gateway, Process

HOST = "rgms.example.org"
OVER_HTTPS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def sockets_url() -> Iterator[str]:
    """The address of a server that returns every message, where the sockets process would stand."""

    def talk(connection) -> None:
        for message in connection:
            connection.send(message)

    with serve(talk, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
    thread.join(10)


@pytest.fixture
def production(start_gateway, echo: Process, redis_client, sockets_url: str) -> Gateway:
    return start_gateway(
        echo.port,
        RGMS_ENV="production",
        ALLOWED_HOSTS=HOST,
        PUBLIC_URL=f"https://{HOST}",
        CORS_ALLOWED_ORIGINS=f"https://{HOST}",
        TRUSTED_HOPS="1",
        RGMS_BIND="127.0.0.1",
        WEB_CONCURRENCY="1",
        SOCKETS_URL=sockets_url,
    )


def connect(gateway: Gateway, host: str) -> websocket.WebSocket:
    address = gateway.url.replace("http", "ws") + "/ws/updates/"
    return websocket.create_connection(
        address, timeout=20, host=host, header=OVER_HTTPS | gateway.token(1), origin=f"https://{host}"
    )


@pytest.mark.requirement("25.3")
@pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", f"evil.{HOST}", "127.0.0.1", "localhost"])
def test_a_socket_is_opened_at_a_named_host_only(production: Gateway, host: str) -> None:
    socket = connect(production, HOST)
    socket.send("hello")
    assert socket.recv() == "hello"
    socket.close()

    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        connect(production, host)

    assert refusal.value.status_code == 400
    assert json.loads(refusal.value.resp_body)["code"] == "host_not_allowed"


@pytest.mark.requirement("25.3")
@pytest.mark.parametrize("path", ["/", "/api/v1/cadets", "/api/health", "/api/docs", "/api/openapi.json", "/assets/x.js"])
def test_every_door_is_open_at_a_named_host_only(production: Gateway, path: str) -> None:
    assert production.ask("GET", path, headers=OVER_HTTPS | {"Host": HOST}).status in {200, 404, 503}

    answer = production.ask("GET", path, headers=OVER_HTTPS | {"Host": "evil.example"})

    assert (answer.status, json.loads(answer.data)["code"]) == (400, "host_not_allowed")


@pytest.mark.requirement("25.3", "25.4")
def test_a_gateway_that_does_not_know_its_hosts_refuses_to_start_in_production(production: Gateway) -> None:
    without = {name: value for name, value in production.env.items() if name not in {"ALLOWED_HOSTS", "PORT"}}

    ended = subprocess.run(
        command(BY_NAME["gateway"]),
        check=False,
        cwd=ROOT,
        env=without | {"PORT": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert ended.returncode != 0
    assert re.search("RGMS cannot start: .*ALLOWED_HOSTS", ended.stderr), ended.stderr
