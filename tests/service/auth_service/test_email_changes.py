"""An account is not taken by changing the address to which its reset link goes."""

from dataclasses import replace

import pytest

from auth_service.operations.email_changes import tell_untold
from libs import clock
from libs.contracts import events
from tests.service.auth_service.conftest import PASSWORD, token_of
from tests.service.auth_service.test_people import cadet, staff, tell

OLD, NEW = "jdc@unit.ph", "new@home.ph"


@pytest.fixture
def owner(auth_api):
    """The id of a cadet's account that is in use."""
    return auth_api.add_user("jdc", role="cadet", cadet_id=11, email=OLD, display_name="Juan")


def change(auth_api, *, actor_id, email=NEW, version=2):
    tell(auth_api, events.roster.CADET_UPDATED, cadet=cadet(email=email, version=version), actor_id=actor_id)


def forgotten(auth_api, mails):
    """Return where the reset link of the account goes."""
    before = len(mails())
    auth_api.post("/password/forgot", {"username": "jdc"})
    return [mail["to"] for mail in mails()[before:]]


def officer(auth_api, name, positions=("Commandant",), role="staff"):
    auth_api.add_user(name, role=role, positions=list(positions))
    return auth_api.signed_in(name)


def waiting(auth_api, token):
    return auth_api.get("/email-changes", token=token).json["data"]


def test_an_officers_change_of_somebodys_address_does_not_reach_the_reset_flow(auth_api, mails, owner):
    change(auth_api, actor_id=999)

    (told,) = mails()
    assert (told["template"], told["to"], told["values"]["new_email"]) == ("email_proposed", OLD, NEW)
    assert forgotten(auth_api, mails) == [OLD]
    change(auth_api, actor_id=999, version=3)
    assert [mail["template"] for mail in mails()] == ["email_proposed", "password_reset"], "told once"


def test_an_address_given_to_an_account_in_use_that_has_none_waits_too(auth_api, mails, owner):
    auth_api.run('UPDATE auth."user" SET email = NULL')
    change(auth_api, actor_id=999)

    assert forgotten(auth_api, mails) == []


def test_the_owner_accepts_it_by_the_link_to_the_old_address(auth_api, mails, owner):
    change(auth_api, actor_id=999)
    body = {"token": token_of(mails()[0])}

    assert auth_api.post("/email-links/look", body).json == {"state": "waiting", "old_email": OLD, "new_email": NEW}
    assert auth_api.post("/email-links/accept", body).json["state"] == "applied"
    assert forgotten(auth_api, mails) == [NEW]
    assert token_of(mails()[0]) not in str(auth_api.rows("SELECT * FROM auth.email_change"))


def test_the_owner_refuses_it_and_it_does_not_come_again_with_the_next_news(auth_api, mails, owner):
    change(auth_api, actor_id=999)
    body = {"token": token_of(mails()[0])}

    assert auth_api.post("/email-links/undo", body).json["state"] == "refused"
    change(auth_api, actor_id=999, version=3)

    assert [mail["template"] for mail in mails()] == ["email_proposed"]
    assert auth_api.post("/email-links/accept", body).status_code == 422
    assert forgotten(auth_api, mails) == [OLD]


def test_the_owner_accepts_it_in_their_account_with_the_password_just_given(auth_api, mails, owner, people):
    change(auth_api, actor_id=999)
    session = auth_api.signed_in("jdc")
    pending = auth_api.get("/email", token=session["token"]).json
    path = f"/email-changes/{pending['waiting']['id']}/accept"
    auth_api.run("UPDATE auth.session SET proved_at = now() - interval '6 minutes'")
    borrowed = auth_api.post("/refresh", {"refresh_token": session["refresh_token"]}).json["token"]

    assert (pending["email"], pending["waiting"]["new_email"]) == (OLD, NEW)
    assert auth_api.post(path, token=borrowed).json["code"] == "password_needed"
    assert auth_api.post("/proof", {"password": "a guess"}, token=borrowed).json["code"] == "wrong_password"
    proved = auth_api.post("/proof", {"password": PASSWORD}, token=borrowed)
    assert auth_api.post(path, token=proved.json["token"]).status_code == 204
    assert forgotten(auth_api, mails) == [NEW]
    assert auth_api.post(path, token=proved.json["token"]).json["code"] == "email_change_decided"


def test_a_second_officer_accepts_it_and_never_the_one_who_proposed_it(auth_api, mails, owner):
    first = officer(auth_api, "first")
    change(auth_api, actor_id=first["user"]["id"])
    (pending,) = waiting(auth_api, first["token"])
    path = f"/email-changes/{pending['id']}"

    assert (pending["username"], pending["old_email"], pending["new_email"]) == ("jdc", OLD, NEW)
    assert auth_api.post(f"{path}/accept", token=first["token"]).json["code"] == "own_proposal"
    instructor = officer(auth_api, "instructor", positions=())["token"]
    assert auth_api.post(f"{path}/accept", token=instructor).status_code == 404
    assert auth_api.get("/email-changes", token=instructor).status_code == 403
    second = officer(auth_api, "second")["token"]
    assert auth_api.post(f"{path}/accept", token=second).status_code == 204
    assert forgotten(auth_api, mails) == [NEW]
    assert [mail["template"] for mail in mails()][:2] == ["email_proposed", "email_changed"]
    assert waiting(auth_api, second) == []


