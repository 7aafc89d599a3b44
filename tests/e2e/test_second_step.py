"""A passkey in a real browser: added on the page of the account, shown at the next sign-in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LAPTOP
from tests.support.waiting import until

STAFF_PASSWORD = "seven green chairs"


@pytest.fixture
def staff_account(admin_api) -> str:
    """The user name of a member of staff who has set a password."""
    body = {"first_name": "Lino", "last_name": "Passkey", "position": "Instructor", "email": "lino.passkey@example.com"}
    admin_api.post("/api/v1/staff", body).ok()
    accounts = "/api/v1/auth/users?search=lino.passkey"
    until(lambda: admin_api.get(accounts).ok()["total"] == 1, "the account")
    (account,) = admin_api.get(accounts).ok()["data"]
    (code,) = admin_api.post("/api/v1/auth/activation-codes", {"user_ids": [account["id"]]}).ok()["codes"]
    admin_api.post("/api/v1/auth/activate", {"code": code["code"], "password": STAFF_PASSWORD}).ok()
    return account["username"]


def test_a_passkey_is_added_and_opens_the_account_at_the_next_sign_in(person, stack, staff_account):
    # An address is no domain: on this machine passkeys live under localhost.
    somebody = person(LAPTOP, stack.url.replace("127.0.0.1", "localhost"))
    devtools = somebody.context.new_cdp_session(somebody.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = somebody.sign_in(staff_account, STAFF_PASSWORD)

    page.goto(somebody.base + "/account")
    page.get_by_role("button", name="Add this device").click()
    expect(page.get_by_role("heading", name="10 recovery codes")).to_be_visible()
    somebody.shot("recovery-codes-1440")
    assert somebody.serious_faults() == []
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.wait_for_url(somebody.base + "/sign-in")
    page.get_by_label("Username").fill(staff_account)
    page.get_by_label("Password", exact=True).fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    somebody.shot("second-step-1440")
    assert somebody.serious_faults() == []
    page.get_by_role("button", name="Continue with the passkey").click()
    page.wait_for_url(somebody.base + "/")
    assert somebody.complaints == []
