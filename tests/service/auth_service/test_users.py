"""Administration of accounts, and accounts made from the command line."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth_service.operations.accounts import create_admin
from libs import clock
from libs.web.errors import Conflict, Invalid
from tests.service.auth_service.conftest import PASSWORD


@pytest.fixture
def admin(house):
    """The token of the one administrator."""
    house.add_user("boss", role="admin")
    return house.signed_in("boss")["token"]


def patch(house, token, user_id, **changes):
    sent = {"Authorization": f"Bearer {token}"}
    return house.client.patch(f"/api/v1/auth/users/{user_id}", json=changes, headers=sent)


def test_accounts_are_listed_searched_and_filtered_in_the_one_list_shape(house, admin):
    house.add_user("ana", display_name="Ana Peña", email="ana@unit.ph")
    house.add_user("jdc", role="cadet", password=None)
    house.add_user("100%_real", is_active=False)

    everyone = house.get("/users?page_size=2", token=admin).json
    assert (everyone["total"], everyone["limit"], everyone["page"], len(everyone["data"])) == (4, 2, 1, 2)
    assert [row["username"] for row in house.get("/users?search=peña", token=admin).json["data"]] == ["ana"]
    assert [row["username"] for row in house.get("/users?search=%25_", token=admin).json["data"]] == ["100%_real"]
    assert [row["username"] for row in house.get("/users?role=cadet", token=admin).json["data"]] == ["jdc"]
    states = {
        state: house.get(f"/users?state={state}", token=admin).json["total"]
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
def test_bad_filters_are_422(house, admin, query, status):
    assert house.get(f"/users?{query}", token=admin).status_code == status


@pytest.mark.requirement("16.3")
def test_a_changed_role_ends_the_sessions_and_is_audited(house, admin):
    """Legacy defect D20: the audit log did not know who did it."""
    user_id = house.add_user("ana")
    before = house.signed_in("ana")

    answer = patch(house, admin, user_id, role="admin", positions=["Commandant"])

    assert (answer.status_code, answer.json["role"], answer.json["positions"]) == (200, "admin", ["Commandant"])
    assert house.get("/verify", token=before["token"]).status_code == 401
    (event,) = house.events("account.changed")
    assert event["user_id"] == user_id
    assert event["actor_id"] == house.rows("SELECT id FROM auth.\"user\" WHERE username = 'boss'")[0]["id"]
    assert event["details"]["changes"] == {"role": ["staff", "admin"], "positions": [[], ["Commandant"]]}


def test_a_change_that_changes_nothing_ends_no_session(house, admin):
    user_id = house.add_user("ana", positions=["Instructor"])
    before = house.signed_in("ana")

    assert patch(house, admin, user_id, role="staff", positions=["Instructor"], is_active=True).status_code == 200
    assert house.get("/verify", token=before["token"]).status_code == 200
    assert house.events("account.changed") == []


def test_the_last_administrator_cannot_be_removed(house, admin):
    me = house.get("/verify", token=admin).json["user"]["id"]

    for change in ({"role": "staff"}, {"is_active": False}):
        answer = patch(house, admin, me, **change)
        assert (answer.status_code, answer.json["code"]) == (409, "last_admin")
    assert house.get("/verify", token=admin).status_code == 200


def test_two_administrators_who_demote_each_other_at_once_leave_one(house):
    ids = [house.add_user(name, role="admin") for name in ("one", "two")]
    tokens = [house.signed_in(name)["token"] for name in ("one", "two")]

    def demote(number):
        sent = {"Authorization": f"Bearer {tokens[number]}"}
        path = f"/api/v1/auth/users/{ids[1 - number]}"
        return house.app.test_client().patch(path, json={"role": "staff"}, headers=sent).status_code

    with ThreadPoolExecutor(2) as crowd:
        codes = sorted(crowd.map(demote, range(2)))

    assert codes in ([200, 401], [200, 409])
    (left,) = house.rows("SELECT count(*) AS n FROM auth.\"user\" WHERE role = 'admin' AND is_active")
    assert left["n"] == 1


def test_a_cadet_stays_a_cadet(house, admin):
    cadet, staff = house.add_user("jdc", role="cadet"), house.add_user("ana")

    assert patch(house, admin, cadet, role="admin").status_code == 422
    assert patch(house, admin, cadet, positions=["Commandant"]).status_code == 422
    assert patch(house, admin, staff, role="cadet").status_code == 422


@pytest.mark.parametrize(
    "body", [{"role": "god"}, {"positions": ["King"]}, {"is_active": "maybe"}, {"password_hash": "x"}, {"role": None}]
)
def test_nonsense_changes_are_422(house, admin, body):
    assert patch(house, admin, house.add_user("ana"), **body).status_code == 422


@pytest.mark.parametrize("user_id", ["999999", "99999999999999999999999", "0"])
def test_an_unknown_account_is_404(house, admin, user_id):
    assert house.get(f"/users/{user_id}", token=admin).status_code == 404
    assert patch(house, admin, user_id, role="staff").status_code == 404
    assert house.post(f"/users/{user_id}/unlock", token=admin).status_code == 404
    assert house.post(f"/users/{user_id}/sign-out", token=admin).status_code == 404


@pytest.mark.requirement("9.4")
def test_nobody_but_an_administrator_administers(house, people):
    """Legacy defects D2 and D19: registration took the role it was asked for, and staff edited one another."""
    user_id = house.add_user("ana")
    for someone in (people.staff(), people.command(), people.cadet()):
        for method, path in (
            ("get", "/users"),
            ("get", f"/users/{user_id}"),
            ("patch", f"/users/{user_id}"),
            ("post", f"/users/{user_id}/unlock"),
        ):
            assert getattr(house.client, method)(f"/api/v1/auth{path}", headers=someone).status_code == 403
    assert house.client.post("/api/v1/auth/register", json={"username": "x", "role": "admin"}).status_code == 404


def test_an_administrator_signs_an_account_out_everywhere(house, admin):
    user_id = house.add_user("ana")
    tokens = [house.signed_in("ana")["token"] for _ in range(2)]

    assert house.post(f"/users/{user_id}/sign-out", token=admin).json == {"ended": 2}
    assert {house.get("/verify", token=token).status_code for token in tokens} == {401}


def test_a_repeated_change_with_one_idempotency_key_is_answered_from_the_first(house, admin):
    user_id = house.add_user("ana")
    sent = {"Authorization": f"Bearer {admin}", "Idempotency-Key": "k1"}
    first, second = (house.client.patch(f"/api/v1/auth/users/{user_id}", json={"role": "admin"}, headers=sent) for _ in range(2))

    assert first.json == second.json
    assert second.headers["Idempotent-Replay"] == "true"
    assert len(house.events("account.changed")) == 1


def test_the_command_line_makes_an_administrator_once(house):
    with house.app.app_context():
        made = create_admin(username=" Boss ", password=PASSWORD, now=clock.now())
        with pytest.raises(Conflict):
            create_admin(username="boss", password="another password", now=clock.now())
        assert create_admin(username="boss", password="another password", now=clock.now(), reset=True)["created"] is False
    assert made["username"] == "Boss"
    assert house.login("boss", PASSWORD).status_code == 401
    assert house.login("boss", "another password").json["user"]["role"] == "admin"


@pytest.mark.parametrize(
    ("username", "password"),
    [("", PASSWORD), ("a\x00b", PASSWORD), ("x" * 151, PASSWORD), ("boss", "short"), ("boss", "Password123")],
)
def test_the_command_line_refuses_unusable_names_and_weak_passwords(house, username, password):
    with house.app.app_context(), pytest.raises(Invalid):
        create_admin(username=username, password=password, now=clock.now())
    assert house.rows('SELECT id FROM auth."user"') == []


def test_the_command_line_never_takes_over_an_account_that_is_not_an_administrators(house):
    house.add_user("ana")
    with house.app.app_context(), pytest.raises(Conflict):
        create_admin(username="ana", password=PASSWORD, now=clock.now(), reset=True)
