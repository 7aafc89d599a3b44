"""The API portal in a real browser: it works without a network and within our own content policy."""

from __future__ import annotations

from playwright.sync_api import Browser

from cli.local.runner import LocalStack


def test_the_portal_draws_every_area_and_asks_nobody_else(browser: Browser, stack: LocalStack) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    strangers: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda request: strangers.append(request.url) if not request.url.startswith((stack.url, "data:")) else None
    )
    page.goto(f"{stack.url}/api/docs")
    for path in ("/api/v1/auth/login", "/api/v1/cadets", "/api/v1/attendance/marks", "/api/v1/reports", "/api/health"):
        assert page.request.get(f"{stack.url}/api/openapi.json").json()["paths"][path]
    page.locator(".opblock-tag").first.wait_for()
    page.locator(".opblock-tag").first.click()
    page.locator(".opblock").first.wait_for()
    assert complaints == []
    assert strangers == []
    context.close()
