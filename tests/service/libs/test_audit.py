"""Who changed what: written by the database beside the change, readable by administrators, changeable by nobody."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.acting import Acting, acting
from libs.data.audit import REFUSALS_A_MINUTE
from libs.data.db import transaction
from tests.support.workbooks import roster

ROW = ["2025-00001", "Reyes", "Ana", "", "", "", "Alpha", "", ""]
CADET = {"student_id": "2025-00001", "first_name": "Ana", "last_name": "Reyes", "address": "Purok 1", "company": "Alpha"}


@pytest.fixture
def service(service_app):
    return service_app("roster")


@pytest.fixture
def call(service, people):
    """A function (method, path, **more) -> the answer to an administrator, or to `by`."""

    def call(method, path, by=None, **more):
        return service.test_client().open(f"/api/v1{path}", method=method, headers=by or people.admin(), **more)

    return call


@pytest.fixture
def entries(call):
    """A function (**filters) -> the audit entries, the newest first."""

    def entries(**filters):
        answer = call("GET", "/audit/roster", query_string=filters)
        assert answer.status_code == 200, answer.text
        return answer.json["data"]

    return entries


@pytest.fixture
def cadet(call):
    answer = call("POST", "/cadets", json=CADET)
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


def test_a_new_cadet_is_kept_with_its_author(cadet, entries, people):
    (entry,) = entries(object="cadet")

    assert (entry["action"], entry["object_id"]) == ("created", str(cadet))
    assert (entry["actor_id"], entry["actor"]) == (people.principal("admin").user_id, people.principal("admin").username)
    assert entry["before"] == {}
    assert entry["after"]["last_name"] == "Reyes" and "version" not in entry["after"]
    assert entry["request_id"] and entry["address"]


def test_a_change_shows_what_was_and_what_is_and_nothing_else(cadet, call, entries):
    assert call("PATCH", f"/cadets/{cadet}", json={"last_name": "Cruz", "first_name": "Ana"}).status_code == 200

    entry = entries(object="cadet", object_id=str(cadet))[0]

    assert (entry["action"], entry["before"], entry["after"]) == ("changed", {"last_name": "Reyes"}, {"last_name": "Cruz"})


def test_of_what_is_private_only_the_change_is_told(cadet, call, entries):
    call("PATCH", f"/cadets/{cadet}", json={"address": "Purok 2"})

    assert "Purok" not in str(entries())
    assert entries(action="changed")[0]["after"] == {"address": "(not shown)"}


def test_what_changed_nothing_leaves_no_entry(service, cadet, call, entries):
    before = len(entries())
    assert call("PATCH", f"/cadets/{cadet}", json={"last_name": "Reyes"}).status_code == 200
    assert call("POST", "/cadets", json=CADET).status_code == 409
    with pytest.raises(RuntimeError), service.app_context(), transaction() as session:
        session.execute(text("UPDATE roster.cadet SET last_name = 'Gone'"))
        raise RuntimeError

    assert len(entries()) == before


def test_an_import_and_its_undo_name_whoever_did_them(call, entries, people):
    preview = call(
        "POST",
        "/cadets/imports",
        data={"file": (io.BytesIO(roster(ROW)), "roster.xlsx")},
    ).json
    officer = people.headers(people.principal("staff", positions=("Commandant",)))
    assert call("POST", f"/cadets/imports/{preview['id']}/apply", by=officer).status_code == 200

    (created,) = entries(object="cadet", action="created")
    assert created["actor_id"] == people.principal("staff").user_id
    states = [entry["after"].get("status") for entry in entries(object="cadet_import", sort="at")]
    assert states == ["preview", "applied"]


def test_a_refused_write_is_kept_and_a_flood_of_them_is_not(cadet, call, entries, people):
    nosy = people.headers(people.principal("cadet"))
    for _ in range(REFUSALS_A_MINUTE + 5):
        assert call("PATCH", f"/cadets/{cadet}", by=nosy, json={"last_name": "X"}).status_code == 403

    refused = entries(action="refused", limit=100)

    assert 1 <= len(refused) <= 2 * REFUSALS_A_MINUTE
    assert refused[0]["actor_id"] == people.principal("cadet").user_id
    assert (refused[0]["object_id"], refused[0]["after"]) == (str(cadet), {"method": "PATCH"})


def test_nobody_else_reads_them(call, people):
    for who in (people.staff(), people.headers(people.principal("staff", positions=("Commandant",))), people.cadet()):
        assert call("GET", "/audit/roster", by=who).status_code == 403


@pytest.mark.parametrize("statement", ["UPDATE roster.audit_entry SET actor = 'x'", "DELETE FROM roster.audit_entry"])
def test_an_entry_is_never_changed(service, cadet, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|append-only"), service.app_context(), transaction() as session:
        session.execute(text(statement))


def test_a_thread_does_not_sign_with_the_name_of_the_one_before(service, cadet, entries):
    acting.set(Acting(77, "somebody.else"))
    with service.app_context(), transaction() as session:
        session.execute(text("UPDATE roster.cadet SET last_name = 'Lim'"))
    acting.set(Acting())
    with service.app_context(), transaction() as session:
        session.execute(text("UPDATE roster.cadet SET last_name = 'Tan'"))

    newest, before = entries(object="cadet")[:2]
    assert (newest["actor_id"], newest["actor"]) == (None, "")
    assert (before["actor_id"], before["actor"]) == (77, "somebody.else")
