"""A request reaches its service and the answer comes back, whole, once, and without what must not pass."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from cli.local.ports import free_port
from tests.support.gateway_process import Gateway, Process, echo_service

SCHEMES = ("http", "https")


def told(answer) -> dict:
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


@pytest.mark.requirement("1.4")
@pytest.mark.parametrize(
    "path", ["cadets", "staff/3", "terms", "training-days", "attendance/marks", "grading/gradebook", "files/7", "tasks/9"]
)
def test_every_area_is_served_under_api_v1(gateway: Gateway, path: str) -> None:
    assert told(gateway.ask("GET", f"/api/v1/{path}?a=1&b=%20x"))["raw"] == f"/api/v1/{path}?a=1&b=%20x"


@pytest.mark.parametrize(
    "path",
    [
        "/internal/cadets",
        "/api/v1/internal/cadets",
        "/api/v1/nothing",
        "/api/v2/cadets",
        "/api/v1/cadets/../../internal/x",
        "/api/v1/cadets/%2e%2e/%2e%2e/internal/x",
        "/api/v1//cadets",
        "/api/v1/cadets/%00",
        "/api/v1/cadets%5c..%5cx",
    ],
)
def test_what_is_not_in_the_table_reaches_no_service(gateway: Gateway, path: str) -> None:
    answer = gateway.ask("GET", path)
    assert answer.status == 404
    assert set(json.loads(answer.data)) == {"error", "message", "code", "details", "request_id"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_trailing_slash_is_optional_and_never_redirects_a_write(gateway: Gateway, method: str) -> None:
    answer = told(gateway.ask(method, "/api/v1/cadets/7/", body=b"{}"))
    assert (answer["method"], answer["raw"], answer["length"]) == (method, "/api/v1/cadets/7", 2)


def test_methods_that_nobody_serves_are_refused(gateway: Gateway) -> None:
    assert gateway.ask("TRACE", "/api/v1/cadets").status == 405
    assert gateway.ask("PROPFIND", "/api/v1/cadets").status == 405


def test_forged_headers_and_cookies_do_not_pass(gateway: Gateway) -> None:
    forged = {
        "X-User-Id": "1",
        "X-User-Role": "admin",
        "X-Forwarded-For": "6.6.6.6",
        "X-Real-IP": "6.6.6.6",
        "X-Client-Address": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Original-URL": "/internal",
        "Cookie": "session=1",
        "X-HTTP-Method-Override": "DELETE",
        "X-Living-Session": "forged",
    }
    headers = told(gateway.ask("GET", "/api/v1/cadets", headers=forged))["headers"]
    assert "6.6.6.6" not in json.dumps(headers)
    assert headers["X_CLIENT_ADDRESS"] == headers["X_FORWARDED_FOR"] == "127.0.0.1"
    assert headers["X_FORWARDED_PROTO"] == "http"
    assert headers["X_LIVING_SESSION"] == "sid-1"
    assert not set(headers) & {
        "COOKIE",
        "X_USER_ID",
        "X_USER_ROLE",
        "FORWARDED",
        "X_ORIGINAL_URL",
        "X_HTTP_METHOD_OVERRIDE",
        "X_FORWARDED_HOST",
    }


def test_headers_that_matter_pass(gateway: Gateway) -> None:
    sent = {
        "Idempotency-Key": "k-1",
        "If-Match": '"3"',
        "If-None-Match": '"4"',
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    answer = told(gateway.ask("PATCH", "/api/v1/cadets/7", headers=sent, body=b"{}"))
    assert answer["headers"]["IDEMPOTENCY_KEY"] == "k-1"
    assert answer["headers"]["IF_MATCH"] == '"3"'
    assert answer["type"] == "application/json"
    assert answer["headers"]["AUTHORIZATION"].startswith("Bearer ")


def test_a_compressed_answer_passes_as_it_is_and_whoever_has_it_is_not_sent_it_again(gateway: Gateway) -> None:
    path = "/api/v1/cadets?do=packed"
    packed = gateway.ask("GET", path, headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == b'{"data":[]}'
    assert "Accept-Encoding" in packed.headers["Vary"]

    plain = gateway.ask("GET", path, decode_content=False)
    assert (plain.data, "Content-Encoding" in plain.headers) == (b'{"data":[]}', False)

    again = gateway.ask("GET", path, headers={"If-None-Match": packed.headers["ETag"]})
    assert (again.status, again.data, again.headers["ETag"]) == (304, b"", 'W/"9"')
    assert again.headers["Cache-Control"] == plain.headers["Cache-Control"] == "private, no-cache"


def test_a_sane_request_id_is_kept_and_any_other_replaced(gateway: Gateway) -> None:
    answer = gateway.ask("GET", "/api/v1/cadets", headers={"X-Request-ID": "client-id-12345"})
    assert answer.headers["X-Request-ID"] == told(answer)["headers"]["X_REQUEST_ID"] == "client-id-12345"
    for odd in ("x", "a b c d e f g h", "<script>alert(1)</script>", "x" * 65):
        answer = gateway.ask("GET", "/api/v1/cadets", headers={"X-Request-ID": odd})
        assert answer.headers["X-Request-ID"] == told(answer)["headers"]["X_REQUEST_ID"] != odd


def test_the_answer_loses_what_is_not_for_the_client(gateway: Gateway) -> None:
    headers = gateway.ask("GET", "/api/v1/cadets?do=dressed").headers
    assert "X-Powered-By" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["ETag"] == '"7"'
    assert headers["Location"] == "/api/v1/cadets/7"
    assert len(headers.getlist("Date")) == 1
    assert len(headers.getlist("Server")) <= 1


@pytest.mark.requirement("19.5")
def test_a_cookie_of_a_service_leaves_secure_and_http_only(start_gateway, echo: Process) -> None:
    gateway = start_gateway(echo.port, TRUSTED_HOPS="1")
    told = {scheme: gateway.ask("GET", "/api/v1/cadets?do=dressed", headers={"X-Forwarded-Proto": scheme}) for scheme in SCHEMES}
    assert told["https"].headers["Set-Cookie"] == "a=b; Path=/; HttpOnly; Secure; SameSite=Strict"
    assert told["http"].headers["Set-Cookie"] == "a=b; Path=/; HttpOnly; SameSite=Strict"


def test_the_cookie_of_a_sign_in_reaches_auth_beside_its_handle_and_nothing_else_does(gateway: Gateway) -> None:
    cookie = {"Cookie": "theme=dark; rgms_refresh_tab-1234567890123456=secret; rgms=1"}
    handle = {"X-Session-Handle": "tab-1234567890123456"}

    def cookies(path: str, *headers: dict) -> str | None:
        sent = {name: value for each in headers for name, value in each.items()}
        return told(gateway.ask("POST", path, as_user=None, headers=sent, body=b"{}"))["headers"].get("COOKIE")

    assert cookies("/api/v1/auth/refresh", cookie, handle) == "rgms_refresh_tab-1234567890123456=secret"
    assert cookies("/api/v1/auth/refresh", cookie) is None
    assert cookies("/api/v1/auth/password/forgot", cookie, handle) is None


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ({"Origin": "https://app.rotc.test", "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_a_page_of_another_origin_uses_nobodys_cookie(gateway: Gateway, page: dict, status: int) -> None:
    sent = {"Cookie": "rgms_refresh_x=secret", "X-Session-Handle": "tab-1234567890123456", "Host": "127.0.0.1", **page}
    answer = gateway.ask("POST", "/api/v1/auth/refresh", as_user=None, headers=sent, body=b"{}")
    assert answer.status == status


def test_a_redirect_is_handed_on_and_not_followed(gateway: Gateway) -> None:
    assert gateway.ask("GET", "/api/v1/cadets?do=redirect").status == 302
    assert count(gateway, "followed") == 0


@pytest.mark.parametrize(("method", "status"), [("DELETE", "204 No Content"), ("GET", "304 Not Modified"), ("HEAD", "200 OK")])
def test_answers_without_a_body_leave_the_connection_usable(gateway: Gateway, method: str, status: str) -> None:
    for _ in range(3):
        assert gateway.ask(method, f"/api/v1/cadets?do=empty&status={status.replace(' ', '%20')}").status == int(status[:3])
        told(gateway.ask("GET", "/api/v1/cadets"))


@pytest.mark.parametrize("size", [0, 1, 70_000, 1_048_576, 1_048_577, 9_000_000])
@pytest.mark.parametrize("framing", ["", "&chunked=1"])
def test_answers_of_any_size_and_framing_arrive_whole(gateway: Gateway, size: int, framing: str) -> None:
    answer = gateway.ask("GET", f"/api/v1/cadets?do=large&size={size}{framing}")
    assert len(answer.data) == size


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(gateway: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway.process.port), timeout=20) as client:
        auth = gateway.token()["Authorization"]
        client.sendall(f"GET /api/v1/cadets?do=broken HTTP/1.1\r\nHost: localhost\r\nAuthorization: {auth}\r\n\r\n".encode())
        received = bytearray()
        while data := client.recv(65536):
            received += data
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    assert b"Content-Length: 3000000" in head
    assert len(body) < 3_000_000


@pytest.mark.parametrize("size", [1, 200_000, 300_000, 5_000_000])
def test_a_body_arrives_whole_measured_or_chunked(gateway: Gateway, size: int) -> None:
    body = gzip.compress(b"%d" % size).ljust(size, b"y")[:size]
    for data in (body, (body[i : i + 50_000] for i in range(0, size, 50_000))):
        answer = told(
            gateway.ask("POST", "/api/v1/cadets/imports", body=data, headers={"Content-Type": "application/octet-stream"})
        )
        assert (answer["length"], answer["sha"]) == (size, hashlib.sha256(body).hexdigest())


def test_a_body_above_the_routes_limit_is_refused_before_the_service_hears_of_it(gateway: Gateway) -> None:
    answer = gateway.ask("POST", "/api/v1/cadets?key=large", body=b"x" * (300 * 1024))
    assert answer.status == 413
    assert json.loads(answer.data)["details"] == {"limit": 256 * 1024}
    assert count(gateway, "large") == 0


def test_a_chunked_body_above_the_limit_is_refused(gateway: Gateway) -> None:
    pieces = (b"x" * 100_000 for _ in range(110))
    assert gateway.ask("POST", "/api/v1/cadets/imports", body=pieces).status == 413


def test_a_client_that_goes_away_in_its_body_writes_nothing(gateway: Gateway) -> None:
    auth = gateway.token()["Authorization"]
    head = f"POST /api/v1/cadets?key=aborted HTTP/1.1\r\nHost: localhost\r\nAuthorization: {auth}\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gateway.process.port), timeout=20) as client:
        client.sendall(head.encode() + b"x" * 500)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    assert count(gateway, "aborted") == 0


def test_a_client_that_reads_slowly_does_not_hold_a_thread_of_the_service(gateway: Gateway) -> None:
    auth = gateway.token()["Authorization"]
    request = f"GET /api/v1/cadets?do=large&size=900000 HTTP/1.1\r\nHost: localhost\r\nAuthorization: {auth}\r\n\r\n".encode()
    clients = [socket.create_connection(("127.0.0.1", gateway.process.port), timeout=20) for _ in range(20)]
    try:
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(request)
        # The service has eight threads: twenty readers that never read would have used them up.
        started = time.monotonic()
        told(gateway.ask("GET", "/api/v1/cadets"))
        assert time.monotonic() - started < 5
    finally:
        for client in clients:
            client.close()


def test_many_at_once_each_get_their_own_answer(gateway: Gateway) -> None:
    def one(number: int) -> bool:
        body = b"%d" % number * 10
        answer = told(gateway.ask("POST", f"/api/v1/cadets?n={number}", as_user=number % 7 + 1, body=body))
        return (answer["query"], answer["sha"]) == (f"n={number}", hashlib.sha256(body).hexdigest())

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(one, range(300)))


def test_a_service_that_restarted_is_read_again_without_an_error(start_gateway, redis_client: redis.Redis) -> None:
    service = echo_service(free_port()).wait()
    gateway = start_gateway(service.port)
    try:
        told(gateway.ask("GET", "/api/v1/cadets"))
        told(gateway.ask("POST", "/api/v1/cadets", body=b"{}"))
        service.kill9()
        service = echo_service(service.port).wait()
        told(gateway.ask("POST", "/api/v1/cadets", body=b"{}"))
        told(gateway.ask("GET", "/api/v1/cadets"))
    finally:
        service.stop()


def test_a_service_that_is_gone_answers_503_at_once_and_recovers_by_itself(start_gateway, redis_client: redis.Redis) -> None:
    port = free_port()
    gateway = start_gateway(port)
    for _ in range(8):
        answer = gateway.ask("POST", "/api/v1/cadets", body=b"{}")
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
        assert json.loads(answer.data)["code"] == "upstream_unavailable"
    service: Process = echo_service(port).wait()
    try:
        deadline = time.monotonic() + 20
        while (answer := gateway.ask("GET", "/api/v1/cadets")).status == 503 and time.monotonic() < deadline:
            time.sleep(min(1, int(answer.headers["Retry-After"])))
        assert answer.status == 200
    finally:
        service.stop()


def test_a_write_whose_connection_breaks_is_sent_once_and_a_read_at_most_twice(start_gateway, redis_client: redis.Redis) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = start_gateway(listener.getsockname()[1])
        heard: list[bytes] = []

        def serve(times: int) -> None:
            for _ in range(times):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(10)
                    heard.append(connection.recv(65536))
                    if len(heard) == 1:
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                        # The pooled connection breaks exactly when it is used again.
                        heard.append(connection.recv(65536))

        with ThreadPoolExecutor(1) as pool:
            serving = pool.submit(serve, 1)
            assert gateway.ask("GET", "/api/v1/cadets").status == 200
            assert gateway.ask("POST", "/api/v1/cadets", body=b"{}").status == 503
            serving.result(20)
        listener.settimeout(0.3)
        with pytest.raises(TimeoutError):
            listener.accept()
        assert [request.split()[0] for request in heard] == [b"GET", b"POST"]


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"",
    ],
)
def test_an_answer_that_is_not_http_becomes_a_503(start_gateway, redis_client: redis.Redis, reply: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = start_gateway(listener.getsockname()[1])

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        with ThreadPoolExecutor(1) as pool:
            serving = pool.submit(serve)
            answer = gateway.ask("POST", "/api/v1/cadets", body=b"{}")
            serving.result(20)
        assert answer.status == 503
        assert json.loads(answer.data)["code"] == "upstream_unavailable"


def count(gateway: Gateway, key: str) -> int:
    """Return how many requests with this key reached the service itself."""
    port = gateway.env["ROSTER_URL"].rsplit(":", 1)[1]
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as client:
        client.sendall(f"GET /count?key={key} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while data := client.recv(65536):
            received += data
    return int(received.rsplit(b"\r\n", 1)[1])
