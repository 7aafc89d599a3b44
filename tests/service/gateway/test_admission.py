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
from libs.config import load
from libs.web import devices
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
    """A gateway with small limits behind one trusted proxy, which tells strangers nothing of itself."""
    return start_gateway(
        echo.port,
        RATE_LIMIT_USER="5",
        RATE_LIMIT_ADDRESS="20",
        RATE_LIMIT_SIGN_IN_ADDRESS="60",
        RATE_LIMIT_SIGN_IN_DEVICE="6",
        TRUSTED_HOPS="1",
        RATE_LIMIT_UPLOAD_USER="2",
        API_DOCS="0",
        HEALTH_DETAILS="0",
    )


def test_strangers_learn_nothing_of_the_house_where_that_is_closed(strict: Gateway, gateway: Gateway) -> None:
    for path in ("/api/docs", "/api/openapi.json", "/api/docs/roster/openapi.json", "/api/docs/assets/start.js"):
        assert (strict.ask("GET", path).status, gateway.ask("GET", path).status) == (404, 200), path
    told = json.loads(strict.ask("GET", "/api/health", as_user=None).data)
    assert told.keys() == {"status", "timestamp"}
    cadet = strict.token(8, role="cadet")
    assert json.loads(strict.ask("GET", "/api/health", as_user=None, headers=cadet).data).keys() == told.keys()
    assert "services" in json.loads(strict.ask("GET", "/api/health").data)
    assert "services" in json.loads(gateway.ask("GET", "/api/health", as_user=None).data)


def statuses(gateway: Gateway, times: int, **more) -> list[int]:
    return [gateway.ask("GET", "/api/v1/cadets", **more).status for _ in range(times)]


def test_one_user_is_limited_and_others_are_not(strict: Gateway) -> None:
    assert statuses(strict, 6, as_user=1) == [200] * 5 + [429]
    assert statuses(strict, 5, as_user=2) == [200] * 5
    refused = strict.ask("GET", "/api/v1/cadets", as_user=1)
    assert 1 <= int(refused.headers["Retry-After"]) <= 12
    assert code(refused) == "rate_limited"


CAMPUS, HOME = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "198.51.100.9"}


def anonymous(gateway: Gateway, headers: dict, times: int) -> list[int]:
    return [gateway.ask("GET", "/api/v1/cadets", as_user=None, headers=headers).status for _ in range(times)]


def test_addresses_behind_the_proxy_are_told_apart(strict: Gateway) -> None:
    assert anonymous(strict, CAMPUS, 21) == [401] * 20 + [429]
    assert anonymous(strict, HOME, 1) == [401]


def test_a_forged_forwarded_for_does_not_buy_a_new_allowance(strict: Gateway) -> None:
    claims = [{"X-Forwarded-For": f"10.9.8.{number}, 203.0.113.7"} for number in range(21)]
    assert [anonymous(strict, claim, 1)[0] for claim in claims][-1] == 429


def test_the_service_is_told_the_true_address(strict: Gateway) -> None:
    answer = strict.ask("GET", "/api/v1/cadets", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    assert json.loads(answer.data)["headers"]["X_CLIENT_ADDRESS"] == "203.0.113.7"


def test_strangers_and_bad_tokens_of_an_address_keep_nobody_out_who_is_signed_in(strict: Gateway) -> None:
    """13,200 anonymous requests in four seconds once stopped everybody at that address."""
    bad = {"Authorization": "Bearer forged"}
    assert anonymous(strict, bad, 21) == [401] * 20 + [429]
    assert statuses(strict, 5, as_user=9) == [200] * 5
    assert strict.ask("POST", "/api/v1/auth/login", as_user=None, body=b"{}").status == 200


def door(gateway: Gateway, path: str, headers: dict, **more):
    return gateway.ask("POST", f"/api/v1/auth/{path}", as_user=None, headers=headers, body=b"{}", **more)


@pytest.mark.parametrize("flooded", ["login", "logout", "activate"])
def test_a_flood_at_one_door_slows_that_door_down_and_no_other(strict: Gateway, flooded: str) -> None:
    """Sixteen made-up sign-outs a second once kept a campus from signing in."""
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: door(strict, flooded, CAMPUS).status, range(61))) == {200}
    for other in {"login", "refresh", "logout", "activate", "password/reset"} - {flooded}:
        assert_quick(lambda path=other: door(strict, path, CAMPUS))
    started = time.monotonic()
    assert door(strict, flooded, CAMPUS).status == 200, "a crowded address gets slower, and not a wall"
    assert 0.1 < time.monotonic() - started < 8
    assert_quick(lambda: door(strict, flooded, HOME))


def assert_quick(ask) -> None:
    started = time.monotonic()
    assert ask().status == 200
    assert time.monotonic() - started < 0.8


def device(gateway: Gateway, account: int, key: str = "") -> dict:
    """Return the cookie of a device on which `account` signed in before."""
    settings = load("gateway", gateway.env | ({"SECRET_KEY": key} if key else {}))
    return CAMPUS | {"Cookie": f"a=b; {devices.COOKIE}={devices.sign(settings, devices.after_sign_in(None, account))}"}


def test_a_device_that_signed_in_before_is_served_at_once_in_any_crowd_and_has_a_limit_of_its_own(strict: Gateway) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: door(strict, "login", CAMPUS), range(60)))
    mine, forged = device(strict, 7), device(strict, 7, key="another-Key.Kq9vZ2mXw7Lr5Yb8Nc4Hd6Jf1Gs")
    answers = [door(strict, "login", mine) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 6
    assert "X_DEVICE" in json.loads(answers[0].data)["headers"]
    assert door(strict, "login", mine).status == 429
    assert door(strict, "refresh", mine).status == 200
    assert_quick(lambda: door(strict, "login", device(strict, 7)))
    assert "X_DEVICE" not in json.loads(door(strict, "login", forged).data)["headers"]


def test_who_signs_out_is_counted_as_themselves(strict: Gateway) -> None:
    out = [strict.ask("POST", "/api/v1/auth/logout", as_user=3, body=b"{}").status for _ in range(6)]
    assert out == [200] * 5 + [429]
    late = {"Authorization": "Bearer expired"}
    assert door(strict, "logout", late).status == 200, "what became of a bad token is for auth to say"


def test_a_request_that_its_service_wants_again_waits_here_and_its_sender_sees_nothing_but_the_wait(gateway: Gateway) -> None:
    path = f"/api/v1/auth/login?do=refused&key={time.monotonic_ns()}&after=0.2&times="
    started = time.monotonic()
    answer = gateway.ask("POST", path + "2", as_user=None, body=b'{"a":1}')
    assert (answer.status, json.loads(answer.data)["length"]) == (200, 7)
    assert 0.4 <= time.monotonic() - started < 5
    path = path.replace("after=0.2", "after=9").replace("key=", "key=x")
    refused = gateway.ask("POST", path + "1", as_user=None, body=b"{}")
    assert (refused.status, refused.headers["Retry-After"], "X-Ask-Again" in refused.headers) == (503, "1", False)


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
