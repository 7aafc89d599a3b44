"""Activation codes, from the printed list to the first sign-in."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import segno

from tests.service.auth_service.conftest import HOME, PASSWORD


@pytest.fixture
def admin(auth_api):
    """The token of an administrator."""
    auth_api.add_user("boss", role="admin")
    return auth_api.signed_in("boss")["token"]


def cadet(auth_api, username, cadet_id, **more):
    return auth_api.add_user(username, role="cadet", password=None, cadet_id=cadet_id, **more)


def issue(auth_api, admin, **body):
    return auth_api.post("/activation-codes", body, token=admin)


def test_a_cadet_activates_with_a_printed_code_and_an_own_password(auth_api, admin):
    cadet(auth_api, "jdc", 11, display_name="Juan Dela Cruz", company="Alpha")

    made = issue(auth_api, admin, cadet_ids=[11])
    (code,) = made.json["codes"]
    answer = auth_api.post("/activate", {"code": code["code"].lower(), "username": "JDC", "password": PASSWORD})

    assert made.status_code == 201
    assert (code["cadet_id"], code["name"], code["username"]) == (11, "Juan Dela Cruz", "jdc")
    assert answer.status_code == 200
    assert (answer.json["user"]["role"], answer.json["user"]["cadet_id"]) == ("cadet", 11)
    assert auth_api.get("/verify", token=answer.json["token"]).status_code == 200
    assert auth_api.login("jdc", PASSWORD).status_code == 200
    assert auth_api.events("account.activated")


def test_a_code_works_once(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"]
    auth_api.post("/activate", {"code": code, "password": PASSWORD})

    again = auth_api.post("/activate", {"code": code, "password": PASSWORD + "!"})

    assert (again.status_code, again.json["code"]) == (422, "activation_code_invalid")


def test_a_code_used_by_two_devices_at_once_signs_one_in(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    body = {"code": issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"], "password": PASSWORD}

    with ThreadPoolExecutor(4) as crowd:
        codes = list(
            crowd.map(lambda _: auth_api.app.test_client().post("/api/v1/auth/activate", json=body).status_code, range(4))
        )

    assert sorted(codes) == [200, 422, 422, 422]


def test_a_company_gets_codes_for_everyone_who_awaits_activation_sorted_by_name(auth_api, admin):
    cadet(auth_api, "c", 13, company="Alpha", display_name="Cruz")
    cadet(auth_api, "a", 11, company="Alpha", display_name="Abad")
    cadet(auth_api, "b", 12, company="Bravo", display_name="Bato")
    cadet(auth_api, "gone", 14, company="Alpha", is_active=False)
    auth_api.add_user("done", role="cadet", cadet_id=15, company="Alpha")

    made = issue(auth_api, admin, company="alpha").json

    assert [code["name"] for code in made["codes"]] == ["Abad", "Cruz"]
    assert made["skipped"] == []


def test_accounts_that_need_no_code_are_named_and_skipped(auth_api, admin, monkeypatch):
    cadet(auth_api, "gone", 14, is_active=False)
    user_id = auth_api.add_user("done", role="cadet", cadet_id=15)

    made = issue(auth_api, admin, cadet_ids=[14, 15], user_ids=[user_id, 999_999]).json

    assert made["codes"] == []
    assert {(row["cadet_id"], row["code"]) for row in made["skipped"]} == {
        (14, "deactivated"),
        (15, "already_active"),
        (None, "unknown"),
    }


def test_a_new_code_replaces_the_old_one(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    old = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"]
    new = issue(auth_api, admin, cadet_ids=[11], live="replace").json["codes"][0]["code"]

    assert auth_api.post("/activate", {"code": old, "password": PASSWORD}).status_code == 422
    assert auth_api.post("/activate", {"code": new, "password": PASSWORD}).status_code == 200


def test_cards_that_are_out_are_replaced_only_when_somebody_says_so(auth_api, admin):
    """Making codes for a company again killed every card that was handed out, without a word."""
    for cadet_id in (11, 12, 13):
        cadet(auth_api, f"c{cadet_id}", cadet_id, company="Alpha")
    first = issue(auth_api, admin, cadet_ids=[11, 12]).json["codes"]

    asked = issue(auth_api, admin, company="Alpha")
    kept = issue(auth_api, admin, company="Alpha", live="keep").json

    assert (asked.status_code, asked.json["code"], asked.json["details"]) == (409, "live_codes", {"live": 2})
    assert [code["cadet_id"] for code in kept["codes"]] == [13]
    assert {row["code"] for row in kept["skipped"]} == {"live_code"}
    assert auth_api.post("/activate", {"code": first[0]["code"], "password": PASSWORD}).status_code == 200
    again = issue(auth_api, admin, cadet_ids=[12, 13], live="replace").json["codes"]
    assert [code["cadet_id"] for code in again] == [12, 13]
    assert auth_api.post("/activate", {"code": first[1]["code"], "password": PASSWORD}).status_code == 422


def test_an_expired_or_used_code_is_nothing_to_ask_about(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    issue(auth_api, admin, cadet_ids=[11])
    auth_api.run("UPDATE auth.activation_code SET expires_at = now() - interval '1 second'")
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"]
    auth_api.post("/activate", {"code": code, "password": PASSWORD})

    assert issue(auth_api, admin, cadet_ids=[11], renew=True).status_code == 201


def test_a_card_carries_its_code_behind_the_address_and_in_a_qr_code(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]

    assert code["link"] == f"{auth_api.app.config['RGMS'].public_url}/activate#code={code['code']}"
    assert drawn(code["qr"]) == [list(map(bool, row)) for row in segno.make_qr(code["link"], error="m", mask=3).matrix]


def drawn(qr):
    """The modules that a path of strokes darkens."""
    modules = [[False] * qr["size"] for _ in range(qr["size"])]
    for column, row, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", qr["path"]):
        for place in range(int(column), int(column) + int(width)):
            modules[int(row)][place] = True
    return modules


def test_a_renewed_code_lets_a_cadet_without_mail_back_in_and_ends_old_sessions(auth_api, admin):
    auth_api.add_user("jdc", role="cadet", cadet_id=11)
    before = auth_api.signed_in("jdc")
    code = issue(auth_api, admin, cadet_ids=[11], renew=True).json["codes"][0]["code"]

    assert auth_api.post("/activate", {"code": code, "password": "isang bagong salita"}).status_code == 200
    assert auth_api.get("/verify", token=before["token"]).status_code == 401
    assert auth_api.login("jdc", PASSWORD).status_code == 401


def test_a_code_stops_working_once_the_owner_has_another_password(auth_api, admin):
    auth_api.add_user("jdc", role="cadet", cadet_id=11)
    mine = auth_api.signed_in("jdc")
    code = issue(auth_api, admin, cadet_ids=[11], renew=True).json["codes"][0]["code"]
    changed = {"current_password": PASSWORD, "new_password": "isang bagong salita"}
    assert auth_api.post("/password", changed, token=mine["token"]).status_code < 300

    assert auth_api.post("/activate", {"code": code, "password": PASSWORD}).json["code"] == "activation_code_invalid"
    assert auth_api.login("jdc", "isang bagong salita").status_code == 200


def test_an_expired_code_is_refused(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]
    auth_api.run("UPDATE auth.activation_code SET expires_at = now() - interval '1 second'")

    assert auth_api.post("/activate", {"code": code["code"], "password": PASSWORD}).json["code"] == "activation_code_invalid"


def test_a_weak_password_leaves_the_code_usable(auth_api, admin):
    cadet(auth_api, "juan.delacruz", 11)
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"]
    for weak in ("short", "password123", "Juan.DelaCruz"):
        refused = auth_api.post("/activate", {"code": code, "password": weak})
        assert (refused.status_code, list(refused.json["details"])) == (422, ["password"]), weak

    assert auth_api.post("/activate", {"code": code, "password": PASSWORD}).status_code == 200


def test_a_code_of_someone_else_is_refused_when_the_own_name_is_given(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"]

    assert auth_api.post("/activate", {"code": code, "username": "abad", "password": PASSWORD}).status_code == 422
    assert auth_api.post("/activate", {"code": code, "username": "jdc", "password": PASSWORD}).status_code == 200


def test_beyond_a_hundred_wrong_codes_an_address_tries_in_line_and_typing_errors_are_not_guesses(auth_api, admin, monkeypatch):
    cadet(auth_api, "jdc", 11)
    code = issue(auth_api, admin, cadet_ids=[11]).json["codes"][0]["code"]
    own = auth_api.app.extensions["auth_settings"]
    limits = replace(own.limits, address_line=(2, 4))
    monkeypatch.setitem(auth_api.app.extensions, "auth_settings", replace(own, activation_failures=3, limits=limits))
    valid_but_unknown = "22222-22222"

    mistyped = [auth_api.post("/activate", {"code": "AAAAA-AAAAA", "password": PASSWORD}) for _ in range(5)]
    guesses = [auth_api.post("/activate", {"code": valid_but_unknown, "password": PASSWORD}).status_code for _ in range(6)]

    assert {answer.json["code"] for answer in mistyped} == {"activation_code_mistyped"}
    assert guesses == [422] * 5 + [429]
    owner = auth_api.post("/activate", {"code": code, "password": PASSWORD}, address=HOME)
    while owner.status_code == 429:
        assert 0 <= float(owner.headers["X-Ask-Again"]) <= 4
        time.sleep(float(owner.headers["X-Ask-Again"]) + 0.05)
        owner = auth_api.post("/activate", {"code": code, "password": PASSWORD}, address=HOME)
    assert owner.status_code == 200


def test_codes_are_stored_only_as_keyed_hashes_and_never_in_the_idempotency_table(auth_api, admin):
    cadet(auth_api, "jdc", 11)
    sent = {"Authorization": f"Bearer {admin}", "Idempotency-Key": "once"}
    made = auth_api.client.post("/api/v1/auth/activation-codes", json={"cadet_ids": [11]}, headers=sent).json

    code = made["codes"][0]["code"]
    stored = str(
        [
            auth_api.rows("SELECT * FROM auth.activation_code"),
            auth_api.rows("SELECT * FROM auth.idempotency_key"),
            auth_api.rows("SELECT * FROM auth.security_event"),
            auth_api.rows("SELECT * FROM auth.outbox"),
        ]
    )
    assert code not in stored
    assert code.replace("-", "") not in stored


@pytest.mark.requirement("9.4")
def test_only_an_administrator_makes_codes(auth_api, people):
    assert issue(auth_api, None, cadet_ids=[1]).status_code == 401
    for someone in (people.staff(), people.command(), people.cadet()):
        answer = auth_api.client.post("/api/v1/auth/activation-codes", json={"cadet_ids": [1]}, headers=someone)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cadet_ids": []},
        {"cadet_ids": [2**40]},
        {"cadet_ids": ["x"]},
        {"company": "a\x00"},
        {"cadet_ids": [1] * 501},
        {"renew": "yes"},
        {"cadet_ids": [1], "live": "kill"},
    ],
)
def test_codes_for_nobody_or_nonsense_are_refused(auth_api, admin, body):
    assert issue(auth_api, admin, **body).status_code == 422
