"""Do one job from claim to end: sign of life, progress, result, retry or failure."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from libs import clock
from libs import log as logs
from libs.config import Settings
from libs.web.errors import AppError, UpstreamDown
from task_service.adapters.notifications import tell_ended
from task_service.config import TaskSettings
from task_service.domain.jobs import retry_delay
from task_service.operations.running import (
    Claim,
    JobLost,
    claim_job,
    extend_lease,
    fail_job,
    postpone_job,
    report_progress,
    succeed_job,
)

INTERNAL = "Something went wrong on our side."
OVERDUE = ("time_limit", "The work took longer than allowed and was stopped. Ask for a smaller part of it.")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """What a kind of work gets: the job it does, the settings, and a way to say how far it is."""

    job: Claim
    settings: Settings
    tasks: TaskSettings
    progress: Callable[[int, str], None]


Work = Callable[[Run], Mapping[str, Any]]


class Retry(Exception):
    """The job failed in a way that another try may mend; it waits for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class JobFailed(Exception):
    """The job is over without a result; the reason is in its row."""


def do_job(job_id: UUID, work: Work) -> Mapping[str, Any] | None:
    """Do the job with `work` and return its result; None when somebody else has it or it is over.

    Must run inside an application context. Doing a job twice is harmless: the second finds nothing to claim.

    Raises:
        Retry: it is stored as waiting; send its message again after the delay.
        JobFailed: it is stored as failed.
    """
    tasks: TaskSettings = current_app.config["RGMS_TASKS"]
    claim = claim_job(job_id=job_id, lease=tasks.lease, now=clock.now())
    if claim is None:
        log.info("nothing to do", extra={"job_id": str(job_id)})
        return None
    logs.request_id.set(claim.request_id)
    about = {"job_id": str(job_id), "kind": claim.kind, "attempt": claim.attempt}
    log.info("job started", extra=about)
    try:
        with _kept_alive(cast(Any, current_app)._get_current_object(), claim, tasks.lease):
            run = Run(claim, current_app.config["RGMS"], tasks, lambda percent, text: _progress(claim, percent, text))
            result = work(run)
            succeed_job(claim=claim, result=result, now=clock.now())
    except JobLost:
        log.warning("job taken over by another worker", extra=about)
        return None
    except SoftTimeLimitExceeded as error:
        raise _given_up(claim, *OVERDUE) from error
    except AppError as error:
        if error.status >= 500:
            raise _again(claim, tasks, error.code, error.message, error) from error
        raise _given_up(claim, error.code, error.message) from error
    except Exception as error:
        raise _again(claim, tasks, "internal_error", INTERNAL, error) from error
    log.info("job succeeded", extra=about)
    tell_ended(current_app.config["RGMS"], claim)
    return result


def _progress(claim: Claim, percent: int, message: str) -> None:
    report_progress(claim=claim, percent=percent, message=message, now=clock.now())


def _again(claim: Claim, tasks: TaskSettings, code: str, message: str, error: Exception) -> Exception:
    expected = isinstance(error, UpstreamDown)
    about = {"job_id": str(claim.id), "kind": claim.kind, "attempt": claim.attempt, "code": code}
    log.warning("job attempt failed", extra=about, exc_info=None if expected else error)
    if claim.attempt > tasks.max_retries:
        return _given_up(claim, code, message)
    seconds = retry_delay(claim.attempt, tasks.retry_base, random.random())  # noqa: S311 - spreads retries, guards nothing
    postpone_job(
        claim=claim, seconds=seconds, message=f"{message} Trying again ({claim.attempt} of {tasks.max_retries}).", now=clock.now()
    )
    return Retry(seconds)


def _given_up(claim: Claim, code: str, message: str) -> JobFailed:
    about = {"job_id": str(claim.id), "kind": claim.kind, "attempt": claim.attempt, "code": code}
    log.error("job failed", extra=about)
    fail_job(claim=claim, code=code, message=message, now=clock.now())
    tell_ended(current_app.config["RGMS"], claim, problem=message)
    return JobFailed(f"{claim.kind}: {code}")


@contextmanager
def _kept_alive(app: Flask, claim: Claim, lease: int) -> Iterator[None]:
    """Extend the lease from a thread while the block runs; a process that dies stops extending it."""
    done = threading.Event()
    beat = partial(_extend_until, done, app, claim, lease)
    thread = threading.Thread(target=beat, name=f"lease-{claim.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def _extend_until(done: threading.Event, app: Flask, claim: Claim, lease: int) -> None:
    while not done.wait(lease / 4):
        with app.app_context():
            try:
                extend_lease(claim=claim, lease=lease, now=clock.now())
            except JobLost:
                return
            except SQLAlchemyError:
                log.warning("the lease could not be extended", extra={"job_id": str(claim.id)})
