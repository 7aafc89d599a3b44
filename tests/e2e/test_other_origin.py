"""A client built for an API of another origin, served where that API is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from cli.local.client import CLIENT, node_environment, node_programs
from libs.contracts.browser_session import COOKIE_PREFIX
from libs.contracts.services import LISTENING
from libs.ids import uuid7
from tests.conftest import OTHER_PAGE
from tests.e2e.conftest import LAPTOP
from tests.support.gateway_process import Process, spawn
from tests.support.rgms_api import ADMIN, PASSWORD, mark

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def page_server(stack, tmp_path_factory) -> Iterator[Process]:
    """A production build for the API of the stack, behind a gateway that gives pages and reaches no service."""
    dist = tmp_path_factory.mktemp("build")
    environment = node_environment(stack.environment()) | {
        "VITE_API_URL": stack.url,
        "VITE_WS_URL": stack.url.replace("http", "ws", 1),
    }
    vite = [str(node_programs() / "node"), "node_modules/vite/bin/vite.js", "build", "--outDir", str(dist), "--emptyOutDir"]
    subprocess.run(vite, cwd=CLIENT, env=environment, check=True, capture_output=True, timeout=120)
    variables = stack.environment() | {
        "PORT": str(stack.port + OTHER_PAGE),
        "CLIENT_DIST": str(dist),
        "PUBLIC_API_ORIGINS": stack.url,
        "CORS_ALLOWED_ORIGINS": "",
        **{service.url_variable: NOWHERE for service in LISTENING},
    }
    server = spawn("gateway", stack.port + OTHER_PAGE, [sys.executable, "-m", "cli.process", "gateway"], variables).wait()
    yield server
    server.stop()


@pytest.mark.requirement("8.1", "8.2")
def test_a_build_for_another_origin_signs_in_reads_and_is_told_live(person, stack, page_server, admin_api):
    admin_api.cadet(81001, company="Charlie")
    term, days = admin_api.term("Another origin", days=1)
    somebody = person(LAPTOP, page_server.url)
    asked: list[str] = []
    sockets: list[str] = []
    somebody.page.on("request", lambda request: asked.append(request.url))
    somebody.page.on("websocket", lambda socket: sockets.append(socket.url))

    page = somebody.sign_in()
    page.goto(f"{page_server.url}/cadets?search=81001")
    expect(page.get_by_role("link", name="Surname81001, Given81001")).to_be_visible()
    page.goto(f"{page_server.url}/gradebook?term={term}&company=Charlie")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Surname81001")
    expect(row.get_by_text("No data yet")).to_be_visible()
    cadet_id = admin_api.get("/api/v1/cadets?search=81001").ok()["data"][0]["id"]
    admin_api.post("/api/v1/attendance/marks", {"marks": [mark(days[0], cadet_id)]}).ok()
    expect(row.get_by_role("cell", name="30.00", exact=True).first).to_be_visible()

    # The sign-in goes on after a reload by a cookie alone, and tabs that open at once do not end it for each other.
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    cookies = somebody.context.cookies(f"{stack.url}/api/v1/auth/refresh")
    (cookie,) = [cookie for cookie in cookies if cookie["name"].startswith(COOKIE_PREFIX)]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/api/v1/auth")
    assert cookie["value"] not in kept and "token" not in kept
    tabs = [somebody.context.new_page() for _ in range(4)]
    for tab in tabs:
        tab.goto(f"{page_server.url}/cadets?search=81001", wait_until="commit")
    for tab in tabs:
        expect(tab.get_by_role("link", name="Surname81001, Given81001")).to_be_visible()

    to_the_api = [url for url in asked if "/api/" in url]
    assert to_the_api and all(url.startswith(stack.url) for url in to_the_api)
    assert sockets and all(url.startswith(stack.url.replace("http", "ws", 1) + "/ws/") for url in sockets)
    assert somebody.complaints == []


def test_a_page_of_an_origin_that_nobody_named_gets_nothing(person, stack, page_server):
    # The same build and the same server under another name: only the origin differs.
    somebody = person(LAPTOP, page_server.url.replace("127.0.0.1", "localhost"))
    page = somebody.open("/sign-in")
    page.get_by_label("Username").fill(ADMIN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert any("CORS" in text for text in somebody.complaints)

    opened = page.evaluate(
        """url => new Promise(done => {
            const socket = new WebSocket(url);
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
        f"{stack.url.replace('http', 'ws', 1)}/ws/updates/?ticket={uuid7()}",
    )
    assert opened == "refused"
