"""One address with a flood in it, through the gateway and auth together: it gets slower for strangers and stays open for all."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from cli.local.runner import LocalStack
from libs.web import devices
from tests.support.rgms_api import ADMIN, PASSWORD, RgmsApi

WRONG = 301


class Crowd:
    """Everybody at one address."""

    def __init__(self, base: str) -> None:
        self._pool = urllib3.connection_from_url(base, maxsize=64, timeout=30, retries=False)

    def sign_in(self, name: str, password: str, cookie: str = "") -> urllib3.BaseHTTPResponse:
        headers = {"Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {})
        body = json.dumps({"username": name, "password": password})
        return self._pool.request("POST", "/api/v1/auth/login", body=body, headers=headers)


@pytest.fixture
def crowd(stack: LocalStack) -> Iterator[Crowd]:
    """A crowded address, with the administrator's device in it; cleared afterwards."""
    boss = RgmsApi(stack.url)
    boss.sign_in()
    yield Crowd(stack.url)
    assert boss.post("/api/v1/auth/users/clear-address", {"address": "127.0.0.1"}).status == 204


@pytest.mark.requirement("9.6")
def test_three_hundred_wrong_sign_ins_keep_nobody_at_that_address_out(crowd: Crowd):
    """300 of them once answered every right password there 429, for minutes."""
    told = crowd.sign_in(ADMIN, PASSWORD).headers.getlist("Set-Cookie")
    (device,) = [text.split(";")[0] for text in told if text.startswith(devices.COOKIE)]
    with ThreadPoolExecutor(16) as pool:
        wrong = Counter(pool.map(lambda number: crowd.sign_in(f"nobody.{number}", "wrong").status, range(WRONG)))
    assert wrong.keys() <= {401, 429}
    assert wrong[401] >= 300

    # Six strangers to the system at once: two a second are let in, each waits in the gateway and is answered as always.
    with ThreadPoolExecutor(6) as pool:
        started = time.monotonic()
        answers = [answer.status for answer in pool.map(lambda _: crowd.sign_in(ADMIN, PASSWORD), range(6))]
        took = time.monotonic() - started
    assert answers == [200] * 6
    assert took > 1.0, "nobody waited, so the address was not crowded"
    started = time.monotonic()
    assert crowd.sign_in(ADMIN, PASSWORD, device).status == 200
    assert time.monotonic() - started < 1.0
