"""A second step of signing in: an app's codes, passkeys, recovery codes, and who must have one."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import jwt
import pyotp
import pytest

from auth_service.domain.tokens import fingerprint
from cli.testing.plugin import TEST_KEY
from tests.service.auth_service.conftest import ELSEWHERE, HOME, PASSWORD, headers
from tests.support.software_authenticator import SoftwareAuthenticator

PAGE = "http://localhost:8000"


@contextmanager
def rule(auth_api, enforced, grace=timedelta(0)):
    """Run with another setting of who must have a second factor."""
    before = auth_api.app.extensions["auth_settings"]
    auth_api.app.extensions["auth_settings"] = replace(before, second_factor=enforced, second_factor_grace=grace)
    try:
        yield
    finally:
        auth_api.app.extensions["auth_settings"] = before


def delete(auth_api, path, token):
    return auth_api.client.delete(f"/api/v1/auth{path}", headers=headers(token, HOME))


def with_app(auth_api, token):
    """Add an authenticator app; return it and the recovery codes."""
    begun = auth_api.post("/second-factor/authenticator", token=token)
    assert begun.status_code == 201
    app = pyotp.TOTP(begun.json["secret"])
    confirmed = auth_api.post("/second-factor/authenticator/confirm", {"code": app.now()}, token=token)
    assert confirmed.status_code == 200, confirmed.json
    return app, confirmed.json["recovery_codes"]


def with_passkey(auth_api, token, name="Office laptop"):
    key = SoftwareAuthenticator(PAGE)
    begun = auth_api.post("/second-factor/passkeys/options", token=token).json
    body = {"ticket": begun["ticket"], "name": name, "credential": key.create(begun["options"])}
    added = auth_api.post("/second-factor/passkeys", body, token=token)
    assert added.status_code == 201, added.json
    return key, added.json["recovery_codes"]


def first_step(auth_api, username="ana", **device):
    answer = auth_api.login(username, **device)
    assert answer.status_code == 202, answer.json
    return answer.json


def second_step(auth_api, ticket, **shown):
    return auth_api.post("/login/second", {"ticket": ticket, **shown})


def later(auth_api):
    """Let the code that was shown while adding the app be an old one."""
    auth_api.run("UPDATE auth.totp SET last_step = last_step - 2")


@pytest.fixture
def ana(auth_api):
    """The access token of a member of staff."""
    auth_api.add_user("ana", email="ana@unit.ph", display_name="Ana")
    return auth_api.signed_in("ana")["token"]


def test_a_password_alone_does_not_open_an_account_with_an_app(auth_api, ana):
    app, codes = with_app(auth_api, ana)
    later(auth_api)
    step = first_step(auth_api)

    assert "token" not in step
    assert (step["methods"], step["passkey"], step["recovery_codes_left"]) == (["totp", "recovery_code"], None, 10)
    assert len(set(codes)) == 10
    done = second_step(auth_api, step["ticket"], code=app.now())
    assert (done.status_code, done.json["user"]["has_second_factor"]) == (200, True)
    assert auth_api.get("/sessions", token=done.json["token"]).status_code == 200
    assert second_step(auth_api, step["ticket"], code=app.now()).json["code"] == "second_step_over"


def test_a_code_is_good_once(auth_api, ana):
    app, _ = with_app(auth_api, ana)
    replayed = second_step(auth_api, first_step(auth_api)["ticket"], code=app.now())
    assert (replayed.status_code, replayed.json["code"]) == (422, "second_step_wrong")

    later(auth_api)
    code = app.now()
    assert second_step(auth_api, first_step(auth_api)["ticket"], code=code).status_code == 200
    assert second_step(auth_api, first_step(auth_api)["ticket"], code=code).status_code == 422


def test_five_wrong_codes_end_a_step_and_ten_make_the_account_wait_but_for_its_passkey(auth_api, ana):
    app, _ = with_app(auth_api, ana)
    key, _ = with_passkey(auth_api, ana)
    later(auth_api)
    wrong = f"{(int(app.now()) + 1) % 10**6:06}"
    first = first_step(auth_api)["ticket"]
    answers = [second_step(auth_api, first, code=wrong) for _ in range(5)]

    assert [answer.json["details"]["tries_left"] for answer in answers] == [["4"], ["3"], ["2"], ["1"], ["0"]]
    assert second_step(auth_api, first, code=app.now()).json["code"] == "second_step_over"
    second = first_step(auth_api)["ticket"]
    for _ in range(5):
        second_step(auth_api, second, code=wrong)
    third = first_step(auth_api)
    limited = second_step(auth_api, third["ticket"], code=app.now())
    assert (limited.status_code, limited.json["code"], "Retry-After" in limited.headers) == (429, "second_step_limited", True)
    assert second_step(auth_api, third["ticket"], passkey=key.get(third["passkey"])).status_code == 200
    assert len(auth_api.events("sign_in.second_step_failed")) == 10


def test_a_step_lives_five_minutes_and_ends_with_the_password(auth_api, ana):
    app, _ = with_app(auth_api, ana)
    later(auth_api)
    old, other = first_step(auth_api)["ticket"], first_step(auth_api)["ticket"]
    sql = "UPDATE auth.security_step SET expires_at = expires_at - interval '301 seconds' WHERE token_hash = :h"
    auth_api.run(sql, h=fingerprint(old))

    assert second_step(auth_api, old, code=app.now()).json["code"] == "second_step_over"
    auth_api.post("/password", {"current_password": PASSWORD, "new_password": "isang bagong salita"}, token=ana)
    assert second_step(auth_api, other, code=app.now()).json["code"] == "second_step_over"


def test_a_recovery_code_opens_the_account_once_and_its_owner_is_told(auth_api, ana, mails):
    _, codes = with_app(auth_api, ana)

    typed = codes[0].replace("-", " ").lower()
    assert second_step(auth_api, first_step(auth_api)["ticket"], recovery_code=typed).status_code == 200
    assert second_step(auth_api, first_step(auth_api)["ticket"], recovery_code=codes[0]).status_code == 422
    assert auth_api.get("/second-factor", token=ana).json["recovery_codes_left"] == 9
    assert any("recovery code opened" in mail["values"].get("what", "") for mail in mails())
    assert codes[1] not in str(auth_api.rows("SELECT * FROM auth.recovery_code"))


def test_new_recovery_codes_end_the_old_ones(auth_api, ana):
    _, old = with_app(auth_api, ana)
    new = auth_api.post("/second-factor/recovery-codes", token=ana).json["recovery_codes"]

    assert not set(old) & set(new)
    assert second_step(auth_api, first_step(auth_api)["ticket"], recovery_code=old[0]).status_code == 422
    assert second_step(auth_api, first_step(auth_api)["ticket"], recovery_code=new[0]).status_code == 200


def test_a_passkey_opens_the_account_and_a_replay_or_a_copy_does_not(auth_api, ana):
    key, codes = with_passkey(auth_api, ana)
    step = first_step(auth_api)
    shown = key.get(step["passkey"])

    assert (step["methods"], len(codes)) == (["passkey", "recovery_code"], 10)
    assert second_step(auth_api, step["ticket"], passkey=shown).status_code == 200
    replay = first_step(auth_api)
    assert second_step(auth_api, replay["ticket"], passkey=shown).json["code"] == "second_step_wrong"
    key.count -= 1
    copied = first_step(auth_api)
    assert second_step(auth_api, copied["ticket"], passkey=key.get(copied["passkey"])).status_code == 422
    (kept,) = auth_api.get("/second-factor", token=ana).json["passkeys"]
    assert (kept["name"], kept["last_used_at"] is not None) == ("Office laptop", True)


@pytest.mark.parametrize("origin", ["http://localhost.evil.test", "https://localhost:8000", "http://localhost:9000"])
def test_a_passkey_shown_to_another_page_opens_nothing(auth_api, ana, origin):
    key, _ = with_passkey(auth_api, ana)
    step = first_step(auth_api)
    key.origin = origin

    assert second_step(auth_api, step["ticket"], passkey=key.get(step["passkey"])).status_code == 422


def test_anothers_passkey_opens_nothing(auth_api, ana):
    with_passkey(auth_api, ana)
    auth_api.add_user("ben")
    key, _ = with_passkey(auth_api, auth_api.signed_in("ben")["token"])
    step = first_step(auth_api)

    assert second_step(auth_api, step["ticket"], passkey=key.get(step["passkey"])).status_code == 422


@pytest.mark.parametrize(
    "shown", [{}, {"rawId": 7}, {"rawId": "@@"}, {"id": "x", "rawId": "eA", "response": []}, {"a": {"b": [1]}}]
)
def test_a_garbled_passkey_is_refused(auth_api, ana, shown):
    with_passkey(auth_api, ana)
    assert second_step(auth_api, first_step(auth_api)["ticket"], passkey=shown).status_code == 422
    begun = auth_api.post("/second-factor/passkeys/options", token=ana).json
    body = {"ticket": begun["ticket"], "name": "x", "credential": shown}
    assert auth_api.post("/second-factor/passkeys", body, token=ana).json["code"] == "passkey_refused"


def test_exactly_one_thing_is_shown(auth_api, ana):
    with_app(auth_api, ana)
    ticket = first_step(auth_api)["ticket"]
    assert second_step(auth_api, ticket).status_code == 422
    assert second_step(auth_api, ticket, code="123456", recovery_code="AAAA-AAAA").status_code == 422


def test_a_new_app_replaces_the_old_one_only_when_it_has_shown_a_code(auth_api, ana):
    app, _ = with_app(auth_api, ana)
    later(auth_api)
    begun = auth_api.post("/second-factor/authenticator", token=ana).json
    wrong = auth_api.post("/second-factor/authenticator/confirm", {"code": "000000"}, token=ana)

    assert (wrong.status_code, wrong.json["code"]) == (422, "wrong_code")
    assert begun["qr_code"].startswith("data:image/svg+xml;base64,")
    assert second_step(auth_api, first_step(auth_api)["ticket"], code=app.now()).status_code == 200
    assert begun["secret"] not in str(auth_api.rows("SELECT * FROM auth.totp"))


def test_whoever_holds_a_borrowed_phone_adds_and_removes_nothing(auth_api, ana):
    with_app(auth_api, ana)
    auth_api.run("UPDATE auth.session SET proved_at = now() - interval '6 minutes'")
    claims = jwt.decode(ana, TEST_KEY, ["HS256"])
    stale = jwt.encode({**claims, "auth_time": claims["auth_time"] - 360}, TEST_KEY, "HS256")

    for path in ("/authenticator", "/passkeys/options", "/recovery-codes"):
        assert auth_api.post(f"/second-factor{path}", token=stale).json["code"] == "password_needed"
    assert delete(auth_api, "/second-factor/authenticator", stale).status_code == 403


def test_an_activation_code_sets_the_password_and_no_more(auth_api, ana):
    with_app(auth_api, ana)
    auth_api.add_user("boss", role="admin")
    boss = auth_api.signed_in("boss")["token"]
    user_id = jwt.decode(ana, TEST_KEY, ["HS256"])["sub"]
    codes = auth_api.post("/activation-codes", {"user_ids": [int(user_id)], "renew": True}, token=boss).json["codes"]

    answer = auth_api.post("/activate", {"code": codes[0]["code"], "password": "isang bagong salita"})
    assert (answer.status_code, "token" in answer.json) == (202, False)


@pytest.mark.parametrize(
    ("enforced", "role", "due"),
    [("off", "admin", None), ("staff", "cadet", None), ("staff", "staff", "second_factor"), ("all", "cadet", "second_factor")],
)
def test_the_setting_says_who_must_have_one(auth_api, enforced, role, due):
    auth_api.add_user("ana", role=role)
    with rule(auth_api, enforced):
        answer = auth_api.signed_in("ana")
        assert answer["user"]["due"] == due
        assert auth_api.get("/sessions", token=answer["token"]).status_code == (403 if due else 200)
        if due:
            with_app(auth_api, answer["token"])
            fresh = auth_api.post("/refresh", {"refresh_token": answer["refresh_token"]}).json
            assert fresh["user"]["due"] is None
            assert auth_api.get("/sessions", token=fresh["token"]).status_code == 200
            last = delete(auth_api, "/second-factor/authenticator", fresh["token"])
            assert (last.status_code, last.json["code"]) == (409, "last_second_factor")


def test_a_time_of_grace_begins_with_the_first_sign_in_under_the_rule(auth_api):
    auth_api.add_user("ana")
    with rule(auth_api, "staff", timedelta(days=14)):
        first = auth_api.signed_in("ana")["user"]
        second = auth_api.signed_in("ana")["user"]
        assert first["due"] is None
        assert first["second_factor_due_at"] == second["second_factor_due_at"] is not None
        auth_api.run('UPDATE auth."user" SET second_factor_due_at = now()')
        assert auth_api.signed_in("ana")["user"]["due"] == "second_factor"


def test_what_is_removed_is_gone_and_takes_its_recovery_codes_along(auth_api, ana):
    with_app(auth_api, ana)
    with_passkey(auth_api, ana)
    (kept,) = auth_api.get("/second-factor", token=ana).json["passkeys"]

    assert delete(auth_api, f"/second-factor/passkeys/{kept['id']}", ana).status_code == 204
    assert first_step(auth_api)["methods"] == ["totp", "recovery_code"]
    assert delete(auth_api, "/second-factor/authenticator", ana).status_code == 204
    assert delete(auth_api, "/second-factor/authenticator", ana).status_code == 404
    assert auth_api.login("ana").status_code == 200
    assert auth_api.rows("SELECT id FROM auth.recovery_code") == []


def test_an_administrator_resets_anothers_and_the_owner_is_told(auth_api, ana, mails):
    with_app(auth_api, ana)
    boss_id = auth_api.add_user("boss", role="admin")
    boss = auth_api.signed_in("boss")["token"]
    user_id = int(jwt.decode(ana, TEST_KEY, ["HS256"])["sub"])

    assert auth_api.post(f"/users/{user_id}/second-factor/reset", token=ana).status_code == 403
    assert auth_api.post(f"/users/{boss_id}/second-factor/reset", token=boss).json["code"] == "own_second_factor"
    assert auth_api.post(f"/users/{user_id}/second-factor/reset", token=boss).status_code == 204
    assert auth_api.post(f"/users/{user_id}/second-factor/reset", token=boss).json["code"] == "no_second_factor"

    assert auth_api.get("/verify", token=ana).status_code == 401
    (event,) = auth_api.events("second_factor.reset")
    assert (event["user_id"], event["actor_id"]) == (user_id, boss_id)
    assert "An administrator removed" in mails()[-1]["values"]["what"]
    assert auth_api.login("ana").status_code == 200


def test_a_device_that_an_account_has_not_seen_is_told_of_once(auth_api, ana, mails):
    auth_api.signed_in("ana")
    assert mails() == []
    for _ in range(2):
        auth_api.signed_in("ana", address=ELSEWHERE, agent="an unknown tablet")

    (told,) = mails()
    assert (told["template"], told["to"]) == ("security_notice", "ana@unit.ph")
    assert told["values"]["where"] == f"an unknown tablet, {ELSEWHERE}"


def test_a_token_of_an_account_that_is_not_there_is_nobodys(auth_api, people):
    answer = auth_api.client.get("/api/v1/auth/second-factor", headers=people.staff())

    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
