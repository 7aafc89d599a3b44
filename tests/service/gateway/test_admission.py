"""Who gets in: tokens, revoked sessions, rate limits by user and by true address, with and without Redis."""

from __future__ import annotations

import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from cli.local.redis import LocalRedis
from libs.web.auth import revoked_key
from tests.support.gateway_process import Gateway, Process


def code(answer) -> str:
    return json.loads(answer.data)["code"]


@pytest.mark.requirement("9.2", "9.3")
@pytest.mark.parametrize("header", ["", "Bearer x.y.z", "Basic YTpi", "Bearer ", "bearer\tx"])
def test_without_a_valid_token_the_answer_is_401(gateway: Gateway, header: str) -> None:
    answer = gateway.ask("GET", "/api/v1/cadets", as_user=None, headers={"Authorization": header} if header else {})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert gateway.ask("GET", "/api/v1/cadets").status == 200


@pytest.mark.parametrize("path", ["login", "refresh", "logout", "activate", "password/forgot", "password/reset"])
def test_signing_in_needs_no_token(gateway: Gateway, path: str) -> None:
    assert gateway.ask("POST", f"/api/v1/auth/{path}", as_user=None, body=b"{}").status == 200


@pytest.mark.parametrize("path", ["auth/verify", "auth/sessions", "auth/users", "auth/login/x", "auth/password"])
def test_the_rest_of_auth_needs_one(gateway: Gateway, path: str) -> None:
    assert gateway.ask("GET", f"/api/v1/{path}", as_user=None).status == 401


def test_a_download_needs_a_token_or_a_signature_that_the_service_judges(gateway: Gateway) -> None:
    assert gateway.ask("GET", "/api/v1/files/1/download", as_user=None).status == 401
    assert gateway.ask("GET", "/api/v1/files/1/download?signature=x", as_user=None).status == 200
    assert gateway.ask("GET", "/api/v1/files/1?signature=x", as_user=None).status == 401
    forged = {"Authorization": "Bearer forged"}
    assert gateway.ask("GET", "/api/v1/files/1/download?signature=x", as_user=None, headers=forged).status == 401


def test_a_token_is_useless_after_its_session_ended(gateway: Gateway, redis_client: redis.Redis) -> None:
    mine = gateway.token(5, session="sid-phone")
    assert gateway.ask("GET", "/api/v1/cadets", as_user=None, headers=mine).status == 200
    redis_client.set(revoked_key("sid-phone"), 1, ex=900)
    answer = gateway.ask("GET", "/api/v1/cadets", as_user=None, headers=mine)
    assert (answer.status, code(answer)) == (401, "session_revoked")
    assert gateway.ask("GET", "/api/v1/cadets", as_user=None, headers=gateway.token(5, session="sid-desk")).status == 200


@pytest.fixture
def strict(start_gateway, echo: Process, redis_client: redis.Redis) -> Gateway:
    """A gateway with small limits behind one trusted proxy."""
    return start_gateway(
        echo.port,
        RATE_LIMIT_USER="5",
        RATE_LIMIT_ADDRESS="20",
        RATE_LIMIT_SIGN_IN_ADDRESS="8",
        TRUSTED_HOPS="1",
        RATE_LIMIT_UPLOAD_USER="2",
    )


def statuses(gateway: Gateway, times: int, **more) -> list[int]:
    return [gateway.ask("GET", "/api/v1/cadets", **more).status for _ in range(times)]


def test_one_user_is_limited_and_others_are_not(strict: Gateway) -> None:
    assert statuses(strict, 6, as_user=1) == [200] * 5 + [429]
    assert statuses(strict, 5, as_user=2) == [200] * 5
    refused = strict.ask("GET", "/api/v1/cadets", as_user=1)
    assert 1 <= int(refused.headers["Retry-After"]) <= 12
    assert code(refused) == "rate_limited"


def test_addresses_behind_the_proxy_are_told_apart(strict: Gateway) -> None:
    campus, home = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "198.51.100.9"}
    login = [strict.ask("POST", "/api/v1/auth/login", as_user=None, headers=campus, body=b"{}").status for _ in range(9)]
    assert login == [200] * 8 + [429]
    assert strict.ask("POST", "/api/v1/auth/login", as_user=None, headers=home, body=b"{}").status == 200


def test_a_forged_forwarded_for_does_not_buy_a_new_allowance(strict: Gateway) -> None:
    answers = []
    for number in range(9):
        claim = {"X-Forwarded-For": f"10.9.8.{number}, 203.0.113.7"}
        answers.append(strict.ask("POST", "/api/v1/auth/login", as_user=None, headers=claim, body=b"{}").status)
    assert answers[-1] == 429


def test_the_service_is_told_the_true_address(strict: Gateway) -> None:
    answer = strict.ask("GET", "/api/v1/cadets", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    assert json.loads(answer.data)["headers"]["X_CLIENT_ADDRESS"] == "203.0.113.7"


def test_an_address_is_limited_over_all_its_users_and_bad_tokens(strict: Gateway) -> None:
    for user in range(1, 5):
        statuses(strict, 4, as_user=user)
    bad = {"Authorization": "Bearer forged"}
    for _ in range(4):
        assert strict.ask("GET", "/api/v1/cadets", as_user=None, headers=bad).status == 401
    assert strict.ask("GET", "/api/v1/cadets", as_user=None, headers=bad).status == 429
    assert statuses(strict, 1, as_user=9) == [429]


def test_uploads_have_an_allowance_of_their_own(strict: Gateway) -> None:
    uploads = [strict.ask("POST", "/api/v1/files/upload", body=b"x").status for _ in range(3)]
    assert uploads == [200, 200, 429]
    assert statuses(strict, 1) == [200]


def test_a_limit_is_exact_when_many_ask_at_once(strict: Gateway) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: strict.ask("GET", "/api/v1/cadets", as_user=3).status, range(40)))
    assert sorted(answers) == [200] * 5 + [429] * 35


def test_without_redis_people_get_in_limits_hold_and_it_is_used_again_when_back(start_gateway, echo: Process) -> None:
    server = LocalRedis(Path(tempfile.mkdtemp(prefix="rgms-redis-")), durable=False)
    url = server.start()
    try:
        gateway = start_gateway(echo.port, REDIS_URL=url, RATE_LIMIT_USER="10")
        assert statuses(gateway, 1) == [200]
        server.kill9()
        unsure = gateway.ask("POST", "/api/v1/attendance/marks", as_user=2, body=b"{}")
        assert (unsure.status, "X_LIVING_SESSION" in json.loads(unsure.data)["headers"]) == (200, False)
        assert statuses(gateway, 11, as_user=4) == [200] * 10 + [429]
        assert gateway.ask("GET", "/readyz", as_user=None).status == 200
        server.start()
        ended = redis.Redis.from_url(url)
        ended.set(revoked_key("sid-7"), 1, ex=900)
        deadline = time.monotonic() + 10
        while statuses(gateway, 1, as_user=7) != [401]:
            assert time.monotonic() < deadline, "revoked sessions are not looked up again"
            time.sleep(0.1)
    finally:
        server.stop()
