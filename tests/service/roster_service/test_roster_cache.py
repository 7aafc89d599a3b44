"""Which lists of the roster a write lets go of, and how they travel: compressed, and not at all to who has them."""

import gzip
import json

import pytest
from sqlalchemy import text

from libs.data.db import db

LISTS = {"cadets": "/cadets", "staff": "/staff", "units": "/units", "courses": "/courses"}
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_write_lets_go_of_what_it_changes_and_of_nothing_else(roster_api, count_queries):
    cadet, staff = roster_api.add_cadet(), roster_api.add_staff()
    battalion = roster_api.get("/units").json["data"][0]["id"]

    def renewed(write) -> set[str]:
        for path in LISTS.values():
            roster_api.get(path)
        write()
        gone = set()
        for name, path in LISTS.items():
            with count_queries(roster_api.app) as statements:
                assert roster_api.get(path).status_code == 200
            if len(statements) > 1:
                gone.add(name)
        return gone

    assert renewed(lambda: None) == set()
    # The tree and the courses count their cadets.
    assert renewed(lambda: roster_api.patch(f"/cadets/{cadet}", {"company": "Bravo"})) == {"cadets", "units", "courses"}
    assert renewed(lambda: roster_api.patch(f"/staff/{staff}", {"rank": "SSg"})) == {"staff"}
    new_unit = {"kind": "special", "name": "Drummers", "parent_id": battalion}
    assert renewed(lambda: roster_api.post("/units", new_unit)) == {"units"}
    assert renewed(lambda: roster_api.post("/courses", {"name": "BS Drumming"})) == {"courses"}
    assert renewed(lambda: roster_api.delete(f"/staff/{staff}")) == {"staff"}
    assert renewed(lambda: roster_api.patch(f"/cadets/{cadet}", {"last_name": ""})) == set()


@pytest.mark.requirement("14.4")
@pytest.mark.parametrize("write", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_kind_of_write_shows_in_the_next_read(roster_api, write):
    staff = roster_api.add_staff(last_name="Old")
    assert [row["last_name"] for row in roster_api.get("/staff").json["data"]] == ["Old"]
    body = {"POST": {"first_name": "A", "last_name": "New"}, "PUT": {"first_name": "A", "last_name": "New"}}
    path = "/staff" if write == "POST" else f"/staff/{staff}"

    answer = roster_api.call(write, path, json=body.get(write, {"last_name": "New"}))

    assert answer.status_code in (200, 201), answer.json
    after = {"POST": ["New", "Old"], "PUT": ["New"], "PATCH": ["New"], "DELETE": []}[write]
    assert [row["last_name"] for row in roster_api.get("/staff").json["data"]] == after


def test_writers_of_cadets_do_not_wait_for_each_other(roster_api):
    first, second = roster_api.add_cadet(), roster_api.add_cadet()
    change = text("UPDATE roster.cadet SET address = 'Purok 1' WHERE id = :id")
    with roster_api.app.app_context(), db.engine.connect() as one, db.engine.connect() as other:
        other.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
        one.execute(change, {"id": first})
        other.execute(change, {"id": second})
        other.commit()
        one.commit()


def test_truncating_a_table_lets_its_list_go(roster_api, as_owner):
    roster_api.add_staff()
    tag = roster_api.get("/staff").headers["ETag"]
    as_owner("TRUNCATE roster.staff")

    assert roster_api.get("/staff", headers={"If-None-Match": tag}).json["data"] == []


@pytest.mark.parametrize("time", ["made", "kept"])
def test_a_list_is_sent_as_gzip_to_who_reads_it_and_plain_to_who_does_not(roster_api, time):
    for _ in range(30):
        roster_api.add_cadet()
    if time == "kept":
        roster_api.get("/cadets")
    packed = roster_api.get("/cadets", headers=GZIP)
    plain = [roster_api.get("/cadets", headers={"Accept-Encoding": accepted}) for accepted in ("", "br", "gzip;q=0", "*;q=0")]

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain[0].data) / 5
    for answer in plain:
        assert "Content-Encoding" not in answer.headers
        assert json.loads(gzip.decompress(packed.data)) == answer.json
        assert answer.headers["ETag"] == packed.headers["ETag"]
    assert {answer.headers["Vary"] for answer in (packed, *plain)} == {"Accept-Encoding"}


def test_a_short_answer_and_an_error_are_not_compressed(roster_api):
    roster_api.add_cadet()

    for path in ("/cadets?page_size=1&fields=id", "/cadets?sort=nothing", "/cadets/999999"):
        assert "Content-Encoding" not in roster_api.get(path, headers=GZIP).headers


def test_one_person_is_compressed_and_keeps_the_tag_that_if_match_names(roster_api):
    cadet = roster_api.add_cadet(address="Purok 1 " * 200)
    shown = roster_api.get(f"/cadets/{cadet}", headers=GZIP)

    assert (shown.headers["Content-Encoding"], shown.headers["ETag"]) == ("gzip", '"1"')
    assert roster_api.patch(f"/cadets/{cadet}", {"address": "x"}, headers={"If-Match": shown.headers["ETag"]}).status_code == 200


def test_a_list_that_is_not_kept_is_not_sent_twice_either(roster_api):
    first = roster_api.get("/cadets/imports")
    known = {"If-None-Match": first.headers["ETag"]}

    assert first.headers["Cache-Control"] == "private, no-cache"
    again = roster_api.get("/cadets/imports", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    roster_api.preview(["2025-00001", "Changed", "Ana"], headers=["USN", "Surname", "Given Name"])
    assert roster_api.get("/cadets/imports", headers=known).status_code == 200


def test_who_may_not_read_a_list_is_refused_also_when_it_is_kept_and_named(roster_api):
    tag = roster_api.get("/cadets").headers["ETag"]
    cadet = {"If-None-Match": tag}

    assert roster_api.get("/cadets", by=roster_api.people.cadet(), headers=cadet).status_code == 403
    assert roster_api.get("/cadets", by={}, headers=cadet).status_code == 401
