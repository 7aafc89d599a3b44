"""How many sessions an account has, how long one lives, and what a person has to do before anything else."""

from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest

from cli.testing.plugin import TEST_KEY
from tests.service.auth_service.conftest import HOME, PASSWORD, headers

NEW = "mga sundalo ng bayan, 1896"


def refresh(auth_api, answer):
    return auth_api.post("/refresh", {"refresh_token": answer["refresh_token"]})


def test_an_eleventh_session_ends_the_one_unused_for_longest_and_its_holder_is_told_why(auth_api):
    user_id = auth_api.add_user("ana")
    held = [auth_api.signed_in("ana") for _ in range(10)]
    held[0] |= refresh(auth_api, held[0]).json

    auth_api.signed_in("ana")

    told = refresh(auth_api, held[1])
    assert (told.status_code, told.json["details"]) == (401, {"reason": "too_many"})
    assert "more than 10 devices" in told.json["message"]
    assert auth_api.get("/verify", token=held[1]["token"]).status_code == 401
    assert [refresh(auth_api, held[place]).status_code for place in (0, 2, 9)] == [200, 200, 200]
    assert auth_api.events("session.ended")[0]["details"]["reason"] == "too_many"
    assert auth_api.events("session.ended")[0]["user_id"] == user_id


def test_a_crowd_of_sign_ins_at_once_leaves_ten(auth_api):
    auth_api.add_user("ana")
    body = {"username": "ana", "password": PASSWORD}

    with ThreadPoolExecutor(8) as crowd:
        sent = headers(None, HOME)
        answers = list(
            crowd.map(lambda _: auth_api.app.test_client().post("/api/v1/auth/login", json=body, headers=sent), range(16))
        )

    # On a busy machine some of one account's hashes are told to come again.
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) > 10
    (living,) = auth_api.rows("SELECT count(*) AS n FROM auth.session WHERE revoked_at IS NULL")
    assert living["n"] == 10


def test_a_session_that_is_used_every_day_ends_thirty_days_after_its_sign_in(auth_api):
    auth_api.add_user("ana")
    answer = auth_api.signed_in("ana")
    for _ in range(29):
        auth_api.run("UPDATE auth.session SET created_at = created_at - interval '1 day'")
        auth_api.run("UPDATE auth.refresh_token SET expires_at = expires_at - interval '1 day'")
        step = refresh(auth_api, answer)
        assert step.status_code == 200
        answer = step.json
    auth_api.run("UPDATE auth.refresh_token SET expires_at = expires_at - interval '1 day'")

    assert refresh(auth_api, answer).json["code"] == "refresh_expired"


@pytest.mark.parametrize(("path", "status"), [("/verify", 200), ("/sessions", 403)])
def test_who_has_a_given_password_may_only_choose_their_own(auth_api, path, status):
    auth_api.add_user("ana", must_change_password=True)
    answer = auth_api.signed_in("ana")

    assert answer["user"]["due"] == jwt.decode(answer["token"], TEST_KEY, ["HS256"])["due"] == "password"
    assert auth_api.get(path, token=answer["token"]).status_code == status
    assert refresh(auth_api, answer).json["user"]["due"] == "password"


def test_nothing_is_due_any_more_once_it_is_chosen(auth_api):
    auth_api.add_user("ana", must_change_password=True)
    answer = auth_api.signed_in("ana")

    changed = auth_api.post("/password", {"current_password": PASSWORD, "new_password": NEW}, token=answer["token"])

    assert changed.status_code == 204
    fresh = refresh(auth_api, answer).json
    assert (fresh["user"]["due"], fresh["user"]["must_change_password"]) == (None, False)
    assert auth_api.get("/sessions", token=fresh["token"]).status_code == 200
    assert auth_api.get("/sessions", token=answer["token"]).json["code"] == "password_due"


def test_every_other_session_ends_and_the_one_in_use_goes_on(auth_api):
    auth_api.add_user("ana")
    auth_api.add_user("ben")
    here, there, bens = auth_api.signed_in("ana"), auth_api.signed_in("ana"), auth_api.signed_in("ben")

    assert auth_api.post("/sessions/end-others", token=here["token"]).json == {"ended": 1}

    assert auth_api.get("/verify", token=there["token"]).status_code == 401
    assert refresh(auth_api, there).status_code == 401
    assert refresh(auth_api, here).status_code == 200
    assert auth_api.get("/verify", token=bens["token"]).status_code == 200
