"""Accounts follow the roster."""

import pytest
from sqlalchemy import text

from auth_service import consumer
from libs.clients.roster import RosterClient
from libs.contracts import events
from libs.data.db import transaction
from tests.service.auth_service.conftest import HOME, PASSWORD, headers


def cadet(cadet_id=11, **changes):
    facts = {
        "id": cadet_id,
        "student_id": f"2024-{cadet_id}",
        "username": "jdc",
        "first_name": "Juan",
        "middle_name": "Santos",
        "last_name": "Dela Cruz",
        "suffix_name": "",
        "email": "jdc@unit.ph",
        "company": "Alpha",
        "platoon": "1",
        "cadet_course": "MS1",
        "status": "Ongoing",
        "is_archived": False,
        "version": 1,
    }
    return {**facts, **changes}


def staff(staff_id=5, **changes):
    facts = {"id": staff_id, "first_name": "Ana", "last_name": "Peña", "email": "ana@unit.ph", "position": "Instructor"}
    return {**facts, "is_archived": False, "version": 1, **changes}


def tell(auth_api, kind, **data):
    with auth_api.app.app_context(), transaction() as session:
        consumer.HANDLERS[kind](session, {"type": kind, "data": data})


def accounts(auth_api):
    return auth_api.rows('SELECT * FROM auth."user" ORDER BY id')


def test_a_new_cadet_becomes_an_account_that_awaits_activation(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet())

    (user,) = accounts(auth_api)
    assert (user["username"], user["role"], user["cadet_id"], user["company"]) == ("jdc", "cadet", 11, "Alpha")
    assert (user["display_name"], user["email"], user["password_hash"]) == ("Juan S. Dela Cruz", "jdc@unit.ph", None)
    assert auth_api.login("jdc", "").status_code == 422
    (event,) = auth_api.rows("SELECT data FROM auth.outbox WHERE type = 'auth.account.created'")
    assert event["data"] == {"user_id": user["id"], "role": "cadet", "cadet_id": 11, "staff_id": None}


def test_an_import_makes_an_account_for_each_cadet_and_a_second_telling_none(auth_api):
    many = [cadet(number, username=f"c{number}") for number in range(1, 41)]
    for _ in range(2):
        tell(auth_api, events.roster.CADETS_IMPORTED, cadets=many)

    assert [user["username"] for user in accounts(auth_api)] == [f"c{number}" for number in range(1, 41)]
    assert auth_api.rows("SELECT count(*) AS n FROM auth.outbox")[0]["n"] == 40


def test_two_cadets_with_one_username_both_get_an_account(auth_api):
    auth_api.add_user("JDC")
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(11))
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(12))

    assert [user["username"] for user in accounts(auth_api)] == ["JDC", "jdc.11", "jdc.12"]


def test_an_archived_cadet_is_signed_out_and_a_restored_one_may_sign_in_again(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet())
    auth_api.run('UPDATE auth."user" SET password_hash = :hash', hash=_hash(auth_api))
    session = auth_api.signed_in("jdc")

    tell(auth_api, events.roster.CADET_ARCHIVED, cadet=cadet(is_archived=True, version=2))
    assert auth_api.get("/verify", token=session["token"]).status_code == 401
    assert auth_api.login("jdc").status_code == 401

    tell(auth_api, events.roster.CADET_RESTORED, cadet=cadet(version=3))
    assert auth_api.login("jdc").status_code == 200
    assert len(auth_api.events("account.deactivated")) == len(auth_api.events("account.reactivated")) == 1


def _hash(auth_api):
    return auth_api.app.extensions["auth_hashing"].hash(PASSWORD)


def test_older_news_than_the_last_is_ignored(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(version=5, company="Bravo"))
    tell(auth_api, events.roster.CADET_UPDATED, cadet=cadet(version=4, company="Alpha", is_archived=True))

    (user,) = accounts(auth_api)
    assert (user["company"], user["is_active"]) == ("Bravo", True)


def test_an_account_that_an_administrator_deactivated_stays_so_at_the_next_edit(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet())
    auth_api.run('UPDATE auth."user" SET is_active = false')

    tell(auth_api, events.roster.CADET_UPDATED, cadet=cadet(version=2, company="Bravo"))

    (user,) = accounts(auth_api)
    assert (user["is_active"], user["company"]) == (False, "Bravo")


