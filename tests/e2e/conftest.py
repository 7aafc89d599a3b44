"""A real browser on the running system."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cli.local.client import node_programs
from cli.local.runner import LocalStack
from tests.support.rgms_api import ADMIN, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "client" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / "test-results" / "screenshots"
# Nothing of the browser's own may look for the network: these machines have none.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one named in RGMS_CHROMIUM."""
    program = os.environ.get("RGMS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "No Chromium: set RGMS_CHROMIUM to one, or let ./rgms test install it"
    # Playwright's own Node needs libatomic, which a minimal Debian does not have; ours does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node_programs() / "node"))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield running
        running.close()


class Person:
    """Somebody at a device, with what the browser complained about."""

    def __init__(self, context: BrowserContext, page: Page, base: str) -> None:
        self.context, self.page, self.base = context, page, base
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        """Go to `path` and return the page."""
        self.page.goto(self.base + path)
        return self.page

    def sign_in(self, username: str = ADMIN, password: str = PASSWORD) -> Page:
        """Sign in through the form and wait for the home page."""
        page = self.open("/sign-in")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(self.base + "/")
        return page

    def shot(self, name: str) -> None:
        """Keep a picture of the page in test-results/screenshots."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def serious_faults(self) -> list[str]:
        """Return what axe calls serious or critical on the page as it is."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        return [
            f"{fault['id']}: {fault['nodes'][0]['html'][:160]} ({len(fault['nodes'])}x)"
            for fault in found
            if fault["impact"] in {"serious", "critical"}
        ]

    def overflows(self) -> bool:
        """Return whether the page as a whole scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture
def person(browser: Browser, stack: LocalStack) -> Iterator[Callable[..., Person]]:
    """A function (viewport, address of the page) -> a person with a device of their own."""
    contexts = []

    def make(viewport: dict = LAPTOP, base: str = stack.url) -> Person:
        context = browser.new_context(viewport=viewport, accept_downloads=True, reduced_motion="reduce", locale="en-PH")
        contexts.append(context)
        return Person(context, context.new_page(), base)

    yield make
    for context in contexts:
        context.close()
