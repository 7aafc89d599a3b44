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
from tests.service.auth_service.conftest import HOME, PASSWORD, AuthApi
from tests.support.from_gateway import from_gateway

NEW = "isang bagong hudyat 27"
KINDS = re.compile(r"(account|address|password|sessions?|sign_in|activation)\.[a-z_]+")
Done = tuple[int | None, int | None]
"""Whose account an act touched, and who did it; None for a name of nobody, or for what the system did."""


def a_person(auth_api: AuthApi) -> tuple[int, dict]:
    return auth_api.add_user("ana", email="ana@unit.ph"), auth_api.signed_in("ana")


def an_admin(auth_api: AuthApi) -> tuple[int, str]:
    return auth_api.add_user("boss", role="admin"), auth_api.signed_in("boss")["token"]


def a_wrong_password(auth_api: AuthApi) -> Done:
    user_id = auth_api.add_user("ana")
    assert auth_api.login("ana", "wrong").status_code == 401
    return user_id, None


def a_sign_in(auth_api: AuthApi) -> Done:
    user_id, _ = a_person(auth_api)
    return user_id, user_id


def a_sign_out(auth_api: AuthApi) -> Done:
    user_id, session = a_person(auth_api)
    assert auth_api.post("/logout", token=session["token"]).status_code == 204
    return user_id, user_id


def a_sign_out_with_the_refresh_token(auth_api: AuthApi) -> Done:
    user_id, session = a_person(auth_api)
    assert auth_api.post("/logout", {"refresh_token": session["refresh_token"]}).status_code == 204
    return user_id, user_id


def a_stolen_refresh_token(auth_api: AuthApi) -> Done:
    user_id, session = a_person(auth_api)
    body = {"refresh_token": session["refresh_token"]}
    assert auth_api.post("/refresh", body).status_code == 200
    assert auth_api.post("/refresh", body, agent="thief").status_code == 401
    return user_id, None


def an_own_session_ended(auth_api: AuthApi) -> Done:
    user_id, session = a_person(auth_api)
    (row,) = auth_api.get("/sessions", token=session["token"]).json["data"]
    sent = {"Authorization": f"Bearer {session['token']}"} | from_gateway("auth", HOME)
    assert auth_api.client.delete(f"/api/v1/auth/sessions/{row['id']}", headers=sent).status_code == 204
    return user_id, user_id


def a_password_changed(auth_api: AuthApi) -> Done:
    user_id, session = a_person(auth_api)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert auth_api.post("/password", body, token=session["token"]).status_code == 204
    return user_id, user_id


def a_password_given_again(auth_api: AuthApi) -> Done:
    user_id, session = a_person(auth_api)
    assert auth_api.post("/proof", {"password": PASSWORD}, token=session["token"]).status_code == 200
    return user_id, user_id


def a_reset_link_asked_for(auth_api: AuthApi) -> Done:
    user_id, _ = a_person(auth_api)
    assert auth_api.post("/password/forgot", {"username": "ana"}).status_code == 202
    auth_api.app.extensions["auth_background_queue"].settle(10)
    return user_id, None


def a_password_reset(auth_api: AuthApi) -> Done:
    user_id, _ = a_person(auth_api)
    auth_api.run(
        "INSERT INTO auth.password_reset (token_hash, user_id, requested_at, expires_at)"
        " VALUES (:h, :u, now(), now() + interval '1 hour')",
        h=tokens.fingerprint("mailed"),
        u=user_id,
    )
    assert auth_api.post("/password/reset", {"token": "mailed", "password": NEW}).status_code == 204
    return user_id, user_id


def a_code_issued(auth_api: AuthApi) -> Done:
    user_id = auth_api.add_user("jdc", role="cadet", password=None)
    admin_id, token = an_admin(auth_api)
    assert auth_api.post("/activation-codes", {"user_ids": [user_id]}, token=token).status_code == 201
    return user_id, admin_id


def an_account_activated(auth_api: AuthApi) -> Done:
    user_id = auth_api.add_user("jdc", role="cadet", password=None)
    _, token = an_admin(auth_api)
    (code,) = auth_api.post("/activation-codes", {"user_ids": [user_id]}, token=token).json["codes"]
    assert auth_api.post("/activate", {"code": code["code"], "password": PASSWORD}).status_code == 200
    return user_id, user_id


def an_account_changed(auth_api: AuthApi) -> Done:
    user_id = auth_api.add_user("ana")
    admin_id, token = an_admin(auth_api)
    sent = {"Authorization": f"Bearer {token}"} | from_gateway("auth", HOME)
    assert auth_api.client.patch(f"/api/v1/auth/users/{user_id}", json={"role": "admin"}, headers=sent).status_code == 200
    return user_id, admin_id


def an_account_unlocked(auth_api: AuthApi) -> Done:
    user_id = auth_api.add_user("ana")
    admin_id, token = an_admin(auth_api)
    assert auth_api.post(f"/users/{user_id}/unlock", token=token).status_code == 204
    return user_id, admin_id


