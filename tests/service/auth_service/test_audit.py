"""The audit trail: whatever touches who may come in leaves one entry saying what, who did it, to whom and from where."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import bcrypt
import pytest

from auth_service import consumer
from auth_service.domain import passwords, tokens
from auth_service.operations import people
from auth_service.operations.accounts import create_admin
from libs import clock
from libs.contracts import events
from libs.data.db import transaction
from tests.service.auth_service.conftest import HOME, PASSWORD, House
from tests.support.from_gateway import from_gateway

NEW = "isang bagong hudyat 27"
KINDS = re.compile(r"(account|password|sessions?|sign_in|activation)\.[a-z_]+")
Done = tuple[int | None, int | None]
"""Whose account an act touched, and who did it; None for a name of nobody, or for what the system did."""


def a_person(house: House) -> tuple[int, dict]:
    return house.add_user("ana", email="ana@unit.ph"), house.signed_in("ana")


def an_admin(house: House) -> tuple[int, str]:
    return house.add_user("boss", role="admin"), house.signed_in("boss")["token"]


def a_wrong_password(house: House) -> Done:
    user_id = house.add_user("ana")
    assert house.login("ana", "wrong").status_code == 401
    return user_id, None


def a_sign_in(house: House) -> Done:
    user_id, _ = a_person(house)
    return user_id, user_id


def a_sign_out(house: House) -> Done:
    user_id, session = a_person(house)
    assert house.post("/logout", token=session["token"]).status_code == 204
    return user_id, user_id


def a_sign_out_with_the_refresh_token(house: House) -> Done:
    user_id, session = a_person(house)
    assert house.post("/logout", {"refresh_token": session["refresh_token"]}).status_code == 204
    return user_id, user_id


def a_stolen_refresh_token(house: House) -> Done:
    user_id, session = a_person(house)
    body = {"refresh_token": session["refresh_token"]}
    assert house.post("/refresh", body).status_code == 200
    assert house.post("/refresh", body, agent="thief").status_code == 401
    return user_id, None


def an_own_session_ended(house: House) -> Done:
    user_id, session = a_person(house)
    (row,) = house.get("/sessions", token=session["token"]).json["data"]
    sent = {"Authorization": f"Bearer {session['token']}"} | from_gateway("auth", HOME)
    assert house.client.delete(f"/api/v1/auth/sessions/{row['id']}", headers=sent).status_code == 204
    return user_id, user_id


def a_password_changed(house: House) -> Done:
    user_id, session = a_person(house)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert house.post("/password", body, token=session["token"]).status_code == 204
    return user_id, user_id


def a_reset_link_asked_for(house: House) -> Done:
    user_id, _ = a_person(house)
    assert house.post("/password/forgot", {"username": "ana"}).status_code == 202
    house.app.extensions["auth_background_queue"].settle(10)
    return user_id, None


def a_password_reset(house: House) -> Done:
    user_id, _ = a_person(house)
    house.run(
        "INSERT INTO auth.password_reset (token_hash, user_id, requested_at, expires_at)"
        " VALUES (:h, :u, now(), now() + interval '1 hour')",
        h=tokens.fingerprint("mailed"),
        u=user_id,
    )
    assert house.post("/password/reset", {"token": "mailed", "password": NEW}).status_code == 204
    return user_id, user_id


def a_code_issued(house: House) -> Done:
    user_id = house.add_user("jdc", role="cadet", password=None)
    admin_id, token = an_admin(house)
    assert house.post("/activation-codes", {"user_ids": [user_id]}, token=token).status_code == 201
    return user_id, admin_id


def an_account_activated(house: House) -> Done:
    user_id = house.add_user("jdc", role="cadet", password=None)
    _, token = an_admin(house)
    (code,) = house.post("/activation-codes", {"user_ids": [user_id]}, token=token).json["codes"]
    assert house.post("/activate", {"code": code["code"], "password": PASSWORD}).status_code == 200
    return user_id, user_id


def an_account_changed(house: House) -> Done:
    user_id = house.add_user("ana")
    admin_id, token = an_admin(house)
    sent = {"Authorization": f"Bearer {token}"} | from_gateway("auth", HOME)
    assert house.client.patch(f"/api/v1/auth/users/{user_id}", json={"role": "admin"}, headers=sent).status_code == 200
    return user_id, admin_id


def an_account_unlocked(house: House) -> Done:
    user_id = house.add_user("ana")
    admin_id, token = an_admin(house)
    assert house.post(f"/users/{user_id}/unlock", token=token).status_code == 204
    return user_id, admin_id


def every_session_ended_by_an_admin(house: House) -> Done:
    user_id, _ = a_person(house)
    admin_id, token = an_admin(house)
    assert house.post(f"/users/{user_id}/sign-out", token=token).status_code == 200
    return user_id, admin_id


def an_old_hash_renewed(house: House) -> Done:
    legacy = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, prefix=b"2a")).decode()
    user_id = house.add_user("ana", password_hash=passwords.tag_legacy(legacy))
    house.signed_in("ana")
    return user_id, None


ACTS = [
    ("sign_in.failed", a_wrong_password),
    ("sign_in.succeeded", a_sign_in),
    ("session.signed_out", a_sign_out),
    ("session.signed_out", a_sign_out_with_the_refresh_token),
    ("session.refresh_reused", a_stolen_refresh_token),
    ("session.ended", an_own_session_ended),
    ("sessions.ended", every_session_ended_by_an_admin),
    ("password.changed", a_password_changed),
    ("password.rehashed", an_old_hash_renewed),
    ("password.reset_requested", a_reset_link_asked_for),
    ("password.reset", a_password_reset),
    ("activation.code_issued", a_code_issued),
    ("account.activated", an_account_activated),
    ("account.changed", an_account_changed),
    ("account.unlocked", an_account_unlocked),
]


@pytest.mark.requirement("16.3")
@pytest.mark.parametrize(("kind", "act"), ACTS)
def test_an_act_leaves_one_entry_of_what_who_to_whom_and_from_where(
    house: House, kind: str, act: Callable[[House], Done]
) -> None:
    user_id, actor_id = act(house)

    (entry,) = [entry for entry in house.events(kind) if entry["user_id"] == user_id]
    assert (entry["actor_id"], entry["address"]) == (actor_id, HOME)
    assert entry["at"].tzinfo
    assert entry["request_id"]
    for secret in (PASSWORD, NEW):
        assert secret not in str(entry)


def tell(house: House, kind: str, version: int, **changes: object) -> None:
    person = {"id": 5, "first_name": "Ana", "last_name": "Cruz", "email": "ana@unit.ph", "position": "Instructor"}
    person |= {"is_archived": False, "version": version, **changes}
    with house.app.app_context(), transaction() as session:
        consumer.HANDLERS[kind](session, {"type": kind, "data": {"staff": person}})


def the_roster_tells(house: House) -> None:
    tell(house, events.roster.STAFF_CREATED, 1)
    house.run('UPDATE auth."user" SET password_hash = :h', h=house.app.extensions["auth_hashing"].hash(PASSWORD))
    house.signed_in("ana@unit.ph")
    tell(house, events.roster.STAFF_UPDATED, 2, position="Commandant")
    tell(house, events.roster.STAFF_ARCHIVED, 3, is_archived=True)
    tell(house, events.roster.STAFF_RESTORED, 4)
    house.run("UPDATE auth.\"user\" SET role = 'admin'")
    tell(house, events.roster.STAFF_ARCHIVED, 5, is_archived=True)


def an_operator_makes_an_admin_and_resets_the_password(house: House) -> None:
    with house.app.app_context():
        create_admin(username="boss", password=PASSWORD, now=clock.now())
        create_admin(username="boss", password=NEW, now=clock.now(), reset=True)


SYSTEM = [
    (
        the_roster_tells,
        {
            "account.created",
            "account.position_changed",
            "account.deactivated",
            "account.reactivated",
            "account.last_admin_kept",
        },
    ),
    (an_operator_makes_an_admin_and_resets_the_password, {"account.admin_created", "password.reset_by_operator"}),
]


@pytest.mark.requirement("16.3")
@pytest.mark.parametrize(("act", "kinds"), SYSTEM)
def test_what_the_system_does_to_an_account_leaves_one_entry_each(house: House, act: Callable[[House], None], kinds: set[str]):
    act(house)

    entries = [entry for kind in kinds for entry in house.events(kind)]
    assert sorted(entry["kind"] for entry in entries) == sorted(kinds)
    assert len({entry["user_id"] for entry in entries}) == 1
    assert {entry["actor_id"] for entry in entries} == {None}


def test_every_kind_of_entry_in_the_code_is_shown_by_an_act_above():
    operations = Path(people.__file__).parent
    written = {
        node.value
        for path in operations.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KINDS.fullmatch(node.value)
    }

    assert written == {kind for kind, _ in ACTS} | {kind for _, kinds in SYSTEM for kind in kinds}
