"""A day with two people, two tabs each, a shared tablet and a dead network in between."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, Response, expect

from tests.e2e.conftest import LAPTOP, PHONE
from tests.support.rgms_api import RgmsApi
from tests.support.waiting import until

NAMES = ("Abueva", "Baldoz", "Cabrera", "Dacanay", "Ebreo", "Fajardo", "Gallego", "Habana", "Ilustre")
WORD = "muster before the sun"


@dataclass
class Sent:
    """What the pages of a device sent as facts: (author named, stored ids) of each batch that was answered."""

    batches: list[tuple[int, list[str]]] = field(default_factory=list)

    def hear(self, response: Response) -> None:
        """Keep an answered batch of marks."""
        if response.request.method == "POST" and response.url.endswith("/attendance/marks") and response.ok:
            self.batches.append((json.loads(response.request.post_data)["actor"], response.json()["stored"]))

    def wait(self, page: Page, actor: int, facts: int) -> None:
        """Return once `actor` has sent so many facts: a page shows them as soon as the answer is in, before we hear of it."""
        for _ in range(200):
            if sum(len(stored) for author, stored in self.batches if author == actor) >= facts:
                return
            page.wait_for_timeout(50)


def instructor(api: RgmsApi, first: str, last: str) -> tuple[str, int]:
    """Create a member of staff with a password; return user name and user id."""
    api.post("/api/v1/staff", {"first_name": first, "last_name": last, "rank": "SSg", "position": "Instructor"}).ok()
    users = lambda: api.get(f"/api/v1/auth/users?search={last.lower()}").ok()["data"]  # noqa: E731
    user = until(lambda: next(iter(users()), None), f"The account of {last}")
    code = api.post("/api/v1/auth/activation-codes", {"user_ids": [user["id"]]}).ok()["codes"][0]["code"]
    api.post("/api/v1/auth/activate", {"code": code, "password": WORD}).ok()
    return user["username"], user["id"]


def row(page: Page, name: str, status: str):
    """Return the button of a cadet on a roll, with this status."""
    return page.get_by_role("button", name=re.compile(rf"^\d+ {name}.*{status}"))


def test_a_day_on_a_shared_tablet_ends_with_every_mark_once_under_its_author_on_its_day(person, stack, admin_api):
    api = admin_api
    rosa, rosa_id = instructor(api, "Rosa", "Villanueva")
    ben, ben_id = instructor(api, "Ben", "Magbanua")
    _term, (first_day, second_day) = api.term("Shared tablet", days=2)
    for number, name in enumerate(NAMES):
        body = {"student_id": f"2026-9{number:04d}", "first_name": "Ana", "last_name": name, "cadet_course": "MS1"}
        api.post("/api/v1/cadets", body | {"company": "Bravo", "platoon": "1st Platoon"}).ok()
    roll = f"{stack.url}/training-days/{first_day}?company=Bravo"

    # Ben watches from his laptop, the roll in one tab and the other day's in another; neither is reloaded again.
    laptop = person(LAPTOP)
    watching = laptop.sign_in(ben, WORD)
    watching.goto(roll)
    expect(row(watching, "Abueva", "No mark")).to_be_visible()
    other_day = laptop.context.new_page()
    other_day.goto(f"{stack.url}/training-days/{second_day}?company=Bravo")
    expect(row(other_day, "Abueva", "No mark")).to_be_visible()

    # Rosa takes the roll on the tablet, in two tabs; then the network dies.
    tablet, sent = person(PHONE), Sent()
    tablet.context.on("response", sent.hear)
    left = tablet.sign_in(rosa, WORD)
    left.get_by_role("link", name=re.compile("Your account")).first.click()
    expect(left.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    left.goto(roll)
    right = tablet.context.new_page()
    right.goto(roll)
    expect(row(left, "Abueva", "No mark")).to_be_visible()
    expect(row(right, "Abueva", "No mark")).to_be_visible()
    tablet.context.set_offline(True)
    for number, name in enumerate(NAMES):
        page = (left, right)[number % 2]
        row(page, name, "No mark").click()
        expect(row(page, name, "Present")).to_be_visible()
    for page in (left, right):
        expect(page.get_by_role("link", name="9 waiting to send")).to_be_visible()
        expect(page.get_by_text("No signal. Kept on this device")).to_be_visible()
    tablet.page = left
    tablet.shot("roll-waiting-390")

    # A page that was never opened says so; Rosa goes home, and leaves her marks on the tablet.
    right.get_by_role("link", name="More").click()
    expect(right.get_by_text("This page is not on this device yet")).to_be_visible()
    left.get_by_role("link", name=re.compile("Your account")).first.click()
    left.get_by_role("button", name="Sign out", exact=True).click()
    expect(left.get_by_role("dialog", name="9 records have not been sent")).to_be_visible()
    tablet.shot("sign-out-390")
    left.get_by_role("button", name="Keep on this device and sign out").click()
    expect(left.get_by_role("button", name="Sign in")).to_be_visible()
    expect(right.get_by_role("button", name="Sign in")).to_be_visible()
    tablet.context.set_offline(False)

    # Ben signs in on the same tablet: he marks the other day, and nothing of Rosa's moves.
    left.reload()
    tablet.sign_in(ben, WORD)
    left.goto(f"{stack.url}/waiting")
    expect(left.get_by_text("9 records wait here for Rosa Villanueva, locked.")).to_be_visible()
    tablet.shot("waiting-390")
    assert tablet.serious_faults() == []
    left.goto(f"{stack.url}/training-days/{second_day}?company=Bravo")
    row(left, "Baldoz", "No mark").click()
    expect(row(other_day, "Baldoz", "Present")).to_be_visible()
    sent.wait(left, ben_id, 1)
    assert [(actor, len(stored)) for actor, stored in sent.batches] == [(ben_id, 1)]
    left.get_by_role("link", name=re.compile("Your account")).first.click()
    left.get_by_role("button", name="Sign out", exact=True).click()
    expect(left.get_by_role("button", name="Sign in")).to_be_visible()

    # Rosa is back: her marks go out as hers, and both see them where they are.
    tablet.sign_in(rosa, WORD)
    left.goto(roll)
    for name in NAMES:
        expect(row(left, name, "Present")).to_be_visible()
        expect(row(watching, name, "Present")).to_be_visible()
    expect(left.get_by_text("Saved", exact=True)).to_be_visible()
    sent.wait(left, rosa_id, len(NAMES))
    hers = [one for actor, stored in sent.batches if actor == rosa_id for one in stored]
    assert len(hers) == len(set(hers)) == len(NAMES)
    assert {actor for actor, _ in sent.batches} == {rosa_id, ben_id}
    stored = api.get(f"/api/v1/attendance?training_day_id={first_day}&company=Bravo").ok()["data"]
    assert {(one["status"], one["marked_by"]) for one in stored} == {("present", rosa_id)}
    others = api.get(f"/api/v1/attendance?training_day_id={second_day}&company=Bravo").ok()["data"]
    assert [(one["name"].split(",")[0], one["marked_by"]) for one in others if one["status"]] == [("Baldoz", ben_id)]


def test_a_page_that_is_not_on_the_device_comes_by_itself_when_the_signal_is_back(person, stack):
    somebody = person(PHONE)
    page = somebody.sign_in()
    training = page.get_by_role("link", name="Training")
    expect(training).to_be_visible()
    somebody.context.set_offline(True)
    training.click()
    expect(page.get_by_text("This page is not on this device yet")).to_be_visible()
    expect(page.get_by_text("There is no signal.")).to_be_visible()
    somebody.shot("away-390")
    somebody.context.set_offline(False)
    expect(page.get_by_role("heading", name="Terms")).to_be_visible()
