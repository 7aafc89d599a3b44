"""What the office changes in the data shows on the screens without a new build: units, and another policy."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from fractions import Fraction

import psycopg2
import pytest
from playwright.sync_api import expect

from grading_service.domain.policy import SubjectRule
from grading_service.domain.shipped_policies import VERSION_1
from tests.e2e.conftest import LAPTOP, PHONE
from tests.support.rgms_api import RgmsApi

VERSION = 71
QUIZZES = replace(
    VERSION_1,
    version=VERSION,
    name="Two quizzes and an oral",
    attendance=replace(VERSION_1.attendance, weight=Fraction(20)),
    aptitude=replace(VERSION_1.aptitude, weight=Fraction(20)),
    subject=SubjectRule(
        weight=Fraction(60), exams={"quiz_1": Fraction(50), "quiz_2": Fraction(50), "oral": Fraction(25), "final": Fraction(200)}
    ),
)


@pytest.fixture(scope="module")
def office_api(stack) -> RgmsApi:
    """The administrator, signed in."""
    api = RgmsApi(stack.url)
    api.sign_in()
    return api


@pytest.fixture(scope="module")
def term_of_quizzes(stack, office_api) -> int:
    """A term under another policy than the shipped ones."""
    term, _days = office_api.term("Quizzes", days=1)
    with (
        contextlib.closing(psycopg2.connect(stack.servers.database_url)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        rules = json.dumps(QUIZZES.to_dict())
        cursor.execute("INSERT INTO grading.policy (version, name, rules) VALUES (%s, %s, %s)", (VERSION, QUIZZES.name, rules))
        cursor.execute("UPDATE grading.term SET policy_version = %s WHERE id = %s", (VERSION, term))
    return term


@pytest.fixture(scope="module")
def echo_company(office_api) -> str:
    """A company and a platoon that no release of ours knows."""
    battalion = office_api.get("/api/v1/units").ok()["data"][0]["id"]
    company = office_api.post("/api/v1/units", {"kind": "company", "name": "Echo", "parent_id": battalion}).ok()
    office_api.post("/api/v1/units", {"kind": "platoon", "name": "Drum and Bugle", "parent_id": company["id"]}).ok()
    return "Echo"


def test_a_new_unit_and_another_policy_are_on_the_screens(person, stack, term_of_quizzes, echo_company):
    office = person(LAPTOP)
    page = office.sign_in()
    page.goto(stack.url + "/cadets")
    page.get_by_role("button", name="Add cadet").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Student no.").fill("2026-71001")
    form.get_by_label("Last name").fill("Quizon")
    form.get_by_label("First name").fill("Luz")
    form.get_by_label("Company").select_option(echo_company)
    form.get_by_label("Platoon").select_option("Drum and Bugle")
    form.get_by_label("Cadet course").select_option("MS1")
    form.get_by_label("Status").select_option("Verified")
    office.shot("cadet-form-1440")
    assert office.serious_faults() == []
    form.get_by_role("button", name="Add cadet").click()
    expect(page.get_by_role("heading", level=1, name="Quizon")).to_be_visible()

    page.goto(f"{stack.url}/gradebook?term={term_of_quizzes}")
    page.get_by_label("Company").select_option(echo_company)
    page.get_by_label("Platoon").select_option("Drum and Bugle")
    row = page.get_by_role("row").filter(has_text="Quizon")
    expect(row).to_be_visible()
    expect(page.get_by_role("columnheader", name="Quiz 1 of 50")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Final of 200")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Attendance 20", exact=True)).to_be_visible()
    expect(page.get_by_role("columnheader", name="Proficiency 60", exact=True)).to_be_visible()
    assert page.get_by_text("Midterm").count() == 0
    oral = row.get_by_label("Oral score of Quizon")
    oral.fill("26")
    oral.press("Enter")
    expect(oral).to_have_attribute("aria-invalid", "true")
    oral.press("Escape")
    for label, score in (("Quiz 1", "45"), ("Quiz 2", "50"), ("Oral", "25"), ("Final", "180")):
        cell = row.get_by_label(f"{label} score of Quizon")
        cell.fill(score)
        cell.press("Enter")
    # 300 of 325, of 60 points.
    expect(row.get_by_role("cell", name="55.38", exact=True)).to_be_visible()
    office.shot("gradebook-policy-1440")
    assert office.serious_faults() == []

    leader = person(PHONE)
    phone = leader.sign_in()
    phone.goto(f"{stack.url}/gradebook?term={term_of_quizzes}&company={echo_company}")
    expect(phone.get_by_label("Quiz 1 score of Quizon")).to_have_value("45")
    phone.get_by_label("Exam to score").select_option("Final of 200")
    expect(phone.get_by_label("Final score of Quizon")).to_have_value("180")
    leader.shot("gradebook-policy-390")
    assert leader.serious_faults() == []
    assert not leader.overflows()
    phone.goto(stack.url + "/cadets")
    phone.get_by_role("button", name="Add cadet").click()
    phone.get_by_role("dialog").get_by_label("Company").select_option(echo_company)
    phone.get_by_role("dialog").get_by_label("Platoon").scroll_into_view_if_needed()
    leader.shot("cadet-form-390")
    assert not leader.overflows()
