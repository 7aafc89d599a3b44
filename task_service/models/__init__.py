"""The tables of schema `ops`."""

from task_service.models.job import Job
from task_service.models.platform import IdempotencyKey, Outbox
from task_service.models.schedule import ScheduleRun

__all__ = ["IdempotencyKey", "Job", "Outbox", "ScheduleRun"]
