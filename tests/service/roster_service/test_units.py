"""The unit tree and the courses over HTTP."""

import pytest


def battalion(roster_api):
    return roster_api.get("/units").json["data"][0]


@pytest.mark.requirement("13.2")
def test_the_tree_has_companies_with_platoons_and_special_units(roster_api, count_queries):
    roster_api.add_cadet(company="Alpha", platoon="1st Platoon")
    roster_api.add_cadet(company="Alpha", platoon="Medics")
    roster_api.add_cadet(is_archived=True)

    with count_queries(roster_api.app) as statements:
        top = battalion(roster_api)

    alpha = next(child for child in top["children"] if child["name"] == "Alpha")
    medics = next(child for child in top["children"] if child["name"] == "Medics")
    # The state of its lists, and the tree.
    assert len(statements) == 2
    assert (top["kind"], top["cadets"], alpha["kind"], alpha["cadets"], medics["kind"], medics["cadets"]) == (
        "battalion", 2, "company", 2, "special", 1,
    )  # fmt: skip
    assert [(child["name"], child["cadets"]) for child in alpha["children"]] == [("1st Platoon", 1), ("2nd Platoon", 0)]


def test_a_company_with_its_platoon_is_added_and_used(roster_api):
    company = roster_api.post(
        "/units", {"kind": "company", "name": "Echo", "parent_id": battalion(roster_api)["id"], "sequence": 9}
    )
    platoon = roster_api.post("/units", {"kind": "platoon", "name": "3rd Platoon", "parent_id": company.json["id"]})
    cadet = roster_api.add_cadet()

    answer = roster_api.patch(f"/cadets/{cadet}", {"company": "Echo", "platoon": "3rd Platoon"})

    assert (company.status_code, platoon.status_code, answer.status_code) == (201, 201, 200)
    assert answer.json["unit_id"] == platoon.json["id"]


def test_a_renamed_company_takes_its_cadets_along_and_tells_it(roster_api):
    company = roster_api.post("/units", {"kind": "company", "name": "Foxtrot", "parent_id": battalion(roster_api)["id"]}).json
    cadet, other = roster_api.add_cadet(), roster_api.add_cadet()
    roster_api.patch(f"/cadets/{cadet}", {"company": "Foxtrot"})

    renamed = roster_api.patch(f"/units/{company['id']}", {"name": "Golf"}, headers={"If-Match": '"1"'})

    assert (renamed.status_code, renamed.json["version"]) == (200, 2)
    assert roster_api.get(f"/cadets/{cadet}").json["company"] == "Golf"
    assert roster_api.get(f"/cadets/{other}").json["company"] == "Alpha"
    event, data = roster_api.events()[-1]
    assert (event, [row["company"] for row in data["cadets"]]) == ("roster.cadets.imported", ["Golf"])
    assert roster_api.patch(f"/units/{company['id']}", {"name": "Hotel"}, headers={"If-Match": '"1"'}).status_code == 412


def test_a_unit_switched_off_takes_nobody_new_and_loses_nobody(roster_api):
    company = roster_api.post("/units", {"kind": "company", "name": "India", "parent_id": battalion(roster_api)["id"]}).json
    cadet, other = roster_api.add_cadet(), roster_api.add_cadet()
    roster_api.patch(f"/cadets/{cadet}", {"company": "India"})

    roster_api.patch(f"/units/{company['id']}", {"is_active": False})

    assert roster_api.patch(f"/cadets/{other}", {"company": "India"}).status_code == 422
    assert roster_api.patch(f"/cadets/{cadet}", {"company": "India", "email": "a@x.ph"}).json["company"] == "India"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "company", "name": "ALPHA", "parent_id": "battalion"}, 409),
        ({"kind": "company", "name": "X"}, 422),
        ({"kind": "platoon", "name": "X", "parent_id": "battalion"}, 422),
        ({"kind": "company", "name": "X", "parent_id": 999_999}, 422),
        ({"kind": "squad", "name": "X"}, 422),
        ({"kind": "battalion", "name": ""}, 422),
        ({"kind": "battalion", "name": "a\x00"}, 422),
        ({"kind": "battalion", "name": "X", "sequence": 2**40}, 422),
    ],
)
def test_a_unit_that_does_not_fit_the_tree_is_refused(roster_api, body, status):
    if body.get("parent_id") == "battalion":
        body = {**body, "parent_id": battalion(roster_api)["id"]}

    assert roster_api.post("/units", body).status_code == status


def test_an_unknown_unit_is_not_found(roster_api):
    assert roster_api.patch("/units/999999", {"name": "X"}).status_code == 404


def test_courses_are_listed_and_added_once(roster_api):
    roster_api.add_cadet(course="Bachelor of Science in Criminology (BSCrim)")

    courses = {course["name"]: course["cadets"] for course in roster_api.get("/courses?page_size=100").json["data"]}
    added = roster_api.post("/courses", {"name": "Bachelor of Arts in History (BAHist)"})

    assert courses["Bachelor of Science in Criminology (BSCrim)"] == 1
    assert added.status_code == 201
    assert roster_api.post("/courses", {"name": "BACHELOR OF ARTS in History (BAHist)"}).status_code == 409
    assert roster_api.post("/courses", {"name": 7}).status_code == 422
