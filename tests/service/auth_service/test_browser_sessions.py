"""What a browser keeps of a sign-in: a cookie that no script reads, named by a handle that only its own page knows."""

import pytest
from werkzeug.http import parse_cookie

from libs.contracts.browser_session import COOKIE_PREFIX
from tests.service.auth_service.conftest import HOME, PASSWORD, headers

DEVICE, TAB = "device-0123456789abcdef", "tab-0123456789abcdef"


class Browser:
    """A browser with its cookies; each page of it has a handle of its own."""

    def __init__(self, auth_api):
        self.auth_api, self.client = auth_api, auth_api.app.test_client()

    def post(self, path, body=None, *, handle, token=None):
        sent = headers(token, HOME) | ({"X-Session-Handle": handle} if handle else {})
        return self.client.post(f"/api/v1/auth{path}", json=body, headers=sent)

    def sign_in(self, username, handle):
        return self.post("/login", {"username": username, "password": PASSWORD}, handle=handle)

    def cookies(self):
        kept = {cookie.key: cookie.value for cookie in self.client._cookies.values()}
        return {name: value for name, value in kept.items() if name.startswith(COOKIE_PREFIX)}


def set_cookies(answer):
    """Return what of a sign-in the browser is told to keep or to drop."""
    return [text for text in answer.headers.getlist("Set-Cookie") if text.startswith(COOKIE_PREFIX)]


@pytest.fixture
def browser(auth_api):
    auth_api.add_user("ana")
    return Browser(auth_api)


@pytest.mark.requirement("19.5")
def test_a_browser_gets_its_refresh_token_where_no_script_reads_it(browser):
    answer = browser.sign_in("ana", DEVICE)

    assert (answer.status_code, answer.json["refresh_token"]) == (200, None)
    (cookie,) = set_cookies(answer)
    name, *attributes = cookie.split("; ")
    assert name.startswith(f"rgms_refresh_{DEVICE}=")
    assert {"HttpOnly", "Path=/api/v1/auth", "Max-Age=604800"} <= set(attributes)


def test_a_tab_of_a_shared_device_keeps_nothing_beyond_the_browser(browser):
    (cookie,) = set_cookies(browser.sign_in("ana", TAB))

    assert "Max-Age" not in cookie
    assert "Expires" not in cookie


def test_a_browser_refreshes_by_its_cookie_and_each_refresh_replaces_it(browser):
    browser.sign_in("ana", DEVICE)
    before = browser.cookies()

    first, second = (browser.post("/refresh", handle=DEVICE) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json["refresh_token"] is second.json["refresh_token"] is None
    assert before.keys() == browser.cookies().keys()
    assert before != browser.cookies()


@pytest.mark.parametrize("handle", ["", "tab-another-page-0000000"])
def test_a_cookie_without_its_handle_is_worth_nothing(browser, handle):
    browser.sign_in("ana", TAB)

    assert browser.post("/refresh", handle=handle).status_code in {401, 422}
    assert browser.post("/logout", handle=handle).status_code == 204
    assert browser.post("/refresh", handle=TAB).status_code == 200


def test_two_people_in_two_tabs_of_one_device_have_a_sign_in_each(browser):
    browser.auth_api.add_user("ben")
    other = "tab-fedcba9876543210"
    browser.sign_in("ana", TAB)
    browser.sign_in("ben", other)

    assert browser.post("/refresh", handle=TAB).json["user"]["username"] == "ana"
    assert browser.post("/logout", handle=TAB).status_code == 204
    assert browser.post("/refresh", handle=other).json["user"]["username"] == "ben"


def test_signing_out_ends_the_session_of_the_cookie_and_drops_it(browser):
    token = browser.sign_in("ana", DEVICE).json["token"]

    assert browser.post("/logout", handle=DEVICE).status_code == 204

    assert browser.cookies() == {}
    assert browser.auth_api.get("/verify", token=token).status_code == 401
    assert browser.post("/refresh", handle=DEVICE).json["code"] == "refresh_invalid"


def test_a_page_that_kept_its_token_itself_moves_over_without_a_new_sign_in(browser):
    kept = browser.auth_api.signed_in("ana")["refresh_token"]

    moved = browser.post("/refresh", {"refresh_token": kept}, handle=DEVICE)

    assert (moved.status_code, moved.json["refresh_token"]) == (200, None)
    assert browser.post("/refresh", handle=DEVICE).status_code == 200
    assert browser.auth_api.post("/refresh", {"refresh_token": kept}, agent="other").json["code"] == "refresh_reuse"


def test_a_client_without_a_handle_gets_the_token_in_the_body_and_in_no_cookie(browser):
    answer = browser.post("/login", {"username": "ana", "password": PASSWORD}, handle="")

    assert answer.json["refresh_token"]
    assert set_cookies(answer) == []
    missing = browser.post("/refresh", {}, handle="")
    assert (missing.status_code, list(missing.json["details"])) == (422, ["refresh_token"])


@pytest.mark.parametrize("handle", ["device-short", "x" * 30, "tab-0123456789abcdef; a=b", "tab-" + "a" * 44])
def test_a_malformed_handle_signs_nobody_in(browser, handle):
    answer = browser.sign_in("ana", handle)

    assert (answer.status_code, answer.json["code"]) == (422, "session_handle_malformed")
    assert browser.auth_api.rows("SELECT id FROM auth.session") == []


def test_a_shared_device_piles_up_eight_sign_ins_at_most_and_closed_tabs_go_first(browser):
    browser.sign_in("ana", DEVICE)
    for number in range(12):
        answer = browser.sign_in("ana", f"tab-{number:016}")

    kept = browser.cookies()
    assert len(kept) == 8
    assert f"rgms_refresh_{DEVICE}" in kept
    assert f"rgms_refresh_tab-{11:016}" in kept
    assert sum(len(parse_cookie(text)) > 0 for text in set_cookies(answer)) == 2
