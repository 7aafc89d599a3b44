"""Refreshing, signing out, and ending what was started elsewhere."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import jwt
import pytest
from flask_smorest import Blueprint

from cli.local.redis import LocalRedis
from cli.testing.plugin import TEST_KEY
from libs import clock
from libs.contracts.principal import Principal
from libs.events.redis_clients import redis_client as redis_client_of
from libs.web.app import build_app
from libs.web.auth import AUTHENTICATED, Mount, revoked_key
from libs.web.jsonio import json_response
from libs.web.tokens import issue_access_token
from tests.service.auth_service.conftest import ELSEWHERE, HOME, PASSWORD, headers
from tests.support.from_gateway import from_gateway


def refresh(auth_api, token, **device):
    return auth_api.post("/refresh", {"refresh_token": token}, **device)


def test_a_refresh_token_is_replaced_at_each_use_and_the_session_stays(auth_api):
    auth_api.add_user("ana")
    first = auth_api.signed_in("ana")

    second = refresh(auth_api, first["refresh_token"])
    third = refresh(auth_api, second.json["refresh_token"])

    assert (second.status_code, third.status_code) == (200, 200)
    assert len({first["refresh_token"], second.json["refresh_token"], third.json["refresh_token"]}) == 3
    sids = {jwt.decode(answer["token"], TEST_KEY, ["HS256"])["sid"] for answer in (first, second.json, third.json)}
    assert len(sids) == 1
    assert auth_api.get("/verify", token=third.json["token"]).status_code == 200


@pytest.mark.requirement("9.3", "16.3")
def test_a_refresh_token_used_twice_ends_the_session_for_thief_and_owner(auth_api):
    user_id = auth_api.add_user("ana")
    first = auth_api.signed_in("ana")
    second = refresh(auth_api, first["refresh_token"]).json

    thief = refresh(auth_api, first["refresh_token"], address=ELSEWHERE, agent="other")

    assert (thief.status_code, thief.json["code"]) == (401, "refresh_reuse")
    assert refresh(auth_api, second["refresh_token"]).status_code == 401
    assert auth_api.get("/verify", token=second["token"]).status_code == 401
    assert auth_api.events("session.refresh_reused")[0]["user_id"] == user_id
    (revoked,) = auth_api.rows("SELECT data FROM auth.outbox WHERE type = 'auth.session.revoked'")
    assert revoked["data"]["user_id"] == user_id
    assert len(revoked["data"]["session_ids"]) == 1


def test_a_token_used_again_after_its_successor_was_used_ends_the_session(auth_api):
    auth_api.add_user("ana")
    first = auth_api.signed_in("ana")
    second = refresh(auth_api, first["refresh_token"]).json
    third = refresh(auth_api, second["refresh_token"]).json

    assert refresh(auth_api, first["refresh_token"]).status_code == 401
    assert refresh(auth_api, third["refresh_token"]).status_code == 401


def test_a_double_submit_of_one_device_gets_the_same_successor(auth_api):
    auth_api.add_user("ana")
    first = auth_api.signed_in("ana")

    twice = [refresh(auth_api, first["refresh_token"]) for _ in range(2)]

    assert [answer.status_code for answer in twice] == [200, 200]
    assert twice[0].json["refresh_token"] == twice[1].json["refresh_token"]


def test_a_repeat_after_the_grace_period_ends_the_session(auth_api):
    auth_api.add_user("ana")
    first = auth_api.signed_in("ana")
    refresh(auth_api, first["refresh_token"])
    auth_api.run("UPDATE auth.refresh_token SET used_at = used_at - interval '61 seconds' WHERE used_at IS NOT NULL")

    assert refresh(auth_api, first["refresh_token"]).json["code"] == "refresh_reuse"


def test_many_refreshes_at_once_leave_one_living_token(auth_api):
    auth_api.add_user("ana")
    first = auth_api.signed_in("ana")

    with ThreadPoolExecutor(8) as crowd:
        body = {"refresh_token": first["refresh_token"]}
        sent = from_gateway("auth", HOME) | {"User-Agent": "phone"}
        path = "/api/v1/auth/refresh"
        answers = list(crowd.map(lambda _: auth_api.app.test_client().post(path, json=body, headers=sent), range(8)))

    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json["refresh_token"] for answer in answers}) == 1
    (living,) = auth_api.rows("SELECT count(*) AS n FROM auth.refresh_token WHERE used_at IS NULL")
    assert living["n"] == 1


@pytest.mark.requirement("9.3")
def test_an_expired_unknown_or_garbled_refresh_token_is_401(auth_api):
    auth_api.add_user("ana")
    first = auth_api.signed_in("ana")
    auth_api.run("UPDATE auth.refresh_token SET expires_at = now() - interval '1 second'")

    assert refresh(auth_api, first["refresh_token"]).json["code"] == "refresh_expired"
    assert refresh(auth_api, "never issued").json["code"] == "refresh_invalid"
    assert refresh(auth_api, first["token"]).status_code == 401


def test_tokens_are_stored_only_as_hashes(auth_api):
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")

    stored = str(auth_api.rows("SELECT * FROM auth.refresh_token")) + str(auth_api.rows("SELECT * FROM auth.session"))
    assert answer["refresh_token"] not in stored


def test_a_refresh_carries_what_changed_in_the_account(auth_api):
    user_id = auth_api.add_user("ana")
    first = auth_api.signed_in("ana")
    auth_api.run("UPDATE auth.\"user\" SET positions = '{Commandant}' WHERE id = :id", id=user_id)

    assert refresh(auth_api, first["refresh_token"]).json["user"]["positions"] == ["Commandant"]


def test_signing_out_ends_access_and_refresh_at_once(auth_api, redis_client):
    """Legacy defect D26: the access token lived on for a day."""
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")
    sid = jwt.decode(answer["token"], TEST_KEY, ["HS256"])["sid"]

    assert auth_api.post("/logout", token=answer["token"]).status_code == 204

    assert auth_api.get("/verify", token=answer["token"]).status_code == 401
    assert auth_api.get("/sessions", token=answer["token"]).json["code"] == "session_revoked"
    assert refresh(auth_api, answer["refresh_token"]).status_code == 401
    assert 0 < redis_client.ttl(revoked_key(sid)) <= 900


@pytest.fixture
def hanging(auth_api, make_settings, tmp_path):
    """Another service and auth on a Redis that hangs inside `with hanging():`; `hanging.elsewhere(token)` asks that service."""
    server = LocalRedis(tmp_path / "redis", durable=False)
    url = server.start()
    blueprint = Blueprint("elsewhere", __name__, url_prefix="/")
    blueprint.get("")(lambda: json_response({}))
    other = build_app("sample", make_settings("roster", REDIS_URL=url), mounts=[Mount(blueprint, AUTHENTICATED, AUTHENTICATED)])
    client = auth_api.app.extensions["rgms_redis"]
    auth_api.app.extensions["rgms_redis"] = redis_client_of(url, socket_timeout=0.3)

    @contextmanager
    def hang():
        os.kill(server.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(server.pid, signal.SIGCONT)

    hang.elsewhere = lambda token: other.test_client().get("/", headers={"Authorization": f"Bearer {token}"})
    yield hang
    auth_api.app.extensions["rgms_redis"] = client
    server.stop()


def test_signing_out_while_redis_hangs_says_so_and_is_known_as_soon_as_redis_answers(auth_api, hanging):
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")
    with hanging():
        first, second = (auth_api.post("/logout", token=answer["token"]) for _ in range(2))
        assert refresh(auth_api, answer["refresh_token"]).status_code == 401
    assert (first.status_code, first.json["within_seconds"]) == (202, 900)
    assert second.status_code == 202, "the session has ended, and still not everyone knows"
    assert hanging.elsewhere(answer["token"]).status_code == 200

    auth_api.app.extensions["rgms_relay"].drain()

    assert hanging.elsewhere(answer["token"]).json["code"] == "session_revoked"
    assert auth_api.post("/logout", token=answer["token"]).status_code == 204


@pytest.mark.parametrize("act", ["the owner changes the password", "an administrator deactivates", "an administrator signs out"])
def test_whatever_else_ends_a_session_while_redis_hangs_is_known_as_soon_as_redis_answers(auth_api, hanging, act):
    auth_api.add_user("boss", role="admin")
    user_id = auth_api.add_user("ana")
    lost, here, boss = (auth_api.signed_in(name)["token"] for name in ("ana", "ana", "boss"))
    with hanging():
        if act == "the owner changes the password":
            body = {"current_password": PASSWORD, "new_password": "isang bagong hudyat 27"}
            done = auth_api.post("/password", body, token=here)
        elif act == "an administrator deactivates":
            done = auth_api.client.patch(f"/api/v1/auth/users/{user_id}", json={"is_active": False}, headers=headers(boss, HOME))
        else:
            done = auth_api.post(f"/users/{user_id}/sign-out", token=boss)
    assert done.status_code in {200, 204}

    auth_api.app.extensions["rgms_relay"].drain()

    assert hanging.elsewhere(lost).json["code"] == "session_revoked"


def test_the_relay_revives_no_mark_of_a_session_whose_tokens_have_expired(auth_api, redis_client):
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")
    sid = jwt.decode(answer["token"], TEST_KEY, ["HS256"])["sid"]
    auth_api.post("/logout", token=answer["token"])
    redis_client.flushdb()
    auth_api.run("UPDATE auth.outbox SET occurred_at = now() - interval '16 minutes'")

    auth_api.app.extensions["rgms_relay"].drain()

    assert redis_client.ttl(revoked_key(sid)) == -2


def test_signing_out_works_with_the_refresh_token_alone_and_never_refuses(auth_api):
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")

    assert auth_api.post("/logout", {"refresh_token": answer["refresh_token"]}).status_code == 204
    assert auth_api.get("/verify", token=answer["token"]).status_code == 401
    assert auth_api.post("/logout", token=answer["token"]).status_code == 204
    assert auth_api.client.post("/api/v1/auth/logout").status_code == 204
    assert auth_api.post("/logout", {"refresh_token": "nonsense"}, token="nonsense").status_code == 204


@pytest.mark.requirement("9.2")
@pytest.mark.parametrize("method", ["get", "post"])
def test_verify_says_whose_token_it_is(auth_api, method):
    auth_api.add_user("ana")
    token = auth_api.signed_in("ana")["token"]

    answer = getattr(auth_api.client, method)("/api/v1/auth/verify", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200
    assert answer.json["user"]["username"] == "ana"


@pytest.mark.requirement("9.2", "9.3", "1.7")
def test_a_forged_expired_or_foreign_token_is_401(auth_api):
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")
    claims = jwt.decode(answer["token"], TEST_KEY, ["HS256"])
    principal = Principal(int(claims["sub"]), "ana", "staff", session_id=claims["sid"])
    expired = issue_access_token(auth_api.app.config["RGMS"], principal, clock.now() - timedelta(minutes=16))
    bad = {
        "other key": jwt.encode(claims, "another key of a good length, 32+", "HS256"),
        "no signature": jwt.encode(claims, "", "none"),
        "expired": expired,
        "service token": jwt.encode({**claims, "typ": "service"}, TEST_KEY, "HS256"),
        "text for a user": jwt.encode({**claims, "sub": "ana"}, TEST_KEY, "HS256"),
        "a foreign session": jwt.encode({**claims, "sid": "not-a-session"}, TEST_KEY, "HS256"),
        "refresh token": answer["refresh_token"],
        "garbage": "abc",
    }
    for kind, token in bad.items():
        assert auth_api.get("/verify", token=token).status_code == 401, kind
    assert auth_api.get("/verify").status_code == 401


def test_a_deactivated_account_is_out_at_once(auth_api):
    auth_api.add_user("boss", role="admin")
    user_id = auth_api.add_user("ana")
    mine = auth_api.signed_in("ana")
    token = auth_api.signed_in("boss")["token"]

    changed = auth_api.client.patch(
        f"/api/v1/auth/users/{user_id}", json={"is_active": False}, headers={"Authorization": f"Bearer {token}"}
    )

    assert changed.json["state"] == "deactivated"
    assert auth_api.get("/verify", token=mine["token"]).status_code == 401
    assert refresh(auth_api, mine["refresh_token"]).status_code == 401


def test_a_deactivated_account_refreshes_nothing_even_where_its_session_was_left_open(auth_api):
    user_id = auth_api.add_user("ana")
    mine = auth_api.signed_in("ana")
    auth_api.run('UPDATE auth."user" SET is_active = false WHERE id = :id', id=user_id)

    assert refresh(auth_api, mine["refresh_token"]).status_code == 401


def test_a_person_sees_and_ends_only_their_own_sessions(auth_api):
    auth_api.add_user("ana")
    auth_api.add_user("ben")
    phone = auth_api.signed_in("ana", agent="phone")
    laptop = auth_api.signed_in("ana", agent="laptop", address=ELSEWHERE)
    other = auth_api.signed_in("ben")

    listed = auth_api.get("/sessions", token=phone["token"]).json

    assert listed["total"] == 2
    assert [(row["user_agent"], row["address"], row["current"]) for row in listed["data"]] == [
        ("laptop", ELSEWHERE, False),
        ("phone", HOME, True),
    ]
    laptop_id = listed["data"][0]["id"]
    foreign = auth_api.client.delete(f"/api/v1/auth/sessions/{laptop_id}", headers={"Authorization": f"Bearer {other['token']}"})
    own = auth_api.client.delete(f"/api/v1/auth/sessions/{laptop_id}", headers={"Authorization": f"Bearer {phone['token']}"})
    assert (foreign.status_code, own.status_code) == (404, 204)
    assert auth_api.get("/verify", token=laptop["token"]).status_code == 401
    assert auth_api.get("/verify", token=phone["token"]).status_code == 200
    assert auth_api.get("/sessions", token=phone["token"]).json["total"] == 1


def test_old_sessions_and_expired_tokens_are_cleaned_for_the_scheduler(auth_api, people):
    auth_api.add_user("ana")
    auth_api.signed_in("ana")
    kept = auth_api.signed_in("ana")
    auth_api.run(
        "UPDATE auth.session SET expires_at = now() - interval '31 days'"
        " WHERE id = (SELECT id FROM auth.session ORDER BY created_at LIMIT 1)"
    )
    auth_api.run(
        "UPDATE auth.refresh_token SET expires_at = now() - interval '1 day' WHERE session_id IN (SELECT id FROM auth.session)"
    )
    service = people.service("tasks", "auth")

    assert auth_api.client.post("/internal/cleanup/sessions", headers=service).json == {"deleted": 1}
    assert auth_api.client.post("/internal/cleanup/tokens", headers=service).json == {"deleted": 1}
    assert auth_api.client.post("/internal/cleanup/tokens").status_code == 401
    assert auth_api.client.post("/internal/cleanup/tokens", headers=people.admin()).status_code == 401
    assert auth_api.get("/verify", token=kept["token"]).status_code == 200


def test_a_list_asked_for_by_a_version_that_it_has_not_is_refused_in_the_one_shape(auth_api):
    """It was once refused with the list itself as the body."""
    auth_api.add_user("ana")
    asked = headers(auth_api.signed_in("ana")["token"], HOME) | {"If-Match": '"7"'}

    answer = auth_api.client.get("/api/v1/auth/sessions", headers=asked)

    assert (answer.status_code, answer.json["code"]) == (412, "stale_version")
