"""Send a job's id to its Celery queue. The only module that talks to the broker from outside a worker."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import Celery
from flask import Flask, current_app
from kombu.exceptions import KombuError, OperationalError

from libs.config import Settings
from libs.contracts.tasks import KINDS

log = logging.getLogger(__name__)


def make_sender(settings: Settings) -> Celery:
    """Return a Celery client that only sends, and gives up within seconds when Redis does not answer."""
    sender = Celery("rgms-sender", broker=settings.redis_url, backend="disabled://", set_as_current=False)
    quick = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
    sender.conf.update(
        task_serializer="json",
        accept_content=["json"],
        broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 3, **quick},
        broker_connection_timeout=1,
        broker_connection_max_retries=1,
        task_publish_retry=True,
        task_publish_retry_policy=quick,
    )
    return sender


def install(app: Flask) -> None:
    """Give `app` a sender for `send_job`."""
    app.extensions["rgms_celery"] = make_sender(app.config["RGMS"])


def send_job(job_id: UUID, kind: str) -> bool:
    """Send the message for a job; return whether the broker took it. Sending twice is harmless."""
    known = KINDS[kind]
    try:
        current_app.extensions["rgms_celery"].send_task(known.task, args=[str(job_id)], queue=known.queue, task_id=str(job_id))
    except (OperationalError, KombuError, OSError) as error:
        log.warning("a job waits: the broker does not answer", extra={"job_id": str(job_id), "cause": type(error).__name__})
        return False
    return True
