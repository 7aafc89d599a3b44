"""The unit tree and the courses over HTTP."""

import pytest


def battalion(unit):
    return unit.get("/units").json["data"][0]


@pytest.mark.requirement("13.2")
def test_the_tree_has_companies_with_platoons_and_special_units(unit, count_queries):
    unit.add_cadet(company="Alpha", platoon="1st Platoon")
    unit.add_cadet(company="Alpha", platoon="Medics")
    unit.add_cadet(is_archived=True)

    with count_queries(unit.app) as statements:
        top = battalion(unit)

    alpha = next(child for child in top["children"] if child["name"] == "Alpha")
    medics = next(child for child in top["children"] if child["name"] == "Medics")
    # The state of its lists, and the tree.
    assert len(statements) == 2
    assert (top["kind"], top["cadets"], alpha["kind"], alpha["cadets"], medics["kind"], medics["cadets"]) == (
        "battalion", 2, "company", 2, "special", 1,
    )  # fmt: skip
    assert [(child["name"], child["cadets"]) for child in alpha["children"]] == [("1st Platoon", 1), ("2nd Platoon", 0)]


def test_a_company_with_its_platoon_is_added_and_used(unit):
    company = unit.post("/units", {"kind": "company", "name": "Echo", "parent_id": battalion(unit)["id"], "sequence": 9})
    platoon = unit.post("/units", {"kind": "platoon", "name": "3rd Platoon", "parent_id": company.json["id"]})
    cadet = unit.add_cadet()

    answer = unit.patch(f"/cadets/{cadet}", {"company": "Echo", "platoon": "3rd Platoon"})

    assert (company.status_code, platoon.status_code, answer.status_code) == (201, 201, 200)
    assert answer.json["unit_id"] == platoon.json["id"]


def test_a_renamed_company_takes_its_cadets_along_and_tells_it(unit):
    company = unit.post("/units", {"kind": "company", "name": "Foxtrot", "parent_id": battalion(unit)["id"]}).json
    cadet, other = unit.add_cadet(), unit.add_cadet()
    unit.patch(f"/cadets/{cadet}", {"company": "Foxtrot"})

    renamed = unit.patch(f"/units/{company['id']}", {"name": "Golf"}, headers={"If-Match": '"1"'})

    assert (renamed.status_code, renamed.json["version"]) == (200, 2)
    assert unit.get(f"/cadets/{cadet}").json["company"] == "Golf"
    assert unit.get(f"/cadets/{other}").json["company"] == "Alpha"
    event, data = unit.events()[-1]
    assert (event, [row["company"] for row in data["cadets"]]) == ("roster.cadets.imported", ["Golf"])
    assert unit.patch(f"/units/{company['id']}", {"name": "Hotel"}, headers={"If-Match": '"1"'}).status_code == 412


def test_a_unit_switched_off_takes_nobody_new_and_loses_nobody(unit):
    company = unit.post("/units", {"kind": "company", "name": "India", "parent_id": battalion(unit)["id"]}).json
    cadet, other = unit.add_cadet(), unit.add_cadet()
    unit.patch(f"/cadets/{cadet}", {"company": "India"})

    unit.patch(f"/units/{company['id']}", {"is_active": False})

    assert unit.patch(f"/cadets/{other}", {"company": "India"}).status_code == 422
    assert unit.patch(f"/cadets/{cadet}", {"company": "India", "email": "a@x.ph"}).json["company"] == "India"


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
def test_a_unit_that_does_not_fit_the_tree_is_refused(unit, body, status):
    if body.get("parent_id") == "battalion":
        body = {**body, "parent_id": battalion(unit)["id"]}

    assert unit.post("/units", body).status_code == status


def test_an_unknown_unit_is_not_found(unit):
    assert unit.patch("/units/999999", {"name": "X"}).status_code == 404


def test_courses_are_listed_and_added_once(unit):
    unit.add_cadet(course="Bachelor of Science in Criminology (BSCrim)")

    courses = {course["name"]: course["cadets"] for course in unit.get("/courses?page_size=100").json["data"]}
    added = unit.post("/courses", {"name": "Bachelor of Arts in History (BAHist)"})

    assert courses["Bachelor of Science in Criminology (BSCrim)"] == 1
    assert added.status_code == 201
    assert unit.post("/courses", {"name": "BACHELOR OF ARTS in History (BAHist)"}).status_code == 409
    assert unit.post("/courses", {"name": 7}).status_code == 422
