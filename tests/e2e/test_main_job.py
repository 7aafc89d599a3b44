"""The main job, as people do it: import, plan, mark on a phone, watch on a laptop, read why, hand in the sheet, be a cadet."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.e2e.conftest import LAPTOP, PHONE
from tests.support.rgms_api import RgmsApi
from tests.support.workbooks import workbook

SURNAMES = ("Abad", "Bautista", "Castro", "Ordoñez", "Espina", "Flores")
ROWS = [
    [f"2026-7{number:04d}", surname, "Juana", "Alpha", "1st Platoon", "MS1"] for number, surname in enumerate(SURNAMES, start=1)
]
HEADERS = ["USN", "Surname", "Given Name", "Company", "Platoon", "Cadet Course"]
CADET_PASSWORD = "muster at seven sharp"
# Between the top of a list's first row and the bar at the foot of a phone.
ROWS_THAT_FIT = """() => {
    const row = document.querySelector("main li").getBoundingClientRect();
    const bar = document.elementFromPoint(innerWidth / 2, innerHeight - 2).closest("nav").getBoundingClientRect();
    return Math.floor((bar.top - row.top) / row.height);
}"""


@pytest.fixture(scope="module")
def roster_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("roster") / "enrolment.xlsx"
    path.write_bytes(workbook(("MS1", [HEADERS, *ROWS, ["", "", "", "Alpha", "", ""]])))
    return path


@pytest.mark.requirement("2.3", "2.7", "12.3")
def test_the_main_job_from_the_roster_to_the_cadets_own_grade(person, stack, roster_file, tmp_path):
    office = person(LAPTOP)
    page = office.sign_in()

    # The office imports the roster: a preview first, then apply, undo and apply again.
    page.goto(stack.url + "/imports")
    page.locator("input[type=file]").set_input_files(roster_file)
    expect(page.get_by_role("button", name="Apply 6 changes")).to_be_visible()
    assert RgmsApi(stack.url).get("/api/v1/cadets").status == 401
    office.shot("import-preview-1440")
    assert office.serious_faults() == []
    page.get_by_role("button", name="Apply 6 changes").click()
    expect(page.get_by_text("6 cadets created, 0 updated").first).to_be_visible()
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Take back 6 changes").click()
    expect(page.get_by_text("This import was taken back.")).to_be_visible()
    page.get_by_role("link", name="Choose another file").click()
    page.locator("input[type=file]").set_input_files(roster_file)
    page.get_by_role("button", name="Apply 6 changes").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible()
    page.goto(stack.url + "/cadets?search=ordonez")
    expect(page.get_by_role("link", name="Ordoñez, Juana")).to_be_visible()

    # A term and its training days, in one action each.
    page.goto(stack.url + "/terms")
    page.get_by_role("button", name="New term").click()
    page.get_by_label("Name", exact=True).fill("MS1, main job")
    page.get_by_label("First day").fill("2026-08-01")
    page.get_by_label("Last day").fill("2026-12-19")
    page.get_by_role("button", name="Open the term").click()
    page.get_by_role("button", name="Plan the training days").click()
    page.get_by_label("How many").fill("2")
    page.get_by_label("Every").select_option("Saturday")
    expect(page.get_by_text("Saturday, Aug 1, 2026")).to_be_visible()
    expect(page.get_by_text("Saturday, Aug 8, 2026")).to_be_visible()
    office.shot("series-1440")
    page.get_by_role("button", name="Create 2 training days").click()
    expect(page.get_by_role("link", name="Training day 2")).to_be_visible()
    term_id = re.search(r"/terms/(\d+)", page.url).group(1)
    office.shot("term-1440")
    assert office.serious_faults() == []

    # Two people at once: a phone takes the roll, the laptop's gradebook moves by itself.
    page.goto(f"{stack.url}/gradebook?term={term_id}&company=Alpha")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Abad")
    expect(row.get_by_text("No data yet")).to_be_visible()

    leader = person(PHONE)
    phone = leader.sign_in()
    phone.goto(f"{stack.url}/terms/{term_id}")
    phone.get_by_role("link", name="Training day 1").click()
    # The system may hold other companies, of other tests; the phone remembers this one for the second day.
    phone.get_by_label("Company").select_option("Alpha")
    phone.get_by_role("button", name="Mark all 6 present").click()
    phone.get_by_role("button", name=re.compile("Castro, Juana.*Present")).click()
    phone.get_by_role("button", name=re.compile("Flores, Juana.*Present")).click()
    phone.get_by_role("group", name=re.compile("What is it for Flores")).get_by_role("button", name="Late").click()
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    leader.shot("roll-call-390")
    assert leader.serious_faults() == []
    assert not leader.overflows()

    expect(row.get_by_role("cell", name="15.00 so far", exact=True)).to_be_visible()
    castro = page.get_by_role("row").filter(has_text="Castro")
    expect(castro.get_by_role("cell", name="0.00 so far", exact=True)).to_be_visible()
    expect(castro.get_by_role("cell", name="open", exact=True)).to_be_visible()

    # The second day, merits and exam scores.
    phone.goto(f"{stack.url}/terms/{term_id}")
    phone.get_by_role("link", name="Training day 2").click()
    phone.get_by_role("button", name="Mark all 6 present").click()
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    phone.goto(f"{stack.url}/merits?term={term_id}")
    phone.get_by_label("Find a cadet by name or student number").fill("Abad")
    phone.get_by_role("button", name=re.compile("Abad, Juana")).click()
    phone.get_by_role("radio", name="Demerit").check()
    phone.get_by_label("Points").fill("10")
    phone.get_by_label("Reason").fill("Boots not shined")
    phone.get_by_role("button", name="Record demerit").click()
    expect(phone.get_by_text("Demerit of 10 recorded for Abad, Juana")).to_be_visible()
    leader.shot("merits-390")
    assert leader.serious_faults() == []
    phone.goto(f"{stack.url}/gradebook?term={term_id}&company=Alpha")
    expect(phone.get_by_role("listitem").filter(has_text="Abad")).to_contain_text("57.00 so far open")
    assert phone.evaluate(ROWS_THAT_FIT) >= 8
    leader.shot("gradebook-390")
    assert leader.serious_faults() == []
    expect(row.get_by_role("cell", name="27.00", exact=True)).to_be_visible()
    for exam, score in (("Prelim", "85"), ("Midterm", "90"), ("Final", "88")):
        cell = page.get_by_label(f"{exam} score of Abad")
        cell.fill(score)
        cell.press("Enter")
    expect(row.get_by_role("cell", name="92.07", exact=True)).to_be_visible()
    expect(row.get_by_role("cell", name="1.50", exact=True)).to_be_visible()
    expect(row.get_by_text("Complete")).to_be_visible()
    refused = page.get_by_label("Prelim score of Castro")
    refused.fill("108")
    refused.press("Enter")
    expect(refused).to_have_attribute("aria-invalid", "true")
    refused.press("Escape")
    office.shot("gradebook-1440")
    assert office.serious_faults() == []

    # Why is it what it is: down to the record.
    row.get_by_role("link", name=re.compile("Abad")).click()
    expect(page.get_by_text("Boots not shined").first).to_be_visible()
    expect(page.get_by_text("92.07").first).to_be_visible()
    office.shot("grade-1440")
    assert office.serious_faults() == []

    # The grade sheet: a job with progress, then a download that opens.
    page.goto(f"{stack.url}/reports?term={term_id}")
    page.get_by_role("button", name="Make the grade sheet").click()
    ready = page.get_by_role("button", name="Download").first
    expect(ready).to_be_visible(timeout=60_000)
    with page.expect_download() as sheet:
        ready.click()
    cells = [
        cell for line in load_workbook(io.BytesIO(Path(sheet.value.path()).read_bytes())).active.iter_rows() for cell in line
    ]
    assert {"92.07", "1.50"} <= {str(cell.value) for cell in cells} | {
        f"{cell.value:.2f}" for cell in cells if isinstance(cell.value, float)
    }
    page.get_by_role("radio", name="PDF").check()
    page.get_by_role("button", name="Make the grade sheet").click()
    expect(page.get_by_role("button", name="Download")).to_have_count(2, timeout=60_000)
    with page.expect_download() as paper:
        page.get_by_role("button", name="Download").first.click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
    office.shot("reports-1440")
    assert office.serious_faults() == []

    # The printed code lets the cadet in, and only to what is theirs.
    page.goto(stack.url + "/accounts?search=Abad")
    page.get_by_role("link", name="Make a code").click()
    page.get_by_role("button", name="Make a code").click()
    code = page.locator("li").filter(has_text="Abad").locator("b").last.inner_text()
    office.shot("code-1440")
    cadet = person(PHONE)
    own = cadet.open("/activate")
    own.get_by_label("Code from the office").fill(code)
    own.get_by_label("New password", exact=True).fill(CADET_PASSWORD)
    own.get_by_label("New password again").fill(CADET_PASSWORD)
    own.get_by_role("button", name="Set the password and sign in").click()
    own.wait_for_url(stack.url + "/")
    own.goto(stack.url + "/my/grade")
    expect(own.get_by_text("1.50").first).to_be_visible()
    expect(own.get_by_text("92.07").first).to_be_visible()
    cadet.shot("my-grade-390")
    assert cadet.serious_faults() == []
    assert not cadet.overflows()
    for path in ("/my/attendance", "/my/merits", "/my/profile"):
        own.goto(stack.url + path)
        expect(own.get_by_role("heading", level=1)).to_be_visible()
        cadet.shot(path.strip("/").replace("/", "-") + "-390")
        assert cadet.serious_faults() == []
    own.goto(stack.url + "/gradebook")
    expect(own.get_by_text("This page is not for your account")).to_be_visible()
    assert [text for text in office.complaints + leader.complaints if "Content Security Policy" in text] == []


@pytest.mark.requirement("8.4")
def test_a_session_that_ended_leads_to_the_sign_in_page_and_back(person, stack):
    somebody = person(LAPTOP)
    page = somebody.sign_in()
    page.evaluate("localStorage.clear(); sessionStorage.clear()")

    page.goto(stack.url + "/cadets")

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "next=%2Fcadets" in page.url


@pytest.mark.requirement("23.1")
@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["390", "1440"])
def test_every_page_reloads_at_its_own_address_without_a_serious_fault(person, stack, viewport):
    somebody = person(viewport)
    page = somebody.sign_in()

    faults = {}
    for path in (
        "/",
        "/cadets",
        "/imports",
        "/terms",
        "/gradebook",
        "/merits",
        "/reports",
        "/staff",
        "/accounts",
        "/account",
        "/nowhere",
    ):
        page.goto(stack.url + path)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        somebody.shot(f"page{path.replace('/', '-')}-{viewport['width']}")
        if found := somebody.serious_faults():
            faults[path] = found
        if somebody.overflows():
            faults.setdefault(path, []).append("the page scrolls sideways")

    assert faults == {}


def test_a_lost_connection_is_shown_and_the_mark_is_kept_until_it_is_back(person, stack):
    api = RgmsApi(stack.url)
    api.sign_in()
    _term, days = api.term(days=1)
    api.cadet(88001, company="Delta")
    leader = person(PHONE)
    phone = leader.sign_in()
    phone.goto(f"{stack.url}/training-days/{days[0]}?company=Delta")
    expect(phone.get_by_role("button", name="Mark 1 present")).to_be_visible()

    leader.context.set_offline(True)
    phone.get_by_role("button", name="Mark 1 present").click()
    expect(phone.get_by_role("link", name="1 waiting to send")).to_be_visible()
    leader.shot("roll-call-offline-390")
    leader.context.set_offline(False)

    expect(phone.get_by_text("Saved", exact=True)).to_be_visible(timeout=30_000)
    roll = api.get(f"/api/v1/attendance?training_day_id={days[0]}&company=Delta").ok()
    assert [row["status"] for row in roll["data"]] == ["present"]
