"""Defects of the legacy system (its measured list) that the door could have repeated."""

from __future__ import annotations

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import redis

from libs.metrics import slot_key
from libs.web.auth import revoked_key
from tests.support.gateway_process import Gateway

GATEWAY = Path(__file__).resolve().parents[3] / "gateway"


def elapsed(gateway: Gateway, path: str, **more) -> float:
    started = time.perf_counter()
    assert gateway.ask("GET", path, **more).status == 200
    return time.perf_counter() - started


def test_slow_clients_do_not_stop_the_site(gateway: Gateway) -> None:
    """D9: four open event streams of one cadet stopped everything for over a minute."""
    head = (
        f"POST /api/v1/attendance/marks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n{authorization(gateway)}\r\n\r\n{{"
    )
    silent = [socket.create_connection(("127.0.0.1", gateway.process.port), timeout=20) for _ in range(100)]
    try:
        for number, client in enumerate(silent):
            client.sendall(head.encode() if number % 2 else b"GET /api/v1/cadets HTTP/1.1\r\n")
        # The service has eight threads; none of these may hold one.
        assert elapsed(gateway, "/api/v1/cadets") < 2
        assert elapsed(gateway, "/livez", as_user=None) < 2
    finally:
        for client in silent:
            client.close()


def authorization(gateway: Gateway) -> str:
    return f"Authorization: {gateway.token()['Authorization']}"


def test_a_full_campus_behind_one_address_can_sign_in(gateway: Gateway) -> None:
    """D14: behind a proxy the sixth person with the right password was refused for a minute, in everybody's name."""
    answers = [gateway.ask("POST", "/api/v1/auth/login", as_user=None, body=b"{}").status for _ in range(300)]
    assert set(answers) == {200}


def test_the_first_request_of_all_is_counted_without_an_error(gateway: Gateway, redis_client: redis.Redis) -> None:
    """D22: counting raised on a missing key, so every request logged an error and the page showed zero."""
    assert not redis_client.exists(slot_key("gateway", time.time()))
    gateway.ask("GET", "/api/v1/terms")
    answer = gateway.ask("GET", "/api/v1/metrics")
    assert json.loads(answer.data)["routes"]["read terms"]["requests"] >= 1


def test_parallel_probes_of_health_neither_wait_nor_block(gateway: Gateway) -> None:
    """D24: each probe waited a second for Celery, and four of them occupied every worker."""
    gateway.ask("GET", "/api/health", as_user=None)
    with ThreadPoolExecutor(20) as pool:
        started = time.perf_counter()
        list(pool.map(lambda _: gateway.ask("GET", "/api/health", as_user=None), range(100)))
        spent = time.perf_counter() - started
    assert spent / 100 < 0.1
    assert elapsed(gateway, "/api/v1/cadets") < 2


def test_a_token_ends_with_its_session_and_the_policy_has_no_exception(gateway: Gateway, redis_client: redis.Redis) -> None:
    """D26: tokens outlived a logout by a day, any Origin opened a socket, and the policy allowed unsafe scripts."""
    redis_client.set(revoked_key("sid-1"), 1, ex=900)
    assert gateway.ask("GET", "/api/v1/cadets", as_user=1).status == 401
    policy = gateway.ask("GET", "/", as_user=None).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy


def test_the_gateway_knows_no_role_and_no_database() -> None:
    """The door does not think: a rule at the edge and the same rule in a service drift apart."""
    for path in GATEWAY.rglob("*.py"):
        source = path.read_text("utf-8")
        assert not re.search(r"^\s*(from|import) (sqlalchemy|psycopg2|libs\.db)\b", source, re.M), path
        assert not re.search(r"\.role\b|\"(admin|cadet)\"", source), path