@pytest.mark.parametrize("who", ["unknown proposer", "account of the office"])
def test_only_an_administrator_accepts_for_an_unknown_proposer_or_an_account_of_the_office(auth_api, mails, owner, who):
    if who == "unknown proposer":
        change(auth_api, actor_id=None)
    else:
        auth_api.add_user("ana", staff_id=5, email="ana@unit.ph")
        tell(auth_api, events.roster.STAFF_UPDATED, staff=staff(email="ana@home.ph", version=2), actor_id=999)
    second = officer(auth_api, "second")["token"]
    (pending,) = waiting(auth_api, second)

    assert auth_api.post(f"/email-changes/{pending['id']}/accept", token=second).status_code == 403
    admin = officer(auth_api, "boss", (), "admin")["token"]
    assert auth_api.post(f"/email-changes/{pending['id']}/accept", token=admin).status_code == 204


def test_an_owners_own_change_counts_at_once_and_the_old_address_undoes_it_for_seven_days(auth_api, mails, owner):
    stolen = auth_api.signed_in("jdc")
    change(auth_api, actor_id=owner)
    (told,) = mails()
    assert (told["template"], told["to"]) == ("email_changed", OLD)
    assert forgotten(auth_api, mails) == [NEW]
    reset = token_of(mails()[-1])
    auth_api.run("UPDATE auth.email_change SET decided_at = now() - interval '6 days 23 hours'")

    assert auth_api.post("/email-links/undo", {"token": token_of(told)}).json["state"] == "undone"

    for kind in ("email.proposed", "email.changed", "email.undone"):
        assert [entry["user_id"] for entry in auth_api.events(kind)] == [owner]
    assert mails()[-1]["to"] == OLD, "a reset link comes to the old address by itself"
    assert auth_api.get("/verify", token=stolen["token"]).status_code == 401
    assert auth_api.post("/password/reset", {"token": reset, "password": "hindi na ito gagana"}).status_code == 422
    change(auth_api, actor_id=999, version=3)
    assert forgotten(auth_api, mails) == [OLD]


def test_after_seven_days_a_change_is_not_undone(auth_api, mails, owner):
    change(auth_api, actor_id=owner)
    body = {"token": token_of(mails()[0])}
    auth_api.run("UPDATE auth.email_change SET decided_at = now() - interval '7 days 1 second'")

    assert auth_api.post("/email-links/look", body).json["code"] == "email_link_invalid"
    assert auth_api.post("/email-links/undo", body).status_code == 422
    assert forgotten(auth_api, mails) == [NEW]


def test_a_link_to_the_old_address_made_before_the_change_opens_nothing_after_it(auth_api, mails, owner):
    auth_api.post("/password/forgot", {"username": "jdc"})
    (mail,) = mails()
    change(auth_api, actor_id=owner)

    assert auth_api.post("/password/reset", {"token": token_of(mail), "password": "isang bagong salita"}).status_code == 422


def test_an_account_that_nobody_uses_yet_takes_its_first_address(auth_api, mails):
    tell(auth_api, events.roster.CADET_CREATED, cadet=cadet(email=None))
    change(auth_api, actor_id=999)
    assert forgotten(auth_api, mails) == [NEW]


def test_what_could_not_be_mailed_is_mailed_later(auth_api, owner, serve, as_owner, request):
    change(auth_api, actor_id=owner)
    auth_api.app.extensions["auth_background_queue"].settle(10)
    assert auth_api.rows("SELECT told_at FROM auth.email_change") == [{"told_at": None}]

    mails = request.getfixturevalue("mails")
    with auth_api.app.app_context():
        tell_untold(now=clock.now())
        tell_untold(now=clock.now())

    assert [mail["to"] for mail in mails()] == [OLD]


def test_a_garbled_link_is_refused(auth_api):
    for path in ("look", "accept", "undo"):
        assert auth_api.post(f"/email-links/{path}", {"token": "nonsense"}).json["code"] == "email_link_invalid"


def test_a_change_that_is_not_there_is_not_found(auth_api, people):
    auth_api.add_user("ana")
    token = auth_api.signed_in("ana")["token"]
    assert auth_api.post("/email-changes/7/accept", token=token).status_code == 404
    stale = people.headers(replace(people.principal("staff"), proved_at=1))
    assert auth_api.client.post("/api/v1/auth/email-changes/7/accept", headers=stale).json["code"] == "password_needed"
