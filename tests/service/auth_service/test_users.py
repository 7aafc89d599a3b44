"""Administration of accounts, and accounts made from the command line."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth_service.operations.accounts import create_admin
from libs import clock
from libs.web.errors import Conflict, Invalid
from tests.service.auth_service.conftest import PASSWORD


@pytest.fixture
def admin(auth_api):
    """The token of the one administrator."""
    auth_api.add_user("boss", role="admin")
    return auth_api.signed_in("boss")["token"]


def patch(auth_api, token, user_id, **changes):
    sent = {"Authorization": f"Bearer {token}"}
    return auth_api.client.patch(f"/api/v1/auth/users/{user_id}", json=changes, headers=sent)


def test_accounts_are_listed_searched_and_filtered_in_the_one_list_shape(auth_api, admin):
    auth_api.add_user("ana", display_name="Ana Peña", email="ana@unit.ph")
    auth_api.add_user("jdc", role="cadet", password=None)
    auth_api.add_user("100%_real", is_active=False)

    everyone = auth_api.get("/users?page_size=2", token=admin).json
    assert (everyone["total"], everyone["limit"], everyone["page"], len(everyone["data"])) == (4, 2, 1, 2)
    assert [row["username"] for row in auth_api.get("/users?search=peña", token=admin).json["data"]] == ["ana"]
    assert [row["username"] for row in auth_api.get("/users?search=%25_", token=admin).json["data"]] == ["100%_real"]
    assert [row["username"] for row in auth_api.get("/users?role=cadet", token=admin).json["data"]] == ["jdc"]
    states = {
        state: auth_api.get(f"/users?state={state}", token=admin).json["total"]
        for state in ("active", "awaiting_activation", "deactivated")
    }
    assert states == {"active": 2, "awaiting_activation": 1, "deactivated": 1}
    assert "password_hash" not in str(everyone)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page_size=0", 422),
        ("page_size=x", 422),
        ("page=-1", 422),
        ("page_size=999999", 200),
        ("role=god", 422),
        ("search=%00", 422),
    ],
)
def test_bad_filters_are_422(auth_api, admin, query, status):
    assert auth_api.get(f"/users?{query}", token=admin).status_code == status


@pytest.mark.requirement("16.3")
def test_a_changed_role_ends_the_sessions_and_is_audited(auth_api, admin):
    """Legacy defect D20: the audit log did not know who did it."""
    user_id = auth_api.add_user("ana")
    before = auth_api.signed_in("ana")

    answer = patch(auth_api, admin, user_id, role="admin", positions=["Commandant"])

    assert (answer.status_code, answer.json["role"], answer.json["positions"]) == (200, "admin", ["Commandant"])
    assert auth_api.get("/verify", token=before["token"]).status_code == 401
    (event,) = auth_api.events("account.changed")
    assert event["user_id"] == user_id
    assert event["actor_id"] == auth_api.rows("SELECT id FROM auth.\"user\" WHERE username = 'boss'")[0]["id"]
    assert event["details"]["changes"] == {"role": ["staff", "admin"], "positions": [[], ["Commandant"]]}


def test_a_change_that_changes_nothing_ends_no_session(auth_api, admin):
    user_id = auth_api.add_user("ana", positions=["Instructor"])
    before = auth_api.signed_in("ana")

    assert patch(auth_api, admin, user_id, role="staff", positions=["Instructor"], is_active=True).status_code == 200
    assert auth_api.get("/verify", token=before["token"]).status_code == 200
    assert auth_api.events("account.changed") == []


def test_the_last_administrator_cannot_be_removed(auth_api, admin):
    me = auth_api.get("/verify", token=admin).json["user"]["id"]

    for change in ({"role": "staff"}, {"is_active": False}):
        answer = patch(auth_api, admin, me, **change)
        assert (answer.status_code, answer.json["code"]) == (409, "last_admin")
    assert auth_api.get("/verify", token=admin).status_code == 200


def test_two_administrators_who_demote_each_other_at_once_leave_one(auth_api):
    ids = [auth_api.add_user(name, role="admin") for name in ("one", "two")]
    tokens = [auth_api.signed_in(name)["token"] for name in ("one", "two")]

    def demote(number):
        sent = {"Authorization": f"Bearer {tokens[number]}"}
        path = f"/api/v1/auth/users/{ids[1 - number]}"
        return auth_api.app.test_client().patch(path, json={"role": "staff"}, headers=sent).status_code

    with ThreadPoolExecutor(2) as crowd:
        codes = sorted(crowd.map(demote, range(2)))

    assert codes in ([200, 401], [200, 409])
    (left,) = auth_api.rows("SELECT count(*) AS n FROM auth.\"user\" WHERE role = 'admin' AND is_active")
    assert left["n"] == 1


def test_a_cadet_stays_a_cadet(auth_api, admin):
    cadet, staff = auth_api.add_user("jdc", role="cadet"), auth_api.add_user("ana")

    assert patch(auth_api, admin, cadet, role="admin").status_code == 422
    assert patch(auth_api, admin, cadet, positions=["Commandant"]).status_code == 422
    assert patch(auth_api, admin, staff, role="cadet").status_code == 422


@pytest.mark.parametrize(
    "body", [{"role": "god"}, {"positions": ["King"]}, {"is_active": "maybe"}, {"password_hash": "x"}, {"role": None}]
)
def test_nonsense_changes_are_422(auth_api, admin, body):
    assert patch(auth_api, admin, auth_api.add_user("ana"), **body).status_code == 422


@pytest.mark.parametrize("user_id", ["999999", "99999999999999999999999", "0"])
def test_an_unknown_account_is_404(auth_api, admin, user_id):
    assert auth_api.get(f"/users/{user_id}", token=admin).status_code == 404
    assert patch(auth_api, admin, user_id, role="staff").status_code == 404
    assert auth_api.post(f"/users/{user_id}/unlock", token=admin).status_code == 404
    assert auth_api.post(f"/users/{user_id}/sign-out", token=admin).status_code == 404


@pytest.mark.requirement("9.4")
def test_nobody_but_an_administrator_administers(auth_api, people):
    """Legacy defects D2 and D19: registration took the role it was asked for, and staff edited one another."""
    user_id = auth_api.add_user("ana")
    for someone in (people.staff(), people.command(), people.cadet()):
        for method, path in (
            ("get", "/users"),
            ("get", f"/users/{user_id}"),
            ("patch", f"/users/{user_id}"),
            ("post", f"/users/{user_id}/unlock"),
        ):
            assert getattr(auth_api.client, method)(f"/api/v1/auth{path}", headers=someone).status_code == 403
    assert auth_api.client.post("/api/v1/auth/register", json={"username": "x", "role": "admin"}).status_code == 404


def held_up(auth_api, admin):
    """The accounts of the list that wrong tries hold up."""
    return [user["username"] for user in auth_api.get("/users", token=admin).json["data"] if user["is_held_up"]]


def test_the_list_says_which_accounts_wrong_tries_hold_up_until_they_are_unlocked(auth_api, admin):
    """Every account offered to be unlocked, so that nobody could see which one needed it."""
    user_id = auth_api.add_user("ana")
    auth_api.add_user("ben")
    for _ in range(4):
        auth_api.login("ana", "wrong")
    assert held_up(auth_api, admin) == []
    auth_api.login("ana", "wrong")
    assert held_up(auth_api, admin) == ["ana"]
    assert auth_api.post(f"/users/{user_id}/unlock", token=admin).status_code == 204
    assert held_up(auth_api, admin) == []
    for number in range(10):
        auth_api.login("ben", "wrong", address=f"198.51.100.{number}")
    assert held_up(auth_api, admin) == ["ben"]
    auth_api.run("UPDATE auth.login_attempt SET at = at - interval '15 minutes'")
    assert held_up(auth_api, admin) == []


def test_a_success_forgives_the_wrong_tries_of_its_own_address(auth_api, admin):
    auth_api.add_user("ana")
    for _ in range(4):
        auth_api.login("ana", "wrong")
    auth_api.signed_in("ana")
    auth_api.login("ana", "wrong")
    assert held_up(auth_api, admin) == []


def test_an_administrator_signs_an_account_out_everywhere(auth_api, admin):
    user_id = auth_api.add_user("ana")
    tokens = [auth_api.signed_in("ana")["token"] for _ in range(2)]

    assert auth_api.post(f"/users/{user_id}/sign-out", token=admin).json == {"ended": 2}
    assert {auth_api.get("/verify", token=token).status_code for token in tokens} == {401}


def test_a_repeated_change_with_one_idempotency_key_is_answered_from_the_first(auth_api, admin):
    user_id = auth_api.add_user("ana")
    sent = {"Authorization": f"Bearer {admin}", "Idempotency-Key": "k1"}
    first, second = (
        auth_api.client.patch(f"/api/v1/auth/users/{user_id}", json={"role": "admin"}, headers=sent) for _ in range(2)
    )

    assert first.json == second.json
    assert second.headers["Idempotent-Replay"] == "true"
    assert len(auth_api.events("account.changed")) == 1


def test_the_command_line_makes_an_administrator_once(auth_api):
    with auth_api.app.app_context():
        made = create_admin(username=" Boss ", password=PASSWORD, now=clock.now())
        with pytest.raises(Conflict):
            create_admin(username="boss", password="another password", now=clock.now())
        assert create_admin(username="boss", password="another password", now=clock.now(), reset=True)["created"] is False
    assert made["username"] == "Boss"
    assert auth_api.login("boss", PASSWORD).status_code == 401
    assert auth_api.login("boss", "another password").json["user"]["role"] == "admin"


@pytest.mark.parametrize(
    ("username", "password"),
    [("", PASSWORD), ("a\x00b", PASSWORD), ("x" * 151, PASSWORD), ("boss", "short"), ("boss", "Password123")],
)
def test_the_command_line_refuses_unusable_names_and_weak_passwords(auth_api, username, password):
    with auth_api.app.app_context(), pytest.raises(Invalid):
        create_admin(username=username, password=password, now=clock.now())
    assert auth_api.rows('SELECT id FROM auth."user"') == []


def test_the_command_line_never_takes_over_an_account_that_is_not_an_administrators(auth_api):
    auth_api.add_user("ana")
    with auth_api.app.app_context(), pytest.raises(Conflict):
        create_admin(username="ana", password=PASSWORD, now=clock.now(), reset=True)


def test_staff_read_the_names_behind_user_ids(auth_api, people):
    named = auth_api.add_user("r.santos", display_name="Santos, Rosa")
    plain = auth_api.add_user("j.cruz", display_name="")
    ask = f"/api/v1/auth/names?ids={plain},{named},999999,{2**33}"
    assert auth_api.client.get(ask, headers=people.staff()).get_json() == {
        "names": [{"id": named, "name": "Santos, Rosa"}, {"id": plain, "name": "j.cruz"}]
    }
    assert auth_api.client.get(ask, headers=people.cadet()).status_code == 403
    for wrong in ("", "ids=", "ids=x", "ids=1,,2", "ids=" + ",".join(["1"] * 101), "ids=²"):
        assert auth_api.client.get(f"/api/v1/auth/names?{wrong}", headers=people.staff()).status_code == 422
