"""Calls that nobody means well, some hundreds of them; `./rgms bench fuzz` makes a hundred thousand."""

from __future__ import annotations

import pytest

from benchmarks import fuzz
from benchmarks.people import Target
from benchmarks.processes import peak_megabytes
from cli.local.runner import LocalStack
from libs.contracts.services import SERVICES
from tests.support.rgms_api import RgmsApi

CALLS = 480
# What other tests on the same system rely on.
SPARE = ("/api/v1/auth/users", "/api/v1/units", "/api/v1/courses", "/api/v1/terms", "/api/v1/training-days", "/api/v1/staff")


@pytest.mark.requirement("20.1")
def test_no_call_ends_in_a_500_or_in_another_shape_and_no_process_swells(stack: LocalStack):
    api = RgmsApi(stack.url)
    api.sign_in()
    term, days = api.term("Fuzz", days=2)
    target = Target(stack.url, stack.environment(), [api.cadet(95_000 + number)["id"] for number in range(3)], term, days)
    pids = [pid for service in SERVICES if (pid := stack.pid(service.name))]

    outcome = fuzz.play(target, CALLS, spare=SPARE, peak=lambda: max(map(peak_megabytes, pids)))

    assert outcome.faults == []
    assert outcome.calls == CALLS
    assert sum(outcome.statuses[status] for status in (200, 201, 202, 204)) > CALLS / 20, (
        "most never came through the first check"
    )
    assert {401, 403, 404, 422} <= outcome.statuses.keys()