def test_a_corrected_username_is_followed_until_the_cadet_has_a_password(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet())
    tell(auth_api, events.roster.CADET_UPDATED, cadet=cadet(version=2, username="juan.dc"))
    assert accounts(auth_api)[0]["username"] == "juan.dc"

    auth_api.run('UPDATE auth."user" SET password_hash = :hash', hash=_hash(auth_api))
    tell(auth_api, events.roster.CADET_UPDATED, cadet=cadet(version=3, username="other"))
    assert accounts(auth_api)[0]["username"] == "juan.dc"


def test_staff_get_an_account_with_the_position_of_the_roster(auth_api):
    tell(auth_api, events.roster.STAFF_CREATED, staff=staff(position="Commandant"))
    tell(auth_api, events.roster.STAFF_CREATED, staff=staff(6, email=None, position=None))

    first, second = accounts(auth_api)
    assert (first["username"], first["role"], first["positions"], first["staff_id"]) == (
        "ana@unit.ph",
        "staff",
        ["Commandant"],
        5,
    )
    assert (second["username"], second["positions"]) == ("ana.pena", [])


def test_a_changed_position_ends_the_sessions_and_keeps_what_an_administrator_gave(auth_api):
    tell(auth_api, events.roster.STAFF_CREATED, staff=staff(position="Commandant"))
    auth_api.run("UPDATE auth.\"user\" SET password_hash = :hash, positions = '{Admin NCO,Commandant}'", hash=_hash(auth_api))
    session = auth_api.signed_in("ana@unit.ph")

    tell(auth_api, events.roster.STAFF_UPDATED, staff=staff(position="Instructor", version=2))

    assert accounts(auth_api)[0]["positions"] == ["Admin NCO", "Instructor"]
    assert auth_api.get("/verify", token=session["token"]).status_code == 401


def test_the_last_administrator_is_kept_although_the_roster_archives_the_person(auth_api):
    tell(auth_api, events.roster.STAFF_CREATED, staff=staff())
    auth_api.run("UPDATE auth.\"user\" SET role = 'admin'")

    tell(auth_api, events.roster.STAFF_ARCHIVED, staff=staff(version=2, is_archived=True))

    assert accounts(auth_api)[0]["is_active"]


def withdrawn(cadet_id=11, **changes):
    return cadet(cadet_id, **{"is_archived": True, "withdrawn": True, "version": 2, **changes})


def test_a_withdrawn_cadets_account_ends_and_nobody_sees_or_wakes_it(auth_api):
    auth_api.add_user("boss", role="admin")
    boss = auth_api.signed_in("boss")["token"]
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(email=None))
    code = auth_api.post("/activation-codes", {"cadet_ids": [11]}, token=boss).json["codes"][0]["code"]
    user_id = accounts(auth_api)[1]["id"]

    tell(auth_api, events.roster.CADETS_IMPORTED, cadets=[withdrawn()])

    assert auth_api.post("/activate", {"code": code, "password": PASSWORD}).status_code == 422
    assert auth_api.get("/users?search=jdc", token=boss).json["total"] == 0
    reopened = auth_api.client.patch(f"/api/v1/auth/users/{user_id}", json={"is_active": True}, headers=headers(boss, HOME))
    assert reopened.status_code == 404
    made = auth_api.post("/activation-codes", {"cadet_ids": [11], "renew": True}, token=boss).json
    assert (made["codes"], made["skipped"][0]["code"]) == ([], "unknown")


def test_a_withdrawn_cadets_sign_in_name_is_the_next_ones_and_the_password_nobodys(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet())
    auth_api.run('UPDATE auth."user" SET password_hash = :hash', hash=_hash(auth_api))
    session = auth_api.signed_in("jdc")
    auth_api.run("INSERT INTO auth.totp (user_id, secret, created_at) SELECT id, 's', now() FROM auth.\"user\"")

    tell(auth_api, events.roster.CADETS_IMPORTED, cadets=[withdrawn(), cadet(12)])

    gone, other = accounts(auth_api)
    assert (other["username"], other["cadet_id"], other["password_hash"]) == ("jdc", 12, None)
    assert (gone["is_active"], gone["password_hash"], gone["email"]) == (False, None, None)
    assert auth_api.rows("SELECT * FROM auth.totp") == []
    assert auth_api.login("jdc").status_code == 401
    assert auth_api.get("/verify", token=session["token"]).status_code == 401


