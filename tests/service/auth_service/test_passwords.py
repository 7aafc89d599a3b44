"""Changing a password, and getting back in by mail."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth_service.client_info import INTERNAL
from auth_service.domain.throttle import Visitor
from auth_service.operations.passwords import send_reset_link
from auth_service.throttle import forgot_throttle
from libs import clock
from libs.web.devices import Device
from tests.service.auth_service.conftest import HOME, PASSWORD, token_of

NEW = "isang bagong salita"


def change(auth_api, token, current=PASSWORD, new=NEW):
    return auth_api.post("/password", {"current_password": current, "new_password": new}, token=token)


@pytest.mark.requirement("16.3")
def test_a_changed_password_ends_every_other_session_and_keeps_this_one(auth_api):
    auth_api.add_user("ana")
    here, there = auth_api.signed_in("ana"), auth_api.signed_in("ana", agent="laptop")

    assert change(auth_api, here["token"]).status_code == 204

    assert auth_api.get("/verify", token=here["token"]).status_code == 200
    assert auth_api.get("/verify", token=there["token"]).status_code == 401
    assert auth_api.post("/refresh", {"refresh_token": there["refresh_token"]}).status_code == 401
    assert auth_api.login("ana", PASSWORD).status_code == 401
    assert auth_api.login("ana", NEW).status_code == 200
    assert auth_api.events("password.changed")[0]["details"] == {"sessions_ended": 1}


def test_a_wrong_current_password_counts_as_a_failed_sign_in(auth_api):
    """Whoever finds an unlocked phone cannot try passwords there without end."""
    auth_api.add_user("ana")
    token = auth_api.signed_in("ana")["token"]

    answers = [change(auth_api, token, current="a guess") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[0].json["code"] == "wrong_password"
    assert change(auth_api, token).status_code == 429


@pytest.mark.parametrize("new", ["short", PASSWORD, "password123", "sergeant.ana", "x" * 257, "a\x00b but long enough"])
def test_a_bad_new_password_is_refused_and_the_old_one_stays(auth_api, new):
    auth_api.add_user("Sergeant.Ana")
    token = auth_api.signed_in("Sergeant.Ana")["token"]

    answer = change(auth_api, token, new=new)

    assert (answer.status_code, list(answer.json["details"])) == (422, ["new_password"])
    assert auth_api.login("Sergeant.Ana").status_code == 200


@pytest.mark.requirement("11.1")
def test_a_forgotten_password_is_set_anew_with_a_mailed_link(auth_api, mails):
    auth_api.add_user("ana", email="ana@unit.ph", display_name="Ana")
    before = auth_api.signed_in("ana")

    assert auth_api.post("/password/forgot", {"username": "ANA"}).status_code == 202
    (mail,) = mails()
    assert (mail["template"], mail["to"], mail["name"]) == ("password_reset", "ana@unit.ph", "Ana")
    reset = auth_api.post("/password/reset", {"token": token_of(mail), "password": NEW})

    assert reset.status_code == 204
    assert auth_api.login("ana", NEW).status_code == 200
    assert auth_api.get("/verify", token=before["token"]).status_code == 401
    again = auth_api.post("/password/reset", {"token": token_of(mail), "password": NEW + "!"})
    assert (again.status_code, again.json["code"]) == (422, "reset_invalid")
    assert token_of(mail) not in str(auth_api.rows("SELECT * FROM auth.password_reset"))


def test_forgetting_answers_the_same_for_everyone_and_mails_only_to_owners(auth_api, mails):
    auth_api.add_user("nomail")
    auth_api.add_user("gone", email="gone@unit.ph", is_active=False)

    answers = [auth_api.post("/password/forgot", {"username": name}) for name in ("nomail", "gone", "nobody")]

    assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}
    assert mails() == []


def test_a_stranger_neither_blocks_nor_spoils_the_owners_mails_nor_fills_the_mailbox(auth_api, mails):
    """Three questions of a stranger once used up the owner's, and each made the link of the one before worthless."""
    auth_api.add_user("ana", email="ana@unit.ph")

    def ask(times, **more):
        answers = [auth_api.post("/password/forgot", {"username": "ana"}, **more) for _ in range(times)]
        assert {answer.status_code for answer in answers} == {202}
        return len(mails())

    assert ask(6, address="192.0.2.1") == 3
    assert ask(1, address=HOME) == 4, "a stranger's three are the stranger's"
    assert [ask(3, address=f"192.0.2.{number}") for number in (2, 3, 4)] == [7, 9, 9], "all strangers together: eight and one"
    tablet = Device("tablet", (auth_api.rows('SELECT id FROM auth."user"')[0]["id"],))
    assert ask(5, address="192.0.2.1", device=tablet) == 12, "a known device has three of its own"
    first = mails()[0]
    assert auth_api.post("/password/reset", {"token": token_of(first), "password": NEW}).status_code == 204
    codes = {auth_api.post("/password/reset", {"token": token_of(mail), "password": NEW + "!"}).status_code for mail in mails()}
    assert codes == {422}, "once one was used, none works"


def test_questions_for_reset_mails_of_one_address_go_in_line_beyond_sixty_an_hour(auth_api, mails):
    with auth_api.app.app_context():
        for _ in range(60):
            forgot_throttle().fail("anyone", Visitor(HOME))
    with auth_api.limits(address_line=(2, 600)):
        codes = [auth_api.post("/password/forgot", {"username": f"name{number}"}).status_code for number in range(4)]

    assert codes == [202, 202, 429, 429]
    assert auth_api.post("/password/forgot", {"username": "nobody"}, address="198.51.100.9").status_code == 202
    assert auth_api.post("/password/forgot", {"username": "nobody"}, device=Device("tablet", (1,))).status_code == 202


def test_a_link_works_for_an_hour(auth_api, mails):
    auth_api.add_user("ana", email="ana@unit.ph")
    auth_api.post("/password/forgot", {"username": "ana"})
    (mail,) = mails()

    auth_api.run("UPDATE auth.password_reset SET expires_at = now() - interval '1 second'")
    assert auth_api.post("/password/reset", {"token": token_of(mail), "password": NEW}).status_code == 422


def test_a_link_used_by_two_at_once_works_once(auth_api, mails):
    auth_api.add_user("ana", email="ana@unit.ph")
    auth_api.post("/password/forgot", {"username": "ana"})
    (mail,) = mails()

    def reset(number):
        body = {"token": token_of(mail), "password": f"{NEW} {number}"}
        return auth_api.app.test_client().post("/api/v1/auth/password/reset", json=body).status_code

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(reset, range(4))) == [204, 422, 422, 422]


def test_a_person_awaiting_activation_can_set_the_first_password_by_mail(auth_api, mails):
    auth_api.add_user("jdc", role="cadet", password=None, email="jdc@unit.ph")
    auth_api.post("/password/forgot", {"username": "jdc"})
    (mail,) = mails()

    assert auth_api.post("/password/reset", {"token": token_of(mail), "password": NEW}).status_code == 204
    assert auth_api.login("jdc", NEW).status_code == 200


def test_a_tasks_service_that_is_down_costs_only_the_mail(auth_api):
    auth_api.add_user("ana", email="ana@unit.ph")

    assert auth_api.post("/password/forgot", {"username": "ana"}).status_code == 202
    auth_api.app.extensions["auth_background_queue"].settle(10)
    with auth_api.app.app_context():
        send_reset_link(username="ana", origin=INTERNAL, now=clock.now())
    assert auth_api.login("ana").status_code == 200
