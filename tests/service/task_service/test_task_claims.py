"""Of two workers that hold the same job only the later one writes: the earlier was thought dead and is not."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from libs import clock
from task_service.operations.running import (
    JobLost,
    claim_job,
    extend_lease,
    fail_job,
    postpone_job,
    report_progress,
    succeed_job,
)


@pytest.fixture
def waiting(order) -> UUID:
    """A job that no worker has taken."""
    return UUID(order("process_file", {"file_id": "01a1f8ea-3677-7cd5-a668-2ed5e5f49e68"}))


@pytest.fixture(autouse=True)
def _in_the_application(service_app):
    with service_app("tasks").app_context():
        yield


def test_a_job_whose_worker_gives_signs_of_life_is_taken_by_nobody_else(waiting):
    assert claim_job(job_id=waiting, lease=60, now=clock.now()).attempt == 1
    assert claim_job(job_id=waiting, lease=60, now=clock.now()) is None


@pytest.mark.parametrize(
    "write",
    [
        partial(extend_lease, lease=60),
        partial(report_progress, percent=99, message="from the dead"),
        partial(succeed_job, result={"from": "the dead"}),
        partial(fail_job, code="dead", message="from the dead"),
        partial(postpone_job, seconds=1, message="from the dead"),
    ],
    ids=lambda write: write.func.__name__,
)
def test_a_worker_that_was_given_up_writes_nothing_over_its_successor(waiting, job, write):
    first = claim_job(job_id=waiting, lease=0, now=clock.now())
    second = claim_job(job_id=waiting, lease=60, now=clock.now())
    report_progress(claim=second, percent=40, message="the second is at work", now=clock.now())

    with pytest.raises(JobLost):
        write(claim=first, now=clock.now())

    shown = job(str(waiting))
    assert (shown["status"], shown["progress"], shown["attempts"]) == ("running", 40, 2)
    assert shown["message"] == "the second is at work"
    report_progress(claim=second, percent=30, message="the second begins anew", now=clock.now())
    assert [job(str(waiting))[name] for name in ("progress", "message")] == [40, "the second begins anew"]
    succeed_job(claim=second, result={}, now=clock.now())
    assert job(str(waiting))["status"] == "succeeded"