def test_the_same_person_comes_back_to_an_account_that_awaits_activation(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet())
    auth_api.run('UPDATE auth."user" SET password_hash = :hash', hash=_hash(auth_api))
    tell(auth_api, events.roster.CADETS_IMPORTED, cadets=[withdrawn()])

    tell(auth_api, events.roster.CADETS_IMPORTED, cadets=[cadet(version=3)])

    (user,) = accounts(auth_api)
    assert (user["username"], user["is_active"], user["is_withdrawn"], user["password_hash"]) == ("jdc", True, False, None)
    assert auth_api.login("jdc").status_code == 401


def test_a_cadet_who_is_withdrawn_before_auth_heard_of_them_gets_no_account(auth_api):
    tell(auth_api, events.roster.CADETS_IMPORTED, cadets=[withdrawn()])

    assert accounts(auth_api) == []


@pytest.mark.parametrize("typed", ["2024-00011", "202400011", "2024 00011", "JDC"])
def test_a_cadet_signs_in_with_the_student_number_however_it_is_written(auth_api, typed):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(student_id="2024-00011"))
    auth_api.run('UPDATE auth."user" SET password_hash = :hash', hash=_hash(auth_api))

    assert auth_api.login(typed).status_code == 200
    assert auth_api.login("2024-00012").status_code == 401


def test_a_number_that_is_somebody_elses_name_signs_in_that_person_only(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(11, student_id="2024-00011"))
    auth_api.add_user("202400011")
    auth_api.run('UPDATE auth."user" SET password_hash = :hash', hash=_hash(auth_api))

    assert auth_api.signed_in("202400011")["user"]["cadet_id"] is None
    assert auth_api.signed_in("2024-00011")["user"]["cadet_id"] == 11


def test_the_ways_to_name_an_account_share_its_tries(auth_api):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(student_id="2024-00011"))

    statuses = [auth_api.login(name, "wrong password").status_code for name in ("jdc", "2024-00011", "202400011") * 2]

    assert statuses[-1] == 429


def test_an_import_and_its_undo_cost_few_statements_whatever_their_size(auth_api, count_queries):
    def imported(**more):
        return [cadet(number, username=f"c{number}", student_id=f"2024-{number:05d}", **more) for number in range(1, 201)]

    counts = []
    for people in (imported(), imported(version=2, company="Bravo"), imported(version=3, is_archived=True, withdrawn=True)):
        with count_queries(auth_api.app) as statements:
            tell(auth_api, events.roster.CADETS_IMPORTED, cadets=people)
        counts.append(len(statements))

    assert max(counts) <= 20, counts
    assert {(user["is_active"], user["is_withdrawn"]) for user in accounts(auth_api)} == {(False, True)}


@pytest.fixture
def roster(auth_api, serve, monkeypatch):
    """The real roster service, with one cadet and one member of staff in it."""
    neighbour = serve("roster")
    monkeypatch.setitem(auth_api.app.extensions, "auth_roster", RosterClient(neighbour.settings_of(auth_api.app)))
    return neighbour


@pytest.fixture
def known_cadet(roster, people):
    """The id of a cadet that only the roster knows."""
    body = {"student_id": "2024-77", "username": "jdc", "first_name": "Juan", "last_name": "Dela Cruz", "cadet_course": "MS1"}
    answer = roster.app.test_client().post("/api/v1/cadets", json=body, headers=people.admin())
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def test_codes_for_a_cadet_that_auth_does_not_know_yet_ask_the_roster_once(auth_api, roster, known_cadet):
    auth_api.add_user("boss", role="admin")
    token = auth_api.signed_in("boss")["token"]

    made = auth_api.post("/activation-codes", {"cadet_ids": [known_cadet, 999_999]}, token=token).json

    assert [(code["cadet_id"], code["username"]) for code in made["codes"]] == [(known_cadet, "jdc")]
    assert made["skipped"] == [{"cadet_id": 999_999, "user_id": None, "code": "unknown"}]


def test_codes_wait_politely_while_the_roster_is_down(auth_api):
    auth_api.add_user("boss", role="admin")
    token = auth_api.signed_in("boss")["token"]

    answer = auth_api.post("/activation-codes", {"cadet_ids": [11]}, token=token)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_after_a_gap_everybody_of_the_roster_is_compared(auth_api, roster, known_cadet):
    with auth_api.app.app_context():
        follow = consumer.reconcile()
        with transaction() as session:
            follow(session)
            follow(session)
            assert session.execute(text('SELECT cadet_id, username FROM auth."user"')).all() == [(known_cadet, "jdc")]
