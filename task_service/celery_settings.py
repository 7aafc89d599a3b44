"""The Celery configuration, read from the environment when Celery first needs it."""

from __future__ import annotations

from typing import Any

from kombu import Queue

from libs import config
from libs.config import Settings
from libs.contracts.tasks import MAINTENANCE, QUEUES
from task_service.config import TaskSettings, load
from task_service.schedule import BEAT_SCHEDULE

RESULT_LIFE = 24 * 3600


def celery_conf(settings: Settings | None = None, tasks: TaskSettings | None = None) -> dict[str, Any]:
    """Return the configuration of worker and beat; from the environment unless settings are given."""
    settings, tasks = settings or config.load("worker"), tasks or load()
    return {
        "broker_url": settings.redis_url,
        "result_backend": settings.redis_url,
        "result_expires": RESULT_LIFE,
        # JSON only: a message can name a task and an id, never code.
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "timezone": "UTC",
        "enable_utc": True,
        "task_queues": [Queue(name) for name in QUEUES],
        "task_default_queue": MAINTENANCE,
        "task_create_missing_queues": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": tasks.time_limit,
        "task_soft_time_limit": tasks.time_limit - tasks.grace,
        "worker_concurrency": tasks.concurrency,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 200,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # Nobody sends remote commands, and the pub/sub connection behind them is one more thing that can hang.
        "worker_enable_remote_control": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # Longer than any job may run, or Redis would hand a running job to a second worker.
        "broker_transport_options": {
            "visibility_timeout": 2 * tasks.time_limit,
            "socket_connect_timeout": 5,
            # redis-py 8 would cut a blocking pop at five seconds; kombu's own waits up to ten.
            "socket_timeout": 30,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        "redis_socket_timeout": 10.0,
        "redis_socket_connect_timeout": 5.0,
        "redis_retry_on_timeout": True,
        "redis_socket_keepalive": True,
        "beat_schedule": BEAT_SCHEDULE,
        "beat_scheduler": "task_service.scheduler:SingleScheduler",
        "beat_max_loop_interval": 5,
    }