def every_session_ended_by_an_admin(auth_api: AuthApi) -> Done:
    user_id, _ = a_person(auth_api)
    admin_id, token = an_admin(auth_api)
    assert auth_api.post(f"/users/{user_id}/sign-out", token=token).status_code == 200
    return user_id, admin_id


def an_old_hash_renewed(auth_api: AuthApi) -> Done:
    legacy = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, prefix=b"2a")).decode()
    user_id = auth_api.add_user("ana", password_hash=passwords.tag_legacy(legacy))
    auth_api.signed_in("ana")
    return user_id, None


def an_address_cleared(auth_api: AuthApi) -> Done:
    boss, token = an_admin(auth_api)
    assert auth_api.post("/users/clear-address", {"address": "192.0.2.1"}, token=token).status_code == 204
    return None, boss


ACTS = [
    ("sign_in.failed", a_wrong_password),
    ("sign_in.succeeded", a_sign_in),
    ("session.signed_out", a_sign_out),
    ("session.signed_out", a_sign_out_with_the_refresh_token),
    ("session.refresh_reused", a_stolen_refresh_token),
    ("session.ended", an_own_session_ended),
    ("sessions.ended", every_session_ended_by_an_admin),
    ("password.changed", a_password_changed),
    ("password.proved", a_password_given_again),
    ("password.rehashed", an_old_hash_renewed),
    ("password.reset_requested", a_reset_link_asked_for),
    ("password.reset", a_password_reset),
    ("activation.code_issued", a_code_issued),
    ("account.activated", an_account_activated),
    ("account.changed", an_account_changed),
    ("account.unlocked", an_account_unlocked),
    ("address.cleared", an_address_cleared),
]


@pytest.mark.requirement("16.3")
@pytest.mark.parametrize(("kind", "act"), ACTS)
def test_an_act_leaves_one_entry_of_what_who_to_whom_and_from_where(
    auth_api: AuthApi, kind: str, act: Callable[[AuthApi], Done]
) -> None:
    user_id, actor_id = act(auth_api)

    (entry,) = [entry for entry in auth_api.events(kind) if entry["user_id"] == user_id]
    assert (entry["actor_id"], entry["address"]) == (actor_id, HOME)
    assert entry["at"].tzinfo
    assert entry["request_id"]
    for secret in (PASSWORD, NEW):
        assert secret not in str(entry)


def tell(auth_api: AuthApi, kind: str, version: int, **changes: object) -> None:
    person = {"id": 5, "first_name": "Ana", "last_name": "Cruz", "email": "ana@unit.ph", "position": "Instructor"}
    person |= {"is_archived": False, "version": version, **changes}
    with auth_api.app.app_context(), transaction() as session:
        consumer.HANDLERS[kind](session, {"type": kind, "data": {"staff": person}})


def the_roster_tells(auth_api: AuthApi) -> None:
    tell(auth_api, events.roster.STAFF_CREATED, 1)
    auth_api.run('UPDATE auth."user" SET password_hash = :h', h=auth_api.app.extensions["auth_hashing"].hash(PASSWORD))
    auth_api.signed_in("ana@unit.ph")
    tell(auth_api, events.roster.STAFF_UPDATED, 2, position="Commandant")
    tell(auth_api, events.roster.STAFF_ARCHIVED, 3, is_archived=True)
    tell(auth_api, events.roster.STAFF_RESTORED, 4)
    auth_api.run("UPDATE auth.\"user\" SET role = 'admin'")
    tell(auth_api, events.roster.STAFF_ARCHIVED, 5, is_archived=True)


def the_roster_withdraws(auth_api: AuthApi) -> None:
    cadet = {"id": 7, "student_id": "2026-1", "username": "c7", "first_name": "Ana", "last_name": "Cruz", "version": 1}
    gone = {**cadet, "version": 2, "is_archived": True, "withdrawn": True}
    with auth_api.app.app_context(), transaction() as session:
        people.apply_cadets(session, [cadet], now=clock.now())
        people.apply_cadets(session, [gone], now=clock.now())


def an_operator_makes_an_admin_and_resets_the_password(auth_api: AuthApi) -> None:
    with auth_api.app.app_context():
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
    (the_roster_withdraws, {"account.created", "account.deactivated", "account.withdrawn"}),
    (an_operator_makes_an_admin_and_resets_the_password, {"account.admin_created", "password.reset_by_operator"}),
]


@pytest.mark.requirement("16.3")
@pytest.mark.parametrize(("act", "kinds"), SYSTEM)
def test_what_the_system_does_to_an_account_leaves_one_entry_each(
    auth_api: AuthApi, act: Callable[[AuthApi], None], kinds: set[str]
):
    act(auth_api)

    entries = [entry for kind in kinds for entry in auth_api.events(kind)]
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

    # That of guesses is shown in test_known_devices.py, those of the second step in test_second_factor.py.
    elsewhere = {"account.guessed", "sign_in.first_step", "sign_in.second_step_failed"}
    shown = {kind for kind, _ in ACTS} | {kind for _, kinds in SYSTEM for kind in kinds} | elsewhere
    assert written == shown
