"""Activation cards: what leaves the printer is every card, in the order in which they are handed out."""

from __future__ import annotations

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.conftest import LAPTOP, PHONE
from tests.support.rgms_api import RgmsApi


def test_every_code_of_a_company_is_on_paper_by_platoon_and_name_and_the_address_leads_in(person, stack):
    """The dialog of before printed what fitted on the screen: 8 of 146."""
    api = RgmsApi(stack.url)
    api.sign_in()
    battalion = api.get("/api/v1/units").ok()["data"][0]["id"]
    company = api.post("/api/v1/units", {"kind": "company", "name": "Golf", "parent_id": battalion}).ok()["id"]
    for platoon in ("1st Platoon", "2nd Platoon"):
        api.post("/api/v1/units", {"kind": "platoon", "name": platoon, "parent_id": company}).ok()
    for number in range(17):
        api.cadet(85_000 + number, company="Golf", platoon="1st Platoon")
    for number in range(2):
        api.cadet(84_000 + number, company="Golf", platoon="2nd Platoon")
    office = person(LAPTOP)
    page = office.sign_in()
    page.goto(stack.url + "/accounts/cards")
    page.get_by_label("Company").select_option("Golf")
    page.get_by_role("button", name="Make the cards").click()
    expect(page.get_by_text("19 cards made.")).to_be_visible()
    office.shot("activation-cards-1440")
    assert office.serious_faults() == []

    printed = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    assert [len(re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", sheet)) for sheet in printed] == [8, 8, 1, 2]
    names = [name for sheet in printed for name in re.findall(r"Surname8[45]\d{3}", sheet)]
    assert names == [f"Surname{85_000 + number}" for number in range(17)] + ["Surname84000", "Surname84001"]
    assert ["2nd Platoon" in sheet for sheet in printed] == [False, False, False, True]
    assert "Main" not in "".join(printed)

    # Asking again tells that cards are out, and the first of them still opens its account by the address on it.
    link = page.locator("li").filter(has_text="Surname85000").locator("b").last.inner_text()
    page.get_by_role("button", name="Make others").click()
    page.get_by_role("button", name="Make the cards").click()
    expect(page.get_by_role("dialog", name="19 cards handed out before still work")).to_be_visible()
    page.get_by_role("button", name="Only for those without a card").click()
    expect(page.get_by_text("No card is needed")).to_be_visible()
    cadet = person(PHONE)
    phone = cadet.open(f"/activate#code={link}")
    expect(phone.get_by_label("Code from the office")).to_have_value(link)
